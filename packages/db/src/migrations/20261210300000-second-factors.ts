import { Migration } from '@mikro-orm/migrations';
import { platformTable } from './ddl.ts';

const account = 'admin_id uuid not null references admin_accounts (admin_id) on update no action on delete no action';
const hash = (column: string): string => `${column} bytea not null check (octet_length(${column}) = 32)`;

/**
 * A second factor of an account: an authenticator app, and codes for the day it is lost. A code of the app is used once, since
 * the step it is of only grows. Between the two factors stands a challenge, which opens nothing.
 */
export class SecondFactors extends Migration {
  override up(): void {
    for (const statement of [
      ...platformTable(
        'admin_authenticators',
        [
          'authenticator_id uuid primary key',
          account,
          "kind text not null check (kind in ('totp'))",
          'secret_sealed bytea not null',
          // The newest step of which a code was used.
          'last_step bigint not null check (last_step >= 0)',
          'created_at timestamptz not null',
          'confirmed_at timestamptz null',
        ],
        {
          platform:
            'select, insert, update (authenticator_id, secret_sealed, last_step, created_at, confirmed_at), delete',
        },
      ),
      "create unique index admin_authenticators_one_active on admin_authenticators (admin_id) where kind = 'totp'",
      ...platformTable(
        'recovery_codes',
        [
          account,
          hash('code_hash'),
          'created_at timestamptz not null',
          'used_at timestamptz null',
          'primary key (admin_id, code_hash)',
        ],
        { platform: 'select, insert, update (used_at), delete' },
      ),
      ...platformTable(
        'sign_in_challenges',
        [
          `${hash('token_hash')} primary key`,
          account,
          'epoch integer not null',
          'created_at timestamptz not null',
          'expires_at timestamptz not null',
          'used_at timestamptz null',
        ],
        { platform: 'select, insert, update (used_at), delete' },
      ),
      'create index sign_in_challenges_over on sign_in_challenges (expires_at)',
    ])
      this.addSql(statement);
  }
}
