import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';

const base = mkdtempSync(join(tmpdir(), 'souk-start-test-'));
const running: ChildProcess[] = [];
let clone = '';
let npm = '';

/** A clone with a lock file, an npm that counts its runs and installs the Node we run on, and a main that says what it got. */
beforeEach(() => {
  clone = mkdtempSync(join(base, 'clone-'));
  npm = join(clone, 'npm-cli.js');
  mkdirSync(join(clone, 'scripts'));
  copyFileSync(join(import.meta.dirname, 'start.mjs'), join(clone, 'scripts', 'start.mjs'));
  put('package.json', '{ "type": "commonjs" }');
  put('package-lock.json', JSON.stringify({ packages: { '': {}, 'node_modules/a': { version: '1.0.0' } } }));
  put(
    'npm-cli.js',
    `const { appendFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync, readFileSync } = require('node:fs');
     appendFileSync('npm-runs', process.argv.slice(2).join(' ') + '\\n');
     if (process.env.NPM_HANGS) return void setInterval(() => {}, 1000);
     rmSync('node_modules', { recursive: true, force: true });
     mkdirSync('node_modules/node/bin', { recursive: true });
     if (process.env.NPM_FAILS) { console.error('npm error EUSAGE'); process.exit(7); }
     const finish = () => {
       if (process.env.NPM_BRINGS_NODE) writeFileSync('node_modules/node/bin/node', '#!/bin/sh\\necho ' + process.env.NPM_BRINGS_NODE, { mode: 0o755 });
       else if (!process.env.NPM_IGNORES_SCRIPTS) symlinkSync(${JSON.stringify(process.execPath)}, 'node_modules/node/bin/node');
       writeFileSync('node_modules/.package-lock.json', readFileSync('package-lock.json'));
     };
     setTimeout(finish, Number(process.env.NPM_TAKES_MS ?? 0));`,
  );
  put(
    'scripts/main.ts',
    `const [command, ...rest] = process.argv.slice(2);
     if (command === 'wait') {
       setInterval(() => {}, 1000);
       for (const signal of ['SIGTERM', 'SIGHUP', 'disconnect']) process.once(signal, () => { console.log('stopped by ' + signal); setTimeout(() => { console.log('in order'); process.exit(0); }, 700); });
     }
     const { SOUK_BOOTSTRAP_MS: ms, PATH: path } = process.env;
     console.log('main ' + JSON.stringify({ command, rest, pid: process.pid, cwd: process.cwd(), ms, path: path.split(':')[0] }));
     if (command === 'exit') process.exit(Number(rest[0]));
     if (command === 'die') process.kill(process.pid, 'SIGKILL');`,
  );
});

afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(base, { recursive: true, force: true });
});

const put = (name: string, text: string): void => writeFileSync(join(clone, name), text);
const npmRuns = (): string[] => {
  const file = join(clone, 'npm-runs');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
};

type Run = { readonly child: ChildProcess; out: string; readonly code: Promise<number | null> };

function begin(args: readonly string[], env: Record<string, string> = {}, by: readonly string[] = []): Run {
  const [program = '', ...words] = [...by, process.execPath, join(clone, 'scripts', 'start.mjs'), ...args];
  const child = spawn(program, words, {
    cwd: tmpdir(),
    env: { PATH: process.env['PATH'], npm_execpath: npm, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  const code = new Promise<number | null>((resolve) => child.on('close', resolve));
  const run: Run = { child, out: '', code };
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (run.out += String(text)));
  return run;
}

async function complete(args: readonly string[], env?: Record<string, string>) {
  const run = begin(args, env);
  return { code: await run.code, out: run.out };
}

async function until(condition: () => boolean): Promise<void> {
  for (const end = Date.now() + 8_000; !condition(); await sleep(10))
    if (Date.now() > end) throw new Error('waited in vain');
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0) && !/\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};
const mainPid = (run: Run): number => Number(/"pid":(\d+)/.exec(run.out)?.[1]);

describe('the way in', () => {
  test('packages are installed once, with development ones, and what follows runs in the clone', async () => {
    const first = await complete(['exit', '0', '--all'], { NODE_ENV: 'production' });
    expect(first.out).toMatch(/^Installing packages … \d+\.\d s\nmain .*\n$/);
    const second = await complete(['exit', '0', '--all']);
    expect(second.out).not.toContain('Installing');
    expect(npmRuns()).toEqual(['ci --no-audit --no-fund --include=dev --include=optional']);
    const told: Record<string, unknown> = JSON.parse(second.out.replace('main ', ''));
    expect(told).toMatchObject({
      command: 'exit',
      rest: ['0', '--all'],
      cwd: clone,
      path: join(clone, 'node_modules', '.bin'),
    });
    expect(Number(told['ms'])).toBeGreaterThan(0);
  });

  test('a changed lock file installs again; an installation by hand counts', async () => {
    await complete(['exit', '0']);
    put('package-lock.json', JSON.stringify({ packages: { '': {}, 'node_modules/a': { version: '1.0.1' } } }));
    await complete(['exit', '0']);
    expect(npmRuns()).toHaveLength(2);
    const optional = { version: '1.0.0', optional: true };
    const packages = {
      '': {},
      'node_modules/elsewhere': { ...optional, os: ['plan9'] },
      'node_modules/here': { ...optional, os: [process.platform] },
    };
    put('package-lock.json', JSON.stringify({ packages }));
    put(
      'node_modules/.package-lock.json',
      JSON.stringify({ packages: { 'node_modules/here': packages['node_modules/here'] } }),
    );
    await complete(['exit', '0']);
    expect(npmRuns()).toHaveLength(2);
    rmSync(join(clone, 'node_modules', '.souk-stamp'));
    put('node_modules/.package-lock.json', JSON.stringify({ packages: {} }));
    await complete(['exit', '0']);
    expect(npmRuns()).toHaveLength(3);
  });

  test('an installation that was interrupted is repaired by the next start', async () => {
    await complete(['exit', '0']);
    put('package-lock.json', JSON.stringify({ packages: { '': {}, 'node_modules/a': { version: '2.0.0' } } }));
    const run = begin(['exit', '0'], { NPM_TAKES_MS: '5000' });
    await until(() => npmRuns().length === 2);
    run.child.kill('SIGTERM');
    expect(await run.code).toBe(143);
    expect(run.out).toContain('Interrupted');
    expect((await complete(['exit', '3'])).code).toBe(3);
    expect(npmRuns()).toHaveLength(3);

    const lock = readFileSync(join(clone, 'package-lock.json'), 'utf8');
    put('package-lock.json', JSON.stringify({ packages: { '': {}, 'node_modules/a': { version: '3.0.0' } } }));
    const other = begin(['exit', '0'], { NPM_HANGS: '1' });
    await until(() => npmRuns().length === 4);
    other.child.kill('SIGTERM');
    await other.code;
    put('package-lock.json', lock);
    await complete(['exit', '0']);
    expect(npmRuns()).toHaveLength(5);
  });

  test('a failing npm is quoted, and a start killed with kill -9 while installing is waited for and not repeated', async () => {
    const failed = await complete(['exit', '0'], { NPM_FAILS: '1' });
    expect(failed).toMatchObject({ code: 1, out: expect.stringContaining('npm error EUSAGE') });
    const run = begin(['exit', '0'], { NPM_TAKES_MS: '1500' });
    await until(() => npmRuns().length === 2);
    run.child.kill('SIGKILL');
    expect(await complete(['exit', '0'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('Waiting for process'),
    });
    expect(npmRuns()).toHaveLength(2);
  });

  test('K07 · of two starts at once one installs and the other waits', async () => {
    const both = [begin(['exit', '0'], { NPM_TAKES_MS: '700' }), begin(['exit', '0'], { NPM_TAKES_MS: '700' })];
    expect(await Promise.all(both.map((run) => run.code))).toEqual([0, 0]);
    expect(npmRuns()).toHaveLength(1);
    expect(both.map((run) => run.out).join('')).toMatch(/Waiting for process \d+/);
  });

  test('an npm that runs no install scripts is told plainly, and nothing runs under another Node', async () => {
    const { code, out } = await complete(['exit', '0'], { NPM_IGNORES_SCRIPTS: '1' });
    expect(code).toBe(1);
    expect(out).toContain('without --ignore-scripts');
    expect(out).not.toContain('main ');
    rmSync(join(clone, 'node_modules', '.package-lock.json'));
    const other = await complete(['exit', '0'], { NPM_BRINGS_NODE: 'v22.1.0' });
    expect(other).toMatchObject({ code: 1, out: expect.stringContaining('it is v22.1.0') });
    rmSync(join(clone, 'node_modules', '.package-lock.json'));
    expect((await complete(['exit', '0'])).code).toBe(0);
    rmSync(join(clone, 'node_modules', 'node', 'bin', 'node'));
    expect((await complete(['exit', '0'])).out).toMatch(/^Souk brings its own Node.js 24, but it is missing/);
  });

  test('a Node that is too old gets a sentence', async () => {
    const script = "Object.defineProperty(process, 'versions', { value: { node: '18.20.0' } })";
    const { code, out } = await complete(['exit', '0'], {
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(script)}`,
    });
    expect({ code, out }).toMatchObject({ code: 1, out: expect.stringMatching(/^Souk needs Node.js 20 or newer/) });
    expect(npmRuns()).toEqual([]);
  });

  test('the exit code is that of the command, 128 + n when a signal ended it', async () => {
    expect((await complete(['exit', '5'])).code).toBe(5);
    expect((await complete(['die'])).code).toBe(137);
  });

  test('SIGTERM, a lone SIGINT, a kill -9 of us and the death of our parent all end the command', async () => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGKILL'] as const) {
      const run = begin(['wait']);
      await until(() => mainPid(run) > 0);
      run.child.kill(signal);
      await run.code;
      expect(run.out).toMatch(/stopped by .*\nin order/);
      await until(() => !isAlive(mainPid(run)));
    }
    const run = begin(['wait'], {}, ['sh', '-c', '"$@"; true', 'sh']);
    await until(() => mainPid(run) > 0);
    run.child.kill('SIGKILL');
    await run.code;
    expect(run.out).toMatch(/stopped by SIGTERM\nin order/);
    expect(isAlive(mainPid(run))).toBe(false);
  });
});
