import { Migration } from '@mikro-orm/migrations';
import { ROLES } from '../roles.ts';
import { platformTable } from './ddl.ts';

const hash = (column: string): string => `${column} bytea not null check (octet_length(${column}) = 32)`;

/**
 * A passkey is a factor of an account beside its app: a public key under an id that no other account has. What a browser is to
 * sign is kept here until it comes back, once, and for whom and what it was made.
 */
export class Passkeys extends Migration {
  override up(): void {
    for (const statement of [
      `alter table admin_authenticators
        alter column secret_sealed drop not null,
        add column name text null check (name is null or char_length(name) between 1 and 60),
        add column credential_id bytea null constraint admin_authenticators_credential_id_key unique check (octet_length(credential_id) between 16 and 1023),
        add column public_key bytea null,
        add column sign_count bigint null check (sign_count >= 0),
        add column transports text[] null check (transports <@ array['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb']),
        add column last_used_at timestamptz null,
        drop constraint admin_authenticators_kind_check,
        add constraint admin_authenticators_kind_check check (kind in ('totp', 'passkey')),
        add constraint app_has_a_secret check (kind <> 'totp' or (secret_sealed is not null and num_nonnulls(credential_id, public_key, sign_count, transports, name) = 0)),
        add constraint passkey_has_a_key check (kind <> 'passkey' or (secret_sealed is null and confirmed_at is not null and num_nulls(credential_id, public_key, sign_count, transports, name) = 0))`,
      'create index admin_authenticators_of_account on admin_authenticators (admin_id)',
      `grant update (name, sign_count, last_used_at) on admin_authenticators to ${ROLES.platform}`,
      ...platformTable(
        'passkey_challenges',
        [
          "purpose text not null check (purpose in ('register', 'sign_in', 'second_step', 'prove'))",
          // Who may answer: a hash of their session, of their half sign-in, or of their cookie.
          hash('bound_to'),
          hash('challenge_hash'),
          'expires_at timestamptz not null',
          'primary key (purpose, bound_to)',
        ],
        { platform: 'select, insert, update (challenge_hash, expires_at), delete' },
      ),
      'create index passkey_challenges_over on passkey_challenges (expires_at)',
      `alter table account_mails drop constraint account_mails_kind_check,
        add constraint account_mails_kind_check check (kind in ('new_sign_in', 'password_reset', 'password_was_reset', 'password_changed', 'email_change_old', 'email_change_new',
          'second_factor_added', 'second_factor_removed', 'recovery_code_used', 'recovery_codes_made', 'passkey_added', 'passkey_removed'))`,
    ])
      this.addSql(statement);
  }
}
