import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { inDatabase, openTestDatabase, startTestServer, writeServer } from '@souk/db/testing';
import {
  CODE_GUARDS,
  type CodeGuard,
  isSeen,
  tryDatabaseGuards,
  tryInvariantQueries,
  tryPrivileges,
} from '@souk/testing/guards';
import { checkout } from './installation.ts';

type Outcome = { readonly guard: string; readonly test: string; readonly red: boolean; readonly why?: string };

/**
 * `npm run guards`: takes each guard away, on a scratch database or out of a scratch copy of the checkout, and shows the test
 * that turns red. A guard that no test misses fails the command. `--only <pattern>` keeps to guards whose name matches, `--list`
 * names them.
 */
export async function guards(words: readonly string[]): Promise<number> {
  const pattern = new RegExp(words.includes('--only') ? (words[words.indexOf('--only') + 1] ?? '') : '');
  const wanted = (guard: string): boolean => pattern.test(guard);
  const lines = CODE_GUARDS.filter((guard) => wanted(guard.id));
  const startedAt = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'souk-guards-'));
  const { server, stop } = await startTestServer();
  process.env.SOUK_TEST_SERVER = join(folder, 'server.json');
  writeServer(process.env.SOUK_TEST_SERVER, server);
  const outcomes: Outcome[] = [];
  const say = (outcome: Outcome): void => {
    outcomes.push(outcome);
    process.stdout.write(
      `${outcome.red ? 'red  ' : 'GREEN'} ${outcome.guard} → ${outcome.test}${outcome.why ? ` · ${outcome.why}` : ''}\n`,
    );
  };
  try {
    const found = await databaseGuards(wanted);
    if (words.includes('--list')) {
      for (const { guard } of [...found, ...lines.map((l) => ({ guard: l.id }))]) process.stdout.write(`${guard}\n`);
      return 0;
    }
    found.forEach(say);
    if (lines.length > 0) {
      copyCheckout(folder);
      for (const guard of lines) say(codeGuard(folder, guard));
    }
  } finally {
    await stop();
    rmSync(folder, { recursive: true, force: true });
  }
  const green = outcomes.filter((o) => !o.red);
  process.stdout.write(
    `\n${outcomes.length} guards (${outcomes.length - lines.length} of the database, ${lines.length} of the code), ${outcomes.length - green.length} red, ${green.length} green, ${((performance.now() - startedAt) / 60_000).toFixed(1)} minutes\n`,
  );
  for (const { guard, why } of green) process.stdout.write(`nobody misses: ${guard}${why ? ` (${why})` : ''}\n`);
  return green.length > 0 || outcomes.length === 0 ? 1 : 0;
}

/** Keys, checks, policies, privileges and the queries of invariants.sql: each in a transaction that is rolled back. */
async function databaseGuards(wanted: (guard: string) => boolean): Promise<Outcome[]> {
  const db = await openTestDatabase({ poolSize: 1 });
  try {
    const seen = await inDatabase(db.superuserUrl, async (client) => [
      ...(await tryDatabaseGuards(client, { taking: true, wanted })),
      ...(await tryPrivileges(client, { taking: true })),
      ...(await tryInvariantQueries(client)),
    ]);
    return seen
      .filter((s) => wanted(s.guard))
      .map((s) => ({
        guard: s.guard,
        test: `forbidden: ${s.what.length > 90 ? `${s.what.slice(0, 90)}…` : s.what}`,
        red: isSeen(s),
        ...(isSeen(s)
          ? {}
          : { why: `standing: ${s.standing}; gone: ${s.gone}; covered: ${s.covered ?? 'by nothing'}` }),
      }));
  } finally {
    await db.close();
  }
}

/** The checkout as it stands, without what is not its own: libraries and built files are the real ones, by link. */
function copyCheckout(folder: string): void {
  const listed = spawnSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: checkout,
    encoding: 'utf8',
    maxBuffer: 64_000_000,
  }).stdout;
  for (const file of listed.split('\0').filter((name) => name && existsSync(join(checkout, name)))) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(checkout, file), join(folder, file));
  }
  mkdirSync(join(folder, 'node_modules', '@souk'), { recursive: true });
  for (const name of readdirSync(join(checkout, 'node_modules')).filter((n) => n !== '@souk' && n !== '.vite'))
    symlinkSync(join(checkout, 'node_modules', name), join(folder, 'node_modules', name));
  for (const parent of ['packages', 'apps']) {
    for (const name of readdirSync(join(folder, parent))) {
      symlinkSync(join('..', '..', parent, name), join(folder, 'node_modules', '@souk', name));
      const built = join(checkout, parent, name, 'dist');
      if (existsSync(built)) symlinkSync(built, join(folder, parent, name, 'dist'));
    }
  }
}

/** Takes one line out of the copy, runs its test, and puts the line back. */
function codeGuard(folder: string, guard: CodeGuard): Outcome {
  const file = join(folder, guard.file);
  const whole = readFileSync(file, 'utf8');
  const outcome = (red: boolean, why?: string): Outcome => ({
    guard: guard.id,
    test: `${relative('packages/testing/src', guard.test).replace(/^(\.\.\/)+/, '')} -t "${guard.name}"`,
    red,
    ...(why ? { why } : {}),
  });
  let text = whole;
  for (const [find, replace] of [[guard.find, guard.replace] as const, ...guard.with]) {
    if (text.split(find).length !== 2) return outcome(false, `"${find}" does not stand once in ${guard.file}`);
    text = text.replace(find, () => replace);
  }
  writeFileSync(file, text);
  try {
    const report = join(folder, 'report.json');
    rmSync(report, { force: true });
    spawnSync(
      process.execPath,
      [
        join(checkout, 'node_modules', 'vitest', 'vitest.mjs'),
        'run',
        '--project',
        guard.project ?? 'database',
        guard.test,
        '-t',
        guard.name,
        '--reporter=json',
        `--outputFile=${report}`,
      ],
      { cwd: folder, stdio: 'ignore', timeout: 180_000, env: { ...process.env, SOUK_TEST_SEED: '1' } },
    );
    if (!existsSync(report)) return outcome(false, 'the test did not run to its end');
    const { numFailedTests, numPassedTests, testResults } = JSON.parse(readFileSync(report, 'utf8')) as {
      numFailedTests: number;
      numPassedTests: number;
      testResults: { message: string }[];
    };
    if (numFailedTests > 0) return outcome(true);
    return numPassedTests > 0
      ? outcome(false, `${numPassedTests} passed without it`)
      : outcome(false, `no test ran: ${testResults[0]?.message.slice(0, 200) ?? ''}`);
  } finally {
    writeFileSync(file, whole);
  }
}
