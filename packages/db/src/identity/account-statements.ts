/**
 * What the platform role runs for one account alone, outside any site: a part of the closed list in
 * `platform-lookups.ts`. Each is one statement, so that what happened and its row in the account's log are there together.
 */
export const ACCOUNT_STATEMENTS = {
  renewSession: {
    name: 'renew_session',
    text: `with s as (update admin_sessions set token_hash = $3, proved_at = $4 where session_id = $1 and token_hash = $2 and revoked_at is null returning admin_id, expires_at),
        l as (insert into account_action_logs (action_id, admin_id, action, request_id, "timestamp") select $5, admin_id, 'proved', $6, $4 from s)
      select expires_at from s`,
  },
} as const satisfies Record<string, { name: string; text: string }>;
