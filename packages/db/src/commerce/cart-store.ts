import { MAX_LINES, MAX_QUANTITY } from '@souk/domain/commerce';
import { type CartId, type Currency, type Money, type VariantId, fromDecimal, toDecimal } from '@souk/domain/shared';
import { type SiteTransaction, row, rows, send, sql } from '../with-site.ts';

/** What a variant costs and how many can be had, if it is sold at all (P3). */
export type Offer = { readonly productId: string; readonly price: Money; readonly available: number };

/** What a variant is sold for now; undefined when it is not sold. */
export async function findOffer(tx: SiteTransaction, variantId: VariantId): Promise<Offer | undefined> {
  const found = await row<{ product_id: string; price: string; currency: Currency; available: number }>(
    tx,
    sql`select p.product_id, x.price, x.currency,
        coalesce((select sum(greatest(0, l.on_hand + l.backorder_limit - l.reserved)) from inventory_levels l where l.site_id = x.site_id and l.variant_id = x.variant_id), 0)::int as available
      from (select k.product_id from variants k where k.site_id = ${tx.siteId} and k.variant_id = ${variantId}) k
      cross join lateral (select p.product_id from products p where p.site_id = ${tx.siteId} and p.product_id = k.product_id and p.status = 'published' and p.visibility = 'visible' limit 1) p
      cross join lateral (select v.version_id from product_versions v where v.site_id = ${tx.siteId} and v.product_id = k.product_id and v.is_published limit 1) v
      cross join lateral (select x.* from product_version_variants x where x.site_id = ${tx.siteId} and x.version_id = v.version_id and x.variant_id = ${variantId} limit 1) x`,
  );
  return (
    found && {
      productId: found.product_id,
      price: fromDecimal(found.price, found.currency),
      available: found.available,
    }
  );
}

/** The active cart of a session, locked; made when there is none. */
export async function lockCart(
  tx: SiteTransaction,
  session: Buffer,
  newId: () => string,
): Promise<{ cartId: CartId; version: number }> {
  send(
    tx,
    sql`insert into carts (site_id, cart_id, session_identifier, status, version, created_at, updated_at)
      values (${tx.siteId}, ${newId()}, ${session}, 'active', 1, ${tx.at}, ${tx.at}) on conflict (site_id, session_identifier) where status = 'active' do nothing`,
  );
  const found = await row<{ cart_id: CartId; version: number }>(
    tx,
    sql`select cart_id, version from carts where site_id = ${tx.siteId} and session_identifier = ${session} and status = 'active' for update`,
  );
  // Between the two statements a checkout of the same session may have taken the cart: a new one is made.
  return found ? { cartId: found.cart_id, version: found.version } : lockCart(tx, session, newId);
}

export type CartRefusal =
  | { readonly code: 'not_sold_any_more' }
  | { readonly code: 'sold_out' }
  | { readonly code: 'only_n_left'; readonly left: number }
  | { readonly code: 'too_many_lines'; readonly max: number };

/**
 * Puts pieces of a variant into a locked cart, or sets their number (0 takes the line out). The price the buyer sees now
 * is kept with the line. Refused when it is not sold, or more than is left.
 */
export async function putIntoCart(
  tx: SiteTransaction,
  cart: { cartId: CartId },
  variantId: VariantId,
  change: { readonly add: number } | { readonly set: number },
): Promise<CartRefusal | undefined> {
  if ('set' in change && change.set === 0) {
    send(
      tx,
      sql`delete from cart_items where site_id = ${tx.siteId} and cart_id = ${cart.cartId} and variant_id = ${variantId}`,
    );
    touch(tx, cart.cartId);
    return undefined;
  }
  const [lines, offer] = await Promise.all([
    rows<{ variant_id: string; quantity: number }>(
      tx,
      sql`select variant_id, quantity from cart_items where site_id = ${tx.siteId} and cart_id = ${cart.cartId}`,
    ),
    findOffer(tx, variantId),
  ]);
  if (!offer) return { code: 'not_sold_any_more' };
  const before = lines.find((line) => line.variant_id === variantId)?.quantity ?? 0;
  if (before === 0 && lines.length >= MAX_LINES) return { code: 'too_many_lines', max: MAX_LINES };
  const wanted = Math.min(MAX_QUANTITY, 'add' in change ? before + change.add : change.set);
  if (offer.available === 0) return { code: 'sold_out' };
  if (wanted > offer.available) return { code: 'only_n_left', left: offer.available };
  send(
    tx,
    sql`insert into cart_items (site_id, cart_id, variant_id, product_id, quantity, price_seen, currency, added_at)
      values (${tx.siteId}, ${cart.cartId}, ${variantId}, ${offer.productId}, ${wanted}, ${toDecimal(offer.price)}::numeric, ${offer.price.currency}, ${tx.at})
      on conflict (site_id, cart_id, variant_id) do update set quantity = excluded.quantity, price_seen = excluded.price_seen`,
  );
  touch(tx, cart.cartId);
  return undefined;
}

/** The buyer has seen today's prices and takes what is left: lines are set to what can be had, what is not sold goes out. */
export function acceptChanges(tx: SiteTransaction, cartId: CartId): void {
  send(
    tx,
    sql`with offers as (
        select i.variant_id, x.price, (select coalesce(sum(greatest(0, l.on_hand + l.backorder_limit - l.reserved)), 0)::int from inventory_levels l where l.site_id = i.site_id and l.variant_id = i.variant_id) as available
        from cart_items i
        left join products p on p.site_id = i.site_id and p.product_id = i.product_id and p.status = 'published' and p.visibility = 'visible'
        left join product_versions v on v.site_id = p.site_id and v.product_id = p.product_id and v.is_published
        left join product_version_variants x on x.site_id = v.site_id and x.version_id = v.version_id and x.variant_id = i.variant_id
        where i.site_id = ${tx.siteId} and i.cart_id = ${cartId}),
      gone as (delete from cart_items i using offers o where i.site_id = ${tx.siteId} and i.cart_id = ${cartId} and i.variant_id = o.variant_id and (o.price is null or o.available = 0))
      update cart_items i set quantity = least(i.quantity, o.available), price_seen = o.price from offers o
      where i.site_id = ${tx.siteId} and i.cart_id = ${cartId} and i.variant_id = o.variant_id and o.price is not null and o.available > 0`,
  );
  touch(tx, cartId);
}

const touch = (tx: SiteTransaction, cartId: CartId): void =>
  send(
    tx,
    sql`update carts set version = version + 1, updated_at = ${tx.at} where site_id = ${tx.siteId} and cart_id = ${cartId}`,
  );
