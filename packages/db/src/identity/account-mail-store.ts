import type { Database } from '../orm.ts';
import { platformRows } from '../platform.ts';
import { ACCOUNT_STATEMENTS as S } from './account-statements.ts';
import { PASSKEY_STATEMENTS } from './passkey-statements.ts';

export type AccountMailKind =
  | 'new_sign_in'
  | 'password_reset'
  | 'password_was_reset'
  | 'password_changed'
  | 'email_change_old'
  | 'email_change_new'
  | 'second_factor_added'
  | 'second_factor_removed'
  | 'recovery_code_used'
  | 'recovery_codes_made'
  | 'passkey_added'
  | 'passkey_removed'
  | 'second_factor_guessed'
  | 'second_factors_taken';

/** A mail to whoever has an account, and all that it is made of. */
export type AccountMail = {
  readonly kind: AccountMailKind;
  readonly aboutId: string;
  readonly isSent: boolean;
  readonly createdAt: Date;
  readonly email: string;
  readonly name: string;
  readonly language: 'en' | 'de';
  /** The address that is to take the place of the account's own. */
  readonly newEmail: string | undefined;
  readonly device: string;
  readonly timeZone: string;
  readonly network: string;
};

/** A mail of an account by its id. */
export async function findAccountMail(db: Database, mailId: string): Promise<AccountMail | undefined> {
  const [r] = await platformRows<{
    kind: AccountMailKind;
    about_id: string | null;
    sent_at: Date | null;
    created_at: Date;
    email: string;
    name: string;
    language: 'en' | 'de';
    new_email: string | null;
    device: string;
    time_zone: string;
    network: string;
  }>(db, S.accountMail, [mailId]);
  return (
    r && {
      kind: r.kind,
      aboutId: r.about_id ?? '',
      isSent: r.sent_at !== null,
      createdAt: r.created_at,
      email: r.email,
      name: r.name,
      language: r.language,
      newEmail: r.new_email ?? undefined,
      device: r.device,
      timeZone: r.time_zone,
      network: r.network,
    }
  );
}

/** Notes that a mail has been handed over. */
export async function accountMailSent(db: Database, mailId: string, at: Date): Promise<void> {
  await platformRows(db, S.accountMailSent, [mailId, at]);
}

/**
 * Moves waiting mails of accounts to the job queue. `enqueue` takes each at least once; the mail's id is the job's, so that
 * one which is moved twice is one job.
 * @returns how many were moved.
 */
export async function relayAccountMails(
  db: Database,
  enqueue: (mailIds: readonly string[]) => Promise<void>,
): Promise<number> {
  const waiting = await platformRows<{ mail_id: string }>(db, S.accountMailsWaiting, []);
  const ids = waiting.map((row) => row.mail_id);
  if (ids.length === 0) return 0;
  await enqueue(ids);
  await platformRows(db, S.accountMailsRelayed, [ids]);
  return ids.length;
}

const DAY_MS = 86_400_000;
/** How long a browser is known that is not used any more, in days. */
const DEVICE_DAYS = 400;
const MAIL_DAYS = 30;

/** Forgets links that are over, mails that were sent long ago, and browsers that nobody uses any more. */
export async function forgetAccountLeftovers(db: Database, at: Date): Promise<void> {
  const before = (days: number): Date => new Date(at.getTime() - days * DAY_MS);
  await Promise.all([
    platformRows(db, S.forgetResets, [before(1)]),
    platformRows(db, S.forgetEmailChanges, [at]),
    platformRows(db, S.forgetDevices, [before(DEVICE_DAYS)]),
    platformRows(db, S.forgetMails, [before(MAIL_DAYS)]),
    platformRows(db, S.forgetChallenges, [at]),
    platformRows(db, PASSKEY_STATEMENTS.forgetPasskeyChallenges, [at]),
  ]);
}
