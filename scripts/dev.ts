import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { buildApps } from './build-apps.ts';
import { checkout } from './installation.ts';

/** What is built again when its sources change. */
const BUILDS: readonly { readonly app: string; readonly words: readonly string[] }[] = [
  { app: 'admin', words: ['build', '--watch'] },
  { app: 'storefront', words: ['build', '--watch'] },
  { app: 'storefront', words: ['build', '--ssr', '--watch'] },
];

/**
 * `npm run dev`: as `npm start`, and what is changed is there after a reload: apps are built again, and the server starts
 * again (in about a second) when a file it uses has changed, the built storefront included.
 */
export async function dev(): Promise<number> {
  await buildApps();
  const vite = join(checkout, 'node_modules', '.bin', 'vite');
  const children: ChildProcess[] = BUILDS.map(({ app, words }) =>
    spawn(vite, [...words, '--logLevel', 'warn'], {
      cwd: join(checkout, 'apps', app),
      stdio: ['ignore', 'inherit', 'inherit'],
    }),
  );
  const server = spawn(
    process.execPath,
    ['--watch', '--watch-preserve-output', join(checkout, 'scripts', 'main.ts'), 'start'],
    {
      cwd: checkout,
      stdio: 'inherit',
    },
  );
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const) {
    process.once(signal, () => {
      for (const child of [server, ...children]) child.kill('SIGTERM');
    });
  }
  return new Promise((done) => {
    server.once('exit', (code) => {
      for (const child of children) child.kill('SIGTERM');
      done(code ?? 0);
    });
  });
}
