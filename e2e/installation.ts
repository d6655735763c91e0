import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { ownerRows } from '@souk/testing';

export const checkout = join(import.meta.dirname, '..');

export type Started = {
  readonly process: ChildProcess;
  readonly port: number;
  readonly output: () => string;
  /** Seconds from the call to "Ready". */
  readonly seconds: number;
  readonly password: string;
  ended(): Promise<void>;
};

/** Two ports next to each other that are free: the server's and the sandbox provider's. */
async function freePorts(): Promise<number> {
  for (let tries = 0; tries < 50; tries += 1) {
    const port = 20_000 + Math.floor(Math.random() * 20_000);
    if ((await isFree(port)) && (await isFree(port + 1)) && (await isFree(port + 2))) return port;
  }
  throw new Error('no free ports');
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(false));
    server.listen(port, () => server.close(() => done(true)));
  });

/** `npm start` as a person would type it, with its own folder and port. Resolves when it says that it is ready. */
export async function npmStart(
  home: string,
  {
    port,
    timeoutMs = 240_000,
    demo = true,
    settings = {},
  }: { port?: number; timeoutMs?: number; demo?: boolean; settings?: Readonly<Record<string, string>> } = {},
): Promise<Started> {
  const chosen = port ?? (await freePorts());
  const startedAt = performance.now();
  const child = spawn('npm', ['start', '--silent'], {
    cwd: checkout,
    env: { ...process.env, PORT: String(chosen), SOUK_HOME: home, SOUK_DEMO: demo ? '1' : '0', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  const exited = new Promise<void>((done) => child.once('exit', () => done()));
  await new Promise<void>((done, fail) => {
    const late = setTimeout(() => fail(new Error(`npm start was not ready in time:\n${output}`)), timeoutMs);
    const hear = (piece: Buffer): void => {
      output += piece.toString();
      if (output.includes('Ready after')) {
        clearTimeout(late);
        done();
      }
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('exit', (code) => fail(new Error(`npm start ended with ${code}:\n${output}`)));
  });
  return {
    process: child,
    port: chosen,
    output: () => output,
    seconds: (performance.now() - startedAt) / 1000,
    password: /Password\s+(\S+)/.exec(output)?.[1] ?? '',
    ended: () => exited,
  };
}

/** Makes rows of a running installation older, as if time had passed. */
export async function age(home: string, table: string, column: string, interval: string): Promise<void> {
  const said = execFileSync('npm', ['run', '--silent', 'db:url'], {
    cwd: checkout,
    env: { ...process.env, SOUK_HOME: home },
    encoding: 'utf8',
  });
  await ownerRows(
    { ownerUrl: /owner\s+(\S+)/.exec(said)?.[1] ?? '' },
    `update ${table} set ${column} = ${column} - $1::interval`,
    [interval],
  );
}
