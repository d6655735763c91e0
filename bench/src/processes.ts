import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { DatabaseUrls } from '@souk/db';

export type ApiProcessOptions = {
  readonly urls: DatabaseUrls;
  readonly home: string;
  readonly port: number;
  readonly keyText: string;
  readonly providerOrigin: string;
  readonly logLevel: string;
};

/** A measured process: what it listens on, and how much memory it holds. */
export type Measured = {
  readonly port: number;
  readonly pid: number;
  /** From spawning to the first answer it could give, in milliseconds. */
  readonly startedInMs: number;
  rssBytes(): Promise<number>;
  stop(): Promise<void>;
};

/** Starts a module of this folder as a process; it says `{ ready: port }` when it serves. */
export async function startProcess(module: string, options: unknown): Promise<Measured> {
  const startedAt = performance.now();
  const child = spawn(
    process.execPath,
    [
      ...(module === 'api-process.ts' && process.env.PROF ? ['--cpu-prof', '--cpu-prof-dir=/tmp/prof'] : []),
      join(import.meta.dirname, module),
      JSON.stringify(options),
    ],
    {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, NODE_ENV: 'production' },
    },
  );
  const { ready } = await message<{ ready: number }>(child, (m) => 'ready' in m);
  return {
    port: ready,
    pid: child.pid ?? 0,
    startedInMs: performance.now() - startedAt,
    rssBytes: async () => {
      child.send('memory');
      return (await message<{ rss: number }>(child, (m) => 'rss' in m)).rss;
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

/** In a measured process: answers "memory", and stops when its parent lets go. */
export function tellMemory(stop: () => Promise<void>): void {
  process.on('message', (word) => {
    if (word === 'memory') process.send?.({ rss: process.memoryUsage.rss() });
  });
  process.on('disconnect', () => void stop().finally(() => process.exit(0)));
}
