import { Migration } from '@mikro-orm/migrations';
import { ROLES } from '../roles.ts';

/** Where an unpaid order came from, and the indexes by which a checkout asks what presses on it (B01, B02). */
export class CheckoutLimits extends Migration {
  override up(): void {
    for (const statement of [
      // A keyed hash, not an address; forgotten when the order is over.
      'alter table orders add column address_hash bytea null check (octet_length(address_hash) = 16)',
      `grant update (address_hash) on orders to ${ROLES.app}`,
      "create index orders_waiting_by_address on orders (site_id, address_hash, order_id desc) where status = 'pending_payment' and address_hash is not null",
      `create index payment_entries_newest_failed on payment_entries (site_id, "timestamp" desc) where kind = 'failed'`,
      `create index payment_entries_newest_captured on payment_entries (site_id, "timestamp" desc) where kind = 'captured'`,
      'create index payments_of_order on payments (site_id, order_id, created_at)',
    ])
      this.addSql(statement);
  }
}
