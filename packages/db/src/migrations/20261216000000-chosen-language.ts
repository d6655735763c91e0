import { Migration } from '@mikro-orm/migrations';
import { ROLES } from '../roles.ts';

/** An account's language follows its browser until its owner has chosen one. */
export class ChosenLanguage extends Migration {
  override up(): void {
    this.addSql('alter table admin_accounts add column language_is_chosen boolean not null default false');
    this.addSql(`grant update (language_is_chosen) on admin_accounts to ${ROLES.platform}`);
  }
}
