import type { AdminId } from '@souk/domain/shared';
import type { Database } from '../orm.ts';
import { platformRows } from '../platform.ts';
import { PASSKEY_STATEMENTS as S } from './passkey-statements.ts';

/** How many passkeys an account may have. */
export const PASSKEY_LIMIT = 20;

/** What a passkey is asked for; an answer to one question is none to another. */
export type PasskeyPurpose = 'register' | 'sign_in' | 'second_step' | 'prove';

/** A question to a passkey: what for, and who may answer, as a hash of 32 bytes. */
export type PasskeyQuestion = { readonly purpose: PasskeyPurpose; readonly boundTo: Buffer };

/** Keeps what a browser is to sign, in the place of what it was to sign for the same before. */
export async function beginPasskeyChallenge(
  db: Database,
  { purpose, boundTo }: PasskeyQuestion,
  { challengeHash, expiresAt }: { challengeHash: Buffer; expiresAt: Date },
): Promise<void> {
  await platformRows(db, S.beginPasskeyChallenge, [purpose, boundTo, challengeHash, expiresAt]);
}

/** Uses a challenge up; false where it was never given for this, was used or replaced, or is over. */
export const takePasskeyChallenge = async (
  db: Database,
  { purpose, boundTo }: PasskeyQuestion,
  challengeHash: Buffer,
  at: Date,
): Promise<boolean> =>
  (await platformRows(db, S.takePasskeyChallenge, [purpose, boundTo, challengeHash, at])).length > 0;

export type Passkey = {
  readonly passkeyId: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | undefined;
  readonly credentialId: Buffer;
  readonly transports: readonly string[];
};

/** The passkeys of an account, the first one first. */
export async function listPasskeys(db: Database, adminId: AdminId): Promise<Passkey[]> {
  const found = await platformRows<{
    authenticator_id: string;
    name: string;
    created_at: Date;
    last_used_at: Date | null;
    credential_id: Buffer;
    transports: string[];
  }>(db, S.passkeysOfAccount, [adminId]);
  return found.map((r) => ({
    passkeyId: r.authenticator_id,
    name: r.name,
    createdAt: r.created_at,
    lastUsedAt: r.last_used_at ?? undefined,
    credentialId: r.credential_id,
    transports: r.transports,
  }));
}

/** Whose account it is, and the row of its log. */
type Deed = { readonly adminId: AdminId; readonly at: Date; readonly actionId: string; readonly requestId: string };

export type NewPasskey = {
  readonly passkeyId: string;
  readonly name: string;
  readonly credentialId: Buffer;
  readonly publicKey: Buffer;
  readonly signCount: number;
  readonly transports: readonly string[];
};

/**
 * Adds a passkey to an account, with its mail. Where it is the first factor of any kind the recovery codes come with it, and
 * every session but this one ends. Undefined where the id is somebody's already, or the account has as many as it may.
 */
export async function addPasskey(
  db: Database,
  passkey: NewPasskey,
  {
    adminId,
    at,
    codeHashes,
    sessionId,
    mailId,
    actionId,
    requestId,
  }: Deed & { codeHashes: Buffer[]; sessionId: string; mailId: string },
): Promise<{ isFirst: boolean } | undefined> {
  const { passkeyId, name, credentialId, publicKey, signCount, transports } = passkey;
  const [r] = await platformRows<{ is_first: boolean }>(db, S.addPasskey, [
    passkeyId,
    adminId,
    at,
    name,
    credentialId,
    publicKey,
    signCount,
    transports,
    codeHashes,
    sessionId,
    mailId,
    actionId,
    requestId,
    PASSKEY_LIMIT,
  ]);
  return r && { isFirst: r.is_first };
}

/** Gives one of an account's passkeys another name; false where it is not its own. */
export const renamePasskey = async (
  db: Database,
  { passkeyId, name, adminId, actionId, requestId, at }: Deed & { passkeyId: string; name: string },
): Promise<boolean> =>
  (await platformRows(db, S.renamePasskey, [passkeyId, adminId, name, actionId, requestId, at])).length > 0;

/** Takes one of an account's passkeys away, with its mail; false where it is not its own. */
export const removePasskey = async (
  db: Database,
  { passkeyId, adminId, mailId, at, actionId, requestId }: Deed & { passkeyId: string; mailId: string },
): Promise<boolean> =>
  (await platformRows(db, S.removePasskey, [passkeyId, adminId, mailId, at, actionId, requestId])).length > 0;

export type KnownPasskey = {
  readonly passkeyId: string;
  readonly publicKey: Buffer;
  readonly transports: readonly string[];
  readonly adminId: AdminId;
  readonly email: string;
  readonly name: string;
  readonly epoch: number;
};

/** The passkey of this id and whose it is, as long as they may sign in. */
export async function findPasskey(db: Database, credentialId: Buffer): Promise<KnownPasskey | undefined> {
  const [r] = await platformRows<{
    authenticator_id: string;
    public_key: Buffer;
    transports: string[];
    admin_id: AdminId;
    email: string;
    name: string;
    session_epoch: number;
  }>(db, S.passkeyByCredential, [credentialId]);
  return (
    r && {
      passkeyId: r.authenticator_id,
      publicKey: r.public_key,
      transports: r.transports,
      adminId: r.admin_id,
      email: r.email,
      name: r.name,
      epoch: r.session_epoch,
    }
  );
}

/** Notes that a passkey has signed, and how often it says it has; false where it has said as much before (C15). */
export const usePasskey = async (
  db: Database,
  { passkeyId, signCount, at }: { passkeyId: string; signCount: number; at: Date },
): Promise<boolean> => (await platformRows(db, S.usePasskey, [passkeyId, signCount, at])).length > 0;
