import { Migration } from '@mikro-orm/migrations';

/** An installation that was restored as a copy of another one says so: it mails and charges nobody. */
export class Copies extends Migration {
  override up(): void {
    this.addSql('alter table installations add column is_copy boolean not null default false');
  }
}
