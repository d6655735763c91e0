import { Migration } from '@mikro-orm/migrations';
import { ROLES } from '../roles.ts';
import { foreignKey } from './ddl.ts';

/**
 * An order stands at the end of its log (AU2). Each row of the log names the one after it, 0 while there is none, and a row
 * can only follow one that names it; the order points to the row that names none. So it goes neither back nor ahead: what
 * was followed stays followed, because the follower refers to it. The number is all of a row that can change.
 */
export class EndOfTheLog extends Migration {
  override up(): void {
    const log = 'order_state_transition_logs';
    for (const statement of [
      'alter table orders drop constraint orders_current_transition',
      `alter table ${log} drop constraint order_state_transition_logs_site_id_order_id_prev_n_from_s_fkey`,
      `alter table ${log} drop constraint order_state_transition_logs_site_id_order_id_n_to_state_key`,
      `alter table ${log} drop constraint order_state_transition_logs_site_id_order_id_n_to_state_rev_key`,
      `alter table ${log} add column next_n integer not null default 0`,
      `update ${log} l set next_n = l.n + 1 from ${log} f where f.site_id = l.site_id and f.order_id = l.order_id and f.n = l.n + 1`,
      `alter table ${log} add constraint order_state_transition_logs_state_and_next unique (site_id, order_id, n, to_state, next_n)`,
      `alter table ${log} add constraint order_state_transition_logs_revision_and_next unique (site_id, order_id, n, to_state, revision, next_n)`,
      `alter table ${log} add constraint order_state_transition_logs_follows ${foreignKey('site_id, order_id, prev_n, from_state, n', `${log} (site_id, order_id, n, to_state, next_n)`)}`,
      'alter table orders add column after_last integer null generated always as (0) stored',
      `alter table orders add constraint orders_current_transition ${foreignKey('site_id, order_id, last_transition, status, revision, after_last', `${log} (site_id, order_id, n, to_state, revision, next_n)`, { deferred: true })}`,
      `grant update (next_n) on ${log} to ${ROLES.app}`,
    ])
      this.addSql(statement);
  }
}
