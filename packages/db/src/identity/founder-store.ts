import type { AdminId } from '@souk/domain/shared';
import { type SiteTransaction, run, send, sql } from '../with-site.ts';

export type NewAccount = {
  readonly adminId: AdminId;
  /** Folded already (`emailAddress`). */
  readonly email: string;
  readonly name: string;
  readonly passwordHash: string;
};

/**
 * Uses up the set-up link and makes the installation's first account and operator with it, in the transaction of the first
 * site (I5). Of two callers with one link the second waits here, and finds it used.
 * @returns false when the link is not the one that holds, or is used or too old; nothing is written then.
 */
export async function makeFounder(
  tx: SiteTransaction,
  founder: NewAccount & { tokenHash: Buffer; actionId: string; requestId: string },
): Promise<boolean> {
  const { adminId } = founder;
  const held = await run(
    tx,
    sql`select 1 from setup_links where token_hash = ${founder.tokenHash} and used_at is null and expires_at > ${tx.at} for update`,
  );
  if (held === 0) return false;
  send(
    tx,
    sql`insert into admin_accounts (admin_id, email, name, password_hash, status, created_at, updated_at)
      values (${adminId}, ${founder.email}, ${founder.name}, ${founder.passwordHash}, 'active', ${tx.at}, ${tx.at})`,
  );
  send(tx, sql`update setup_links set used_at = ${tx.at}, used_by = ${adminId}`);
  // There is one first operator, whatever was looked at before (I5).
  send(tx, sql`insert into operators (admin_id, created_at) values (${adminId}, ${tx.at})`);
  send(
    tx,
    sql`insert into account_action_logs (action_id, admin_id, action, request_id, "timestamp")
      values (${founder.actionId}, ${adminId}, 'installation_set_up', ${founder.requestId}, ${tx.at})`,
  );
  return true;
}
