import { Migration } from '@mikro-orm/migrations';
import { ROLES } from '../roles.ts';
import { foreignKey, siteTable } from './ddl.ts';

/**
 * An owner lets somebody who runs the installation into the site: for a reason, for a time that is over by itself, and for
 * what support may do at most. Nothing of it can be made longer or wider; it can only be ended.
 */
export class SupportAccess extends Migration {
  override up(): void {
    for (const statement of [
      ...siteTable(
        'support_accesses',
        [
          'support_id uuid not null',
          // Nobody but who runs the installation.
          'supporter_id uuid not null references operators (admin_id) on update no action on delete no action',
          'permissions text[] not null',
          'reason text not null',
          'opened_by uuid not null',
          'expires_at timestamptz not null',
          'ended_at timestamptz null',
          'created_at timestamptz not null',
          'updated_at timestamptz not null',
          'primary key (site_id, support_id)',
          foreignKey('site_id, opened_by', 'admin_site_memberships (site_id, admin_id)'),
          "constraint a_week_at_most check (expires_at > created_at and expires_at - created_at <= interval '168 hours')",
          `constraint what_support_may check (cardinality(permissions) > 0 and permissions <@ array['VIEW_DASHBOARD', 'VIEW_PRODUCTS', 'VIEW_ORDERS', 'VIEW_CUSTOMERS',
            'VIEW_ACTIVITY', 'MANAGE_CONTENT', 'MANAGE_PRODUCTS', 'MANAGE_ORDERS', 'MANAGE_CUSTOMERS', 'MANAGE_SITE_SETTINGS', 'MANAGE_STOREFRONT', 'MANAGE_CONVERSATIONS'])`,
          "constraint says_why check (btrim(reason) <> '' and char_length(reason) <= 500)",
        ],
        { app: 'select, insert, update (ended_at, updated_at)', platform: 'select' },
      ),
      // What has ended stays so.
      `create policy support_accesses_stay_ended on support_accesses as restrictive for update to ${ROLES.app} using (ended_at is null) with check (true)`,
      'create unique index support_accesses_one_open on support_accesses (site_id, supporter_id) where ended_at is null',
      // Looked up by who asks, before a site is known.
      'create index support_accesses_of_account on support_accesses (supporter_id)',
      'alter table admin_action_logs drop constraint admin_action_logs_actor_kind_check',
      `alter table admin_action_logs add constraint admin_action_logs_actor_kind_check
        check (actor_kind in ('admin', 'service', 'operator', 'support', 'system'))`,
      'alter table email_dispatch_logs drop constraint email_dispatch_logs_email_type_check',
      `alter table email_dispatch_logs add constraint email_dispatch_logs_email_type_check
        check (email_type in ('order_confirmed', 'order_shipped', 'order_unpaid', 'invitation', 'domain_lost', 'domain_released', 'support_opened'))`,
    ])
      this.addSql(statement);
  }
}
