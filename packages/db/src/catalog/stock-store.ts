import type { CartId, OrderId, VariantId } from '@souk/domain/shared';
import { type SiteTransaction, rows, run, send, sql } from '../with-site.ts';

export type Pieces = { readonly variantId: VariantId; readonly quantity: number };

/** Pieces that could not be reserved, with what is left of each. */
export type Shortage = { readonly variantId: VariantId; readonly left: number };

/**
 * Locks the levels of what lies in a cart, in id order, and says how many of each are left. The locks last to the end of
 * the transaction, so the answer stays true until `reserve` has run. The cart is locked already: its lines stay as they are.
 */
export async function lockStockOfCart(tx: SiteTransaction, cartId: CartId): Promise<ReadonlyMap<VariantId, number>> {
  const locked = await rows<{ variant_id: VariantId; left: number }>(
    tx,
    sql`select l.variant_id, greatest(0, l.on_hand + l.backorder_limit - l.reserved) as left
      from inventory_levels l join stock_locations s on s.site_id = l.site_id and s.location_id = l.location_id and s.is_default
      where l.site_id = ${tx.siteId} and l.variant_id = any(array(select variant_id from cart_items where site_id = ${tx.siteId} and cart_id = ${cartId}))
      order by l.variant_id for update of l`,
  );
  return new Map(locked.map((l) => [l.variant_id, l.left]));
}

/**
 * Takes pieces for an order (O5). The condition stands in the update itself: where a piece cannot be had, its reservation
 * has no status, and the transaction fails.
 */
export function reserve(tx: SiteTransaction, orderId: OrderId, pieces: readonly Pieces[]): void {
  const given = JSON.stringify(pieces.map((p) => ({ variant_id: p.variantId, quantity: p.quantity })));
  send(
    tx,
    sql`with g as (select * from jsonb_to_recordset(${given}::jsonb) as g (variant_id uuid, quantity integer)),
      taken as (update inventory_levels l set reserved = l.reserved + g.quantity, updated_at = ${tx.at} from g, stock_locations s
        where l.site_id = ${tx.siteId} and s.site_id = ${tx.siteId} and s.is_default and l.location_id = s.location_id and l.variant_id = g.variant_id
          and l.variant_id = any(array(select variant_id from g))
          and l.reserved + g.quantity <= l.on_hand + l.backorder_limit
        returning l.variant_id, l.location_id, g.quantity)
      insert into stock_reservations (site_id, order_id, variant_id, location_id, quantity, status, created_at, updated_at)
      select ${tx.siteId}, ${orderId}, g.variant_id, t.location_id, g.quantity, case when t.variant_id is not null then 'held' end, ${tx.at}, ${tx.at}
      from g left join taken t using (variant_id)`,
  );
}

/** Gives back what an order holds: on failure, cancellation and expiry. Calling it twice gives back once. */
export function release(tx: SiteTransaction, orderId: OrderId): void {
  send(tx, lockHeld(tx, orderId));
  send(
    tx,
    sql`with freed as (update stock_reservations set status = 'released', updated_at = ${tx.at} where site_id = ${tx.siteId} and order_id = ${orderId} and status = 'held'
        returning variant_id, location_id, quantity)
      update inventory_levels l set reserved = l.reserved - f.quantity, updated_at = ${tx.at} from freed f
      where l.site_id = ${tx.siteId} and l.variant_id = f.variant_id and l.location_id = f.location_id`,
  );
}

/** Takes back what was released, for a second try to pay. All or none; returns what is short. */
export async function reserveAgain(tx: SiteTransaction, orderId: OrderId): Promise<Shortage[]> {
  const short = await rows<{ variant_id: VariantId; left: number; quantity: number }>(
    tx,
    sql`select l.variant_id, greatest(0, l.on_hand + l.backorder_limit - l.reserved) as left, r.quantity
      from stock_reservations r join inventory_levels l on l.site_id = r.site_id and l.variant_id = r.variant_id and l.location_id = r.location_id
      where r.site_id = ${tx.siteId} and r.order_id = ${orderId} and r.status = 'released' order by l.variant_id for update of l`,
  );
  const shortages = short.filter((s) => s.left < s.quantity).map((s) => ({ variantId: s.variant_id, left: s.left }));
  if (shortages.length > 0) return shortages;
  await run(
    tx,
    sql`with held as (update stock_reservations set status = 'held', updated_at = ${tx.at} where site_id = ${tx.siteId} and order_id = ${orderId} and status = 'released'
        returning variant_id, location_id, quantity)
      update inventory_levels l set reserved = l.reserved + h.quantity, updated_at = ${tx.at} from held h
      where l.site_id = ${tx.siteId} and l.variant_id = h.variant_id and l.location_id = h.location_id`,
  );
  return [];
}

/** The goods leave: what was reserved becomes movements of the ledger, and the levels follow them. */
export function consume(tx: SiteTransaction, orderId: OrderId, actorId: string | undefined): void {
  send(tx, lockHeld(tx, orderId));
  send(
    tx,
    sql`with used as (update stock_reservations set status = 'consumed', updated_at = ${tx.at} where site_id = ${tx.siteId} and order_id = ${orderId} and status = 'held'
        returning variant_id, location_id, quantity),
      moved as (insert into inventory_movements (site_id, variant_id, location_id, n, prev_on_hand, delta, on_hand, kind, order_id, actor_id, "timestamp")
        select ${tx.siteId}, l.variant_id, l.location_id, l.last_movement + 1, l.on_hand, -u.quantity, l.on_hand - u.quantity, 'sold', ${orderId}, ${actorId ?? null}::uuid, ${tx.at}
        from used u join inventory_levels l on l.site_id = ${tx.siteId} and l.variant_id = u.variant_id and l.location_id = u.location_id
        returning variant_id, location_id, n, on_hand, delta),
      followed as (update inventory_movements p set next_n = m.n from moved m
        where p.site_id = ${tx.siteId} and p.variant_id = m.variant_id and p.location_id = m.location_id and p.n = m.n - 1)
      update inventory_levels l set on_hand = m.on_hand, reserved = l.reserved + m.delta, last_movement = m.n, updated_at = ${tx.at} from moved m
      where l.site_id = ${tx.siteId} and l.variant_id = m.variant_id and l.location_id = m.location_id`,
  );
}

const lockHeld = (tx: SiteTransaction, orderId: OrderId) =>
  sql`select 1 from inventory_levels l join stock_reservations r on r.site_id = l.site_id and r.variant_id = l.variant_id and r.location_id = l.location_id
    where r.site_id = ${tx.siteId} and r.order_id = ${orderId} and r.status = 'held' order by l.variant_id, l.location_id for update of l`;

/**
 * Sets the pieces on hand at the default location, each as one movement of the ledger. A count below what is reserved is
 * lifted to it: goods promised to buyers are never counted away. Levels are locked in id order; a transaction that comes
 * here more than once keeps that order over all its calls, or it can deadlock with a checkout.
 */
export async function setOnHand(
  tx: SiteTransaction,
  counts: readonly { variantId: VariantId; onHand: number }[],
  kind: 'imported' | 'adjusted',
  actorId: string | undefined,
): Promise<void> {
  if (counts.length === 0) return;
  const given = JSON.stringify(counts.map((c) => ({ variant_id: c.variantId, on_hand: c.onHand })));
  // A statement of its own: one that locks and writes tries its CHECKs on rows as they were before the lock, and fails on them.
  await rows(
    tx,
    sql`select 1 from inventory_levels l join stock_locations s on s.site_id = l.site_id and s.location_id = l.location_id and s.is_default
      where l.site_id = ${tx.siteId} and l.variant_id = any(${counts.map((c) => c.variantId)}::uuid[]) order by l.variant_id for update of l`,
  );
  await run(
    tx,
    sql`with g as (select * from jsonb_to_recordset(${given}::jsonb) as g (variant_id uuid, on_hand integer)),
      wanted as (select l.*, greatest(g.on_hand, l.reserved - l.backorder_limit) as target from inventory_levels l join g using (variant_id)
        join stock_locations s on s.site_id = l.site_id and s.location_id = l.location_id and s.is_default where l.site_id = ${tx.siteId}),
      moved as (insert into inventory_movements (site_id, variant_id, location_id, n, prev_on_hand, delta, on_hand, kind, actor_id, "timestamp")
        select site_id, variant_id, location_id, last_movement + 1, on_hand, target - on_hand, target, ${kind}, ${actorId ?? null}::uuid, ${tx.at} from wanted where target <> on_hand
        returning variant_id, location_id, n, on_hand),
      followed as (update inventory_movements p set next_n = m.n from moved m
        where p.site_id = ${tx.siteId} and p.variant_id = m.variant_id and p.location_id = m.location_id and p.n = m.n - 1)
      update inventory_levels l set on_hand = m.on_hand, last_movement = m.n, updated_at = ${tx.at} from moved m
      where l.site_id = ${tx.siteId} and l.variant_id = m.variant_id and l.location_id = m.location_id`,
  );
}

/** Gives a new site its first place to keep goods at. */
export async function openStock(tx: SiteTransaction, locationId: string): Promise<void> {
  await run(
    tx,
    sql`insert into stock_locations (site_id, location_id, name, is_default, created_at) values (${tx.siteId}, ${locationId}, 'Main stock', true, ${tx.at})`,
  );
}
