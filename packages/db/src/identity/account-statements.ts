const log = (action: string, actionId: string, requestId: string, at: string, from: string): string =>
  `insert into account_action_logs (action_id, admin_id, action, request_id, "timestamp") select ${actionId}, admin_id, '${action}', ${requestId}, ${at} from ${from}`;

/**
 * Ends every session of an account but one, by its next epoch; that one goes on in it, with another token and a fresh proof.
 * The account is written first: of two at once the second waits for it, and finds its session in an epoch that is over.
 */
const onlyThisSession = (change: string, action: string): string =>
  `with a as (update admin_accounts a set session_epoch = a.session_epoch + 1, updated_at = $4${change} from admin_sessions s
        where s.session_id = $1 and s.token_hash = $2 and s.revoked_at is null and a.admin_id = s.admin_id and a.session_epoch = s.epoch returning a.admin_id, a.session_epoch),
      s as (update admin_sessions s set epoch = a.session_epoch, token_hash = $3, proved_at = $4 from a where s.session_id = $1 returning s.expires_at),
      l as (${log(action, '$5', '$6', '$4', 'a')})
    select expires_at from s`;

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
    text: onlyThisSession(', password_hash = $7', 'password_changed'),
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
  forgetSessions: {
    name: 'forget_sessions',
    text: 'delete from admin_sessions where expires_at < $1',
  },
} as const satisfies Record<string, { name: string; text: string }>;
