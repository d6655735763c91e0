import { spawnSync } from 'node:child_process';
import { linkSync, readFileSync, readlinkSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { connectionUrl, type Login } from './connection-url.ts';
import { isSystemError } from './system-error.ts';

/** A live server of one home. `ownerPid` is the process that started it; undefined when that was not Souk. */
export type RunningServer = {
  readonly pid: number;
  readonly ownerPid: number | undefined;
  /** Its owner is gone: nobody will ever stop it. */
  readonly isOrphan: boolean;
  readonly socketFolder: string;
  readonly port: number;
  url(login: Login): string;
};

/** What `postmaster.pid` says; written by PostgreSQL line by line while it starts. */
export type PidFile = {
  readonly pid: number;
  readonly port: number;
  readonly socketFolder: string;
  readonly isReady: boolean;
};

/** Carried in `cluster_name`, because a process's command line cannot go stale as a file can. */
export const ownerMark = (pid: number): string => `cluster_name=souk-${pid}`;

export function readPidFile(dataFolder: string): PidFile | undefined {
  const [pid, , , port, socketFolder = '', , , status = ''] = readText(join(dataFolder, 'postmaster.pid')).split('\n');
  if (!Number.isInteger(Number(pid)) || Number(pid) <= 0) return undefined;
  return { pid: Number(pid), port: Number(port), socketFolder, isReady: status.trim() === 'ready' };
}

/**
 * The live server of this home, or undefined. A lock file whose process is dead, or lives but is no server of this very
 * folder (process ids come round again), does not count.
 */
export function findRunning({ home }: { readonly home: string }): RunningServer | undefined {
  let dataFolder: string;
  try {
    dataFolder = realpathSync(join(home, 'postgres'));
  } catch {
    return undefined;
  }
  const file = readPidFile(dataFolder);
  if (file === undefined) return undefined;
  const { pid, port, socketFolder } = file;
  const seen = lookAt(pid);
  if (seen === undefined || !servesFolder(seen, dataFolder)) return undefined;
  const mark = seen.command.map((word) => /^cluster_name=souk-(\d+)$/.exec(word)?.[1]).find((id) => id !== undefined);
  const ownerPid = mark === undefined ? undefined : Number(mark);
  const isOrphan = ownerPid !== undefined && seen.parentPid !== ownerPid;
  return { pid, ownerPid, isOrphan, socketFolder, port, url: (login) => connectionUrl(socketFolder, port, login) };
}

/**
 * Takes away a lock file that names a live process which is no server of this folder; PostgreSQL itself only clears those of
 * dead ones. Moved first and looked at again, so that a lock written by a simultaneous start in between is put back.
 */
export function clearForeignLock(lockFile: string, dataFolder: string): void {
  const pid = firstNumber(lockFile);
  if (!(pid > 0)) return;
  const seen = lookAt(pid);
  if (seen === undefined || servesFolder(seen, dataFolder)) return;
  const aside = `${lockFile}.${process.pid}`;
  try {
    renameSync(lockFile, aside);
    if (firstNumber(aside) !== pid) linkSync(aside, lockFile);
    rmSync(aside);
  } catch (error) {
    if (!isSystemError(error, 'ENOENT')) throw error;
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isSystemError(error, 'EPERM');
  }
}

/** Alive and not merely uncollected: where process 1 collects nobody, as in many containers, the dead stay listed. */
export const isRunning = (pid: number): boolean =>
  isAlive(pid) && !/^\d+ \(.*\) Z/s.test(readText(`/proc/${pid}/stat`));

type Seen = {
  readonly parentPid: number;
  readonly command: readonly string[];
  readonly workingFolder: string | undefined;
};

/** A live process as the system shows it. A dead one that nobody has collected yet has no command line: it is no server. */
function lookAt(pid: number): Seen | undefined {
  if (!isAlive(pid)) return undefined;
  if (process.platform !== 'linux') {
    const ps = spawnSync('ps', ['-ww', '-o', 'ppid=,command=', '-p', String(pid)], { encoding: 'utf8' });
    const [parent = '0', ...command] = ps.stdout.trim().split(/\s+/);
    return { parentPid: Number(parent), command, workingFolder: undefined };
  }
  const stat = readText(`/proc/${pid}/stat`);
  const parentPid = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? 0);
  let workingFolder: string | undefined;
  try {
    workingFolder = readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    // Somebody else's process: its command line has to do.
  }
  return { parentPid, command: readText(`/proc/${pid}/cmdline`).split('\0'), workingFolder };
}

function servesFolder({ command, workingFolder }: Seen, dataFolder: string): boolean {
  if (basename(command[0] ?? '') !== 'postgres') return false;
  return workingFolder === dataFolder || command.join(' ').includes(`-D ${dataFolder}`);
}

const firstNumber = (path: string): number => Number(readText(path).split('\n')[0]);

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
