import { type MasterKey, newDataKey, seal, unseal, unwrapDataKey } from '../sealing.ts';
import { type SiteTransaction, row, run, send, sql } from '../with-site.ts';

const purposeOf = (tx: SiteTransaction, personId: string): string => `person ${tx.siteId} ${personId} contact`;

/**
 * The contact key of a person, made when it does not exist yet. Values sealed with it become unreadable when the key is
 * destroyed, wherever their ciphertext lies (G6).
 */
export async function personKey(tx: SiteTransaction, master: MasterKey, personId: string): Promise<Buffer> {
  const purpose = purposeOf(tx, personId);
  const found = await row<{ wrapped_key: Buffer }>(
    tx,
    sql`select wrapped_key from person_keys where site_id = ${tx.siteId} and person_id = ${personId} and purpose = 'contact'`,
  );
  if (found) return unwrapDataKey(master, purpose, found.wrapped_key);
  const { key, wrapped } = newDataKey(master, purpose);
  const made = await run(
    tx,
    sql`insert into person_keys (site_id, person_id, purpose, wrapped_key, created_at) values (${tx.siteId}, ${personId}, 'contact', ${wrapped}, ${tx.at}) on conflict do nothing`,
  );
  return made === 1 ? key : personKey(tx, master, personId);
}

/** Gives a person who is new to the site a contact key of their own. */
export function insertPersonKey(tx: SiteTransaction, master: MasterKey, personId: string): void {
  const { wrapped } = newDataKey(master, purposeOf(tx, personId));
  send(
    tx,
    sql`insert into person_keys (site_id, person_id, purpose, wrapped_key, created_at) values (${tx.siteId}, ${personId}, 'contact', ${wrapped}, ${tx.at})`,
  );
}

/** Opens a contact key that was read beside its person. */
export const openPersonKey = (tx: SiteTransaction, master: MasterKey, personId: string, wrapped: Buffer): Buffer =>
  unwrapDataKey(master, purposeOf(tx, personId), wrapped);

/** Seals a value under a person's key; `field` binds it to its place. */
export const sealFor = (key: Buffer, field: string, value: string | Uint8Array): Buffer => seal(key, field, value);
/** The inverse of `sealFor`. Throws when key or field is another. */
export const unsealFor = (key: Buffer, field: string, sealed: Uint8Array): string =>
  unseal(key, field, sealed).toString('utf8');
