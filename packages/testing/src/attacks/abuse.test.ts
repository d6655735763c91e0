import { CHECKOUT_LIMITS } from '@souk/domain/commerce';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rounds } from '../attack-rounds.ts';
import {
  type HttpClient,
  type Line,
  type TestApi,
  type TestSite,
  checkOut,
  checkoutFields,
  expectInvariants,
  fillCart,
  httpClient,
  ownerRows,
  placeOrder,
  startTestApi,
  tally,
  together,
} from '../index.ts';

/* What somebody does who never means to pay: cards tried one after the other, goods held back, links guessed. */

let it: TestApi;
beforeAll(async () => {
  // This machine is the proxy in front, so that each visitor can have an address of their own.
  it = await startTestApi({ environment: { trustedProxies: ['127.0.0.1'] } });
});
afterAll(async () => {
  expect(it.errors()).toEqual([]);
  await it.close();
});

const from = (site: TestSite, address: string | undefined): HttpClient =>
  httpClient(it.port, site.host, { headers: { 'x-forwarded-for': address } });
const first = (site: TestSite): string => site.products[0]?.variants[0]?.variantId ?? '';
const oneOf = (site: TestSite, quantity = 1): Line[] => [{ variantId: first(site), quantity }];
const begunAt = (site: TestSite): number =>
  it.sandbox.books().sessions.filter((s) => s.description.startsWith(`Order ${site.site.orderPrefix}-`)).length;
const decline = async (site: TestSite, orderId: string): Promise<void> => {
  const [payment] = await ownerRows<{ payment_id: string; amount: string }>(
    it.db,
    'select payment_id, amount::numeric(12,2)::text as amount from payments where order_id = $1 order by payment_id desc limit 1',
    [orderId],
  );
  await it.notify(site, {
    type: 'payment.failed',
    paymentId: payment?.payment_id ?? '',
    amount: payment?.amount ?? '',
  });
};
const reserved = async (site: TestSite): Promise<number> =>
  (
    await ownerRows<{ reserved: number }>(it.db, 'select reserved from inventory_levels where variant_id = $1', [
      first(site),
    ])
  )[0]?.reserved ?? -1;

test('H01 · a proxy that is trusted is believed for the visitor’s address, never for the host', async () => {
  const [site, other] = [await it.makeSite({ handle: 'h01-a' }), await it.makeSite({ handle: 'h01-b' })];
  const answer = await from(site, '192.0.2.99').get('/products', {
    'x-forwarded-host': other.host,
    forwarded: `for=192.0.2.1;host=${other.host}`,
    'x-original-host': other.host,
  });
  expect([answer.status, answer.text.includes('of h01-a'), answer.text.includes('h01-b')]).toEqual([200, true, false]);
});

// Four rounds of fifty are past every limit; the long form goes on to five hundred.
const CARDS_EACH = rounds(4, 10);

test('B01 · hundreds of cards tried from 50 addresses: the provider hears of few, and a real buyer still passes', async () => {
  const site = await it.makeSite({ handle: 'b01-many', products: [[{ price: 100, stock: 5_000 }]] });
  const testers = Array.from({ length: 50 }, (_, i) => from(site, `203.0.113.${i + 1}`));
  const statuses: number[] = [];
  for (let round = 0; round < CARDS_EACH; round += 1) {
    for (const tester of testers) {
      // A refused checkout leaves the cart as it was; one that was placed needs another.
      if (round === 0 || statuses.at(-testers.length) === 200) await fillCart(tester, oneOf(site));
      const answer = await checkOut(tester, site, oneOf(site));
      statuses.push(answer.status);
      if (answer.status === 200) await decline(site, (answer.value as { orderId: string }).orderId);
      else
        expect(answer.refusal).toMatchObject({
          code: 'too_many_attempts',
          message: expect.stringMatching(/wait (a|\d+) minutes?, then try again/),
          facts: { retryAfterSeconds: expect.any(Number) },
        });
    }
  }
  expect(statuses).toHaveLength(50 * CARDS_EACH);
  // So many until the site is seen to be tested; by then each address has had a declined one.
  expect(begunAt(site)).toBeLessThanOrEqual(CHECKOUT_LIMITS.siteDeclined + testers.length);
  expect(tally(statuses)['429'] ?? 0).toBeGreaterThanOrEqual(50 * CARDS_EACH - 100);

  const buyer = from(site, '198.51.100.7');
  const placed = await placeOrder(it, site, oneOf(site), {}, buyer);
  await it.notify(site, { type: 'payment.captured', paymentId: placed.paymentId, amount: placed.total });
  expect(await ownerRows(it.db, 'select status from orders where order_id = $1', [placed.orderId])).toEqual([
    { status: 'confirmed' },
  ]);
  // Another site is not tested, and one who is refused here may buy there.
  const other = await it.makeSite({ handle: 'b01-other' });
  expect((await placeOrder(it, other, oneOf(other), {}, from(other, '203.0.113.1'))).orderId).toBeTruthy();
  await expectInvariants(it.db);
});

test('B01 · a busy address whose paid orders have left the house already is not stopped by a few declined cards', async () => {
  const site = await it.makeSite({ handle: 'b01-busy' });
  const office = from(site, '192.0.2.44');
  const owner = await it.signedInAs(site, 'owner');
  for (let i = 0; i <= CHECKOUT_LIMITS.visitor.declined; i += 1) {
    const paid = await placeOrder(it, site, oneOf(site), {}, office);
    await it.notify(site, { type: 'payment.captured', paymentId: paid.paymentId, amount: paid.total });
    expect((await owner.mutate('orders.fulfil', { orderId: paid.orderId, version: 2 })).status).toBe(200);
  }
  for (let i = 0; i < CHECKOUT_LIMITS.visitor.declined; i += 1)
    await decline(site, (await placeOrder(it, site, oneOf(site), {}, office)).orderId);
  expect((await placeOrder(it, site, oneOf(site), {}, office)).orderId).toBeTruthy();
});

test('B01 · one address: ten declined cards, then a wait that its answer names, by form and by call', async () => {
  const site = await it.makeSite({ handle: 'b01-one' });
  const tester = from(site, '192.0.2.1');
  for (let i = 0; i < CHECKOUT_LIMITS.visitor.declined; i += 1)
    await decline(site, (await placeOrder(it, site, oneOf(site), {}, tester)).orderId);
  await fillCart(tester, oneOf(site));
  const refused = await tester.post('/trpc/checkout.submit', {});
  expect(refused.status).toBe(400);
  const begun = begunAt(site);
  // Ten at once are refused as well as one.
  const answers = await together(10, () => checkOut(tester, site, oneOf(site)));
  expect(tally(answers.map((a) => a.status))).toEqual({ 429: 10 });
  const page = await tester.form('/checkout', checkoutFields(site, oneOf(site)));
  expect(page.status).toBe(429);
  expect(Number(page.headers['retry-after'])).toBeGreaterThan(600);
  expect(page.text).toContain('Too many cards were declined');
  const called = await tester.post('/trpc/checkout.submit', checkoutFields(site, oneOf(site)));
  expect([called.status, Number(called.headers['retry-after']) > 600]).toEqual([429, true]);
  expect(begunAt(site)).toBe(begun);
  expect((await tester.query('cart.get')).value).toMatchObject({ lines: [{ quantity: 1 }] });
  // The wait has an end.
  await ownerRows(
    it.db,
    `update payment_entries set "timestamp" = "timestamp" - interval '16 minutes' where site_id = $1`,
    [site.siteId],
  );
  expect((await checkOut(tester, site, oneOf(site))).status).toBe(200);
});

test('B01 · an address that pays is no tester, however many cards it has seen declined', async () => {
  const site = await it.makeSite({ handle: 'b01-office' });
  const office = (): HttpClient => from(site, '192.0.2.2');
  for (let i = 0; i < 12; i += 1) {
    const placed = await placeOrder(it, site, oneOf(site), {}, office());
    await it.notify(site, { type: 'payment.captured', paymentId: placed.paymentId, amount: placed.total });
    await decline(site, (await placeOrder(it, site, oneOf(site), {}, office())).orderId);
  }
});

test('B01 · one order is tried to pay five times in a while, from wherever', async () => {
  const site = await it.makeSite({ handle: 'b01-order' });
  const placed = await placeOrder(it, site, oneOf(site), {}, from(site, '192.0.2.3'));
  const statuses: number[] = [];
  for (let i = 0; i < 12; i += 1) {
    await decline(site, placed.orderId);
    const again = await from(site, `192.0.2.${10 + i}`).form(`${placed.orderPath}/pay`, {});
    statuses.push(again.status);
    if (again.status === 429) expect(Number(again.headers['retry-after'])).toBeGreaterThan(0);
  }
  expect(tally(statuses)).toEqual({
    303: CHECKOUT_LIMITS.paymentsPerOrder - 1,
    429: 12 - CHECKOUT_LIMITS.paymentsPerOrder + 1,
  });
  expect(begunAt(site)).toBe(CHECKOUT_LIMITS.paymentsPerOrder);
});

test('B01 · one address does not open order after order without paying any', async () => {
  const site = await it.makeSite({ handle: 'b01-open', products: [[{ price: 100, stock: 5_000 }]] });
  const visitors = Array.from({ length: 40 }, () => from(site, '192.0.2.4'));
  await together(40, (i) => fillCart(visitors[i] ?? expect.fail('nobody'), oneOf(site)));
  for (const visitor of visitors) await checkOut(visitor, site, oneOf(site));
  expect(begunAt(site)).toBe(CHECKOUT_LIMITS.visitor.waitingOrders);
  const refused = await checkOut(visitors[39] ?? expect.fail('nobody'), site, oneOf(site));
  expect([refused.status, refused.refusal?.message]).toEqual([429, expect.stringContaining('pay one of them')]);
});

test('B02 · one address, many carts at once: half of what is left is held, and others buy', async () => {
  const site = await it.makeSite({ handle: 'b02-one', products: [[{ price: 100, stock: 100 }]] });
  const carts = Array.from({ length: 50 }, () => from(site, '192.0.2.5'));
  await together(50, (i) => fillCart(carts[i] ?? expect.fail('nobody'), oneOf(site, 4)));
  const answers = await together(50, (i) => checkOut(carts[i] ?? expect.fail('nobody'), site, oneOf(site, 4)));
  expect(tally(answers.map((a) => a.status))).toEqual({ 200: 12, 409: 38 });
  expect(answers.find((a) => a.status === 409)?.refusal).toMatchObject({
    code: 'share_is_held',
    message: expect.stringContaining('Only 2 of Thing 1 of b02-one'),
    facts: { variantId: first(site), stillFree: 2, retryAfterSeconds: expect.any(Number) },
  });
  expect(await reserved(site)).toBe(48);
  expect((await placeOrder(it, site, oneOf(site, 4), {}, from(site, '192.0.2.6'))).orderId).toBeTruthy();
  // What is paid is bought, not held: the address may order again.
  const placed = answers.flatMap((a) => (a.status === 200 ? [(a.value as { orderId: string }).orderId] : []));
  const payments = await ownerRows<{ payment_id: string }>(
    it.db,
    'select payment_id from payments where order_id = any($1::uuid[])',
    [placed.slice(0, 3)],
  );
  for (const { payment_id: paymentId } of payments)
    await it.notify(site, { type: 'payment.captured', paymentId, amount: '9.00' });
  expect((await placeOrder(it, site, oneOf(site, 4), {}, from(site, '192.0.2.5'))).orderId).toBeTruthy();
  await expectInvariants(it.db);
});

test('B02 · one cart does not hold more than half either, and is told how many it may', async () => {
  const site = await it.makeSite({ handle: 'b02-cart', products: [[{ price: 100, stock: 60 }]] });
  const visitor = from(site, '192.0.2.7');
  await fillCart(visitor, oneOf(site, 60));
  const refused = await checkOut(visitor, site, oneOf(site, 60));
  expect([refused.status, refused.refusal]).toEqual([
    409,
    expect.objectContaining({ code: 'share_is_held', message: expect.stringContaining('Only 30 of') }),
  ]);
  expect(await reserved(site)).toBe(0);
  await visitor.form(`/cart/items/${first(site)}`, { quantity: '30' });
  expect((await checkOut(visitor, site, oneOf(site, 30))).status).toBe(200);
});

test('B02 · unpaid checkouts behind a proxy that names nobody hold a bounded share too', async () => {
  const site = await it.makeSite({ handle: 'b02-crowd', products: [[{ price: 100, stock: 120 }]] });
  const tries = rounds(100, 1_000);
  const statuses: number[] = [];
  for (let i = 0; i < tries; i += 50) {
    const carts = Array.from({ length: 50 }, () => from(site, undefined));
    await together(50, (n) => fillCart(carts[n] ?? expect.fail('nobody'), oneOf(site)));
    statuses.push(
      ...(await together(50, (n) => checkOut(carts[n] ?? expect.fail('nobody'), site, oneOf(site)))).map(
        (a) => a.status,
      ),
    );
  }
  expect(tally(statuses)).toEqual({ 200: 60, 409: tries - 60 });
  expect(await reserved(site)).toBe(60);
  expect((await placeOrder(it, site, oneOf(site), {}, from(site, '192.0.2.8'))).orderId).toBeTruthy();
});

test('B01 · where an order came from is kept as a hash, and forgotten with its end', async () => {
  const site = await it.makeSite({ handle: 'b01-kept' });
  const placed = await placeOrder(it, site, oneOf(site), {}, from(site, '192.0.2.9'));
  const kept = () =>
    ownerRows<{ address_hash: Buffer | null }>(it.db, 'select address_hash from orders where order_id = $1', [
      placed.orderId,
    ]);
  expect((await kept())[0]?.address_hash).toHaveLength(16);
  const owner = await it.signedInAs(site, 'owner');
  expect((await owner.mutate('orders.cancel', { orderId: placed.orderId, version: 1, reason: 'other' })).status).toBe(
    200,
  );
  expect(await kept()).toEqual([{ address_hash: null }]);
});
