import { createHash } from 'node:crypto';
import { chownSync, lstatSync, mkdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Identity, isTraversable, NOBODY, ownerOf } from './identity.ts';
import { EmbeddedFailed } from './refusals.ts';
import { isSystemError } from './system-error.ts';

/** Names the socket file only: there is no TCP port, so two clones cannot clash. */
export const PORT = 5432;

/** What a socket's address may be long: 107 bytes on Linux, 103 on macOS. */
const MAX_SOCKET_PATH = 103;

/**
 * Makes the private folder of the socket. Whoever may enter it may log in as anybody, so it is ours alone (0700) or refused.
 * @param home the real path of the home folder: the same home always gets the same folder
 */
export function openSocketFolder(home: string, identity: Identity): string {
  const name = `souk-${createHash('sha256').update(home).digest('hex').slice(0, 16)}`;
  const temporary = realpathSync(tmpdir());
  const short = Buffer.byteLength(join(temporary, name, `.s.PGSQL.${PORT}`)) <= MAX_SOCKET_PATH;
  const reachable = identity !== 'nobody' || isTraversable(temporary);
  const folder = join(short && reachable ? temporary : realpathSync('/tmp'), name);
  const owner = ownerOf(identity);
  // Left by a start as the other of root's two identities.
  const leftBy = identity === 'namespace' ? NOBODY : identity === 'nobody' ? 0 : undefined;
  const left = lstatSync(folder, { throwIfNoEntry: false });
  if (left && left.uid === leftBy) rmSync(folder, { recursive: true, force: true });
  try {
    mkdirSync(folder, { mode: 0o700 });
    if (identity === 'nobody') chownSync(folder, owner, owner);
  } catch (error) {
    if (!isSystemError(error, 'EEXIST')) throw error;
  }
  const entry = lstatSync(folder);
  if (!entry.isDirectory() || entry.uid !== owner || (entry.mode & 0o777) !== 0o700) {
    throw new EmbeddedFailed(`The folder ${folder} is not private to this user (0700). Remove it, then start again.`);
  }
  return folder;
}
