import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brokenInvariants } from '../invariants.ts';
import type { MasterKey } from '../sealing.ts';
import { inDatabase } from '../testing/in-database.ts';
import { backupPaths } from './backup-folder.ts';
import { checkFiles, loadBackup } from './load-backup.ts';
import { PROOF, WrongBackup } from './manifest.ts';
import { atDatabase, createBeside, dropBeside } from './scratch-database.ts';

/**
 * Restores a backup into a database of its own beside the real one, lets every key and every invariant look at it, and drops
 * it again. A backup that was never restored is a hope. @throws WrongBackup when it does not restore whole.
 */
export async function proveBackup(wish: {
  readonly folder: string;
  readonly name: string;
  readonly key: MasterKey;
  readonly ownerUrl: string;
}): Promise<void> {
  const scratch = await createBeside(wish.ownerUrl, 'proof');
  try {
    const ownerUrl = atDatabase(wish.ownerUrl, scratch);
    const manifest = await loadBackup({ ...wish, ownerUrl });
    await checkFiles(wish, manifest);
    const broken = await inDatabase(ownerUrl, brokenInvariants);
    if (broken.length > 0)
      throw new WrongBackup(
        `The backup ${wish.name} restores, but breaks what must hold: ${broken.map((b) => b.invariant).join(', ')}. Run npm run doctor.`,
      );
  } finally {
    await dropBeside(wish.ownerUrl, scratch);
  }
  await writeFile(
    join(backupPaths(wish.folder).backup(wish.name), PROOF),
    `${JSON.stringify({ provedAt: new Date().toISOString() })}\n`,
    { mode: 0o600, flush: true },
  );
}
