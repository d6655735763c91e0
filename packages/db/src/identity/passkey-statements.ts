import { firstFactor, hadNone, lastFactor, log, mail } from './account-statements.ts';

/**
 * What the platform role runs for passkeys: a part of the closed list in `platform-lookups.ts`. Each is one statement, so that
 * what happened, its row in the account's log and its mail are there together.
 */
export const PASSKEY_STATEMENTS = {
  passkeysOfAccount: {
    name: 'passkeys_of_account',
    text: `select authenticator_id, name, created_at, last_used_at, credential_id, transports from admin_authenticators
      where admin_id = $1 and kind = 'passkey' order by created_at, authenticator_id`,
  },
  beginPasskeyChallenge: {
    name: 'begin_passkey_challenge',
    text: `insert into passkey_challenges (purpose, bound_to, challenge_hash, expires_at) values ($1, $2, $3, $4)
      on conflict (purpose, bound_to) do update set challenge_hash = excluded.challenge_hash, expires_at = excluded.expires_at`,
  },
  takePasskeyChallenge: {
    name: 'take_passkey_challenge',
    text: 'delete from passkey_challenges where purpose = $1 and bound_to = $2 and challenge_hash = $3 and expires_at > $4 returning purpose',
  },
  addPasskey: {
    name: 'add_passkey',
    text: `with ${hadNone('$2')},
        t as (insert into admin_authenticators (authenticator_id, admin_id, kind, last_step, created_at, confirmed_at, name, credential_id, public_key, sign_count, transports)
          select $1, $2, 'passkey', 0, $3, $3, $4, $5, $6, $7, $8 where (select count(*) from admin_authenticators where admin_id = $2 and kind = 'passkey') < $14
          on conflict (credential_id) do nothing returning admin_id),
        ${firstFactor({ at: '$3', codeHashes: '$9', sessionId: '$10' })},
        m as (${mail('passkey_added', '$11', '$3', 't')}),
        l as (${log('passkey_added', '$12', '$13', '$3', 't')})
      select had.factors = 0 as is_first from t, had`,
  },
  renamePasskey: {
    name: 'rename_passkey',
    text: `with t as (update admin_authenticators set name = $3 where authenticator_id = $1 and admin_id = $2 and kind = 'passkey' returning admin_id),
        l as (${log('passkey_renamed', '$4', '$5', '$6', 't')})
      select admin_id from t`,
  },
  removePasskey: {
    name: 'remove_passkey',
    text: `with t as (delete from admin_authenticators where authenticator_id = $1 and admin_id = $2 and kind = 'passkey' returning admin_id, authenticator_id),
        ${lastFactor},
        m as (${mail('passkey_removed', '$3', '$4', 't')}),
        l as (${log('passkey_removed', '$5', '$6', '$4', 't')})
      select admin_id from t`,
  },
  passkeyByCredential: {
    name: 'passkey_by_credential',
    text: `select t.authenticator_id, t.public_key, t.transports, a.admin_id, a.email, a.name, a.session_epoch from admin_authenticators t join admin_accounts a using (admin_id)
      where t.credential_id = $1 and a.status = 'active'`,
  },
  usePasskey: {
    name: 'use_passkey',
    // The count of what a key has signed only grows, where it counts at all: one that falls behind is a copy's.
    text: `update admin_authenticators set sign_count = $2, last_used_at = $3
      where authenticator_id = $1 and (sign_count < $2 or (sign_count = 0 and $2 = 0)) returning admin_id`,
  },
  forgetPasskeyChallenges: {
    name: 'forget_passkey_challenges',
    text: 'delete from passkey_challenges where expires_at < $1',
  },
} as const satisfies Record<string, { name: string; text: string }>;
