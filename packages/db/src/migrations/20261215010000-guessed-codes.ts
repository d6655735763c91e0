import { Migration } from '@mikro-orm/migrations';
import { ROLES } from '../roles.ts';

/** A sign-in takes a few codes and no more; and whoever has an account is told when somebody who knows its password guesses them. */
export class GuessedCodes extends Migration {
  override up(): void {
    for (const statement of [
      'alter table sign_in_challenges add column tries integer not null default 0 check (tries between 0 and 5)',
      `grant update (tries) on sign_in_challenges to ${ROLES.platform}`,
      `alter table account_mails drop constraint account_mails_kind_check,
        add constraint account_mails_kind_check check (kind in ('new_sign_in', 'password_reset', 'password_was_reset', 'password_changed', 'email_change_old', 'email_change_new',
          'second_factor_added', 'second_factor_removed', 'recovery_code_used', 'recovery_codes_made', 'passkey_added', 'passkey_removed', 'second_factor_guessed'))`,
    ])
      this.addSql(statement);
  }
}
