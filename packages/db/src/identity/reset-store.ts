import type { Database } from '../orm.ts';
import { platformRows } from '../platform.ts';
import { ACCOUNT_STATEMENTS as S } from './account-statements.ts';

/** Whether an account has been signed in to at this browser before. */
export async function isDeviceKnown(db: Database, email: string, deviceHash: Buffer): Promise<boolean> {
  return (await platformRows(db, S.isDeviceKnown, [email, deviceHash])).length > 0;
}

/** Puts a dearer hash of the same password in the place of the one that was just verified. */
export async function replacePasswordHash(
  db: Database,
  { adminId, before, after }: { adminId: string; before: string; after: string },
): Promise<void> {
  await platformRows(db, S.replacePasswordHash, [adminId, before, after]);
}

/** Makes a link that sets another password, and the mail with it. Nothing where the address has no account: in the same time. */
export async function requestReset(
  db: Database,
  reset: {
    email: string;
    resetId: string;
    tokenHash: Buffer;
    at: Date;
    expiresAt: Date;
    mailId: string;
    actionId: string;
    requestId: string;
  },
): Promise<void> {
  const { email, resetId, tokenHash, at, expiresAt, mailId, actionId, requestId } = reset;
  await platformRows(db, S.requestReset, [email, resetId, tokenHash, at, expiresAt, mailId, actionId, requestId]);
}

/** Whose password a link sets, while it is good. */
export async function findReset(
  db: Database,
  tokenHash: Buffer,
  at: Date,
): Promise<{ email: string; name: string } | undefined> {
  const [found] = await platformRows<{ email: string; name: string }>(db, S.resetByToken, [tokenHash, at]);
  return found && { email: found.email, name: found.name };
}

/**
 * Uses a link up: another password, every session ended, every other link of the account dead, a row in its log and a mail to
 * its owner. Of many with one link one is let in (C15).
 * @returns the account's address; undefined when the link is not good any more.
 */
export async function resetPassword(
  db: Database,
  reset: { tokenHash: Buffer; at: Date; passwordHash: string; mailId: string; actionId: string; requestId: string },
): Promise<{ email: string } | undefined> {
  const { tokenHash, at, passwordHash, mailId, actionId, requestId } = reset;
  const values = [tokenHash, at, passwordHash, mailId, actionId, requestId];
  const [found] = await platformRows<{ email: string }>(db, S.resetPassword, values);
  return found && { email: found.email };
}
