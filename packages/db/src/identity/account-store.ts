import type { AdminId } from '@souk/domain/shared';
import pg from 'pg';
import { type SiteTransaction, run, send, sql } from '../with-site.ts';

export type NewAccount = {
  readonly adminId: AdminId;
  /** Folded already (`emailAddress`). */
  readonly email: string;
  readonly name: string;
  readonly passwordHash: string;
};

/** Makes an account in the transaction of the site it comes with. Where the address has one already, the transaction fails (`isAddressTaken`). */
export async function addAccount(tx: SiteTransaction, account: NewAccount): Promise<void> {
  await run(
    tx,
    sql`insert into admin_accounts (admin_id, email, name, password_hash, status, created_at, updated_at)
      values (${account.adminId}, ${account.email}, ${account.name}, ${account.passwordHash}, 'active', ${tx.at}, ${tx.at})`,
  );
}

/** Whether a transaction failed because an address has an account already. */
export const isAddressTaken = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && error.constraint === 'admin_accounts_email_key';

/** One row for what happened to an account, in the transaction of what happened to a site (AU1). */
export function noteAccountAction(
  tx: SiteTransaction,
  entry: { actionId: string; adminId: AdminId; action: string; requestId: string },
): void {
  send(
    tx,
    sql`insert into account_action_logs (action_id, admin_id, action, request_id, "timestamp")
      values (${entry.actionId}, ${entry.adminId}, ${entry.action}, ${entry.requestId}, ${tx.at})`,
  );
}
