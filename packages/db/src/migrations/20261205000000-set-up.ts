import { Migration } from '@mikro-orm/migrations';
import { ROLES } from '../roles.ts';
import { platformTable } from './ddl.ts';

/**
 * The first account of an installation: a link that makes it once, and the operator it becomes. The app role writes both
 * with the first site, in that site's transaction.
 */
export class SetUp extends Migration {
  override up(): void {
    for (const statement of [
      ...platformTable(
        'operators',
        [
          'admin_id uuid primary key references admin_accounts (admin_id) on update no action on delete no action',
          'is_first boolean not null default true',
          'created_at timestamptz not null',
        ],
        // The app role cannot say whether it is the first one, and there is one first: after it, none can be made there.
        { app: 'insert (admin_id, created_at)', platform: 'select, insert' },
      ),
      'create unique index operators_one_first on operators (is_first) where is_first',
      // Whoever was there before there were operators: the oldest account runs the installation.
      `insert into operators (admin_id, is_first, created_at)
        select admin_id, true, created_at from admin_accounts order by created_at, admin_id limit 1`,
      ...platformTable(
        'setup_links',
        [
          // One row: a new link takes the place of the old one.
          'singleton boolean primary key default true check (singleton)',
          'token_hash bytea not null check (octet_length(token_hash) = 32)',
          'created_at timestamptz not null',
          'expires_at timestamptz not null',
          'used_at timestamptz null',
          'used_by uuid null references admin_accounts (admin_id) on update no action on delete no action',
          'constraint used_by_somebody check ((used_at is null) = (used_by is null))',
        ],
        {
          app: 'select, update (used_at, used_by)',
          platform: 'select, insert, update (token_hash, created_at, expires_at)',
        },
      ),
      `grant insert on admin_accounts to ${ROLES.app}`,
      `grant insert on account_action_logs to ${ROLES.app}`,
    ])
      this.addSql(statement);
  }
}
