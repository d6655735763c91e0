import { adminRouter } from '@souk/api/admin-router';
import { submitOrder } from '@souk/api/commerce/checkout';
import { checkoutInput } from '@souk/api/commerce/checkout.input';
import { receiveNotice } from '@souk/api/commerce/notices';
import {
  cartPage,
  checkoutPage,
  homePage,
  listPage,
  orderPage,
  productPage,
} from '@souk/api/storefront-html/shop-pages';
import { serviceRouter } from '@souk/api/service-router';
import { hashToken } from '@souk/api/identity/session';
import { countRoundTrips } from '@souk/db';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Line,
  type TestApi,
  type TestSite,
  checkoutFields,
  fillCart,
  ownerRows,
  placeOrder,
  signNotice,
  startTestApi,
} from '../index.ts';

/* How often each hot path waits for the database: a number that may only fall, and that does not grow with what is shown. */

let it: TestApi;
let small: TestSite;
let large: TestSite;
beforeAll(async () => {
  it = await startTestApi();
  small = await it.makeSite({ handle: 'trips-small', products: [[{ price: 100, stock: 50 }]] });
  large = await it.makeSite({
    handle: 'trips-large',
    products: Array.from({ length: 30 }, () => [
      { price: 100, stock: 50 },
      { price: 200, stock: 50 },
      { price: 300, stock: 50 },
    ]),
  });
  // The first number of a block is fetched beside the order, as one in twenty is.
  for (const site of [small, large]) for (let i = 0; i < 3; i += 1) await placeOrder(it, site, linesOf(site));
});
afterAll(() => it.close());

const linesOf = (site: TestSite): Line[] =>
  site.products.slice(0, 20).map((p) => ({ variantId: p.variants[0]?.variantId ?? '', quantity: 1 }));
const trips = async (work: () => Promise<unknown>): Promise<number> => (await countRoundTrips(work)).roundTrips;
const both = async (work: (site: TestSite) => Promise<unknown>): Promise<number[]> => [
  await trips(() => work(small)),
  await trips(() => work(large)),
];

const visitOf = async (site: TestSite) => {
  const visitor = it.visitor(site);
  await fillCart(visitor, linesOf(site));
  return {
    services: it.api.services,
    site: site.site,
    origin: `http://${site.host}`,
    session: hashToken(visitor.cookies.get(`souk-cart-${site.handle}`) ?? ''),
    path: '/',
  };
};

describe('round trips of the shop', () => {
  test.each([
    ['the home page', 2, (v: Awaited<ReturnType<typeof visitOf>>) => homePage(v)],
    ['a list', 1, (v: Awaited<ReturnType<typeof visitOf>>) => listPage(v, new URLSearchParams())],
    [
      'a search',
      1,
      (v: Awaited<ReturnType<typeof visitOf>>) =>
        listPage(v, new URLSearchParams('q=thing&collection=all-things&inStock=1&sort=price_asc')),
    ],
    [
      'a product page',
      1,
      (v: Awaited<ReturnType<typeof visitOf>>) => productPage(v, `${v.site.handle}-thing-1`, undefined),
    ],
    ['a cart', 1, (v: Awaited<ReturnType<typeof visitOf>>) => cartPage(v)],
    ['a checkout page', 1, (v: Awaited<ReturnType<typeof visitOf>>) => checkoutPage(v)],
  ])('%s waits %i times, whatever it shows', async (_what, expected, page) => {
    const visits = [await visitOf(small), await visitOf(large)];
    for (const visit of visits) expect(await trips(() => page(visit))).toBe(expected);
  });

  test('an order’s page waits 3 times: its frame beside the order and its commit', async () => {
    const counts = await Promise.all(
      [small, large].map(async (site) => {
        const [visit, placed] = [await visitOf(site), await placeOrder(it, site, linesOf(site))];
        return trips(() => orderPage(visit, placed.orderPath.replace('/orders/', '')));
      }),
    );
    expect(counts).toEqual([3, 3]);
  });

  test('a submit waits as often for 20 lines as for one', async () => {
    const counts: number[] = [];
    for (const site of [small, large]) {
      const visit = await visitOf(site);
      const input = checkoutInput.parse(checkoutFields(site, linesOf(site)));
      counts.push(await trips(() => submitOrder(it.api.services, site.site, visit.session, input, '127.0.0.1')));
    }
    // The cart's lock; the answer, the stock's locks, cart and credential; everything written, with the commit. Then the
    // provider is called outside, and what it said is kept.
    expect(counts).toEqual([4, 4]);
  });

  test('a notice that confirms waits as often for 20 lines as for one', async () => {
    const counts: number[] = [];
    for (const site of [small, large]) {
      const placed = await placeOrder(it, site, linesOf(site));
      const { headers, body } = signNotice(site, {
        type: 'payment.captured',
        paymentId: placed.paymentId,
        amount: placed.total,
      });
      counts.push(await trips(() => receiveNotice(it.api.services, site.configId, headers, Buffer.from(body))));
    }
    // Whose configuration it is; the credential; the payment; the notice, the order's lock and what covers it; the rest with the commit.
    expect(counts).toEqual([5, 5]);
  });
});

describe('round trips of the admin', () => {
  const facts = (site: TestSite, token: string) => ({
    services: it.api.services,
    requestId: 'test',
    address: '127.0.0.1',
    cookies: { 'souk-admin': token },
    headers: { 'x-souk-site': site.handle, authorization: `Bearer ${site.apiKey}` },
    setHeader: () => undefined,
    setCookie: () => undefined,
  });
  const caller = async (site: TestSite) =>
    adminRouter.createCaller({
      audience: 'admin',
      ...facts(site, (await it.signedInAs(site, 'owner')).cookies.get('souk-admin') ?? ''),
    });

  test('the lists of orders and products wait twice: the door and the rows', async () => {
    const callers = new Map([
      [small, await caller(small)],
      [large, await caller(large)],
    ]);
    expect(await both(async (site) => callers.get(site)?.orders.list({}))).toEqual([2, 2]);
    expect(await both(async (site) => callers.get(site)?.products.list({}))).toEqual([2, 2]);
    expect(await both(async (site) => callers.get(site)?.orders.counts())).toEqual([2, 2]);
    expect(await both(async (site) => callers.get(site)?.products.counts({}))).toEqual([2, 2]);
    expect(await both(async (site) => callers.get(site)?.dashboard.get({}))).toEqual([3, 3]);
    expect(
      await both(async (site) => callers.get(site)?.products.get({ productId: site.products[0]?.productId ?? '' })),
    ).toEqual([6, 6]);
  });

  test('E01 · a stranger’s knock at a site costs the same work whether the site exists or not', async () => {
    const token = (await it.signedInAs(small, 'owner')).cookies.get('souk-admin') ?? '';
    const knock = (handle: string) =>
      trips(() =>
        adminRouter
          .createCaller({ audience: 'admin', ...facts({ ...large, handle }, token) })
          .orders.list({})
          .catch((error: unknown) => error),
      );
    expect([await knock(large.handle), await knock('no-such-site')]).toEqual([1, 1]);
    const input = (orderId: string) =>
      trips(() =>
        adminRouter
          .createCaller({ audience: 'admin', ...facts(small, token) })
          .orders.get({ orderId })
          .catch((error: unknown) => error),
      );
    const theirs = await placeOrder(it, large, linesOf(large));
    const [foreign, unknown] = [await input(theirs.orderId), await input('01930000-0000-7000-8000-0000000000aa')];
    expect(foreign).toBe(unknown);
  });

  test('publishing 30 products waits as often as publishing one', async () => {
    const callers = new Map([
      [small, await caller(small)],
      [large, await caller(large)],
    ]);
    const productIds = (site: TestSite) => site.products.map((p) => p.productId);
    const [one, thirty] = await both(async (site) =>
      callers.get(site)?.products.unpublish({ productIds: productIds(site) }),
    );
    expect(thirty).toBe(one);
    const [publishOne, publishThirty] = await both(async (site) =>
      callers.get(site)?.products.publish({ productIds: productIds(site) }),
    );
    expect(publishThirty).toBe(publishOne);
  });

  test('a service’s list waits twice: the key and the rows', async () => {
    const service = (site: TestSite) => serviceRouter.createCaller({ audience: 'service', ...facts(site, '') });
    // That a key is used is noted once a minute, and nobody waits for it.
    await ownerRows(it.db, 'update api_keys set last_used_at = now()');
    expect(await both((site) => service(site).orders.list({}))).toEqual([2, 2]);
    expect(await both((site) => service(site).products.list({}))).toEqual([2, 2]);
  });
});
