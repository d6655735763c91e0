import { realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedAlreadyRunning } from './refusals.ts';
import { findRunning } from './running-server.ts';
import { isSystemError } from './system-error.ts';

/**
 * Deletes the whole database of a home, also where its folder lies elsewhere behind a link. Cannot be undone.
 * @throws EmbeddedAlreadyRunning when a server is running in it
 */
export function removeEmbedded({ home }: { readonly home: string }): void {
  const server = findRunning({ home });
  if (server !== undefined) throw new EmbeddedAlreadyRunning(server);
  const place = join(home, 'postgres');
  try {
    rmSync(realpathSync(place), { recursive: true, force: true });
  } catch (error) {
    if (!isSystemError(error, 'ENOENT')) throw error;
  }
  rmSync(place, { recursive: true, force: true });
}
