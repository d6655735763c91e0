import { AsyncLocalStorage } from 'node:async_hooks';
import { adminCookie } from '@souk/api/identity/session';
import { adminProcedure, adminRouterOf } from '@souk/api/trpc/procedures';
import { withSite } from '@souk/db';
import { findImport, insertImport, moveImport, publishNewest, release, reserve, unpublish } from '@souk/db/catalog';
import { findPayment, lockOrder, saveTransition, setProviderReference } from '@souk/db/commerce';
import { transition } from '@souk/domain/commerce';
import { type OrderId, type PaymentId, type VariantId, id } from '@souk/domain/shared';
import { v7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type PlacedOrder,
  type TestApi,
  type TestSite,
  expectInvariants,
  ownerRows,
  placeOrder,
  startTestApi,
} from '../index.ts';

/* Writes that carry their condition with them, called as nothing calls them: without the lock that usually comes first. */

let it: TestApi;
let site: TestSite;
let placed: PlacedOrder;
beforeAll(async () => {
  it = await startTestApi();
  site = await it.makeSite({
    handle: 'conditions',
    products: [[{ price: 1000, stock: 5 }], [{ price: 500, stock: 3 }]],
  });
  placed = await placeOrder(it, site, [{ variantId: variant(0), quantity: 2 }]);
});
afterAll(() => it.close());

const variant = (product: number): VariantId => site.products[product]?.variants[0]?.variantId ?? id<VariantId>('');
const levels = () =>
  ownerRows<{ reserved: number }>(
    it.db,
    'select reserved from inventory_levels where site_id = $1 order by on_hand desc',
    [site.siteId],
  );

/** What a write meets whose condition did not hold: a row that belongs to nothing. */
const NO_ROW = (table: string, column: string) => ({ code: '23502', table, column });

test('AU2 · a step that starts where the order no longer is, is not saved', async () => {
  const other = await placeOrder(it, site, [{ variantId: variant(0), quantity: 1 }]);
  await expect(
    withSite(it.api.services.database, site.siteId, async (tx) => {
      const order = await lockOrder(tx, id<OrderId>(other.orderId));
      const moved = order && transition(order, 'expire', 'scheduler');
      if (!moved?.ok) throw new Error('the order does not wait');
      const cause = { transitionId: v7(), actor: { kind: 'system' }, reasonCode: 'test' } as const;
      saveTransition(tx, moved.value, cause);
      saveTransition(tx, moved.value, { ...cause, transitionId: v7() });
    }),
  ).rejects.toMatchObject(NO_ROW('order_state_transition_logs', 'order_id'));
});

test('O5 · more than is left is not reserved, also by whoever did not lock', async () => {
  await expect(
    withSite(it.api.services.database, site.siteId, async (tx) =>
      reserve(tx, id<OrderId>(placed.orderId), [{ variantId: variant(1), quantity: 4 }]),
    ),
  ).rejects.toMatchObject(NO_ROW('stock_reservations', 'location_id'));
});

test('O5 · what an order holds is given back once, however often it is asked for', async () => {
  const before = await levels();
  await expect(
    withSite(it.api.services.database, site.siteId, async (tx) => {
      release(tx, id<OrderId>(placed.orderId));
      release(tx, id<OrderId>(placed.orderId));
      throw new Error('as it was');
    }),
  ).rejects.toThrow('as it was');
  expect(await levels()).toEqual(before);
});

test('K01 · where a payment is paid is kept once: a second answer of the provider changes nothing', async () => {
  const paymentId = id<PaymentId>(placed.paymentId);
  const { database } = it.api.services;
  const other = { providerReference: 'cs_other', redirectUrl: 'https://other.example' };
  await setProviderReference(database, site.siteId, paymentId, other, new Date());
  const kept = await withSite(database, site.siteId, (tx) => findPayment(tx, paymentId));
  expect(kept?.redirectUrl).toBe(placed.redirectUrl);
});

test('C12 · of two publications of one product the second waits, and finds nothing left to do', async () => {
  const productIds = site.products.map((p) => p.productId);
  const by = { actorId: site.owner, triggeredBy: 'admin' } as const;
  const { database } = it.api.services;
  const inSite = <Value>(work: Parameters<typeof withSite<Value>>[2]) => withSite(database, site.siteId, work);
  await inSite((tx) => unpublish(tx, productIds, by, () => v7()));
  const outside = AsyncLocalStorage.snapshot();
  let second: Promise<number> | undefined;
  const first = await inSite(async (tx) => {
    const done = await publishNewest(tx, productIds, by, () => v7());
    // Begun outside this transaction, as another process would; it is given time to come as far as it can.
    second = outside(() => inSite(async (other) => (await publishNewest(other, productIds, by, () => v7())).length));
    await new Promise((wake) => setTimeout(wake, 300));
    return done.length;
  });
  expect([first, await second]).toEqual([productIds.length, 0]);
  expect(
    await ownerRows(it.db, "select 1 from publication_events where site_id = $1 and to_state = 'published'", [
      site.siteId,
    ]),
  ).toHaveLength(2 * productIds.length);
});

test('C12 · an import is moved on only from where it is: what was cancelled is not written', async () => {
  const importId = v7();
  const status = await withSite(it.api.services.database, site.siteId, async (tx) => {
    await insertImport(tx, { importId, fileName: 'things.csv', byteSize: 1, createdBy: site.owner });
    expect(await moveImport(tx, importId, ['checking'], 'cancelled')).toBe(true);
    expect(await moveImport(tx, importId, ['checking', 'ready'], 'applying')).toBe(false);
    return (await findImport(tx, importId))?.status;
  });
  expect(status).toBe('cancelled');
});

test('AU1 · a mutation that leaves no row in the log is an error, not an answer', async () => {
  const router = adminRouterOf({
    silent: adminProcedure('any').mutation(() => ({})),
    asking: adminProcedure('any').query(() => ({})),
  });
  const owner = await it.signedInAs(site, 'owner');
  const cookie = adminCookie('development');
  const caller = router.createCaller({
    audience: 'admin',
    services: it.api.services,
    requestId: 'test',
    address: '127.0.0.1',
    cookies: { [cookie]: owner.cookies.get(cookie) ?? '' },
    headers: { 'x-souk-site': site.handle },
    setHeader: () => undefined,
    setCookie: () => undefined,
  });
  expect(await caller.asking()).toEqual({});
  await expect(caller.silent()).rejects.toThrow('silent changed something without a log row');
});

test('after all this every invariant holds', () => expectInvariants(it.db));
