import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, realpathSync, renameSync, statSync } from 'node:fs';
import { rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectionUrl, type Login } from './connection-url.ts';
import { openDataFolder, reachableNative, VAULT } from './data-folder.ts';
import { chooseIdentity, commandLine, type Identity } from './identity.ts';
import { findNative } from './native-folder.ts';
import { EmbeddedAlreadyRunning, EmbeddedFailed } from './refusals.ts';
import { clearForeignLock, findRunning, isRunning, ownerMark, readPidFile } from './running-server.ts';
import { openSocketFolder, PORT } from './socket-folder.ts';
import { isSystemError } from './system-error.ts';

export type EmbeddedServer = {
  readonly socketFolder: string;
  readonly port: number;
  /** True when the database was made by this start. */
  readonly created: boolean;
  url(login: Login): string;
  /** Ends the server and waits until it is gone: fast shutdown, after 10 s an immediate one. Safe to call twice. */
  stop(): Promise<void>;
};

type Start = {
  /** Folder of local state; the data lies in `<home>/postgres`, what the server says in `<home>/logs/postgres.log`. */
  readonly home: string;
  readonly log?: (line: string) => void;
};

/** What the machine allows, chosen by trying; and how often a server that dies is started again. Given by tests. */
type Ways = { readonly identity?: Identity; readonly vault?: string; readonly restartsPerMinute?: number };

/**
 * Given on the command line, which the server's own files cannot override: what keeps acknowledged writes is never weakened by
 * an edit of postgresql.conf. Statements and details stay out of the log, since they carry personal data.
 */
// oxfmt-ignore
const SETTINGS = [
  'listen_addresses=', 'unix_socket_permissions=0700', 'fsync=on', 'synchronous_commit=on', 'full_page_writes=on',
  'max_connections=200', 'shared_buffers=256MB', 'timezone=UTC', 'log_timezone=UTC', 'password_encryption=scram-sha-256',
  'logging_collector=off', 'log_destination=stderr', 'log_min_error_statement=panic', 'log_error_verbosity=terse',
];

const MAX_LOG_BYTES = 10_000_000;
/** A server killed a moment ago may still have workers that hold its memory, one that is stopping takes its socket folder along. */
const LEFTOVER_MS = 10_000;
const FAST_STOP_MS = 10_000;
const MAX_RESTARTS_PER_MINUTE = 5;
/** Between two tries to start a server that does not start, or that ends again and again. */
const RETRY_MS = 3_000;

/**
 * Starts the embedded PostgreSQL of a home and makes its database when there is none. One server, one socket, no TCP port;
 * the superuser is `postgres`. A server that dies while it should run is started again, as often as it
 * takes.
 * @throws EmbeddedAlreadyRunning when another live process runs it; EmbeddedUnavailable, EmbeddedFailed
 */
export const startEmbedded = (start: Start): Promise<EmbeddedServer> => startEmbeddedBy({}, start);

/** `startEmbedded` with the ways that are otherwise chosen by trying. */
export async function startEmbeddedBy(ways: Ways, { home: given, log = () => {} }: Start): Promise<EmbeddedServer> {
  mkdirSync(given, { recursive: true, mode: 0o700 });
  const home = realpathSync(given);
  const { identity = chooseIdentity(), vault = VAULT, restartsPerMinute = MAX_RESTARTS_PER_MINUTE } = ways;
  await refuseRunning(home, log);
  const native = reachableNative(findNative(), identity, vault);
  const { folder, created } = await openDataFolder(home, native, identity, vault);
  const socketFolder = openSocketFolder(home, identity);

  const program = join(native.folder, 'bin', 'postgres');
  const settings = [...SETTINGS, ownerMark(process.pid)].flatMap((setting) => ['-c', setting]);
  const line = commandLine(identity, program, ['-D', folder, '-k', socketFolder, '-p', String(PORT), ...settings]);

  const launch = async (): Promise<ChildProcess> => {
    const giveUpAt = Date.now() + LEFTOVER_MS;
    for (;;) {
      openSocketFolder(home, identity);
      for (const lock of [join(folder, 'postmaster.pid'), join(socketFolder, `.s.PGSQL.${PORT}.lock`)]) {
        clearForeignLock(lock, folder);
      }
      const { file, size } = openLog(home);
      const child = spawn(line.command, line.args, { ...line.options, detached: true, stdio: ['ignore', file, file] });
      closeSync(file);
      if (await becomesReady(child, folder, log)) return child;
      await refuseRunning(home, log);
      const said = readFileSync(join(home, 'logs', 'postgres.log'))
        .subarray(size)
        .toString('utf8')
        .trim();
      const leftover = /shared memory block .* is still in use|could not create lock file/.test(said);
      if (!leftover || Date.now() > giveUpAt)
        throw new EmbeddedFailed(`PostgreSQL did not start: ${said || 'it said nothing'}`);
      await sleep(100);
    }
  };

  let stopping: Promise<void> | undefined;
  let child = await launch();
  let restarted: Promise<void> = Promise.resolve();
  const restarts: number[] = [];

  const pause = async (): Promise<void> => {
    const overAt = Date.now() + RETRY_MS;
    while (Date.now() < overAt && !stopping) await sleep(100);
  };
  const restart = async (reason: string): Promise<void> => {
    if (restarts.filter((at) => at > Date.now() - 60_000).length >= restartsPerMinute) {
      log(`PostgreSQL keeps ending (${reason}); ${join(home, 'logs', 'postgres.log')} says why. It is tried again.`);
      await pause();
    } else log(`PostgreSQL ended unexpectedly (${reason}); starting it again.`);
    restarts.push(Date.now());
    // What keeps it from starting may pass, such as a full disk; until then nobody has to come and start it.
    while (!stopping) {
      try {
        child = await launch();
        return watch();
      } catch (error) {
        log(error instanceof Error ? error.message : String(error));
        await pause();
      }
    }
  };
  const watch = (): void => {
    child.once('exit', (code, signal) => {
      if (!stopping) restarted = restart(signal ?? `code ${code}`);
    });
  };
  watch();

  // Where the kernel does not end the server with us, this covers every exit but a kill; an orphan is found at the next start.
  const endWithUs = (): void => void child.kill('SIGINT');
  process.once('exit', endWithUs);

  const stop = async (): Promise<void> => {
    await restarted;
    process.off('exit', endWithUs);
    if (child.exitCode === null && child.signalCode === null) await end(child.pid ?? 0);
    await rmdir(socketFolder).catch(() => {});
  };
  return {
    socketFolder,
    port: PORT,
    created,
    url: (login) => connectionUrl(socketFolder, PORT, login),
    stop: () => (stopping ??= stop()),
  };
}

/** Throws when somebody's server runs here; ends one whose owner is gone, which on Linux is about to end anyway. */
async function refuseRunning(home: string, log: (line: string) => void): Promise<void> {
  const server = findRunning({ home });
  if (server === undefined) return;
  if (!server.isOrphan) throw new EmbeddedAlreadyRunning(server);
  log(`Ending the database that a killed start left behind (process ${server.pid}).`);
  await end(server.pid);
}

/** Fast shutdown; immediate after 10 s, which the next start recovers from. SIGTERM would wait for the clients. */
async function end(pid: number): Promise<void> {
  send(pid, 'SIGINT');
  const quitAt = Date.now() + FAST_STOP_MS;
  let hasQuit = false;
  while (isRunning(pid)) {
    if (!hasQuit && Date.now() > quitAt) {
      hasQuit = true;
      send(pid, 'SIGQUIT');
    }
    await sleep(10);
  }
}

function send(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!isSystemError(error, 'ESRCH')) throw error;
  }
}

/** Waits for the server's own word in its lock file, as long as it lives: recovery after a crash may take its time. */
async function becomesReady(child: ChildProcess, folder: string, log: (line: string) => void): Promise<boolean> {
  let failure: Error | undefined;
  child.once('error', (error) => (failure = error));
  const patienceEndsAt = Date.now() + 5_000;
  let hasSaid = false;
  while (child.exitCode === null && child.signalCode === null) {
    const file = readPidFile(folder);
    if (file?.pid === child.pid && file?.isReady) return true;
    if (!hasSaid && Date.now() > patienceEndsAt) {
      hasSaid = true;
      log('PostgreSQL is recovering from a crash; nothing that was acknowledged is lost.');
    }
    await sleep(10);
  }
  if (failure) throw new EmbeddedFailed(`PostgreSQL did not start: ${failure.message}`);
  return false;
}

/** The server's log, appended to; started anew at 10 MB, with one older file kept. */
function openLog(home: string): { readonly file: number; readonly size: number } {
  mkdirSync(join(home, 'logs'), { recursive: true, mode: 0o700 });
  const path = join(home, 'logs', 'postgres.log');
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size < MAX_LOG_BYTES) return { file: openSync(path, 'a', 0o600), size };
  renameSync(path, `${path}.1`);
  return { file: openSync(path, 'a', 0o600), size: 0 };
}
