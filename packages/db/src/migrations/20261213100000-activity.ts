import { Migration } from '@mikro-orm/migrations';

/**
 * What the log of a site is asked by: person, action, kind of thing, thing, each newest first. The system has no id, and stands
 * under the nil one in the index of persons, so that it is asked for as everybody else is. (Row-level security lets a CASE go to the index, and no
 * COALESCE.)
 */
export class Activity extends Migration {
  override up(): void {
    for (const statement of [
      `create index admin_action_logs_of_actor on admin_action_logs (site_id, (case when actor_id is null then '00000000-0000-0000-0000-000000000000'::uuid else actor_id end), action_id)`,
      'create index admin_action_logs_of_action on admin_action_logs (site_id, action, action_id)',
      'create index admin_action_logs_of_kind on admin_action_logs (site_id, entity_type, action_id)',
    ])
      this.addSql(statement);
  }
}
