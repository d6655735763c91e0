import { Migration } from '@mikro-orm/migrations';
import { ROLES } from '../roles.ts';
import { platformTable } from './ddl.ts';

const account = 'admin_id uuid not null references admin_accounts (admin_id) on update no action on delete no action';
const hash = (column: string): string => `${column} bytea not null check (octet_length(${column}) = 32)`;

/**
 * What an account is written about: mails of no site, links that set another password, an address that is to take the place
 * of another, and the browsers that an account is known at. No mail and no link stands here, only what they are made of.
 */
export class AccountMails extends Migration {
  override up(): void {
    for (const statement of [
      "alter table admin_accounts add column language text not null default 'en' check (language in ('en', 'de'))",
      `grant update (language, email) on admin_accounts to ${ROLES.platform}`,
      ...platformTable(
        'account_mails',
        [
          'mail_id uuid primary key',
          account,
          `kind text not null check (kind in ('new_sign_in', 'password_reset', 'password_was_reset', 'password_changed', 'email_change_old', 'email_change_new',
            'second_factor_added', 'second_factor_removed', 'recovery_code_used', 'recovery_codes_made'))`,
          'about_id uuid null',
          'created_at timestamptz not null',
          'relayed_at timestamptz null',
          'sent_at timestamptz null',
        ],
        { platform: 'select, insert, update (relayed_at, sent_at), delete' },
      ),
      'create index account_mails_waiting on account_mails (created_at) where relayed_at is null',
      'create index account_mails_old on account_mails (created_at)',
      ...platformTable(
        'known_devices',
        [
          account,
          hash('device_hash'),
          'created_at timestamptz not null',
          'last_seen_at timestamptz not null',
          'primary key (admin_id, device_hash)',
        ],
        { platform: 'select, insert, update (last_seen_at), delete' },
      ),
      'create index known_devices_old on known_devices (last_seen_at)',
      ...platformTable(
        'password_resets',
        [
          'reset_id uuid primary key',
          account,
          `${hash('token_hash')} unique`,
          'created_at timestamptz not null',
          'expires_at timestamptz not null',
          'used_at timestamptz null',
        ],
        { platform: 'select, insert, update (used_at), delete' },
      ),
      'create index password_resets_of_account on password_resets (admin_id)',
      'create index password_resets_old on password_resets (expires_at)',
      ...platformTable(
        'email_changes',
        [
          // One at a time: another one takes its place.
          'admin_id uuid primary key references admin_accounts (admin_id) on update no action on delete no action',
          'change_id uuid not null',
          'new_email text not null check (new_email = lower(new_email))',
          `${hash('old_token_hash')} unique`,
          `${hash('new_token_hash')} unique`,
          'old_confirmed_at timestamptz null',
          'new_confirmed_at timestamptz null',
          'created_at timestamptz not null',
          'expires_at timestamptz not null',
        ],
        {
          platform:
            'select, insert, update (change_id, new_email, old_token_hash, new_token_hash, old_confirmed_at, new_confirmed_at, created_at, expires_at), delete',
        },
      ),
    ])
      this.addSql(statement);
  }
}
