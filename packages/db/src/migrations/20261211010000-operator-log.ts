import { Migration } from '@mikro-orm/migrations';
import { ROLES } from '../roles.ts';
import { platformTable } from './ddl.ts';

/**
 * What operators do: the installation's own log. A row about a site is written in the site's transaction, and only about that
 * one. Its person is an operator, by key.
 */
export class OperatorLog extends Migration {
  override up(): void {
    const log = 'operator_action_logs';
    for (const statement of [
      ...platformTable(
        log,
        [
          'action_id uuid primary key',
          'admin_id uuid not null references operators (admin_id) on update no action on delete no action',
          "action text not null check (action <> '')",
          'site_id uuid null references sites (site_id) on update no action on delete no action',
          // Names of fields and values, without anybody's personal data (G6).
          'details jsonb not null',
          'request_id text not null',
          '"timestamp" timestamptz not null',
        ],
        { app: 'insert', platform: 'select, insert' },
      ),
      `create index ${log}_of_site on ${log} (site_id, action_id)`,
      `alter table ${log} enable row level security`,
      `create policy ${log}_platform on ${log} to ${ROLES.platform} using (true) with check (true)`,
      `create policy ${log}_own on ${log} for insert to ${ROLES.app} with check (site_id = current_site_id())`,
    ])
      this.addSql(statement);
  }
}
