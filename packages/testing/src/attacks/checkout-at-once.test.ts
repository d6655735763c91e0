import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CALLERS, openScreens, processOf, roundsOf, twoProcesses } from '../at-once.ts';
import {
  type ApiProcesses,
  type HttpClient,
  type TestSite,
  checkOut,
  checkoutFields,
  expectInvariants,
  fillCart,
  ownerRows,
  placeOrder,
  tally,
  together,
} from '../index.ts';

/* Fifty callers at once, spread over two processes on one database; after every round the invariants find nothing. */

let it: ApiProcesses;
beforeAll(async () => {
  it = await twoProcesses();
});
afterAll(() => it.close());

/** The n-th caller as a new visitor, at the process that is theirs. */
const newcomer = (site: TestSite, n: number): HttpClient => processOf(it, n).visitor(site);
/** The same visitor once more, at the process of the n-th caller. */
const again = (visitor: HttpClient, n: number): HttpClient => visitor.at(processOf(it, n).port);
const newcomers = (site: TestSite): HttpClient[] => Array.from({ length: CALLERS }, (_, i) => newcomer(site, i));
/** A cart filled at one process is checked out at the other. */
const elsewhere = (visitors: readonly HttpClient[], site: TestSite, n: number): HttpClient =>
  again(visitors[n] ?? newcomer(site, n), n + 1);

type Cart = { variantId: string; quantity: number }[];

const cartOf = async (visitor: HttpClient): Promise<Cart> => {
  const { cart } = JSON.parse((await visitor.get('/cart', { accept: 'application/json' })).text) as {
    cart: { lines: Cart };
  };
  return cart.lines.map(({ variantId, quantity }) => ({ variantId, quantity }));
};

const level = async (variantId: string): Promise<{ on_hand: number; reserved: number }> => {
  const [found] = await ownerRows<{ on_hand: number; reserved: number }>(
    it.db,
    'select on_hand, reserved from inventory_levels where variant_id = $1',
    [variantId],
  );
  if (!found) throw new Error('no level');
  return found;
};

const ordersOf = async (site: TestSite): Promise<number> =>
  (await ownerRows<{ n: number }>(it.db, 'select count(*)::int as n from orders where site_id = $1', [site.siteId]))[0]
    ?.n ?? -1;

const only = (site: TestSite) => {
  const variant = site.products[0]?.variants[0];
  if (!variant) throw new Error('the site sells nothing');
  return variant;
};

describe.each(roundsOf('checkout-at-once'))('round $round', ({ round, random }) => {
  test('C01 · the last piece bought by 50 is sold once, and 49 are told so with their carts intact', async () => {
    const site = await it.makeSite({ handle: `c01last${round}`, products: [[{ price: 1999, stock: 1 }]] });
    const closeScreens = openScreens(it, site, await it.signedInAs(site, 'owner'));
    const { variantId } = only(site);
    const visitors = newcomers(site);
    const lines = [{ variantId, quantity: 1 }];
    expect(
      tally((await together(CALLERS, (i) => fillCart(visitors[i] ?? newcomer(site, i), lines))).map((a) => a.status)),
    ).toEqual({ 200: CALLERS });
    const answers = await together(CALLERS, (i) => checkOut(elsewhere(visitors, site, i), site, lines));
    expect(tally(answers.map((a) => a.status))).toEqual({ 200: 1, 409: CALLERS - 1 });
    for (const { refusal } of answers.filter((a) => a.status === 409)) {
      expect(refusal?.code).toBe('cart_changed');
      expect(refusal?.facts?.problems).toMatchObject([{ code: 'sold_out', variantId }]);
    }
    const loser = visitors[answers.findIndex((a) => a.status === 409)];
    if (!loser) throw new Error('nobody lost');
    expect(await cartOf(loser)).toEqual(lines);
    expect(await level(variantId)).toEqual({ on_hand: 1, reserved: 1 });
    expect(await ordersOf(site)).toBe(1);
    closeScreens();
    await expectInvariants(it.db);
  });

  test('C01 · ten pieces wanted by 50 in mixed quantities are never sold twice, nor kept from who could have them', async () => {
    const site = await it.makeSite({ handle: `c01ten${round}`, products: [[{ price: 500, stock: 10 }]] });
    const { variantId } = only(site);
    const wanted = Array.from({ length: CALLERS }, () => 1 + random.below(4));
    const visitors = newcomers(site);
    await together(CALLERS, (i) =>
      fillCart(visitors[i] ?? newcomer(site, i), [{ variantId, quantity: wanted[i] ?? 1 }]),
    );
    const answers = await together(CALLERS, (i) =>
      checkOut(elsewhere(visitors, site, i), site, [{ variantId, quantity: wanted[i] ?? 1 }]),
    );
    const sold = answers.reduce((sum, a, i) => sum + (a.status === 200 ? (wanted[i] ?? 0) : 0), 0);
    const { on_hand, reserved } = await level(variantId);
    expect(on_hand).toBe(10);
    expect(reserved).toBe(sold);
    expect(sold).toBeLessThanOrEqual(10);
    for (const [i, a] of answers.entries()) {
      if (a.status === 200) continue;
      expect(a.refusal?.code).toBe('cart_changed');
      expect(wanted[i]).toBeGreaterThan(10 - sold);
    }
    await expectInvariants(it.db);
  });

  test('C01 · two things bought by 50 in opposite orders never lock each other out', async () => {
    const site = await it.makeSite({
      handle: `c01two${round}`,
      products: [[{ price: 500, stock: 20 }], [{ price: 700, stock: 20 }]],
    });
    const [a, b] = site.products.map((p) => p.variants[0]?.variantId ?? '');
    const lines = (i: number) => [
      { variantId: (i % 2 ? a : b) ?? '', quantity: 1 },
      { variantId: (i % 2 ? b : a) ?? '', quantity: 1 },
    ];
    const visitors = newcomers(site);
    await together(CALLERS, (i) => fillCart(visitors[i] ?? newcomer(site, i), lines(i)));
    const answers = await together(CALLERS, (i) => checkOut(elsewhere(visitors, site, i), site, lines(i)));
    expect(tally(answers.map((x) => x.status))).toEqual({ 200: 20, 409: 30 });
    await expectInvariants(it.db);
  });

  test('C02 · one cart checked out 50 times is one order', async () => {
    const site = await it.makeSite({ handle: `c02cart${round}` });
    const { variantId } = only(site);
    const visitor = it.visitor(site);
    const lines = [{ variantId, quantity: 2 }];
    await fillCart(visitor, lines);
    const answers = await together(CALLERS, (i) => checkOut(again(visitor, i), site, lines));
    expect(tally(answers.map((a) => a.status))).toEqual({ 200: 1, 409: CALLERS - 1 });
    expect(tally(answers.flatMap((a) => (a.refusal ? [a.refusal.code] : [])))).toEqual({ cart_empty: CALLERS - 1 });
    expect(await ordersOf(site)).toBe(1);
    expect(await level(variantId)).toMatchObject({ reserved: 2 });
    await expectInvariants(it.db);
  });

  test('C05 · one idempotency key 50 times has one effect and one answer', async () => {
    const site = await it.makeSite({ handle: `c05key${round}` });
    const { variantId } = only(site);
    const visitor = it.visitor(site);
    const lines = [{ variantId, quantity: 1 }];
    await fillCart(visitor, lines);
    const fields = checkoutFields(site, lines);
    const answers = await together(CALLERS, (i) => again(visitor, i).mutate('checkout.submit', fields));
    expect(tally(answers.map((a) => a.status))).toEqual({ 200: CALLERS });
    expect(new Set(answers.map((a) => JSON.stringify(a.value))).size).toBe(1);
    expect(await ordersOf(site)).toBe(1);
    expect(
      it.sandbox.books().sessions.filter((s) => s.description.startsWith(`Order ${site.site.orderPrefix}-`)),
    ).toHaveLength(1);
    // A day later the page is sent once more: still the same order, although the visitor has a new cart.
    await fillCart(visitor, lines);
    expect((await visitor.mutate('checkout.submit', fields)).value).toEqual(answers[0]?.value);
    // The same key with another body is somebody's mistake, and says so.
    const other = await together(10, (i) => again(visitor, i).mutate('checkout.submit', { ...fields, city: 'Paris' }));
    expect(tally(other.map((a) => a.refusal?.code ?? a.status))).toEqual({ idempotency_key_reused: 10 });
    expect(await ordersOf(site)).toBe(1);
    await expectInvariants(it.db);
  });

  test('C05 · the key of another customer, or of another site, does not clash', async () => {
    const [one, two] = await Promise.all([
      it.makeSite({ handle: `c05one${round}` }),
      it.makeSite({ handle: `c05two${round}` }),
    ]);
    const idempotencyKey = `shared-key-${round}`;
    const callers = Array.from({ length: 24 }, (_, i) => {
      const site = i % 2 ? one : two;
      return { site, visitor: newcomer(site, i >> 1), lines: [{ variantId: only(site).variantId, quantity: 1 }] };
    });
    // The tossed cookie of another customer is no way to their answer either: the same token at the other site is another session.
    await Promise.all(callers.map((c) => fillCart(c.visitor, c.lines)));
    const answers = await Promise.all(callers.map((c) => checkOut(c.visitor, c.site, c.lines, { idempotencyKey })));
    expect(tally(answers.map((a) => a.status))).toEqual({ 200: 24 });
    expect(new Set(answers.map((a) => (a.value as { orderId: string }).orderId)).size).toBe(24);
    expect(await ordersOf(one)).toBe(12);
    expect(await ordersOf(two)).toBe(12);
    await expectInvariants(it.db);
  });

  test('C02 · a failed order paid again 50 times at once has one new payment, and everybody is sent to it', async () => {
    const site = await it.makeSite({ handle: `c02again${round}` });
    const visitor = it.visitor(site);
    const placed = await placeOrder(it, site, [{ variantId: only(site).variantId, quantity: 1 }], {}, visitor);
    await it.notify(site, { type: 'payment.failed', paymentId: placed.paymentId, amount: placed.total });
    const answers = await together(CALLERS, (i) => again(visitor, i).form(`${placed.orderPath}/pay`, {}));
    expect(tally(answers.map((a) => a.status))).toEqual({ 303: CALLERS });
    const payments = await ownerRows<{ redirect_url: string }>(
      it.db,
      'select redirect_url from payments where order_id = $1 order by payment_id',
      [placed.orderId],
    );
    expect(payments).toHaveLength(2);
    expect(tally(answers.map((a) => a.headers.location ?? ''))).toEqual({ [payments[1]?.redirect_url ?? '']: CALLERS });
    expect(await level(only(site).variantId)).toMatchObject({ reserved: 1 });
    await expectInvariants(it.db);
  });

  test('C03 · a cart changed while it is checked out is charged as seen, or its buyer is asked again', async () => {
    const site = await it.makeSite({ handle: `c03cart${round}` });
    const [first, second] = site.products.flatMap((p) => p.variants);
    if (!first || !second) throw new Error('the site sells too little');
    const lines = [{ variantId: first.variantId, quantity: 1 }];
    const answers = await together(CALLERS / 2, async (i) => {
      const visitor = newcomer(site, i);
      await fillCart(visitor, lines);
      const fields = checkoutFields(site, lines);
      const [placed] = await Promise.all([
        visitor.mutate('checkout.submit', fields),
        fillCart(again(visitor, i + 1), [{ variantId: second.variantId, quantity: 1 }]),
        visitor.form(`/cart/items/${first.variantId}`, { quantity: '3' }, { accept: 'application/json' }),
      ]);
      return { placed, total: fields.expectedTotal };
    });
    expect(answers.map(({ placed }) => placed.status).filter((s) => s !== 200 && s !== 409)).toEqual([]);
    for (const { placed, total } of answers) {
      if (placed.status === 409)
        expect(['total_changed', 'cart_changed', 'cart_empty']).toContain(placed.refusal?.code);
      else
        expect(
          await ownerRows(it.db, 'select total_amount::numeric(12,2)::text as total from orders where order_id = $1', [
            (placed.value as { orderId: string }).orderId,
          ]),
        ).toEqual([{ total }]);
    }
    await expectInvariants(it.db);
  });
});

test('nothing that was tried here made the server stumble', () => expect(it.errors()).toEqual([]));
