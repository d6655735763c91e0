import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { DatabaseUrls } from '@souk/db';
import type { TestDatabase } from '@souk/db/testing';
import type { ApiProcessOptions } from './api-process.ts';
import { freePort } from './free-port.ts';
import { type TestInstallation, installationAt, openTestGround } from './test-installation.ts';

/** One API process of an installation: the kit's clients at its port, and what can be done to it. */
export type ApiProcess = TestInstallation & {
  /** Its process id; undefined while it is down. */
  pid(): number | undefined;
  /** Starts it again on the same port, and waits until it serves. */
  start(): Promise<void>;
  /** Ends it with SIGKILL, or asks it to stop with SIGTERM, and waits until it is gone. @returns its exit code; null when a signal ended it. */
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null>;
};

/** An installation of several API processes on one database. Its own clients speak to the first; `processes[n]` has the same for each. */
export type ApiProcesses = TestInstallation & {
  readonly processes: readonly ApiProcess[];
  /** Stops all of them, the provider and the database. */
  close(): Promise<void>;
};

/**
 * Starts `count` API processes, each a real child process, on one database with one home, one key and one sandbox payment
 * provider, as behind a load balancer. `placeOrder`, `fillCart`, `checkOut` and the like take any of them; `visitor.at(port)`
 * is the same visitor at another process. The provider sends its notices to the first one, or to `noticePort`.
 */
export async function startApiProcesses({
  count = 2,
  poolSize = 8,
  noticePort,
  db: given,
  urls = (own) => own,
  providerOrigin,
  ...more
}: {
  readonly count?: number;
  readonly poolSize?: number;
  readonly noticePort?: number;
  /** A database that the caller closes; otherwise one is made and closed with the processes. */
  readonly db?: TestDatabase;
  /** Leads the processes to the database by another way, such as through a proxy. */
  readonly urls?: (own: DatabaseUrls) => DatabaseUrls;
  /** Leads the processes to the payment provider by another way. */
  readonly providerOrigin?: (own: string) => string;
} & Pick<
  ApiProcessOptions,
  'superviseSeconds' | 'dueEveryMs' | 'drainSeconds' | 'trustedProxies'
> = {}): Promise<ApiProcesses> {
  const ports: number[] = [];
  while (ports.length < count) ports.push(await freePort());
  const ground = await openTestGround({ noticePort: noticePort ?? ports[0] ?? 0, db: given });
  const { db, home, logFile, sandboxOrigin } = ground;
  const processes = ports.map((port): ApiProcess => {
    const options: ApiProcessOptions = {
      urls: urls(db.urls),
      home,
      port,
      publicPort: ports[0] ?? port,
      key: Buffer.from(db.key).toString('base64'),
      sandboxOrigin: providerOrigin?.(sandboxOrigin) ?? sandboxOrigin,
      poolSize,
      logFile,
      ...more,
    };
    let child: ChildProcess | undefined;
    return {
      ...installationAt(ground, port),
      pid: () => child?.pid,
      start: async () => {
        if (child) throw new Error('the process runs already');
        child = await launch(options);
        child.once('exit', () => (child = undefined));
      },
      kill: async (signal) => {
        const ending = child;
        if (!ending) return null;
        const gone = once(ending, 'exit') as Promise<[number | null]>;
        ending.kill(signal);
        return (await gone)[0];
      },
    };
  });
  const [first] = processes;
  if (!first) throw new Error('no process was asked for');
  const close = async (): Promise<void> => {
    await Promise.all(processes.map((one) => one.kill('SIGTERM')));
    await ground.close();
  };
  try {
    await Promise.all(processes.map((one) => one.start()));
  } catch (error) {
    await close();
    throw error;
  }
  return { ...installationAt(ground, first.port), processes, close };
}

/** A child that says its port once it listens; it ends with this process. */
async function launch(options: ApiProcessOptions): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, 'api-process.ts'), [JSON.stringify(options)], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  await new Promise<void>((done, fail) => {
    child.once('message', () => done());
    child.once('error', fail);
    child.once('exit', (code, signal) => fail(new Error(`an API process ended while starting: ${code ?? signal}`)));
  });
  return child;
}
