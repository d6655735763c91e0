import { Migration } from '@mikro-orm/migrations';

/** The newest cart of a session by its key: a checkout looks for it among all carts the shop ever had. */
export class CartsOfSession extends Migration {
  override up(): void {
    this.addSql('create index carts_of_session on carts (site_id, session_identifier, cart_id desc)');
  }
}
