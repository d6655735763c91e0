import { type Currency, type Money, fromDecimal, toDecimal } from '@souk/domain/shared';
import { type SiteTransaction, rows, run, send, sql } from '../with-site.ts';

const FIRST_ORDER_NUMBER = 1001;

/** Gives a new site its tax rate and its order numbers. `ratePerMillion`: 19 % is 190 000. */
export async function openCommerce(
  tx: SiteTransaction,
  rate: { taxRateId: string; name: string; country: string; ratePerMillion: number },
): Promise<void> {
  await run(
    tx,
    sql`with counter as (insert into order_counters (site_id, next_number) values (${tx.siteId}, ${FIRST_ORDER_NUMBER}))
      insert into tax_rates (site_id, tax_rate_id, name, country, rate_per_million, is_default, created_at)
      values (${tx.siteId}, ${rate.taxRateId}, ${rate.name}, ${rate.country}, ${rate.ratePerMillion}, true, ${tx.at})`,
  );
}

/** A flat way of sending, as a site offers it. */
export async function insertShippingMethod(
  tx: SiteTransaction,
  s: { shippingMethodId: string; name: string; description: string; price: Money },
): Promise<void> {
  await run(
    tx,
    sql`insert into shipping_methods (site_id, shipping_method_id, name, description, price, currency, is_active, position, created_at, updated_at)
      values (${tx.siteId}, ${s.shippingMethodId}, ${s.name}, ${s.description}, ${toDecimal(s.price)}::numeric, ${s.price.currency}, true, 1, ${tx.at}, ${tx.at})`,
  );
}

/** Gives every way of sending this price, in a new currency of the site: in the transaction that changes it. */
export function repriceShipping(tx: SiteTransaction, price: Money): void {
  send(
    tx,
    sql`update shipping_methods set price = ${toDecimal(price)}::numeric, currency = ${price.currency}, updated_at = ${tx.at} where site_id = ${tx.siteId}`,
  );
}

/** The ways of sending a site offers, in its order. */
export async function listShippingMethods(
  tx: SiteTransaction,
): Promise<{ shippingMethodId: string; name: string; price: Money }[]> {
  const found = await rows<{ shipping_method_id: string; name: string; price: string; currency: Currency }>(
    tx,
    sql`select shipping_method_id, name, price, currency from shipping_methods where site_id = ${tx.siteId} and is_active order by position`,
  );
  return found.map((s) => ({
    shippingMethodId: s.shipping_method_id,
    name: s.name,
    price: fromDecimal(s.price, s.currency),
  }));
}
