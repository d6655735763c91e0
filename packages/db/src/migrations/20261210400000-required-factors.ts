import { Migration } from '@mikro-orm/migrations';
import { ROLES } from '../roles.ts';

/** A site may ask a second factor of everybody who works on it; the door reads that with the membership. */
export class RequiredFactors extends Migration {
  override up(): void {
    for (const statement of [
      'alter table site_configurations add column requires_second_factor boolean not null default false',
      `grant update (requires_second_factor) on site_configurations to ${ROLES.app}`,
      `grant select (site_id, requires_second_factor) on site_configurations to ${ROLES.platform}`,
      `create policy site_configurations_platform on site_configurations to ${ROLES.platform} using (true)`,
    ])
      this.addSql(statement);
  }
}
