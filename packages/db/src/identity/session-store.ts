import { SESSION_LIMITS } from '@souk/domain/identity';
import type { AdminId } from '@souk/domain/shared';
import type { Database } from '../orm.ts';
import { platformRows } from '../platform.ts';
import { ACCOUNT_STATEMENTS as S } from './account-statements.ts';
import { idleSince } from './platform-lookups.ts';

/** A session as whoever has it shows it, the token it gets, and the row of the log. */
export type SessionRenewal = {
  readonly sessionId: string;
  readonly tokenHash: Buffer;
  readonly newTokenHash: Buffer;
  readonly at: Date;
  readonly actionId: string;
  readonly requestId: string;
};

/** When a session ends at the latest; undefined when it has ended, or has been given another token meanwhile. */
type Renewed = Promise<{ expiresAt: Date } | undefined>;

async function renewed(
  db: Database,
  statement: { name: string; text: string },
  { sessionId, tokenHash, newTokenHash, at, actionId, requestId }: SessionRenewal,
  ...more: readonly unknown[]
): Renewed {
  const values = [sessionId, tokenHash, newTokenHash, at, actionId, requestId, ...more];
  const [found] = await platformRows<{ expires_at: Date }>(db, statement, values);
  return found && { expiresAt: found.expires_at };
}

/** Notes that whoever has this session has proved who they are, gives it another token, and logs it (I7). */
export const renewSession = (db: Database, session: SessionRenewal): Renewed => renewed(db, S.renewSession, session);

/** Gives the account of a session another password, writes a mail about it, and ends all its other sessions, also those that are just beginning. */
export const changePassword = (
  db: Database,
  session: SessionRenewal,
  { passwordHash, mailId }: { passwordHash: string; mailId: string },
): Renewed => renewed(db, S.changePassword, session, passwordHash, mailId);

/** Ends all sessions of an account but this one, also those that are just beginning. */
export const endOtherSessions = (db: Database, session: SessionRenewal): Renewed =>
  renewed(db, S.endOtherSessions, session);

/** Ends one session of an account; false when it is not one of theirs, or has ended. */
export async function endSession(
  db: Database,
  session: { sessionId: string; adminId: AdminId; at: Date; actionId: string; requestId: string },
): Promise<boolean> {
  const { sessionId, adminId, at, actionId, requestId } = session;
  return (await platformRows(db, S.endSession, [sessionId, adminId, at, actionId, requestId])).length > 0;
}

/** Gives an account another name. */
export async function renameAccount(
  db: Database,
  account: { adminId: AdminId; name: string; at: Date; actionId: string; requestId: string },
): Promise<void> {
  const { adminId, name, at, actionId, requestId } = account;
  await platformRows(db, S.renameAccount, [adminId, name, at, actionId, requestId]);
}

/** Keeps the language that an account is shown and written in; from then on no browser changes it. */
export async function chooseLanguage(
  db: Database,
  account: { adminId: AdminId; language: 'en' | 'de'; at: Date; actionId: string; requestId: string },
): Promise<void> {
  const { adminId, language, at, actionId, requestId } = account;
  await platformRows(db, S.chooseLanguage, [adminId, language, at, actionId, requestId]);
}

export type SessionOfAccount = {
  readonly sessionId: string;
  readonly device: string;
  readonly timeZone: string;
  readonly network: string;
  readonly startedAt: Date;
  readonly lastSeenAt: Date;
};

/** Where an account is signed in, the last used first; a hundred at most. */
export async function listSessions(db: Database, adminId: AdminId, at: Date): Promise<SessionOfAccount[]> {
  const found = await platformRows<{
    session_id: string;
    device: string;
    time_zone: string;
    network: string;
    created_at: Date;
    last_seen_at: Date;
  }>(db, S.sessionsOfAccount, [adminId, at, idleSince(at)]);
  return found.map((r) => ({
    sessionId: r.session_id,
    device: r.device,
    timeZone: r.time_zone,
    network: r.network,
    startedAt: r.created_at,
    lastSeenAt: r.last_seen_at,
  }));
}

export type AccountAction = {
  readonly actionId: string;
  readonly action: string;
  readonly timestamp: Date;
  /** Of the session that began with it, while that is known. */
  readonly device: string;
  readonly timeZone: string;
};

/** What happened to an account, the newest first, after one of its rows. */
export async function listAccountActions(
  db: Database,
  adminId: AdminId,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<AccountAction[]> {
  const found = await platformRows<{
    action_id: string;
    action: string;
    timestamp: Date;
    device: string;
    time_zone: string;
  }>(db, S.actionsOfAccount, [adminId, after ?? null, limit]);
  return found.map((r) => ({
    actionId: r.action_id,
    action: r.action,
    timestamp: r.timestamp,
    device: r.device,
    timeZone: r.time_zone,
  }));
}

/** Forgets sessions, with what is known of their devices, some time after they have ended. */
export async function forgetSessions(db: Database, at: Date): Promise<void> {
  await platformRows(db, S.forgetSessions, [new Date(at.getTime() - SESSION_LIMITS.forgetAfterDays * 86_400_000)]);
}
