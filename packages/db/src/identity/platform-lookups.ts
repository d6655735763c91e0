import type { AdminId, ConfigId, SiteId } from '@souk/domain/shared';
import { SESSION_LIMITS, type Permission, type SiteStatus } from '@souk/domain/identity';
import type { Database } from '../orm.ts';
import { platformRows } from '../platform.ts';
import { ACCOUNT_STATEMENTS, FACTORS_OF_A } from './account-statements.ts';
import { OPERATOR_STATEMENTS } from './operator-statements.ts';
import { PASSKEY_STATEMENTS } from './passkey-statements.ts';
import { entryOf } from './site-entry.ts';

/**
 * Everything that may be asked before a site is known: the closed list of statements the platform role runs. Each is one
 * round trip. A test holds the list against the role's grants.
 */
export const PLATFORM_STATEMENTS = {
  installation: { name: 'installation', text: 'select is_copy, held_since from installations' },
  ...ACCOUNT_STATEMENTS,
  ...PASSKEY_STATEMENTS,
  ...OPERATOR_STATEMENTS,
  siteByHost: {
    name: 'site_by_host',
    // A name in grace is served as it stands: it may be primary again tomorrow, and browsers remember where they are led.
    text: `select s.site_id, s.name, s.status, s.handle, s.order_prefix, m.is_primary or m.verification_status = 'grace' as is_served_here, p.domain_name as primary_domain
      from domain_mappings m join sites s using (site_id)
      left join domain_mappings p on p.site_id = s.site_id and p.is_primary
      where m.domain_name = $1 and m.verification_status <> 'released' and m.is_active`,
  },
  siteById: {
    name: 'site_by_id',
    text: `select s.site_id, s.name, s.status, s.handle, s.order_prefix, true as is_served_here, p.domain_name as primary_domain
      from sites s left join domain_mappings p on p.site_id = s.site_id and p.is_primary where s.site_id = $1`,
  },
  allSites: {
    name: 'all_sites',
    text: `select s.site_id, s.name, s.status, s.handle, s.order_prefix, true as is_served_here, p.domain_name as primary_domain
      from sites s left join domain_mappings p on p.site_id = s.site_id and p.is_primary order by s.name`,
  },
  accountByEmail: {
    name: 'account_by_email',
    text: `select admin_id, email, name, password_hash, status, session_epoch, ${FACTORS_OF_A} as factors
      from admin_accounts a where email = $1`,
  },
  insertAccount: {
    name: 'insert_account',
    text: `insert into admin_accounts (admin_id, email, name, password_hash, status, created_at, updated_at)
      values ($1, $2, $3, $4, 'active', $5, $5) on conflict (email) do nothing returning admin_id`,
  },
  insertFirstOperator: {
    name: 'insert_first_operator',
    text: 'insert into operators (admin_id, is_first, created_at) values ($1, true, $2)',
  },
  replaceSetUpLink: {
    name: 'replace_set_up_link',
    text: `insert into setup_links (token_hash, created_at, expires_at) select $1, $2, $3 where not exists (select from admin_accounts)
      on conflict (singleton) do update set token_hash = excluded.token_hash, created_at = excluded.created_at, expires_at = excluded.expires_at where setup_links.used_at is null
      returning singleton`,
  },
  setUpState: {
    name: 'set_up_state',
    text: `select exists (select from admin_accounts) as is_set_up,
        exists (select from setup_links where token_hash = $1 and used_at is null and expires_at > $2) as is_open`,
  },
  insertSession: {
    name: 'insert_session',
    text: `with s as (insert into admin_sessions (session_id, admin_id, token_hash, created_at, last_seen_at, proved_at, expires_at, epoch, device, time_zone, network)
        values ($1, $2, $3, $4, $4, $4, $5, $8, $9, $10, $11)),
        k as materialized (select 1 from known_devices where admin_id = $2 and device_hash = $12),
        d as (insert into known_devices (admin_id, device_hash, created_at, last_seen_at) select $2, $12, $4, $4 where $12::bytea is not null
          on conflict (admin_id, device_hash) do update set last_seen_at = excluded.last_seen_at),
        g as (update admin_accounts set language = $13 where admin_id = $2 and language <> $13 and not language_is_chosen),
        m as (insert into account_mails (mail_id, admin_id, kind, about_id, created_at) select $14, $2, 'new_sign_in', $1, $4 where $14::uuid is not null and not exists (select from k))
      insert into account_action_logs (action_id, admin_id, action, request_id, "timestamp", session_id) values ($6, $2, case when $15 then 'signed_in_by_passkey' else 'signed_in' end, $7, $4, $1)`,
  },
  accountBySession: {
    name: 'account_by_session',
    text: `select a.admin_id, a.email, a.name, s.session_id, s.proved_at > $4 as is_fresh, case when a.language_is_chosen then a.language end as chosen_language,
        ${FACTORS_OF_A} as factors, s.last_seen_at < $5 as unseen from admin_sessions s join admin_accounts a on a.admin_id = s.admin_id and a.session_epoch = s.epoch
      where s.token_hash = $1 and s.revoked_at is null and s.expires_at > $2 and s.last_seen_at > $3 and a.status = 'active'`,
  },
  touchSession: {
    name: 'touch_session',
    text: 'update admin_sessions set last_seen_at = $2 where session_id = $1 and last_seen_at < $3',
  },
  revokeSession: {
    name: 'revoke_session',
    text: `with s as (update admin_sessions set revoked_at = $2 where token_hash = $1 and revoked_at is null returning admin_id)
      insert into account_action_logs (action_id, admin_id, action, request_id, "timestamp") select $3, admin_id, 'signed_out', $4, $2 from s`,
  },
  countSignInTries: {
    name: 'count_sign_in_tries',
    // In the order of their keys, so that two of them never wait for each other crosswise.
    text: `insert into sign_in_tries as t (counted, tries, window_ends) select k, 1, $3 from unnest($1::bytea[]) k order by k
      on conflict (counted) do update set tries = case when t.window_ends <= $2 then 1 else t.tries + 1 end, window_ends = case when t.window_ends <= $2 then $3 else t.window_ends end
      returning counted, tries, window_ends`,
  },
  giveBackSignInTries: {
    name: 'give_back_sign_in_tries',
    text: `with locked as materialized (select counted from sign_in_tries where counted in ($1, $2) order by counted for update)
      update sign_in_tries t set tries = case when t.counted = $1 then 0 else greatest(0, t.tries - 1) end from locked where t.counted = locked.counted`,
  },
  forgetSignInTries: {
    name: 'forget_sign_in_tries',
    text: `with over as materialized (select counted from sign_in_tries where window_ends <= $1 order by counted for update skip locked)
      delete from sign_in_tries t using over where t.counted = over.counted`,
  },
  logAccountAction: {
    name: 'log_account_action',
    text: `insert into account_action_logs (action_id, admin_id, action, request_id, "timestamp") values ($1, $2, $3, $4, $5)`,
  },
  adminEntry: {
    name: 'admin_entry',
    // Session, then site, then permissions, each by its key: flattened into one join, a database without statistics walked
    // every session of every member.
    text: `with who as materialized (select a.admin_id, a.email, a.name, s.session_id, s.last_seen_at < $5 as unseen, 
          exists (select from admin_authenticators f where f.admin_id = a.admin_id and f.confirmed_at is not null) as has_second_factor, s.proved_at > $6 as is_fresh from admin_sessions s join admin_accounts a on a.admin_id = s.admin_id and a.session_epoch = s.epoch
        where s.token_hash = $1 and s.revoked_at is null and s.expires_at > $3 and s.last_seen_at > $4 and a.status = 'active')
      select who.*, entry.site_id, entry.site_name, entry.handle, entry.site_status, entry.role_name, entry.support_id, entry.permissions,
        (select requires_second_factor from site_configurations c where c.site_id = entry.site_id) as requires_second_factor
      from who left join lateral (select t.site_id, t.name as site_name, t.handle, t.status as site_status, e.role_name, e.support_id, e.permissions
        from sites t cross join lateral ${entryOf('t.site_id', 'who.admin_id', '$3')} e where t.handle = $2 offset 0) entry on true`,
  },
  openDoors: {
    name: 'open_doors',
    text: `select ask.n::int as n, entry.site_status, entry.permissions
      from unnest($1::uuid[], $2::uuid[]) with ordinality as ask (session_id, site_id, n)
      cross join lateral (select a.admin_id from admin_sessions s join admin_accounts a on a.admin_id = s.admin_id and a.session_epoch = s.epoch
        where s.session_id = ask.session_id and s.revoked_at is null and s.expires_at > $3 and s.last_seen_at > $4 and a.status = 'active' offset 0) who
      cross join lateral (select t.status as site_status, e.permissions from sites t
        cross join lateral ${entryOf('t.site_id', 'who.admin_id', '$3')} e where t.site_id = ask.site_id offset 0) entry
      where not exists (select from site_configurations c where c.site_id = ask.site_id and c.requires_second_factor)
        or exists (select from admin_authenticators f where f.admin_id = who.admin_id and f.confirmed_at is not null)`,
  },
  sitesOfAccount: {
    name: 'sites_of_account',
    text: `select t.site_id, t.name, t.handle, t.status, t.order_prefix, e.role_name, d.domain_name as primary_domain,
        e.permissions && array['VIEW_ORDERS', 'MANAGE_ORDERS'] as sees_orders
      from (select site_id from admin_site_memberships where admin_id = $1 and status = 'active'
          union select site_id from support_accesses where supporter_id = $1 and ended_at is null and expires_at > $2) mine
      join sites t using (site_id) cross join lateral ${entryOf('t.site_id', '$1', '$2')} e
      left join domain_mappings d on d.site_id = t.site_id and d.is_primary
      order by t.name`,
  },
  membersOfSite: {
    name: 'members_of_site',
    text: `select a.admin_id, a.name, r.role_name from admin_site_memberships m join admin_accounts a using (admin_id) join roles r on r.site_id = m.site_id and r.role_id = m.role_id
      where m.site_id = $1
      union select a.admin_id, a.name, 'support access' from support_accesses u join admin_accounts a on a.admin_id = u.supporter_id
      where u.site_id = $1 and not exists (select from admin_site_memberships m where m.site_id = u.site_id and m.admin_id = u.supporter_id)`,
  },
  teamOfSite: {
    name: 'team_of_site',
    text: `select m.membership_id, a.admin_id, a.name, a.email, r.role_id, r.role_name, m.created_at from admin_site_memberships m join admin_accounts a using (admin_id)
      join roles r on r.site_id = m.site_id and r.role_id = m.role_id where m.site_id = $1 and m.status = 'active' order by m.created_at, m.membership_id`,
  },
  invitationByToken: {
    name: 'invitation_by_token',
    text: `select i.site_id, i.invitation_id, i.email, s.name as site_name, s.handle, s.status as site_status, r.role_name, b.name as invited_by,
        exists (select from admin_accounts a where a.email = i.email) as has_account
      from site_invitations i join sites s using (site_id) join roles r on r.site_id = i.site_id and r.role_id = i.role_id join admin_accounts b on b.admin_id = i.invited_by
      where i.token_hash = $1 and i.status = 'pending' and i.expires_at > $2`,
  },
  siteStanding: {
    name: 'site_standing',
    text: `select s.status, exists (select from domain_mappings m where m.site_id = s.site_id and m.type = 'custom' and m.verification_status = 'verified' and m.is_active) as has_own_domain,
        (select min(m.domain_name) from domain_mappings m where m.site_id = s.site_id and m.verification_status = 'grace') as domain_in_grace
      from sites s where s.site_id = $1`,
  },
  // Whoever takes what is due keeps it for a while: nobody else looks, and what a crash leaves is looked at again then.
  dueMappings: {
    name: 'due_mappings',
    text: `with due as materialized (select mapping_id from domain_mappings where next_check_at <= $1 order by next_check_at limit $3 for update skip locked)
      update domain_mappings m set next_check_at = $2 from due where m.mapping_id = due.mapping_id returning m.site_id, m.mapping_id`,
  },
  dueClaims: {
    name: 'due_claims',
    text: `with due as materialized (select c.site_id, c.claim_id from domain_claims c join sites s on s.site_id = c.site_id and s.status not in ('archived', 'purged')
          where c.next_check_at <= $1 order by c.next_check_at limit $3 for update of c skip locked)
      update domain_claims c set next_check_at = $2 from due where c.site_id = due.site_id and c.claim_id = due.claim_id returning c.site_id, c.claim_id`,
  },
  checkMappingSoon: {
    name: 'check_mapping_soon',
    text: `update domain_mappings set next_check_at = $2 where domain_name = $1 and verification_status <> 'released' and next_check_at > $2`,
  },
  siteByApiKey: {
    name: 'site_by_api_key',
    // Counted only for who has the secret, so that nobody else uses up what a key may; and for all processes together.
    text: `with found as materialized (select k.site_id, t.status as site_status, k.api_key_id, k.last_used_at,
          array(select permission_key from api_key_permissions p where p.site_id = k.site_id and p.api_key_id = k.api_key_id) as permissions
        from api_keys k join sites t using (site_id)
        where k.api_key_id = $1 and k.key_hash = $2 and k.revoked_at is null and (k.expires_at is null or k.expires_at > $3)),
      used as (insert into api_key_uses as u (api_key_id, uses, window_ends) select api_key_id, 1, $4 from found
        on conflict (api_key_id) do update set uses = case when u.window_ends <= $3 then 1 else u.uses + 1 end, window_ends = case when u.window_ends <= $3 then $4 else u.window_ends end
        returning uses, window_ends)
      select found.site_id, found.site_status, found.api_key_id, found.permissions, found.last_used_at is null or found.last_used_at < $5 as unseen, used.uses, used.window_ends
      from found cross join used`,
  },
  touchApiKey: {
    name: 'touch_api_key',
    text: 'update api_keys set last_used_at = $2 where api_key_id = $1 and (last_used_at is null or last_used_at < $3)',
  },
  forgetApiKeyUses: {
    name: 'forget_api_key_uses',
    text: 'delete from api_key_uses where window_ends <= $1',
  },
  siteByPaymentConfig: {
    name: 'site_by_payment_config',
    text: 'select site_id, provider_name, mode from payment_configurations where config_id = $1',
  },
} as const satisfies Record<string, { name: string; text: string }>;

/** A site as its host or handle tells it, before any of its rows is read. */
export type Site = {
  readonly siteId: SiteId;
  readonly name: string;
  readonly status: SiteStatus;
  readonly handle: string;
  readonly orderPrefix: string;
  /** Whether the shop is shown at the host that was asked for; else it leads to the primary one (I1). */
  readonly isServedHere: boolean;
  readonly primaryDomain: string | undefined;
};

type SiteRow = {
  site_id: SiteId;
  name: string;
  status: SiteStatus;
  handle: string;
  order_prefix: string;
  is_served_here: boolean;
  primary_domain: string | null;
};
const toSite = (r: SiteRow): Site => ({
  siteId: r.site_id,
  name: r.name,
  status: r.status,
  handle: r.handle,
  orderPrefix: r.order_prefix,
  isServedHere: r.is_served_here,
  primaryDomain: r.primary_domain ?? undefined,
});

const S = PLATFORM_STATEMENTS;

/** Whether this installation was restored as a copy of another one: a copy mails and charges nobody. */
export async function isCopy(db: Database): Promise<boolean> {
  const [found] = await platformRows<{ is_copy: boolean }>(db, S.installation, []);
  return found?.is_copy === true;
}

/** Since when mails and jobs wait for somebody to look at what a restore has brought back; undefined when they do not. */
export async function heldSince(db: Database): Promise<Date | undefined> {
  const [found] = await platformRows<{ held_since: Date | null }>(db, S.installation, []);
  return found?.held_since ?? undefined;
}

/** Host → site. `host` is folded already (`hostName`). */
export const findSiteByHost = async (db: Database, host: string): Promise<Site | undefined> => {
  const [found] = await platformRows<SiteRow>(db, S.siteByHost, [host]);
  return found && toSite(found);
};

/** A site by its id, for work that has left its request: mails, timers. */
export const findSiteById = async (db: Database, siteId: SiteId): Promise<Site | undefined> => {
  const [found] = await platformRows<SiteRow>(db, S.siteById, [siteId]);
  return found && toSite(found);
};

/** Every site of the installation, by name. */
export const listAllSites = async (db: Database): Promise<Site[]> =>
  (await platformRows<SiteRow>(db, S.allSites, [])).map(toSite);

/** What can stand beside a password: an authenticator app, a passkey. */
export type FactorKind = 'totp' | 'passkey';

export type Account = { readonly adminId: AdminId; readonly email: string; readonly name: string };
export type AccountWithPassword = Account & {
  readonly passwordHash: string;
  readonly status: 'active' | 'locked' | 'disabled';
  /** Sessions of another epoch than this one have ended. */
  readonly sessionEpoch: number;
  /** What is asked for after the password; nothing where the account has no second factor. */
  readonly factors: readonly FactorKind[];
};

type AccountRow = { admin_id: AdminId; email: string; name: string };
const toAccount = (r: AccountRow): Account => ({ adminId: r.admin_id, email: r.email, name: r.name });

/** E-mail → account. `email` is folded already (`emailAddress`). */
export async function findAccountByEmail(db: Database, email: string): Promise<AccountWithPassword | undefined> {
  const [found] = await platformRows<
    AccountRow & {
      password_hash: string;
      status: AccountWithPassword['status'];
      session_epoch: number;
      factors: FactorKind[];
    }
  >(db, S.accountByEmail, [email]);
  return (
    found && {
      ...toAccount(found),
      passwordHash: found.password_hash,
      status: found.status,
      sessionEpoch: found.session_epoch,
      factors: found.factors,
    }
  );
}

/** Makes an account; undefined when the address has one already. */
export async function insertAccount(
  db: Database,
  account: { adminId: AdminId; email: string; name: string; passwordHash: string; at: Date },
): Promise<AdminId | undefined> {
  const [made] = await platformRows<{ admin_id: AdminId }>(db, S.insertAccount, [
    account.adminId,
    account.email,
    account.name,
    account.passwordHash,
    account.at,
  ]);
  return made?.admin_id;
}

/** Makes an account the first operator of the installation. Throws when there is one already. */
export async function insertFirstOperator(db: Database, adminId: AdminId, at: Date): Promise<void> {
  await platformRows(db, S.insertFirstOperator, [adminId, at]);
}

/** Puts a set-up link in the place of the one before. False when somebody has an account already: then there is none. */
export async function replaceSetUpLink(
  db: Database,
  link: { tokenHash: Buffer; at: Date; expiresAt: Date },
): Promise<boolean> {
  const made = await platformRows(db, S.replaceSetUpLink, [link.tokenHash, link.at, link.expiresAt]);
  return made.length > 0;
}

/** Whether somebody has an account here, and whether this is the link that would make the first one. */
export async function findSetUpState(
  db: Database,
  tokenHash: Buffer,
  at: Date,
): Promise<{ isSetUp: boolean; isOpen: boolean }> {
  const [r] = await platformRows<{ is_set_up: boolean; is_open: boolean }>(db, S.setUpState, [tokenHash, at]);
  if (!r) throw new Error('the database did not answer');
  return { isSetUp: r.is_set_up, isOpen: r.is_open && !r.is_set_up };
}

/** Begins a session and logs the sign-in. Only the hash of its token is kept. */
export async function insertSession(
  db: Database,
  session: {
    sessionId: string;
    adminId: AdminId;
    tokenHash: Buffer;
    at: Date;
    expiresAt: Date;
    actionId: string;
    requestId: string;
    /** The account's epoch as it was when its password was right; a new account is in its first. */
    epoch?: number;
    /** Words of ours, a time zone, and a network, to be told apart by; empty where nothing is known. */
    device?: string;
    timeZone?: string;
    network?: string;
    language?: 'en' | 'de';
    /** What the browser is known again by. */
    deviceHash?: Buffer;
    /** The mail to the account's owner when the browser is a new one; undefined where they need none. */
    mailId?: string | undefined;
    /** Whether it began with a passkey and no password. */
    isByPasskey?: boolean;
  },
): Promise<void> {
  await platformRows(db, S.insertSession, [
    session.sessionId,
    session.adminId,
    session.tokenHash,
    session.at,
    session.expiresAt,
    session.actionId,
    session.requestId,
    session.epoch ?? 1,
    session.device ?? '',
    session.timeZone ?? '',
    session.network ?? '',
    session.deviceHash ?? null,
    session.language ?? 'en',
    session.mailId ?? null,
    session.isByPasskey === true,
  ]);
}

const before = (at: Date, minutes: number): Date => new Date(at.getTime() - minutes * 60_000);
/** A session that was last used before this has lain idle for too long. */
export const idleSince = (at: Date): Date => before(at, SESSION_LIMITS.idleHours * 60);
const provedSince = (at: Date): Date => before(at, SESSION_LIMITS.proofMinutes);
const unseenSince = (at: Date): Date => before(at, SESSION_LIMITS.noteEveryMinutes);

/** An account with the session it is signed in by. */
export type AccountSession = Account & {
  readonly sessionId: string;
  /** Whether they proved who they are so lately that they may do what is dangerous (I7). */
  readonly isFresh: boolean;
  /** Whether the session's last use was noted so long ago that this one is worth a note. */
  readonly isUnseen: boolean;
  /** What proves anew who it is; nothing where the password does. */
  readonly factors: readonly FactorKind[];
  /** What the account is shown and written in, where its owner has chosen it. */
  readonly chosenLanguage: 'en' | 'de' | undefined;
};

/** Session → account, while both are good: not revoked, not expired, not idle for too long. */
export async function findAccountBySession(
  db: Database,
  tokenHash: Buffer,
  at: Date,
): Promise<AccountSession | undefined> {
  const [found] = await platformRows<
    AccountRow & {
      session_id: string;
      is_fresh: boolean;
      unseen: boolean;
      factors: FactorKind[];
      chosen_language: 'en' | 'de' | null;
    }
  >(db, S.accountBySession, [tokenHash, at, idleSince(at), provedSince(at), unseenSince(at)]);
  return (
    found && {
      ...toAccount(found),
      sessionId: found.session_id,
      isFresh: found.is_fresh,
      isUnseen: found.unseen,
      factors: found.factors,
      chosenLanguage: found.chosen_language ?? undefined,
    }
  );
}

/** Notes that a session is in use, at most once in five minutes. */
export async function touchSession(db: Database, sessionId: string, at: Date): Promise<void> {
  await platformRows(db, S.touchSession, [sessionId, at, unseenSince(at)]);
}

/** Ends a session and logs the sign-out; one that has ended already stays as it is. */
export async function revokeSession(
  db: Database,
  tokenHash: Buffer,
  at: Date,
  actionId: string,
  requestId: string,
): Promise<void> {
  await platformRows(db, S.revokeSession, [tokenHash, at, actionId, requestId]);
}

/** Counts a try to sign in under each of the keys, and says how many there were in the window that runs (H04). One statement, for all processes. */
export async function countSignInTries(
  db: Database,
  keys: readonly Buffer[],
  at: Date,
  windowMinutes: number,
): Promise<{ tries: number; until: Date }[]> {
  const ends = new Date(at.getTime() + windowMinutes * 60_000);
  const counted = new Map(
    (
      await platformRows<{ counted: Buffer; tries: number; window_ends: Date }>(db, S.countSignInTries, [
        keys,
        at,
        ends,
      ])
    ).map((r) => [r.counted.toString('hex'), { tries: r.tries, until: r.window_ends }]),
  );
  return keys.map((key) => counted.get(key.toString('hex')) ?? { tries: 1, until: ends });
}

/** A try that succeeded counts for nothing, and the account starts anew. */
export async function giveBackSignInTries(db: Database, account: Buffer, address: Buffer): Promise<void> {
  await platformRows(db, S.giveBackSignInTries, [account, address]);
}

/** Forgets tries whose window is over. */
export async function forgetSignInTries(db: Database, at: Date): Promise<void> {
  await platformRows(db, S.forgetSignInTries, [at]);
}

/** One row for what happened to an account alone, outside any site (AU1). */
export async function logAccountAction(
  db: Database,
  entry: { actionId: string; adminId: AdminId; action: string; requestId: string; at: Date },
): Promise<void> {
  await platformRows(db, S.logAccountAction, [entry.actionId, entry.adminId, entry.action, entry.requestId, entry.at]);
}

/** A signed-in account and, where it is an active member, the site of the handle with what it may do there (I4). */
export type AdminEntry = {
  readonly account: Account;
  readonly sessionId: string;
  /** Whether the session's last use was noted so long ago that this one is worth a note. */
  readonly isUnseen: boolean;
  /** Whether they proved who they are so lately that they may do what is dangerous (I7). */
  readonly isFresh: boolean;
  readonly hasSecondFactor: boolean;
  readonly site:
    | {
        readonly siteId: SiteId;
        readonly name: string;
        readonly handle: string;
        readonly status: SiteStatus;
        readonly roleName: string;
        readonly permissions: readonly Permission[];
        /** Whether they are there as support, and no member (SA1). */
        readonly isSupport: boolean;
        /** Whether it asks a second factor of everybody who works there (I8). */
        readonly requiresSecondFactor: boolean;
      }
    | undefined;
};

/** Session and handle → account, site, role and permissions, in one round trip. "Not yours" and "does not exist" are the same answer. */
export async function findAdminEntry(
  db: Database,
  tokenHash: Buffer,
  handle: string,
  at: Date,
): Promise<AdminEntry | undefined> {
  const [r] = await platformRows<
    AccountRow & {
      session_id: string;
      unseen: boolean;
      is_fresh: boolean;
      has_second_factor: boolean;
      requires_second_factor: boolean | null;
      site_id: SiteId | null;
      site_name: string;
      handle: string;
      site_status: SiteStatus;
      role_name: string;
      support_id: string | null;
      permissions: Permission[];
    }
  >(db, S.adminEntry, [tokenHash, handle, at, idleSince(at), unseenSince(at), provedSince(at)]);
  if (!r) return undefined;
  return {
    account: toAccount(r),
    sessionId: r.session_id,
    isUnseen: r.unseen,
    isFresh: r.is_fresh,
    hasSecondFactor: r.has_second_factor,
    site: r.site_id
      ? {
          siteId: r.site_id,
          name: r.site_name,
          handle: r.handle,
          status: r.site_status,
          roleName: r.role_name,
          permissions: r.permissions,
          isSupport: r.support_id !== null,
          requiresSecondFactor: r.requires_second_factor === true,
        }
      : undefined,
  };
}

/** What a session may see of a site, as long as its door is open. */
export type OpenDoor = { readonly status: SiteStatus; readonly permissions: readonly Permission[] };

/** Asks the door of many sessions and sites again, in one round trip: the same conditions as `findAdminEntry`; undefined where it is shut. */
export async function findOpenDoors(
  db: Database,
  doors: readonly { readonly sessionId: string; readonly siteId: SiteId }[],
  at: Date,
): Promise<(OpenDoor | undefined)[]> {
  const open = new Map(
    (
      await platformRows<{ n: number; site_status: SiteStatus; permissions: Permission[] }>(db, S.openDoors, [
        doors.map((d) => d.sessionId),
        doors.map((d) => d.siteId),
        at,
        idleSince(at),
      ])
    ).map((r) => [r.n, { status: r.site_status, permissions: r.permissions }]),
  );
  return doors.map((_, i) => open.get(i + 1));
}

export type MemberSite = {
  readonly siteId: SiteId;
  readonly name: string;
  readonly handle: string;
  readonly status: SiteStatus;
  readonly roleName: string;
  readonly primaryDomain: string | undefined;
  readonly orderPrefix: string;
  readonly seesOrders: boolean;
};

/** The sites an account works on at a moment, as a member or as support, by name. */
export async function listSitesOfAccount(db: Database, adminId: AdminId, at: Date): Promise<MemberSite[]> {
  const found = await platformRows<{
    site_id: SiteId;
    name: string;
    handle: string;
    status: SiteStatus;
    role_name: string;
    primary_domain: string | null;
    order_prefix: string;
    sees_orders: boolean;
  }>(db, S.sitesOfAccount, [adminId, at]);
  return found.map((r) => ({
    siteId: r.site_id,
    name: r.name,
    handle: r.handle,
    status: r.status,
    roleName: r.role_name,
    primaryDomain: r.primary_domain ?? undefined,
    orderPrefix: r.order_prefix,
    seesOrders: r.sees_orders,
  }));
}

/** Names of a site's people, past and present, for its logs. */
export async function listMembers(
  db: Database,
  siteId: SiteId,
): Promise<{ adminId: AdminId; name: string; roleName: string }[]> {
  const found = await platformRows<{ admin_id: AdminId; name: string; role_name: string }>(db, S.membersOfSite, [
    siteId,
  ]);
  return found.map((r) => ({ adminId: r.admin_id, name: r.name, roleName: r.role_name }));
}

export type TeamMember = {
  readonly membershipId: string;
  readonly adminId: AdminId;
  readonly name: string;
  readonly email: string;
  readonly roleId: string;
  readonly roleName: string;
  readonly since: Date;
};

/** The people of a site, with their addresses: for those who may choose them. */
export async function listTeam(db: Database, siteId: SiteId): Promise<TeamMember[]> {
  const found = await platformRows<{
    membership_id: string;
    admin_id: AdminId;
    name: string;
    email: string;
    role_id: string;
    role_name: string;
    created_at: Date;
  }>(db, S.teamOfSite, [siteId]);
  return found.map((r) => ({
    membershipId: r.membership_id,
    adminId: r.admin_id,
    name: r.name,
    email: r.email,
    roleId: r.role_id,
    roleName: r.role_name,
    since: r.created_at,
  }));
}

/** Where an invitation leads, for whoever holds its link: it was sent to that address and to nobody else. */
export type InvitationOpened = {
  readonly siteId: SiteId;
  readonly invitationId: string;
  readonly email: string;
  readonly siteName: string;
  readonly handle: string;
  readonly siteStatus: SiteStatus;
  readonly roleName: string;
  readonly invitedBy: string;
  readonly hasAccount: boolean;
};

/** Invitation token → site, while the invitation is open and in time. */
export async function findInvitationByToken(
  db: Database,
  tokenHash: Buffer,
  at: Date,
): Promise<InvitationOpened | undefined> {
  const [r] = await platformRows<{
    site_id: SiteId;
    invitation_id: string;
    email: string;
    site_name: string;
    handle: string;
    site_status: SiteStatus;
    role_name: string;
    invited_by: string;
    has_account: boolean;
  }>(db, S.invitationByToken, [tokenHash, at]);
  return (
    r && {
      siteId: r.site_id,
      invitationId: r.invitation_id,
      email: r.email,
      siteName: r.site_name,
      handle: r.handle,
      siteStatus: r.site_status,
      roleName: r.role_name,
      invitedBy: r.invited_by,
      hasAccount: r.has_account,
    }
  );
}

/** How a site stands before the world: its status, whether a domain of its own is proved, and one whose record has vanished. */
export async function findSiteStanding(
  db: Database,
  siteId: SiteId,
): Promise<{ status: SiteStatus; hasOwnDomain: boolean; domainInGrace: string | undefined } | undefined> {
  const [r] = await platformRows<{ status: SiteStatus; has_own_domain: boolean; domain_in_grace: string | null }>(
    db,
    S.siteStanding,
    [siteId],
  );
  return r && { status: r.status, hasOwnDomain: r.has_own_domain, domainInGrace: r.domain_in_grace ?? undefined };
}

/** Mapped names and claims whose look is due, across sites: their ids and nothing else. Each is kept for whoever took it until `until`. */
export async function takeDueDomains(
  db: Database,
  at: Date,
  until: Date,
  limit: number,
): Promise<{ mappings: { siteId: SiteId; mappingId: string }[]; claims: { siteId: SiteId; claimId: string }[] }> {
  const [mappings, claims] = await Promise.all([
    platformRows<{ site_id: SiteId; mapping_id: string }>(db, S.dueMappings, [at, until, limit]),
    platformRows<{ site_id: SiteId; claim_id: string }>(db, S.dueClaims, [at, until, limit]),
  ]);
  return {
    mappings: mappings.map((m) => ({ siteId: m.site_id, mappingId: m.mapping_id })),
    claims: claims.map((c) => ({ siteId: c.site_id, claimId: c.claim_id })),
  };
}

/** Somebody else has proved a name that is mapped: whoever holds it is looked at now, and loses it if they can prove it no more. */
export async function checkMappingSoon(db: Database, domainName: string, at: Date): Promise<void> {
  await platformRows(db, S.checkMappingSoon, [domainName, at]);
}

export type ApiKeyEntry = {
  readonly siteId: SiteId;
  readonly siteStatus: SiteStatus;
  readonly apiKeyId: string;
  readonly permissions: readonly Permission[];
  /** Not noted as used for a minute: it is time to (`touchApiKey`). */
  readonly isUnseen: boolean;
  /** How often it was used in the window that ends then, this time with it. */
  readonly uses: number;
  readonly windowEnds: Date;
};

const MINUTE_MS = 60_000;

/** API key → site and permissions, while the key is good and this is its secret. Counts the use, in the same round trip. */
export async function findSiteByApiKey(
  db: Database,
  apiKeyId: string,
  keyHash: Buffer,
  at: Date,
): Promise<ApiKeyEntry | undefined> {
  const [r] = await platformRows<{
    site_id: SiteId;
    site_status: SiteStatus;
    api_key_id: string;
    permissions: Permission[];
    unseen: boolean;
    uses: number;
    window_ends: Date;
  }>(db, S.siteByApiKey, [
    apiKeyId,
    keyHash,
    at,
    new Date(at.getTime() + MINUTE_MS),
    new Date(at.getTime() - MINUTE_MS),
  ]);
  return (
    r && {
      siteId: r.site_id,
      siteStatus: r.site_status,
      apiKeyId: r.api_key_id,
      permissions: r.permissions,
      isUnseen: r.unseen,
      uses: r.uses,
      windowEnds: r.window_ends,
    }
  );
}

/** Notes that a key was used, once a minute at most. */
export async function touchApiKey(db: Database, apiKeyId: string, at: Date): Promise<void> {
  await platformRows(db, S.touchApiKey, [apiKeyId, at, new Date(at.getTime() - MINUTE_MS)]);
}

/** Forgets counts whose window is over. */
export async function forgetApiKeyUses(db: Database, at: Date): Promise<void> {
  await platformRows(db, S.forgetApiKeyUses, [at]);
}

/** Payment configuration → site: where a provider's notice belongs. */
export async function findSiteByPaymentConfig(
  db: Database,
  configId: ConfigId,
): Promise<{ siteId: SiteId; providerName: string; mode: 'live' | 'test' } | undefined> {
  const [r] = await platformRows<{ site_id: SiteId; provider_name: string; mode: 'live' | 'test' }>(
    db,
    S.siteByPaymentConfig,
    [configId],
  );
  return r && { siteId: r.site_id, providerName: r.provider_name, mode: r.mode };
}
