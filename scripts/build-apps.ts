import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from './installation.ts';

/** Builds admin and storefront where their sources changed. False: everything was built already. */
export async function buildApps(tasks: readonly string[] = ['build']): Promise<boolean> {
  const had =
    existsSync(join(checkout, 'apps', 'admin', 'dist', 'index.html')) &&
    existsSync(join(checkout, 'apps', 'storefront', 'dist', 'preact', 'server', 'entry-server.js'));
  const built = spawnSync(
    join(checkout, 'node_modules', '.bin', 'turbo'),
    ['run', ...tasks, '--output-logs=errors-only', '--no-color'],
    {
      cwd: checkout,
      encoding: 'utf8',
      env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', FORCE_COLOR: '0' },
    },
  );
  if (built.status !== 0) throw new Error(`The apps could not be built:\n${built.stdout}\n${built.stderr}`);
  return !(had && /FULL TURBO/.test(built.stdout));
}
