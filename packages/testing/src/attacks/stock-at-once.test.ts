import { expireOrder } from '@souk/api/commerce/order-actions';
import { withSite } from '@souk/db';
import { setOnHand } from '@souk/db/catalog';
import { type OrderId, type VariantId, id } from '@souk/domain/shared';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CALLERS, openScreens, processOf, roundsOf, twoProcesses } from '../at-once.ts';
import {
  type ApiProcesses,
  type TestSite,
  checkOut,
  expectInvariants,
  fillCart,
  ownerRows,
  placeOrder,
  tally,
  together,
} from '../index.ts';

/* C10: goods are counted, sold, given back and paid for at the same moment, at two processes; the levels add up. */

let it: ApiProcesses;
beforeAll(async () => {
  it = await twoProcesses();
});
afterAll(() => it.close());

const only = (site: TestSite): VariantId => site.products[0]?.variants[0]?.variantId ?? id<VariantId>('');

type Level = { readonly on_hand: number; readonly reserved: number };
const level = async (variantId: string): Promise<Level> => {
  const [found] = await ownerRows<Level>(
    it.db,
    'select on_hand, reserved from inventory_levels where variant_id = $1',
    [variantId],
  );
  if (!found) throw new Error('no level');
  return found;
};

const count = (site: TestSite, onHand: number): Promise<void> =>
  withSite(it.db.database, site.siteId, (tx) =>
    setOnHand(tx, [{ variantId: only(site), onHand }], 'adjusted', site.owner),
  );

/** Gives an order up, as the timers of a process would. */
const expire = (site: TestSite, orderId: string): Promise<boolean> =>
  expireOrder(
    { database: it.db.database, now: () => new Date(), newId: () => v7() },
    site.siteId,
    id<OrderId>(orderId),
  );

const START = 60;

describe.each(roundsOf('stock-at-once'))('round $round', ({ round, random }) => {
  test('C10 · stock is adjusted while it is sold: on hand, sold and adjusted add up, and nothing promised is counted away', async () => {
    const site = await it.makeSite({ handle: `c10count${round}`, products: [[{ price: 1000, stock: START }]] });
    const admin = await it.signedInAs(site, 'owner');
    const closeScreens = openScreens(it, site, admin);
    const variantId = only(site);
    const wanted = Array.from({ length: CALLERS }, () => 1 + random.below(3));
    const counts = Array.from({ length: 12 }, () => random.below(START));
    const visitors = Array.from({ length: CALLERS }, (_, i) => processOf(it, i).visitor(site));
    const lines = (i: number) => [{ variantId, quantity: wanted[i] ?? 1 }];
    await Promise.all(visitors.map((visitor, i) => fillCart(visitor, lines(i))));
    const [answers] = await Promise.all([
      Promise.all(visitors.map((visitor, i) => checkOut(visitor.at(processOf(it, i + 1).port), site, lines(i)))),
      Promise.all(counts.map((onHand) => count(site, onHand))),
    ]);
    // All of them come from one address, which never holds more than a bounded share unpaid (B02).
    for (const { status, refusal } of answers)
      if (status !== 200) expect(['cart_changed', 'share_is_held']).toContain(refusal?.code);
    const promised = answers.reduce((sum, a, i) => sum + (a.status === 200 ? (wanted[i] ?? 0) : 0), 0);
    expect(await level(variantId)).toMatchObject({ reserved: promised });
    // Counting once more below what is promised: it stays with the buyers.
    await count(site, 0);
    expect(await level(variantId)).toEqual({ on_hand: promised, reserved: promised });
    // Paid and sent while it is counted again.
    const bought = await ownerRows<{ order_id: string; payment_id: string; total: string }>(
      it.db,
      'select o.order_id, p.payment_id, o.total_amount::numeric(12,2)::text as total from orders o join payments p using (site_id, order_id) where o.site_id = $1',
      [site.siteId],
    );
    await Promise.all(
      bought.map((o, i) =>
        processOf(it, i).notify(site, { type: 'payment.captured', paymentId: o.payment_id, amount: o.total }),
      ),
    );
    const [sent] = await Promise.all([
      Promise.all(
        bought.map((o, i) =>
          admin.at(processOf(it, i).port).mutate('orders.fulfil', { orderId: o.order_id, version: 2 }),
        ),
      ),
      Promise.all(counts.map((onHand) => count(site, onHand))),
    ]);
    expect(tally(sent.map((a) => a.status))).toEqual(bought.length > 0 ? { 200: bought.length } : {});
    const now = await level(variantId);
    expect(now.reserved).toBe(0);
    const [sums] = await ownerRows<{ sold: number; adjusted: number }>(
      it.db,
      "select -coalesce(sum(delta) filter (where kind = 'sold'), 0)::int as sold, coalesce(sum(delta) filter (where kind = 'adjusted'), 0)::int as adjusted from inventory_movements where variant_id = $1",
      [variantId],
    );
    expect(sums?.sold).toBe(promised);
    expect(now.on_hand + (sums?.sold ?? 0) - (sums?.adjusted ?? 0)).toBe(START);
    closeScreens();
    await expectInvariants(it.db);
  });

  test('C10 · failed orders paid again at once take the last pieces once, and the others are told', async () => {
    const site = await it.makeSite({ handle: `c10again${round}`, products: [[{ price: 1000, stock: 20 }]] });
    const variantId = only(site);
    const placed = await together(20, (i) => placeOrder(processOf(it, i), site, [{ variantId, quantity: 1 }]));
    await Promise.all(
      placed.map((p) => it.notify(site, { type: 'payment.failed', paymentId: p.paymentId, amount: p.total })),
    );
    expect(await level(variantId)).toEqual({ on_hand: 20, reserved: 0 });
    const left = 1 + random.below(5);
    await count(site, left);
    const answers = await Promise.all(
      placed.map((p, i) => processOf(it, i).visitor(site).form(`${p.orderPath}/pay`, {})),
    );
    expect(tally(answers.map((a) => a.status))).toEqual({ 303: left, 409: 20 - left });
    expect(await level(variantId)).toEqual({ on_hand: left, reserved: left });
    await expectInvariants(it.db);
  });

  test('C10 · orders expire while they are paid: each piece is held, sold or back on the shelf', async () => {
    const site = await it.makeSite({ handle: `c10time${round}`, products: [[{ price: 1000, stock: START }]] });
    const variantId = only(site);
    const placed = await together(24, (i) => placeOrder(processOf(it, i), site, [{ variantId, quantity: 1 }]));
    const late = placed.filter(() => random.below(3) > 0);
    await Promise.all([
      ...placed.map((p, i) =>
        processOf(it, i).notify(site, { type: 'payment.captured', paymentId: p.paymentId, amount: p.total }),
      ),
      ...late.flatMap((p) => [expire(site, p.orderId), expire(site, p.orderId)]),
      count(site, random.below(START)),
    ]);
    const states = await ownerRows<{ status: string }>(it.db, 'select status from orders where site_id = $1', [
      site.siteId,
    ]);
    const { confirmed = 0, expired = 0, ...others } = tally(states.map((s) => s.status));
    expect([confirmed + expired, others]).toEqual([placed.length, {}]);
    expect((await level(variantId)).reserved).toBe(confirmed);
    await expectInvariants(it.db);
  });
});

test('nothing that was tried here made the server stumble', () => expect(it.errors()).toEqual([]));
