import type pg from 'pg';
import { brokenInvariants } from '../invariants.ts';
import { migrate } from '../migrate.ts';
import type { DatabaseUrls } from '../orm.ts';
import type { MasterKey } from '../sealing.ts';
import { inDatabase } from '../testing/in-database.ts';
import { loadBackup, loadFiles } from './load-backup.ts';
import { type Manifest, WrongBackup } from './manifest.ts';
import { atDatabase, createBeside, databaseOf, dropBeside, swapIn } from './scratch-database.ts';

export type RestoreWish = {
  readonly folder: string;
  readonly name: string;
  readonly key: MasterKey;
  readonly home: string;
  /** The owner's connection to the database whose place the backup takes. */
  readonly ownerUrl: string;
  readonly known: Partial<DatabaseUrls>;
  readonly passwords: boolean;
  /** The id of a copy that must never be taken for the installation: it mails and charges nobody. */
  readonly asStaging?: { readonly installationId: string };
  readonly say?: (line: string) => void;
};

/**
 * Restores a backup into a new database, brings that to this release, looks whether everything holds, and only then puts it
 * in the place of the present one, which is kept beside it under another name. Until that step nothing is changed, whatever
 * fails. Every session has ended with it: one that was ended since then would be open again.
 * @returns what was restored, and the name the database before has now.
 */
export async function restoreBackup(wish: RestoreWish): Promise<{ manifest: Manifest; aside: string; files: number }> {
  const say = wish.say ?? (() => undefined);
  const name = await createBeside(wish.ownerUrl, 'restored');
  const ownerUrl = atDatabase(wish.ownerUrl, name);
  try {
    const manifest = await loadBackup({ ...wish, ownerUrl });
    say(`${manifest.tables.reduce((sum, table) => sum + table.rows, 0)} rows of ${manifest.tables.length} tables`);
    await inDatabase(ownerUrl, (client) => settle(client, wish.asStaging?.installationId));
    await migrate(ownerUrl, {
      key: wish.key,
      installationId: manifest.installationId,
      known: wish.known,
      passwords: wish.passwords,
    });
    const broken = await inDatabase(ownerUrl, brokenInvariants);
    if (broken.length > 0)
      throw new WrongBackup(`What was restored breaks what must hold: ${broken.map((b) => b.invariant).join(', ')}.`);
    const { count: files, lost } = await loadFiles(wish, manifest, wish.home);
    say(`${files} files`);
    for (const path of lost) say(`without the file ${path}, which cannot be read`);
    const aside = `${databaseOf(wish.ownerUrl)}_before_${new Date().toISOString().slice(0, 19).replace(/\D/g, '')}`;
    await swapIn(wish.ownerUrl, { name, aside });
    return { manifest, aside, files };
  } catch (error) {
    await dropBeside(wish.ownerUrl, name);
    throw error;
  }
}

/** What must not go on as it was at the moment of the backup. */
async function settle(client: pg.Client, stagingId: string | undefined): Promise<void> {
  await client.query('begin');
  await client.query('update admin_sessions set revoked_at = now() where revoked_at is null');
  await client.query('update password_resets set used_at = now() where used_at is null');
  await client.query('delete from email_changes');
  await client.query('delete from sign_in_challenges');
  // What was on its way when the backup was taken is done once more; whoever does it notices what was done already.
  await client.query(
    "update outbox_events set relayed_at = null where relayed_at > (select max(relayed_at) from outbox_events) - interval '1 hour'",
  );
  await client.query('update installations set held_since = now()');
  if (stagingId !== undefined) {
    await client.query('update installations set installation_id = $1, is_copy = true', [stagingId]);
    await client.query("update payment_configurations set is_enabled = false where mode = 'live'");
    // Nothing that waits is done for real people by a copy.
    await client.query('update outbox_events set relayed_at = now() where relayed_at is null');
  }
  await client.query('commit');
}

/** Lets mails and jobs go on after a restore. @returns whether they were waiting. */
export const releaseRestored = (ownerUrl: string): Promise<boolean> =>
  inDatabase(ownerUrl, async (client) => {
    const { rowCount } = await client.query('update installations set held_since = null where held_since is not null');
    return (rowCount ?? 0) > 0;
  });
