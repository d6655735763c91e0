import { Migration } from '@mikro-orm/migrations';

/** Whoever has lost phone and codes is let in again by those who run the installation, and is told of it. */
export class LostFactors extends Migration {
  override up(): void {
    this.addSql(`alter table account_mails drop constraint account_mails_kind_check,
      add constraint account_mails_kind_check check (kind in ('new_sign_in', 'password_reset', 'password_was_reset', 'password_changed', 'email_change_old', 'email_change_new',
        'second_factor_added', 'second_factor_removed', 'recovery_code_used', 'recovery_codes_made', 'passkey_added', 'passkey_removed', 'second_factor_guessed', 'second_factors_taken'))`);
  }
}
