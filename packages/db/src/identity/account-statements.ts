/** Writes a row of an account's log for each account of `from`. */
export const log = (action: string, actionId: string, requestId: string, at: string, from: string): string =>
  `insert into account_action_logs (action_id, admin_id, action, request_id, "timestamp") select ${actionId}, admin_id, '${action}', ${requestId}, ${at} from ${from}`;

/** Writes down a mail to the owner of each account of `from`. */
export const mail = (kind: string, mailId: string, at: string, from: string, aboutId = 'null'): string =>
  `insert into account_mails (mail_id, admin_id, kind, about_id, created_at) select ${mailId}, admin_id, '${kind}', ${aboutId}, ${at} from ${from}`;

/**
 * Ends every session of an account but one, by its next epoch; that one goes on in it, with another token and a fresh proof.
 * The account is written first: of two at once the second waits for it, and finds its session in an epoch that is over.
 */
const onlyThisSession = (change: string, action: string, more = ''): string =>
  `with a as (update admin_accounts a set session_epoch = a.session_epoch + 1, updated_at = $4${change} from admin_sessions s
        where s.session_id = $1 and s.token_hash = $2 and s.revoked_at is null and a.admin_id = s.admin_id and a.session_epoch = s.epoch returning a.admin_id, a.session_epoch),
      s as (update admin_sessions s set epoch = a.session_epoch, token_hash = $3, proved_at = $4 from a where s.session_id = $1 returning s.expires_at),
      l as (${log(action, '$5', '$6', '$4', 'a')})${more}
    select expires_at from s`;

/** The kinds of factors that the account `a` has in use. */
export const FACTORS_OF_A =
  'array(select distinct f.kind from admin_authenticators f where f.admin_id = a.admin_id and f.confirmed_at is not null order by f.kind)';

/** What is known of whoever has shown the first factor: the account is `a`, the challenge `c`. */
const CHALLENGED = `a.admin_id, a.email, a.name, c.epoch, ${FACTORS_OF_A} as factors,
      (select t.secret_sealed from admin_authenticators t where t.admin_id = a.admin_id and t.kind = 'totp' and t.confirmed_at is not null) as secret_sealed`;

/** How many factors an account has in use, before the statement does anything. */
export const hadNone = (adminId: string): string =>
  `had as materialized (select count(*) as factors from admin_authenticators where admin_id = ${adminId} and confirmed_at is not null)`;

/**
 * What comes with the first factor of an account, whatever its kind: recovery codes, and the end of every session but the one
 * it was set up in. Those began with the password alone, and would pass for ones that had shown both.
 */
export const firstFactor = ({ at, codeHashes, sessionId }: Record<'at' | 'codeHashes' | 'sessionId', string>): string =>
  `n as (select t.admin_id from t, had where had.factors = 0),
        e as (update admin_accounts a set session_epoch = a.session_epoch + 1 from n where a.admin_id = n.admin_id returning a.admin_id, a.session_epoch),
        s as (update admin_sessions s set epoch = e.session_epoch from e where s.session_id = ${sessionId} and s.admin_id = e.admin_id and s.epoch = e.session_epoch - 1),
        o as (delete from recovery_codes c using n where c.admin_id = n.admin_id and c.created_at < ${at}),
        c as (insert into recovery_codes (admin_id, code_hash, created_at) select admin_id, h, ${at} from n, unnest(${codeHashes}::bytea[]) h)`;

/** With the last factor of an account go its recovery codes: `t` is what was taken away. */
export const lastFactor = `o as (delete from recovery_codes c using t where c.admin_id = t.admin_id
          and not exists (select from admin_authenticators f where f.admin_id = t.admin_id and f.confirmed_at is not null and f.authenticator_id <> t.authenticator_id))`;

/**
 * What the platform role runs for one account alone, outside any site: a part of the closed list in
 * `platform-lookups.ts`. Each is one statement, so that what happened and its row in the account's log are there together.
 */
export const ACCOUNT_STATEMENTS = {
  renewSession: {
    name: 'renew_session',
    text: `with s as (update admin_sessions set token_hash = $3, proved_at = $4 where session_id = $1 and token_hash = $2 and revoked_at is null returning admin_id, expires_at),
        l as (${log('proved', '$5', '$6', '$4', 's')})
      select expires_at from s`,
  },
  changePassword: {
    name: 'change_password',
    text: onlyThisSession(
      ', password_hash = $7',
      'password_changed',
      `,\n      m as (${mail('password_changed', '$8', '$4', 'a')}),\n      r as (update password_resets p set used_at = $4 from a where p.admin_id = a.admin_id and p.used_at is null),\n      x as (delete from email_changes e using a where e.admin_id = a.admin_id)`,
    ),
  },
  endOtherSessions: {
    name: 'end_other_sessions',
    text: onlyThisSession('', 'other_sessions_ended'),
  },
  endSession: {
    name: 'end_session',
    text: `with s as (update admin_sessions set revoked_at = $3 where session_id = $1 and admin_id = $2 and revoked_at is null returning admin_id),
        l as (${log('session_ended', '$4', '$5', '$3', 's')})
      select admin_id from s`,
  },
  renameAccount: {
    name: 'rename_account',
    text: `with a as (update admin_accounts set name = $2, updated_at = $3 where admin_id = $1 returning admin_id) ${log('renamed', '$4', '$5', '$3', 'a')}`,
  },
  chooseLanguage: {
    name: 'choose_language',
    text: `with a as (update admin_accounts set language = $2, language_is_chosen = true, updated_at = $3 where admin_id = $1 returning admin_id) ${log('language_chosen', '$4', '$5', '$3', 'a')}`,
  },
  sessionsOfAccount: {
    name: 'sessions_of_account',
    text: `select s.session_id, s.device, s.time_zone, s.network, s.created_at, s.last_seen_at from admin_sessions s join admin_accounts a on a.admin_id = s.admin_id and a.session_epoch = s.epoch
      where s.admin_id = $1 and s.revoked_at is null and s.expires_at > $2 and s.last_seen_at > $3 order by s.last_seen_at desc, s.session_id desc limit 100`,
  },
  actionsOfAccount: {
    name: 'actions_of_account',
    text: `select l.action_id, l.action, l."timestamp", coalesce(s.device, '') as device, coalesce(s.time_zone, '') as time_zone
      from account_action_logs l left join admin_sessions s on s.session_id = l.session_id and s.admin_id = l.admin_id
      where l.admin_id = $1 and l.action_id < coalesce($2::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff') order by l.action_id desc limit $3`,
  },
  isDeviceKnown: {
    name: 'is_device_known',
    text: 'select 1 from known_devices d join admin_accounts a using (admin_id) where a.email = $1 and d.device_hash = $2',
  },
  replacePasswordHash: {
    name: 'replace_password_hash',
    text: 'update admin_accounts set password_hash = $3 where admin_id = $1 and password_hash = $2',
  },
  requestReset: {
    name: 'request_reset',
    text: `with r as (insert into password_resets (reset_id, admin_id, token_hash, created_at, expires_at)
          select $2, admin_id, $3, $4, $5 from admin_accounts where email = $1 and status = 'active' returning admin_id),
        m as (${mail('password_reset', '$6', '$4', 'r', '$2')})
      ${log('reset_requested', '$7', '$8', '$4', 'r')}`,
  },
  resetByToken: {
    name: 'reset_by_token',
    text: `select a.email, a.name from password_resets r join admin_accounts a using (admin_id) where r.token_hash = $1 and r.used_at is null and r.expires_at > $2 and a.status = 'active'`,
  },
  resetPassword: {
    name: 'reset_password',
    text: `with r as (update password_resets set used_at = $2 where token_hash = $1 and used_at is null and expires_at > $2 returning admin_id, reset_id),
        o as (update password_resets p set used_at = $2 from r where p.admin_id = r.admin_id and p.reset_id <> r.reset_id and p.used_at is null),
        a as (update admin_accounts a set password_hash = $3, session_epoch = a.session_epoch + 1, updated_at = $2 from r where a.admin_id = r.admin_id and a.status = 'active'
          returning a.admin_id, a.email),
        m as (${mail('password_was_reset', '$4', '$2', 'a')}),
        x as (delete from email_changes e using a where e.admin_id = a.admin_id),
        l as (${log('password_reset', '$5', '$6', '$2', 'a')})
      select email from a`,
  },
  requestEmailChange: {
    name: 'request_email_change',
    text: `with c as (insert into email_changes (admin_id, change_id, new_email, old_token_hash, new_token_hash, created_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7)
          on conflict (admin_id) do update set change_id = excluded.change_id, new_email = excluded.new_email, old_token_hash = excluded.old_token_hash, new_token_hash = excluded.new_token_hash,
            old_confirmed_at = null, new_confirmed_at = null, created_at = excluded.created_at, expires_at = excluded.expires_at returning admin_id),
        m as (${mail('email_change_old', '$8::uuid', '$6', 'c', '$2')} union all select $9::uuid, admin_id, 'email_change_new', $2, $6 from c)
      ${log('email_change_requested', '$10', '$11', '$6', 'c')}`,
  },
  openEmailChange: {
    name: 'open_email_change',
    text: `select new_email, old_confirmed_at is not null as is_old_confirmed, new_confirmed_at is not null as is_new_confirmed from email_changes
      where admin_id = $1 and expires_at > $2 and (old_confirmed_at is null or new_confirmed_at is null)`,
  },
  emailChangeByToken: {
    name: 'email_change_by_token',
    text: `select a.email, c.new_email, c.old_token_hash = $1 as is_old, (case when c.old_token_hash = $1 then c.old_confirmed_at else c.new_confirmed_at end) is not null as is_confirmed
      from email_changes c join admin_accounts a using (admin_id)
      where $1 in (c.old_token_hash, c.new_token_hash) and c.expires_at > $2 and (c.old_confirmed_at is null or c.new_confirmed_at is null) and a.status = 'active'`,
  },
  confirmEmailChange: {
    name: 'confirm_email_change',
    text: `with c as (update email_changes set old_confirmed_at = case when old_token_hash = $1 then coalesce(old_confirmed_at, $2) else old_confirmed_at end,
            new_confirmed_at = case when new_token_hash = $1 then coalesce(new_confirmed_at, $2) else new_confirmed_at end
          where $1 in (old_token_hash, new_token_hash) and expires_at > $2 and (old_confirmed_at is null or new_confirmed_at is null)
          returning admin_id, new_email, old_confirmed_at, new_confirmed_at),
        a as (update admin_accounts a set email = c.new_email, updated_at = $2 from c
          where a.admin_id = c.admin_id and a.status = 'active' and c.old_confirmed_at is not null and c.new_confirmed_at is not null returning a.admin_id),
        r as (update password_resets p set used_at = $2 from a where p.admin_id = a.admin_id and p.used_at is null),
        l as (${log('email_changed', '$3', '$4', '$2', 'a')})
      select c.admin_id, a.admin_id is not null as is_done from c left join a on a.admin_id = c.admin_id`,
  },
  dropEmailChange: {
    name: 'drop_email_change',
    text: `with c as (delete from email_changes where admin_id = $1 returning admin_id) ${log('email_change_dropped', '$2', '$3', '$4', 'c')}`,
  },
  forgetEmailChanges: {
    name: 'forget_email_changes',
    text: 'delete from email_changes where expires_at < $1 or (old_confirmed_at is not null and new_confirmed_at is not null)',
  },
  forgetResets: { name: 'forget_resets', text: 'delete from password_resets where expires_at < $1' },
  forgetDevices: { name: 'forget_devices', text: 'delete from known_devices where last_seen_at < $1' },
  forgetMails: { name: 'forget_mails', text: 'delete from account_mails where created_at < $1' },
  accountMail: {
    name: 'account_mail',
    text: `select m.kind, m.about_id, m.sent_at, m.created_at, a.email, a.name, a.language, c.new_email,
        coalesce(s.device, '') as device, coalesce(s.time_zone, '') as time_zone, coalesce(s.network, '') as network
      from account_mails m join admin_accounts a using (admin_id)
      left join admin_sessions s on s.session_id = m.about_id and s.admin_id = m.admin_id left join email_changes c on c.change_id = m.about_id and c.admin_id = m.admin_id
      where m.mail_id = $1`,
  },
  accountMailsWaiting: {
    name: 'account_mails_waiting',
    text: 'select mail_id from account_mails where relayed_at is null order by created_at limit 100',
  },
  accountMailsRelayed: {
    name: 'account_mails_relayed',
    text: 'update account_mails set relayed_at = clock_timestamp() where mail_id = any($1::uuid[]) and relayed_at is null',
  },
  accountMailSent: {
    name: 'account_mail_sent',
    text: 'update account_mails set sent_at = $2 where mail_id = $1 and sent_at is null',
  },
  beginTotp: {
    name: 'begin_totp',
    text: `insert into admin_authenticators (authenticator_id, admin_id, kind, secret_sealed, last_step, created_at) values ($1, $2, 'totp', $3, 0, $4)
      on conflict (admin_id) where kind = 'totp' do update set authenticator_id = excluded.authenticator_id, secret_sealed = excluded.secret_sealed, last_step = 0, created_at = excluded.created_at
        where admin_authenticators.confirmed_at is null returning authenticator_id`,
  },
  secondFactor: {
    name: 'second_factor',
    text: `select t.secret_sealed, t.confirmed_at, (select count(*)::int from recovery_codes c where c.admin_id = a.admin_id and c.used_at is null
            and exists (select from admin_authenticators f where f.admin_id = a.admin_id and f.confirmed_at is not null)) as codes_left
      from admin_accounts a left join admin_authenticators t on t.admin_id = a.admin_id and t.kind = 'totp' where a.admin_id = $1`,
  },
  confirmTotp: {
    name: 'confirm_totp',
    text: `with ${hadNone('$1')},
        t as (update admin_authenticators set confirmed_at = $3, last_step = $2 where admin_id = $1 and kind = 'totp' and confirmed_at is null and secret_sealed = $9 returning admin_id),
        ${firstFactor({ at: '$3', codeHashes: '$4', sessionId: '$8' })},
        m as (${mail('second_factor_added', '$5', '$3', 't')}),
        l as (${log('second_factor_added', '$6', '$7', '$3', 't')})
      select had.factors = 0 as is_first from t, had`,
  },
  replaceRecoveryCodes: {
    name: 'replace_recovery_codes',
    text: `with t as (select a.admin_id from admin_accounts a where a.admin_id = $1 and exists (select from admin_authenticators f where f.admin_id = a.admin_id and f.confirmed_at is not null) for update),
        o as (delete from recovery_codes c using t where c.admin_id = t.admin_id and c.created_at < $2),
        c as (insert into recovery_codes (admin_id, code_hash, created_at) select admin_id, h, $2 from t, unnest($3::bytea[]) h),
        m as (${mail('recovery_codes_made', '$4', '$2', 't')}),
        l as (${log('recovery_codes_made', '$5', '$6', '$2', 't')})
      select admin_id from t`,
  },
  removeSecondFactor: {
    name: 'remove_second_factor',
    text: `with t as (delete from admin_authenticators where admin_id = $1 and kind = 'totp' and confirmed_at is not null returning admin_id, authenticator_id),
        ${lastFactor},
        m as (${mail('second_factor_removed', '$3', '$2', 't')}),
        l as (${log('second_factor_removed', '$4', '$5', '$2', 't')})
      select admin_id from t`,
  },
  beginChallenge: {
    name: 'begin_challenge',
    text: 'insert into sign_in_challenges (token_hash, admin_id, epoch, created_at, expires_at) values ($1, $2, $3, $4, $5)',
  },
  openChallenge: {
    name: 'open_challenge',
    text: `select ${CHALLENGED} from sign_in_challenges c join admin_accounts a on a.admin_id = c.admin_id and a.session_epoch = c.epoch
      where c.token_hash = $1 and c.used_at is null and c.expires_at > $2 and a.status = 'active'`,
  },
  tryChallenge: {
    name: 'try_challenge',
    // Counted before the code is looked at: of many at once no more are tried than of many in a row.
    text: `update sign_in_challenges c set tries = c.tries + 1 from admin_accounts a where a.admin_id = c.admin_id and a.session_epoch = c.epoch
        and c.token_hash = $1 and c.used_at is null and c.expires_at > $2 and a.status = 'active' and c.tries < 5 returning ${CHALLENGED}`,
  },
  noteWrongCode: {
    name: 'note_wrong_code',
    // Twenty rows an hour say enough, since they stay for good; and one mail, whose id is that of the day.
    text: `with w as materialized (select count(*) as before from account_action_logs where admin_id = $1 and action_id > $5 and action = 'second_factor_refused'),
        l as (insert into account_action_logs (action_id, admin_id, action, request_id, "timestamp") select $2, $1, 'second_factor_refused', $3, $4 from w where w.before < 20 returning admin_id)
      insert into account_mails (mail_id, admin_id, kind, created_at) select $6::uuid, l.admin_id, 'second_factor_guessed', $4 from l, w
        where $6::uuid is not null and w.before >= 2 on conflict (mail_id) do nothing`,
  },
  endChallenge: {
    name: 'end_challenge',
    text: 'update sign_in_challenges set used_at = $2 where token_hash = $1 and used_at is null and expires_at > $2 returning admin_id',
  },
  useTotp: {
    name: 'use_totp',
    text: `update admin_authenticators set last_step = $2 where admin_id = $1 and kind = 'totp' and confirmed_at is not null and last_step < $2 returning admin_id`,
  },
  useRecoveryCode: {
    name: 'use_recovery_code',
    text: `with c as (update recovery_codes set used_at = $3 where admin_id = $1 and code_hash = $2 and used_at is null returning admin_id),
        m as (${mail('recovery_code_used', '$4', '$3', 'c')}),
        l as (${log('recovery_code_used', '$5', '$6', '$3', 'c')})
      select admin_id from c`,
  },
  forgetChallenges: { name: 'forget_challenges', text: 'delete from sign_in_challenges where expires_at < $1' },
  forgetSessions: {
    name: 'forget_sessions',
    text: 'delete from admin_sessions where expires_at < $1',
  },
} as const satisfies Record<string, { name: string; text: string }>;
