import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from './installation.ts';

const TESTING = join('packages', 'testing', 'src');

/** What is attacked at length: everything at the same time, every procedure by machine, and the models. */
const LONG = [
  ...readdirSync(join(checkout, TESTING, 'attacks'))
    .filter((name) => /^(.*-at-once|asked-again|notices|procedures|walker|abuse)\.test\.ts$/.test(name))
    .map((name) => join(TESTING, 'attacks', name)),
  join(TESTING, 'models'),
];

/**
 * `npm run attack`: the long form of the attacks that `npm test` runs shortly: twenty rounds at two processes with open
 * screens and a slow commit, hundreds of inputs for every procedure, hundreds of lives of a shop. One file after the other;
 * words after `--` go to Vitest. Every seed is printed: SOUK_TEST_SEED has it again, and one that found something is kept in
 * `packages/testing/corpus`.
 */
export function attack(words: readonly string[]): Promise<number> {
  const run = spawnSync(
    join(checkout, 'node_modules', '.bin', 'vitest'),
    [
      'run',
      '--project=database',
      '--no-file-parallelism',
      '--testTimeout=600000',
      ...(words.some((word) => word.endsWith('.ts')) ? [] : LONG),
      ...words,
    ],
    { cwd: checkout, stdio: 'inherit', env: { ...process.env, SOUK_ATTACK_ROUNDS: 'long' } },
  );
  return Promise.resolve(run.status ?? 1);
}
