import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
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
  const address = `http://admin.localhost:${port}`;
  for (const second of [{}, { PORT: String(port + 100) }])
    expect(await refusal(second)).toContain(
      `Souk runs from this folder already: ${address}. Stop it first (Ctrl-C where it runs, or: kill ${first.child.pid})`,
    );
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

/** Calls the admin's API as its own page would: `admin.localhost` is a name that only browsers resolve. */
const call = (path: string, input?: unknown): Promise<{ status: number; body: string }> =>
  new Promise((done, fail) => {
    const asked = request(
      {
        port,
        host: '127.0.0.1',
        path: `/trpc/${path}`,
        method: 'POST',
        headers: {
          host: `admin.localhost:${port}`,
          'content-type': 'application/json',
          'sec-fetch-site': 'same-origin',
        },
      },
      (res) => {
        let body = '';
        res.on('data', (piece: Buffer) => (body += piece.toString()));
        res.on('end', () => done({ status: res.statusCode ?? 0, body }));
      },
    );
    asked.once('error', fail);
    asked.end(JSON.stringify(input));
  });

const linkIn = (said: string): string | undefined =>
  /http:\/\/admin\.localhost:\d+\/set-up#([\w-]{43})/.exec(said)?.[1];
const stop = async (run: Run): Promise<void> => {
  run.child.kill('SIGTERM');
  expect(await run.code).toBe(0);
};

test('I5 · a start prints a link until somebody is set up, and no demo is ever made in what is theirs', async () => {
  const first = start();
  await ready(first);
  const old = linkIn(first.said());
  expect(old).toBeDefined();
  await stop(first);

  const second = start();
  await ready(second);
  const token = linkIn(second.said());
  expect(token).toBeDefined();
  const founding = {
    name: 'Mira',
    email: 'mira@example.org',
    password: 'quiet lamp under bridge',
    siteName: 'Linden',
    handle: 'linden',
    country: 'DE',
    currency: 'EUR',
    language: 'de',
    timeZone: 'Europe/Berlin',
    taxPercent: '19',
    pricesIncludeTax: true,
    shippingPrice: '4.90',
  };
  expect((await call('setUp.finish', { ...founding, token: old })).body).toContain('link_is_dead');
  expect((await call('setUp.finish', { ...founding, token })).status).toBe(200);
  await stop(second);

  // As a start without SOUK_DEMO=0 finds it, with a demo that was broken off long before: it must not begin anew.
  writeFileSync(
    join(home, 'demo.json'),
    JSON.stringify({ finished: false, email: 'owner@souk.localhost', password: 'x' }),
  );
  const third = start({ SOUK_DEMO: '1' });
  await ready(third);
  expect(third.said()).not.toMatch(/Demo|Sign in as|set-up#/);
  const signIn = { email: founding.email, password: founding.password };
  expect((await call('account.signIn', signIn)).status).toBe(200);
  await stop(third);
}, 90_000);
