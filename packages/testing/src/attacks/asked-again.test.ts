import { beginPayment } from '@souk/api/commerce/checkout';
import { payAgain } from '@souk/api/commerce/order-actions';
import { withSite } from '@souk/db';
import { setOnHand } from '@souk/db/catalog';
import { type PaymentId, id } from '@souk/domain/shared';
import type { CartPage, CheckoutPage } from '@souk/storefront/page-data';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type HttpClient,
  type Line,
  type TestApi,
  type TestSite,
  checkOut,
  checkoutFields,
  expectInvariants,
  fillCart,
  ownerRows,
  pageOf,
  placeOrder,
  publishPrices,
  startTestApi,
  together,
} from '../index.ts';

/* C03, C04: what changes between cart and checkout is told, and asked again; nobody is charged what they did not see. */

let it: TestApi;
beforeAll(async () => {
  it = await startTestApi();
});
afterAll(() => it.close());

type Scene = { site: TestSite; visitor: HttpClient; lines: Line[]; owner: HttpClient };
let scenes = 0;

async function scene(): Promise<Scene> {
  scenes += 1;
  const site = await it.makeSite({
    handle: `again${scenes}`,
    products: [[{ price: 1000, stock: 5 }], [{ price: 2000, stock: 5 }]],
  });
  const visitor = it.visitor(site);
  const lines = site.products.map((p) => ({ variantId: p.variants[0]?.variantId ?? '', quantity: 2 }));
  await fillCart(visitor, lines);
  return { site, visitor, lines, owner: await it.signedInAs(site, 'owner') };
}

const count = async (site: TestSite, table: 'orders' | 'payments' | 'stock_reservations'): Promise<number> =>
  (
    await ownerRows<{ n: number }>(it.db, `select count(*)::int as n from ${table} where site_id = $1`, [site.siteId])
  )[0]?.n ?? -1;

type Change = {
  what: string;
  code: string;
  problem: string;
  words: RegExp;
  make: (s: Scene) => Promise<unknown>;
  left: number;
};
const changes: Change[] = [
  {
    what: 'a higher price is published',
    code: 'cart_changed',
    problem: 'price_changed',
    words: /price/i,
    left: 2,
    make: ({ site }) => publish(site, 1100),
  },
  {
    what: 'a lower price is published',
    code: 'cart_changed',
    problem: 'price_changed',
    words: /price/i,
    left: 2,
    make: ({ site }) => publish(site, 900),
  },
  {
    what: 'a product is unpublished',
    code: 'cart_changed',
    problem: 'not_sold_any_more',
    words: /not sold/,
    left: 1,
    make: ({ owner, site }) => owner.mutate('products.unpublish', { productIds: [site.products[0]?.productId] }),
  },
  {
    what: 'a product is hidden',
    code: 'cart_changed',
    problem: 'not_sold_any_more',
    words: /not sold/,
    left: 1,
    make: ({ site }) =>
      ownerRows(it.db, "update products set visibility = 'hidden' where product_id = $1", [
        site.products[0]?.productId,
      ]),
  },
  {
    what: 'a thing is counted away',
    code: 'cart_changed',
    problem: 'sold_out',
    words: /sold out/,
    left: 1,
    make: ({ site }) => counted(site, 0),
  },
  {
    what: 'one piece is left',
    code: 'cart_changed',
    problem: 'only_n_left',
    words: /Only 1/,
    left: 2,
    make: ({ site }) => counted(site, 1),
  },
];
const publish = (site: TestSite, price: number): Promise<void> => {
  const [product] = site.products;
  if (!product) throw new Error('no product');
  return publishPrices(it.db.database, site, product, 2, [price]);
};
const counted = (site: TestSite, onHand: number): Promise<void> =>
  withSite(it.db.database, site.siteId, (tx) =>
    setOnHand(
      tx,
      site.products.slice(0, 1).flatMap((p) => p.variants.map((v) => ({ variantId: v.variantId, onHand }))),
      'adjusted',
      site.owner,
    ),
  );

describe('C04 · between cart and checkout', () => {
  test.each(changes)(
    'C04 · $what: the buyer is told and asked again, by the API',
    async ({ code, problem, words, make, left }) => {
      const s = await scene();
      await make(s);
      const answer = await checkOut(s.visitor, s.site, s.lines);
      expect([answer.status, answer.refusal?.code]).toEqual([409, code]);
      expect(answer.refusal?.message).toMatch(words);
      expect(answer.refusal?.facts?.problems).toMatchObject([{ code: problem, variantId: s.lines[0]?.variantId }]);
      // Asking again without looking changes nothing: it is still not what was seen.
      expect((await checkOut(s.visitor, s.site, s.lines)).status).toBe(409);
      expect([
        await count(s.site, 'orders'),
        await count(s.site, 'payments'),
        await count(s.site, 'stock_reservations'),
      ]).toEqual([0, 0, 0]);
      // The next page says what changed, then it counts as seen, and what is left can be ordered at its price of now. Only a
      // price lets the buyer go on at once: the checkout shows it.
      const looked = pageOf(await s.visitor.get('/checkout')) as CartPage | CheckoutPage;
      expect([looked.kind, looked.cart.canCheckOut]).toEqual(
        problem === 'price_changed' ? ['checkout', true] : ['cart', false],
      );
      expect(looked.cart.problems).toHaveLength(1);
      expect(looked.cart.lines.flatMap((l) => (l.problem ? [l.problem.code] : []))).toEqual([problem]);
      const page = pageOf(await s.visitor.get('/checkout')) as CheckoutPage;
      expect(page.kind).toBe('checkout');
      expect(page.cart.lines).toHaveLength(left);
      const total = (page.total.minorUnits / 100).toFixed(2);
      expect((await checkOut(s.visitor, s.site, s.lines, { expectedTotal: total })).status).toBe(200);
      expect(
        await ownerRows(it.db, 'select total_amount::numeric(12,2)::text as total from orders where site_id = $1', [
          s.site.siteId,
        ]),
      ).toEqual([{ total }]);
      await expectInvariants(it.db);
    },
  );

  test.each(changes)('C04 · $what: the form is shown again, and says so', async ({ make }) => {
    const s = await scene();
    const before = pageOf(await s.visitor.get('/checkout')) as CheckoutPage;
    await make(s);
    const fields = { ...checkoutFields(s.site, s.lines), idempotencyKey: before.idempotencyKey };
    const answer = await s.visitor.form('/checkout', fields);
    const page = pageOf(answer) as CheckoutPage;
    expect([answer.status, page.kind]).toEqual([409, 'checkout']);
    expect(page.problems).toHaveLength(1);
    expect(page.values).toMatchObject({ email: fields.email, name: fields.name });
    expect(await count(s.site, 'orders')).toBe(0);
    const now = (page.total.minorUnits / 100).toFixed(2);
    const again = await s.visitor.form('/checkout', {
      ...fields,
      expectedTotal: now,
      idempotencyKey: page.idempotencyKey,
    });
    expect(again.status).toBe(303);
    expect(
      await ownerRows(it.db, 'select total_amount::numeric(12,2)::text as total from orders where site_id = $1', [
        s.site.siteId,
      ]),
    ).toEqual([{ total: now }]);
  });

  test('C04 · shipping that became dearer, or is not offered any more, is asked again', async () => {
    const s = await scene();
    await ownerRows(it.db, 'update shipping_methods set price = 7 where site_id = $1', [s.site.siteId]);
    expect((await checkOut(s.visitor, s.site, s.lines)).refusal).toMatchObject({
      code: 'total_changed',
      facts: { total: '67.00' },
    });
    await ownerRows(it.db, 'update shipping_methods set is_active = false where site_id = $1', [s.site.siteId]);
    expect((await checkOut(s.visitor, s.site, s.lines)).refusal).toMatchObject({
      code: 'wrong_field',
      field: 'shippingMethodId',
    });
    await ownerRows(it.db, 'update payment_configurations set is_enabled = false where site_id = $1', [s.site.siteId]);
    await ownerRows(it.db, 'update shipping_methods set is_active = true where site_id = $1', [s.site.siteId]);
    expect((await checkOut(s.visitor, s.site, s.lines)).refusal).toMatchObject({
      code: 'wrong_field',
      field: 'paymentConfigId',
    });
    expect(await count(s.site, 'orders')).toBe(0);
  });

  test('C04 · a page fetched ahead, or by another site, is not looked at: what changed is still asked', async () => {
    const s = await scene();
    await publish(s.site, 1100);
    for (const headers of [{ 'sec-purpose': 'prefetch' }, { 'sec-fetch-site': 'cross-site' }])
      expect((await s.visitor.get('/checkout', headers)).status).toBe(200);
    expect((await s.visitor.send('/checkout', { method: 'HEAD' })).status).toBe(200);
    expect((await checkOut(s.visitor, s.site, s.lines, { expectedTotal: '67.00' })).refusal).toMatchObject({
      code: 'cart_changed',
      facts: { problems: [{ code: 'price_changed' }] },
    });
    await s.visitor.get('/checkout');
    expect((await checkOut(s.visitor, s.site, s.lines, { expectedTotal: '67.00' })).status).toBe(200);
  });

  test('IN1 · a way of paying that was switched off begins no payment, the first nor another one', async () => {
    const s = await scene();
    const placed = await placeOrder(it, s.site, s.lines);
    const services = it.api.services;
    const token = placed.orderPath.split('/').at(-1) ?? '';
    const site = { siteId: s.site.siteId, primaryDomain: s.site.host };
    // As a crash leaves it: written, and not yet begun at the provider.
    await ownerRows(it.db, 'update payments set provider_reference = null, redirect_url = null where payment_id = $1', [
      placed.paymentId,
    ]);
    const switched = (on: boolean) =>
      ownerRows(it.db, 'update payment_configurations set is_enabled = $2 where site_id = $1', [s.site.siteId, on]);
    await switched(false);
    await expect(beginPayment(services, site, id<PaymentId>(placed.paymentId), token)).rejects.toMatchObject({
      refusal: { code: 'payment_not_offered' },
    });
    await it.notify(s.site, { type: 'payment.failed', paymentId: placed.paymentId, amount: placed.total });
    await expect(payAgain(services, site, token, '203.0.113.7')).rejects.toMatchObject({
      refusal: { code: 'payment_not_offered' },
    });
    expect(await count(s.site, 'payments')).toBe(1);
    expect(await ownerRows(it.db, 'select status from orders where site_id = $1', [s.site.siteId])).toEqual([
      { status: 'payment_failed' },
    ]);
    await switched(true);
    await payAgain(services, site, token, '203.0.113.7');
    expect(await count(s.site, 'payments')).toBe(2);
  });

  test('C04 · prices published while 30 check out: every order costs what its buyer saw', async () => {
    const site = await it.makeSite({ handle: 'againflood', products: [[{ price: 1000, stock: 500 }]] });
    const [product] = site.products;
    const lines = [{ variantId: product?.variants[0]?.variantId ?? '', quantity: 1 }];
    if (!product) throw new Error('no product');
    const buying = together(30, async (i) => {
      const visitor = it.visitor(site);
      await new Promise((done) => setTimeout(done, i * 4));
      await fillCart(visitor, lines);
      const page = pageOf(await visitor.get('/checkout')) as CheckoutPage;
      if (page.kind !== 'checkout') return undefined;
      const total = (page.total.minorUnits / 100).toFixed(2);
      const answer = await checkOut(visitor, site, lines, { expectedTotal: total });
      expect([200, 409]).toContain(answer.status);
      return answer.status === 200 ? { orderId: (answer.value as { orderId: string }).orderId, total } : undefined;
    });
    for (const [n, price] of [1111, 1222, 1333, 1444, 1555].entries())
      await publishPrices(it.db.database, site, product, n + 2, [price]);
    const placed = (await buying).flatMap((p) => (p ? [p] : []));
    for (const { orderId, total } of placed)
      expect(
        await ownerRows(it.db, 'select total_amount::numeric(12,2)::text as total from orders where order_id = $1', [
          orderId,
        ]),
      ).toEqual([{ total }]);
    await expectInvariants(it.db);
  });

  test('C12 · two publications of one product at once leave one published', async () => {
    const s = await scene();
    const productIds = s.site.products.map((p) => p.productId);
    await publish(s.site, 1234);
    const answers = await together(20, (i) =>
      s.owner.mutate(i % 2 ? 'products.publish' : 'products.unpublish', {
        productIds: i % 4 > 1 ? productIds : productIds.toReversed(),
      }),
    );
    expect(answers.map((x) => x.status)).toEqual(Array(20).fill(200));
    await expectInvariants(it.db);
  });
});

test('nothing that was tried here made the server stumble', () =>
  expect(it.errors().map((line) => line.slice(0, 400))).toEqual([]));
