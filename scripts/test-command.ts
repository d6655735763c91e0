import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApps } from './build-apps.ts';
import { checkout } from './installation.ts';

type Report = {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly success: boolean;
};

/**
 * `npm test`: builds the apps once, starts one PostgreSQL for the run, and runs every test, the browser's included. Words
 * after `--` go to Vitest. The last line counts.
 */
export async function test(words: readonly string[]): Promise<number> {
  const startedAt = performance.now();
  await buildApps(['build', 'build:react']);
  const folder = mkdtempSync(join(tmpdir(), 'souk-report-'));
  const report = join(folder, 'report.json');
  try {
    const run = spawnSync(
      join(checkout, 'node_modules', '.bin', 'vitest'),
      ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...words],
      { cwd: checkout, stdio: 'inherit' },
    );
    const counted = JSON.parse(readFileSync(report, 'utf8')) as Report;
    const failed = counted.numFailedTests + (run.status !== 0 && counted.numFailedTests === 0 ? 1 : 0);
    process.stdout.write(`\n${((performance.now() - startedAt) / 60_000).toFixed(1)} minutes\n`);
    process.stdout.write(
      `${counted.numPassedTests} passed, ${failed} failed${counted.numPendingTests > 0 ? `, ${counted.numPendingTests} skipped` : ''}\n`,
    );
    return failed > 0 ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
