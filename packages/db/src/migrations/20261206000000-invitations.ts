import { Migration } from '@mikro-orm/migrations';
import { foreignKey, siteTable } from './ddl.ts';

/** Invitations to a site. The address stands there as long as somebody may still come, and no longer. */
export class Invitations extends Migration {
  override up(): void {
    for (const statement of [
      ...siteTable(
        'site_invitations',
        [
          'invitation_id uuid not null',
          'email text null check (email = lower(email))',
          'role_id uuid not null',
          "status text not null check (status in ('pending', 'accepted', 'revoked'))",
          'token_hash bytea not null check (octet_length(token_hash) = 32)',
          // How often it was sent; each time with another token.
          'sending integer not null check (sending > 0)',
          'sent_at timestamptz not null',
          'expires_at timestamptz not null',
          'invited_by uuid not null references admin_accounts (admin_id) on update no action on delete no action',
          'created_at timestamptz not null',
          'updated_at timestamptz not null',
          'primary key (site_id, invitation_id)',
          foreignKey('site_id, role_id', 'roles (site_id, role_id)'),
          "constraint pending_has_an_address check ((status = 'pending') = (email is not null))",
        ],
        {
          app: 'select, insert, update (email, status, token_hash, sending, sent_at, expires_at, updated_at)',
          platform: 'select',
        },
      ),
      "create unique index site_invitations_one_open on site_invitations (site_id, email) where status = 'pending'",
      // Looked up before a site is known; 256 random bits need no key to be one.
      "create index site_invitations_by_token on site_invitations (token_hash) where status = 'pending'",
      'alter table email_dispatch_logs drop constraint email_dispatch_logs_email_type_check',
      `alter table email_dispatch_logs add constraint email_dispatch_logs_email_type_check
        check (email_type in ('order_confirmed', 'order_shipped', 'order_unpaid', 'invitation'))`,
    ])
      this.addSql(statement);
  }
}
