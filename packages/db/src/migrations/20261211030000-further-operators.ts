import { Migration } from '@mikro-orm/migrations';
import { ROLES } from '../roles.ts';

/** Further operators, who come and go; what they did stays theirs, so that their rows are kept. */
export class FurtherOperators extends Migration {
  override up(): void {
    for (const statement of [
      'alter table operators add column removed_at timestamptz null',
      `grant update (removed_at) on operators to ${ROLES.platform}`,
      // About whom it was, where it was about a person.
      'alter table operator_action_logs add column subject_id uuid null references admin_accounts (admin_id) on update no action on delete no action',
    ])
      this.addSql(statement);
  }
}
