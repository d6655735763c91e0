import { spawnSync } from 'node:child_process';
import { chownSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * As whom PostgreSQL's programs run, since they refuse root:
 * `self`: we are not root. `namespace`: root seen as nobody inside a user namespace, so the files stay root's and any folder
 * will do. `nobody`: really another user, where namespaces are forbidden (many containers).
 */
export type Identity = 'self' | 'namespace' | 'nobody';

/** The unprivileged user of every Unix; initdb wants a user that has a passwd entry. */
export const NOBODY = 65_534;

/** The user that owns data and socket folder, as this process sees it. */
export const ownerOf = (identity: Identity): number => (identity === 'nobody' ? NOBODY : (process.getuid?.() ?? 0));

const NAMESPACE = ['unshare', '--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, '--'];
const DIES_WITH_PARENT = ['setpriv', '--pdeathsig', 'INT', '--'];

const works = ([program = '', ...args]: readonly string[]): boolean =>
  process.platform === 'linux' && spawnSync(program, [...args, 'true'], { stdio: 'ignore' }).status === 0;

export function chooseIdentity(): Identity {
  if (process.getuid?.() !== 0) return 'self';
  return works(NAMESPACE) ? 'namespace' : 'nobody';
}

/**
 * The command line that runs `program` as `identity` and, where the kernel can (Linux), ends it with SIGINT when this process
 * dies in whatever way. The kernel's watch starts after the fork, so the shell between looks once whether the parent is
 * still there. All of it is exec: the process id stays that of the program. The watch is on the calling thread: call it from the main one.
 */
export function commandLine(identity: Identity, program: string, args: readonly string[]) {
  const watched = works(DIES_WITH_PARENT)
    ? [...DIES_WITH_PARENT, 'sh', '-c', '[ "$PPID" = "$0" ] && exec "$@"', String(process.pid)]
    : [];
  const [command = program, ...rest] = [...(identity === 'namespace' ? NAMESPACE : []), ...watched, program, ...args];
  const user = identity === 'nobody' ? { uid: NOBODY, gid: NOBODY } : {};
  // Nothing of our environment goes along: no PG* settings that bend the server, no secrets in its /proc entry.
  const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: LOCALE };
  return { command, args: rest, options: { ...user, env, cwd: '/' } };
}

/** The C library's locale beside the built-in one: macOS has no C.UTF-8. */
export const LOCALE = process.platform === 'linux' ? 'C.UTF-8' : 'C';

/** Whether any user may pass through the folder and all above it. */
export function isTraversable(folder: string): boolean {
  const open = (statSync(folder).mode & 0o001) !== 0;
  return open && (folder === dirname(folder) || isTraversable(dirname(folder)));
}

/** Gives a whole folder to the owner; symbolic links are not followed. */
export function giveTo(uid: number, path: string): void {
  const entry = lstatSync(path);
  if (entry.isSymbolicLink()) return;
  if (entry.uid !== uid) chownSync(path, uid, uid);
  if (entry.isDirectory()) for (const name of readdirSync(path)) giveTo(uid, join(path, name));
}
