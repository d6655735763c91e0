import type { AdminId } from '@souk/domain/shared';
import type { Database } from '../orm.ts';
import { platformRows } from '../platform.ts';
import { ACCOUNT_STATEMENTS as S } from './account-statements.ts';
import type { FactorKind } from './platform-lookups.ts';

/** Whose account it is, and the row of its log. */
type Deed = { readonly adminId: AdminId; readonly at: Date; readonly actionId: string; readonly requestId: string };

/** Keeps the sealed secret of an app that is not confirmed yet, in the place of one before; false when one is in use. */
export async function beginTotp(
  db: Database,
  totp: { authenticatorId: string; adminId: AdminId; secretSealed: Buffer; at: Date },
): Promise<boolean> {
  const { authenticatorId, adminId, secretSealed, at } = totp;
  return (await platformRows(db, S.beginTotp, [authenticatorId, adminId, secretSealed, at])).length > 0;
}

export type SecondFactor = {
  readonly secretSealed: Buffer | undefined;
  /** Since when it is asked for; undefined while it is not. */
  readonly confirmedAt: Date | undefined;
  readonly codesLeft: number;
};

/** How an account stands with its second factor. */
export async function getSecondFactor(db: Database, adminId: AdminId): Promise<SecondFactor> {
  const [r] = await platformRows<{ secret_sealed: Buffer | null; confirmed_at: Date | null; codes_left: number }>(
    db,
    S.secondFactor,
    [adminId],
  );
  return {
    secretSealed: r?.secret_sealed ?? undefined,
    confirmedAt: r?.confirmed_at ?? undefined,
    codesLeft: r?.codes_left ?? 0,
  };
}

/**
 * Puts an app to use, with the step of the code that showed it. Where it is the first factor of any kind the recovery codes come
 * with it, and every session but this one ends. Undefined when no app of this secret waits for that.
 */
export async function confirmTotp(
  db: Database,
  {
    adminId,
    step,
    codeHashes,
    mailId,
    at,
    actionId,
    requestId,
    sessionId,
    secretSealed,
  }: Deed & { step: number; codeHashes: Buffer[]; mailId: string; sessionId: string; secretSealed: Buffer },
): Promise<{ isFirst: boolean } | undefined> {
  const values = [adminId, step, at, codeHashes, mailId, actionId, requestId, sessionId, secretSealed];
  const [r] = await platformRows<{ is_first: boolean }>(db, S.confirmTotp, values);
  return r && { isFirst: r.is_first };
}

/** Puts new recovery codes in the place of all before; false for an account without a second factor. */
export async function replaceRecoveryCodes(
  db: Database,
  { adminId, codeHashes, mailId, at, actionId, requestId }: Deed & { codeHashes: Buffer[]; mailId: string },
): Promise<boolean> {
  const values = [adminId, at, codeHashes, mailId, actionId, requestId];
  return (await platformRows(db, S.replaceRecoveryCodes, values)).length > 0;
}

/** Takes the app away, and the recovery codes where no other factor is left; false when there is none. */
export async function removeSecondFactor(
  db: Database,
  { adminId, mailId, at, actionId, requestId }: Deed & { mailId: string },
): Promise<boolean> {
  return (await platformRows(db, S.removeSecondFactor, [adminId, at, mailId, actionId, requestId])).length > 0;
}

/** Notes that the password was right: what follows is the second factor. */
export async function beginChallenge(
  db: Database,
  challenge: { tokenHash: Buffer; adminId: AdminId; epoch: number; at: Date; expiresAt: Date },
): Promise<void> {
  const { tokenHash, adminId, epoch, at, expiresAt } = challenge;
  await platformRows(db, S.beginChallenge, [tokenHash, adminId, epoch, at, expiresAt]);
}

export type OpenChallenge = {
  readonly adminId: AdminId;
  readonly email: string;
  readonly name: string;
  readonly epoch: number;
  /** Of the app, where there is one. */
  readonly secretSealed: Buffer | undefined;
  /** Nothing where all were taken away meanwhile. */
  readonly factors: readonly FactorKind[];
};

type ChallengeRow = {
  admin_id: AdminId;
  email: string;
  name: string;
  epoch: number;
  secret_sealed: Buffer | null;
  factors: FactorKind[];
};

/** Who has shown the first factor, as long as that is worth something. */
export const findChallenge = async (db: Database, tokenHash: Buffer, at: Date): Promise<OpenChallenge | undefined> =>
  toChallenge(await platformRows<ChallengeRow>(db, S.openChallenge, [tokenHash, at]));

/** The same, for one of the five codes that may be tried with it; undefined also when they are used up (H04). */
export const tryChallenge = async (db: Database, tokenHash: Buffer, at: Date): Promise<OpenChallenge | undefined> =>
  toChallenge(await platformRows<ChallengeRow>(db, S.tryChallenge, [tokenHash, at]));

function toChallenge([r]: ChallengeRow[]): OpenChallenge | undefined {
  return (
    r && {
      adminId: r.admin_id,
      email: r.email,
      name: r.name,
      epoch: r.epoch,
      secretSealed: r.secret_sealed ?? undefined,
      factors: r.factors,
    }
  );
}

/**
 * Notes a wrong code in the account's log, unless there are twenty of the last hour, which began with the id `hourAgo`. The third of
 * them is told to the owner, once for each id of a mail, where there is one.
 */
export async function noteWrongCode(
  db: Database,
  { adminId, at, actionId, requestId, hourAgo, mailId }: Deed & { hourAgo: string; mailId: string | undefined },
): Promise<void> {
  await platformRows(db, S.noteWrongCode, [adminId, actionId, requestId, at, hourAgo, mailId ?? null]);
}

/** Uses a challenge up; false when it was used already, or is over. */
export async function endChallenge(db: Database, tokenHash: Buffer, at: Date): Promise<boolean> {
  return (await platformRows(db, S.endChallenge, [tokenHash, at])).length > 0;
}

/** Uses the code of a step, once: of all that come with it, and with any before it, one is let in (C15). */
export async function useTotpStep(db: Database, adminId: AdminId, step: number): Promise<boolean> {
  return (await platformRows(db, S.useTotp, [adminId, step])).length > 0;
}

/** Uses a recovery code, once, with its row in the log and a mail to the owner. */
export async function useRecoveryCode(
  db: Database,
  { adminId, codeHash, mailId, at, actionId, requestId }: Deed & { codeHash: Buffer; mailId: string },
): Promise<boolean> {
  return (await platformRows(db, S.useRecoveryCode, [adminId, codeHash, at, mailId, actionId, requestId])).length > 0;
}
