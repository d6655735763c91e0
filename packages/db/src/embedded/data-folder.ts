import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { commandLine, giveTo, type Identity, isTraversable, LOCALE, ownerOf } from './identity.ts';
import type { Native } from './native-folder.ts';
import { EmbeddedFailed } from './refusals.ts';
import { isAlive } from './running-server.ts';
import { isSystemError } from './system-error.ts';

/** Where data and programs go when the user nobody must reach them and cannot pass through the home's parents. */
export const VAULT = '/var/lib/souk';

const STAGING = /^postgres\.init-(\d+)-/;

/**
 * Opens `<home>/postgres`, or makes it. It is made beside and moved into place whole: a start that is killed half-way leaves
 * nothing that looks like a database, and of two simultaneous starts one wins.
 * @param home real path of the home folder
 * @returns the real path of the data folder, owned by whom the server runs as, and whether it was made now
 */
export async function openDataFolder(home: string, native: Native, identity: Identity, vault = VAULT) {
  const place = join(home, 'postgres');
  sweepStaging(home);
  let created = false;
  if (isAbsent(place)) created = await create(home, place, native, identity, vault);
  const folder = realpathSync(place);
  const version = existsSync(join(folder, 'PG_VERSION')) ? readFileSync(join(folder, 'PG_VERSION'), 'utf8').trim() : '';
  if (version === '') throw new EmbeddedFailed(`The folder ${place} is not empty and holds no database.`);
  if (version !== native.version.split('.')[0]) {
    throw new EmbeddedFailed(
      `The data in ${place} is of PostgreSQL ${version}; this version of Souk brings ${native.version}.`,
    );
  }
  const owner = ownerOf(identity);
  if (identity === 'self' && statSync(folder).uid !== owner) {
    throw new EmbeddedFailed(
      `The folder ${place} belongs to another user. Start Souk as the user who started it first.`,
    );
  }
  if (identity === 'nobody' && !isTraversable(dirname(folder))) {
    throw new EmbeddedFailed(`PostgreSQL must run as nobody here, and nobody cannot pass through to ${folder}.`);
  }
  if (identity !== 'self' && statSync(folder).uid !== owner) giveTo(owner, folder);
  return { folder, created };
}

/** The programs where the identity can run them: as unpacked by npm, or a copy outside a private home, read-only for the server. */
export function reachableNative(native: Native, identity: Identity, vault = VAULT): Native {
  if (identity !== 'nobody' || isReadable(join(native.folder, 'bin'))) return native;
  const folder = join(vault, `postgresql-${native.version}`);
  if (existsSync(folder)) return { ...native, folder };
  openVault(vault);
  const staging = `${folder}.${process.pid}`;
  cpSync(native.folder, staging, { recursive: true, verbatimSymlinks: true });
  letRead(staging);
  moveWhole(staging, folder);
  return { ...native, folder };
}

async function create(
  home: string,
  place: string,
  native: Native,
  identity: Identity,
  vault: string,
): Promise<boolean> {
  const name = `postgres.init-${process.pid}-${randomBytes(4).toString('hex')}`;
  const beside = identity !== 'nobody' || isTraversable(dirname(home));
  if (!beside) openVault(vault);
  // Passing through is not listing: what lies in the home keeps its own modes.
  if (beside && identity === 'nobody') chmodSync(home, (statSync(home).mode & 0o777) | 0o001);
  const staging = beside ? join(home, name) : join(vault, name.replace('init', 'data'));
  mkdirSync(staging, { mode: 0o700 });
  try {
    if (identity === 'nobody') chownSync(staging, ownerOf(identity), ownerOf(identity));
    await initdb(staging, native, identity);
    const won = beside ? moveWhole(staging, place) : linkWhole(staging, place);
    return won;
  } finally {
    if (beside) rmSync(staging, { recursive: true, force: true });
  }
}

async function initdb(folder: string, native: Native, identity: Identity): Promise<void> {
  const locale = [`--locale=${LOCALE}`, '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--encoding=UTF8'];
  const access = ['--username=postgres', '--auth-local=trust', '--auth-host=reject'];
  const program = join(native.folder, 'bin', 'initdb');
  const args = ['-D', folder, ...locale, ...access, '--data-checksums', '--no-instructions'];
  const line = commandLine(identity, program, args);
  const child = spawn(line.command, line.args, {
    ...line.options,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  if (code !== 0)
    throw new EmbeddedFailed(
      `The database could not be made in ${folder}: ${said.trim() || `initdb ended with ${code}`}`,
    );
}

/** Moves a finished folder to its name; false when somebody else was first. */
function moveWhole(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (!isSystemError(error, 'ENOTEMPTY', 'EEXIST')) throw error;
    rmSync(from, { recursive: true, force: true });
    return false;
  }
}

function linkWhole(folder: string, link: string): boolean {
  try {
    symlinkSync(folder, link);
    return true;
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    if (!isSystemError(error, 'EEXIST')) throw error;
    return false;
  }
}

/** Nothing there, or an empty folder, which is taken away so that the finished one can be moved in. */
function isAbsent(place: string): boolean {
  const entry = lstatSync(place, { throwIfNoEntry: false });
  if (entry === undefined) return true;
  if (!entry.isDirectory() || readdirSync(place).length > 0) return false;
  rmdirSync(place);
  return true;
}

function openVault(vault: string): void {
  mkdirSync(vault, { recursive: true });
  chmodSync(vault, 0o755);
}

/** What a killed start left of its initdb. */
function sweepStaging(home: string): void {
  for (const name of readdirSync(home)) {
    const pid = Number(STAGING.exec(name)?.[1] ?? 0);
    if (pid > 0 && !isAlive(pid)) rmSync(join(home, name), { recursive: true, force: true });
  }
}

const isReadable = (folder: string): boolean => isTraversable(folder) && (statSync(folder).mode & 0o004) !== 0;

function letRead(path: string): void {
  const entry = lstatSync(path);
  if (entry.isSymbolicLink()) return;
  const runs = entry.isDirectory() || (entry.mode & 0o100) !== 0;
  chmodSync(path, runs ? 0o755 : 0o644);
  if (entry.isDirectory()) for (const name of readdirSync(path)) letRead(join(path, name));
}
