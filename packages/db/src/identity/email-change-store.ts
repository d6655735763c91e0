import type { AdminId } from '@souk/domain/shared';
import type { Database } from '../orm.ts';
import { platformRows } from '../platform.ts';
import { ACCOUNT_STATEMENTS as S } from './account-statements.ts';

/** Wants another address for an account, in the place of one wanted before, and writes to both. */
export async function requestEmailChange(
  db: Database,
  change: {
    adminId: AdminId;
    changeId: string;
    newEmail: string;
    oldTokenHash: Buffer;
    newTokenHash: Buffer;
    at: Date;
    expiresAt: Date;
    mailIds: readonly [old: string, new_: string];
    actionId: string;
    requestId: string;
  },
): Promise<void> {
  const { adminId, changeId, newEmail, oldTokenHash, newTokenHash, at, expiresAt, mailIds, actionId, requestId } =
    change;
  const values = [adminId, changeId, newEmail, oldTokenHash, newTokenHash, at, expiresAt];
  await platformRows(db, S.requestEmailChange, [...values, ...mailIds, actionId, requestId]);
}

export type OpenEmailChange = {
  readonly newEmail: string;
  readonly isOldConfirmed: boolean;
  readonly isNewConfirmed: boolean;
};

/** The address an account is to have once it is confirmed at both. */
export async function findOpenEmailChange(
  db: Database,
  adminId: AdminId,
  at: Date,
): Promise<OpenEmailChange | undefined> {
  const [r] = await platformRows<{ new_email: string; is_old_confirmed: boolean; is_new_confirmed: boolean }>(
    db,
    S.openEmailChange,
    [adminId, at],
  );
  return r && { newEmail: r.new_email, isOldConfirmed: r.is_old_confirmed, isNewConfirmed: r.is_new_confirmed };
}

/** What a link confirms, while it is good: of the old address, or of the new one. */
export async function findEmailChange(
  db: Database,
  tokenHash: Buffer,
  at: Date,
): Promise<{ email: string; newEmail: string; isOld: boolean; isConfirmed: boolean } | undefined> {
  const [r] = await platformRows<{ email: string; new_email: string; is_old: boolean; is_confirmed: boolean }>(
    db,
    S.emailChangeByToken,
    [tokenHash, at],
  );
  return r && { email: r.email, newEmail: r.new_email, isOld: r.is_old, isConfirmed: r.is_confirmed };
}

/**
 * Confirms at one address; with the second the account has the new one. Throws where somebody else has it already
 * (`isAddressTaken`); nothing is confirmed then.
 * @returns undefined when the link is not good any more.
 */
export async function confirmEmailChange(
  db: Database,
  confirmation: { tokenHash: Buffer; at: Date; actionId: string; requestId: string },
): Promise<{ isDone: boolean } | undefined> {
  const { tokenHash, at, actionId, requestId } = confirmation;
  const [r] = await platformRows<{ is_done: boolean }>(db, S.confirmEmailChange, [tokenHash, at, actionId, requestId]);
  if (r?.is_done) await platformRows(db, S.forgetEmailChanges, [at]);
  return r && { isDone: r.is_done };
}

/** Wants no other address any more: both links are dead. */
export async function dropEmailChange(
  db: Database,
  change: { adminId: AdminId; at: Date; actionId: string; requestId: string },
): Promise<void> {
  await platformRows(db, S.dropEmailChange, [change.adminId, change.actionId, change.requestId, change.at]);
}
