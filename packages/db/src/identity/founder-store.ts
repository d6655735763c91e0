import { type SiteTransaction, run, send, sql } from '../with-site.ts';
import { type NewAccount, addAccount, noteAccountAction } from './account-store.ts';

/**
 * Uses up the set-up link and makes the installation's first account and operator with it, in the transaction of the first
 * site (I5). Of two callers with one link the second waits here, and finds it used.
 * @returns false when the link is not the one that holds, or is used or too old; nothing is written then.
 */
export async function makeFounder(
  tx: SiteTransaction,
  founder: NewAccount & { tokenHash: Buffer; actionId: string; requestId: string },
): Promise<boolean> {
  const { adminId, actionId, requestId } = founder;
  const held = await run(
    tx,
    sql`select 1 from setup_links where token_hash = ${founder.tokenHash} and used_at is null and expires_at > ${tx.at} for update`,
  );
  if (held === 0) return false;
  await addAccount(tx, founder);
  send(tx, sql`update setup_links set used_at = ${tx.at}, used_by = ${adminId}`);
  // There is one first operator, whatever was looked at before (I5).
  send(tx, sql`insert into operators (admin_id, created_at) values (${adminId}, ${tx.at})`);
  noteAccountAction(tx, { actionId, adminId, action: 'installation_set_up', requestId });
  return true;
}
