import { Migration } from '@mikro-orm/migrations';
import { ROLES } from '../roles.ts';
import { foreignKey, siteTable } from './ddl.ts';

/**
 * Seals of the log: each takes in rows that no seal had, under one root, and follows the one before it. A row is taken in once, and
 * a sealed row cannot be removed without its leaf.
 */
export class ActivitySeals extends Migration {
  override up(): void {
    for (const statement of [
      ...siteTable(
        'activity_seals',
        [
          'n integer not null check (n > 0)',
          'prev_n integer null generated always as (nullif(n - 1, 0)) stored',
          'prev_seal bytea not null check (octet_length(prev_seal) = 32)',
          'root bytea not null check (octet_length(root) = 32)',
          'seal bytea not null check (octet_length(seal) = 32)',
          'leaf_count integer not null check (leaf_count > 0)',
          // Rows before it were looked at when this seal was made.
          'sealed_until uuid not null',
          'sealed_at timestamptz not null',
          'primary key (site_id, n)',
          'unique (site_id, n, seal)',
          'unique (site_id, n, leaf_count)',
          foreignKey('site_id, prev_n, prev_seal', 'activity_seals (site_id, n, seal)'),
          `constraint first_follows_nothing check (n > 1 or prev_seal = decode(repeat('00', 32), 'hex'))`,
        ],
        { app: 'select, insert', platform: 'select (site_id, n, sealed_until, sealed_at)' },
      ),
      ...siteTable(
        'activity_seal_leaves',
        [
          'n integer not null',
          'leaf integer not null',
          'leaf_count integer not null',
          'action_id uuid not null',
          'leaf_hash bytea not null check (octet_length(leaf_hash) = 32)',
          'primary key (site_id, n, leaf)',
          'unique (site_id, action_id)',
          'check (leaf between 1 and leaf_count)',
          foreignKey('site_id, n, leaf_count', 'activity_seals (site_id, n, leaf_count)'),
          foreignKey('site_id, action_id', 'admin_action_logs (site_id, action_id)'),
        ],
        { app: 'select, insert' },
      ),
      // Which sites have something to seal is asked before a site is known: ids alone.
      `grant select (site_id, action_id) on admin_action_logs to ${ROLES.platform}`,
      `create policy admin_action_logs_platform on admin_action_logs to ${ROLES.platform} using (true)`,
    ])
      this.addSql(statement);
  }
}
