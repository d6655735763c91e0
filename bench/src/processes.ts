import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseUrls } from '@souk/db';
import type { TestSite } from '@souk/testing';
import type { Effort, Rate } from './load.ts';

const COMPILED = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'souk', 'compiled');

export type ApiProcessOptions = {
  readonly urls: DatabaseUrls;
  readonly home: string;
  readonly port: number;
  readonly keyText: string;
  readonly providerOrigin: string;
  readonly logLevel: string;
};

export type CeilingOptions = {
  readonly urls: DatabaseUrls;
  readonly superuserUrl: string;
  readonly site: TestSite;
};

/** A measured process: what it listens on, and how much memory it holds. */
export type Measured = {
  readonly port: number;
  readonly pid: number;
  /** From spawning to the first answer it could give, in milliseconds. */
  readonly startedInMs: number;
  rssBytes(): Promise<number>;
  /** What is still held after a full collection: garbage that has not been fetched yet is no leak. */
  heldBytes(): Promise<number>;
  /** Bare checkouts, driven by the process itself; only the ceiling's has them. */
  checkouts(effort: Effort): Promise<Rate>;
  stop(): Promise<void>;
};

/** Starts a module of this folder as a process; it says `{ ready: port }` when it serves. */
export async function startProcess(module: string, options: unknown): Promise<Measured> {
  // Too much for an argument: a site names its thousand products.
  const folder = mkdtempSync(join(tmpdir(), 'souk-bench-'));
  const file = join(folder, 'options.json');
  writeFileSync(file, JSON.stringify(options), { mode: 0o600 });
  const startedAt = performance.now();
  const child = spawn(
    process.execPath,
    ['--max-semi-space-size=4', '--expose-gc', join(import.meta.dirname, module), file],
    {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      // As `npm start` starts it, from the second time on.
      env: { NODE_COMPILE_CACHE: COMPILED, ...process.env, NODE_ENV: 'production' },
    },
  );
  const { ready } = await message<{ ready: number }>(child, (m) => 'ready' in m);
  rmSync(folder, { recursive: true, force: true });
  return {
    port: ready,
    pid: child.pid ?? 0,
    startedInMs: performance.now() - startedAt,
    rssBytes: async () => {
      child.send('memory');
      return (await message<{ rss: number }>(child, (m) => 'rss' in m)).rss;
    },
    heldBytes: async () => {
      child.send('held');
      return (await message<{ rss: number }>(child, (m) => 'rss' in m)).rss;
    },
    checkouts: async (effort) => {
      child.send({ checkouts: effort });
      return (await message<{ rate: Rate }>(child, (m) => 'rate' in m)).rate;
    },
    stop: async () => {
      if (child.exitCode !== null) return;
      const gone = new Promise((done) => child.once('exit', done));
      child.disconnect();
      await gone;
    },
  };
}

const message = <Message extends object>(child: ChildProcess, is: (message: object) => boolean): Promise<Message> =>
  new Promise((done, fail) => {
    const listen = (said: unknown): void => {
      if (typeof said !== 'object' || said === null || !is(said)) return;
      child.off('message', listen);
      child.off('exit', gone);
      done(said as Message);
    };
    const gone = (code: number | null): void => fail(new Error(`a measured process ended with ${code}`));
    child.on('message', listen);
    child.once('exit', gone);
  });

/** In a measured process: what `startProcess` was given. */
export const optionsOf = <Options>(): Options => JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Options;

/** In a measured process: answers "memory", and stops when its parent lets go. */
export function tellMemory(stop: () => Promise<void>): void {
  process.on('message', (word) => {
    if (word !== 'memory' && word !== 'held') return;
    if (word === 'held') for (let i = 0; i < 3; i += 1) globalThis.gc?.();
    process.send?.({ rss: process.memoryUsage.rss() });
  });
  process.on('disconnect', () => void stop().finally(() => process.exit(0)));
}
