import { Migration } from '@mikro-orm/migrations';

/** After a restore mails and jobs wait until somebody has looked at what came back. */
export class HeldAfterRestore extends Migration {
  override up(): void {
    this.addSql('alter table installations add column held_since timestamptz null');
  }
}
