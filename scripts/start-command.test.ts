import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newMasterKey } from '@souk/db';
import { findRunning } from '@souk/db/embedded';
import { afterAll, expect, test } from 'vitest';

/* `npm start` itself, without its bootstrap: what it says when it cannot start, and that it leaves nothing behind. */

const home = mkdtempSync(join(tmpdir(), 'souk-command-'));
const running = new Set<ChildProcess>();
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(home, { recursive: true, force: true });
});

const port = 20_000 + Math.floor(Math.random() * 10_000);
type Run = { readonly child: ChildProcess; readonly said: () => string; readonly code: Promise<number | null> };

function start(env: Readonly<Record<string, string>> = {}): Run {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), 'start'], {
    env: {
      PATH: process.env.PATH,
      SOUK_HOME: home,
      PORT: String(port),
      METRICS_PORT: '0',
      SOUK_DEMO: '0',
      SKIP_BUILD: '1',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  running.add(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (piece: Buffer) => (said += piece.toString()));
  const code = new Promise<number | null>((done) =>
    child.once('close', (exit) => {
      running.delete(child);
      done(exit);
    }),
  );
  return { child, said: () => said, code };
}

const ready = async (run: Run): Promise<void> => {
  const ended = run.code.then(() => true);
  while (!run.said().includes('Ready after')) {
    if (await Promise.race([ended, new Promise((done) => setTimeout(() => done(false), 50))]))
      throw new Error(`it ended: ${run.said()}`);
  }
};

async function refusal(env: Readonly<Record<string, string>> = {}): Promise<string> {
  const run = start(env);
  expect(await run.code).toBe(1);
  // Words for a person, not a stack.
  expect(run.said()).not.toMatch(/\n\s+at /);
  return run.said();
}

test('K07 K08 · a taken port, a second start, another key: each is said with what to do, and the first goes on', async () => {
  const taken = createServer().listen(port);
  await new Promise((done) => taken.once('listening', done));
  expect(await refusal()).toMatch(new RegExp(`Port ${port} is taken.*set PORT`));
  // It looked before it made anything.
  expect(existsSync(join(home, 'postgres'))).toBe(false);
  await new Promise((done) => taken.close(done));

  const first = start();
  await ready(first);
  expect(await refusal()).toMatch(new RegExp(`Port ${port} is taken.*another Souk.*set PORT`));
  expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
  first.child.kill('SIGTERM');
  expect(await first.code).toBe(0);
  expect(findRunning({ home })).toBeUndefined();

  const provider = createServer().listen(port + 1, '127.0.0.1');
  await new Promise((done) => provider.once('listening', done));
  expect(await refusal()).toMatch(new RegExp(`Is port ${port + 1} taken.*SANDBOX_ORIGIN`));
  await new Promise((done) => provider.close(done));

  expect(await refusal({ SOUK_KEY: newMasterKey() })).toContain('SOUK_KEY is not the key this database was made with');
  expect(await refusal({ SOUK_KEY: 'too short' })).toContain('SOUK_KEY is not 32 bytes in base64');
  expect(findRunning({ home })).toBeUndefined();
  const again = start();
  await ready(again);
  again.child.kill('SIGTERM');
  expect(await again.code).toBe(0);
}, 90_000);
