import { CHECKOUT_LIMITS, type CheckoutPressure } from '@souk/domain/commerce';
import type { CartId, OrderId } from '@souk/domain/shared';
import { type SiteTransaction, row, sql } from '../with-site.ts';

/** Most unpaid orders of one address whose pieces are added up. Beyond, all that is reserved counts as theirs. */
const MOST_ADDED_UP = 200;

/** What presses, and when the first of it lets go. */
export type MeasuredPressure = CheckoutPressure & { readonly retryAt: Date | undefined };

/**
 * Counts what presses on the checkout of a cart, or on another try to pay an order (B01, B02). One statement, and cheap
 * where nothing presses: who paid is only asked where cards were declined, orders are only looked through when a variant is
 * half reserved already, and no more than a fixed number of rows ever. A paid order that is over has forgotten whose it was:
 * it counts for everybody, since nobody who pays is to be stopped. The stock of the cart has to be locked by then, so that
 * of two checkouts at once the second counts what the first holds.
 */
export async function readCheckoutPressure(
  tx: SiteTransaction,
  from: { readonly addressHash: Buffer; readonly isCrowd: boolean },
  about: { readonly cartId: CartId } | { readonly orderId: OrderId },
): Promise<MeasuredPressure> {
  const kind = from.isCrowd ? 'crowd' : 'visitor';
  const { waitingOrders, piecesAlways } = CHECKOUT_LIMITS[kind];
  const cartId = 'cartId' in about ? about.cartId : null;
  const orderId = 'orderId' in about ? about.orderId : null;
  const since = new Date(tx.at.getTime() - CHECKOUT_LIMITS.windowMinutes * 60_000);
  const r = await row<{
    declined: number;
    paid: number;
    my_declined: number;
    my_paid: number;
    declined_first: Date | null;
    waiting: number;
    waits_until: Date | null;
    payments: number;
    variants: { variantId: string; wanted: number; left: number; heldByAddress: number }[];
  }>(
    tx,
    sql`with levels as (select i.variant_id, i.quantity as wanted, l.on_hand + l.backorder_limit as stock, l.reserved
        from cart_items i join inventory_levels l on l.site_id = i.site_id and l.variant_id = i.variant_id
        join stock_locations s on s.site_id = l.site_id and s.location_id = l.location_id and s.is_default
        where i.site_id = ${tx.siteId} and i.cart_id = ${cartId}::uuid),
      waiting as materialized (select order_id, expires_at from orders
        where site_id = ${tx.siteId} and address_hash = ${from.addressHash} and status = 'pending_payment' and expires_at > ${tx.at}
        order by order_id desc
        limit case when exists (select 1 from levels where reserved + wanted > greatest(${piecesAlways}::int, stock / 2)) then ${MOST_ADDED_UP + 1}::int else ${Number.isFinite(waitingOrders) ? waitingOrders : 0}::int end),
      held as (select r.variant_id, sum(r.quantity)::int as quantity from waiting w
        join stock_reservations r on r.site_id = ${tx.siteId} and r.order_id = w.order_id and r.status = 'held'
        where r.variant_id in (select variant_id from levels) group by r.variant_id),
      failed as materialized (select e."timestamp", o.address_hash = ${from.addressHash} as mine
        from (select order_id, "timestamp" from payment_entries
          where site_id = ${tx.siteId} and kind = 'failed' and "timestamp" > ${since} order by "timestamp" desc limit ${CHECKOUT_LIMITS.newestPayments}::int) e
        join orders o on o.site_id = ${tx.siteId} and o.order_id = e.order_id),
      paid as materialized (select coalesce(o.address_hash = ${from.addressHash}, true) as mine
        from (select order_id from payment_entries
          where site_id = ${tx.siteId} and kind = 'captured' and "timestamp" > ${since} order by "timestamp" desc
          limit case when exists (select 1 from failed) then ${CHECKOUT_LIMITS.newestPayments}::int else 0 end) e
        join orders o on o.site_id = ${tx.siteId} and o.order_id = e.order_id)
      select (select count(*)::int from failed) as declined,
        (select count(*)::int from paid) as paid,
        (select count(*)::int from failed where mine) as my_declined,
        (select count(*)::int from paid where mine) as my_paid,
        (select min("timestamp") from failed where mine) as declined_first,
        (select count(*)::int from waiting) as waiting,
        (select min(expires_at) from waiting) as waits_until,
        (select count(*)::int from payments where site_id = ${tx.siteId} and order_id = ${orderId}::uuid and created_at > ${since}) as payments,
        (select coalesce(jsonb_agg(jsonb_build_object('variantId', l.variant_id, 'wanted', l.wanted, 'left', l.stock - l.reserved,
            'heldByAddress', case when (select count(*) from waiting) > ${MOST_ADDED_UP}::int then l.reserved else coalesce(h.quantity, 0) end)), '[]'::jsonb)
          from levels l left join held h using (variant_id)) as variants`,
  );
  if (!r) throw new Error('nothing was counted');
  const declinedUntil =
    r.declined_first && new Date(r.declined_first.getTime() + CHECKOUT_LIMITS.windowMinutes * 60_000);
  return {
    from: kind,
    site: { declined: r.declined, paid: r.paid },
    address: { declined: r.my_declined, paid: r.my_paid },
    waitingOrders: r.waiting,
    paymentsOfOrder: r.payments,
    variants: r.variants,
    retryAt: declinedUntil ?? r.waits_until ?? undefined,
  };
}
