import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expireOrder } from '@souk/api/commerce/order-actions';
import { withSite } from '@souk/db';
import { setOnHand } from '@souk/db/catalog';
import { type OrderId, id } from '@souk/domain/shared';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rounds } from '../attack-rounds.ts';
import {
  type HttpClient,
  type PlacedOrder,
  type SignedNotice,
  type TestApi,
  type TestSite,
  checkOut,
  deliver,
  expectInvariants,
  fillCart,
  seededRandom,
  signNotice,
  startTestApi,
} from '../index.ts';
import { type Happening, PRICE, type ShopModel, amountOf, happens, heldPieces } from './shop-model.ts';

/*
 * M: random lives of whole shops against a model of thirty lines. After every happening the rows say what the model says:
 * status, money, goods, exceptions. What once went wrong is kept in corpus/order-lives.json and tried first.
 */

let it: TestApi;
let owner: pg.Client;
let shops = 0;
beforeAll(async () => {
  it = await startTestApi();
  owner = new pg.Client({ connectionString: it.db.ownerUrl });
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await it.close();
});

const CORPUS = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'corpus', 'order-lives.json'), 'utf8'),
) as Happening[][];

const START = 8;
const order = fc.nat({ max: 3 });
const payment = fc.constantFrom('first' as const, 'last' as const);
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ does: fc.constant('submit' as const), pieces: fc.integer({ min: 1, max: 4 }) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      does: fc.constant('capture' as const),
      order,
      payment,
      share: fc.constantFrom('all' as const, 'all' as const, 'half' as const, 'more' as const),
      kind: fc.constantFrom('right' as const, 'right' as const, 'right' as const, 'USD' as const, 'live' as const),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      does: fc.constantFrom('decline' as const, 'decline' as const, 'authorise' as const, 'void' as const),
      order,
      payment,
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      does: fc.constantFrom(
        'retry' as const,
        'retry' as const,
        'cancel' as const,
        'expire' as const,
        'fulfil' as const,
        'replay' as const,
      ),
      order,
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('count' as const), pieces: fc.nat({ max: 12 }) }) },
);

type RealOrder = Pick<PlacedOrder, 'orderId' | 'orderPath'> & { notice: SignedNotice | undefined };
type RealShop = { readonly site: TestSite; readonly admin: HttpClient; readonly orders: RealOrder[] };

const rows = async <Row extends pg.QueryResultRow>(text: string, values: readonly unknown[]): Promise<Row[]> =>
  (await owner.query<Row>(text, [...values])).rows;

const decimal = (minorUnits: number): string => (minorUnits / 100).toFixed(2);

/** Does to a real shop what happens; says whether it was taken. */
async function reallyHappens(shop: RealShop, model: ShopModel, what: Happening): Promise<'ok' | 'refused'> {
  const { site, admin } = shop;
  const variantId = site.products[0]?.variants[0]?.variantId;
  if (!variantId) throw new Error('the shop sells nothing');
  if (what.does === 'count') {
    await withSite(it.db.database, site.siteId, (tx) =>
      setOnHand(tx, [{ variantId, onHand: what.pieces }], 'adjusted', site.owner),
    );
    return 'ok';
  }
  if (what.does === 'submit') {
    const visitor = it.visitor(site);
    const lines = [{ variantId, quantity: what.pieces }];
    if ((await fillCart(visitor, lines)).status === 409) return 'refused';
    const answer = await checkOut(visitor, site, lines);
    if (answer.status !== 200) return 'refused';
    shop.orders.push({ ...(answer.value as RealOrder), notice: undefined });
    return 'ok';
  }
  const at = what.order % shop.orders.length;
  const [real, expected] = [shop.orders[at], model.orders[at]];
  if (!real || !expected) return 'ok';
  const taken = (status: number): 'ok' | 'refused' => (status < 400 ? 'ok' : 'refused');
  const byVersion = async (): Promise<{ orderId: string; version: number }> => {
    const [found] = await rows<{ version: number }>('select version from orders where order_id = $1', [real.orderId]);
    return { orderId: real.orderId, version: found?.version ?? 0 };
  };
  switch (what.does) {
    case 'retry':
      return taken((await it.visitor(site).form(`${real.orderPath}/pay`, {})).status);
    case 'cancel':
      return taken((await admin.mutate('orders.cancel', { ...(await byVersion()), reason: 'other' })).status);
    case 'fulfil':
      return taken((await admin.mutate('orders.fulfil', await byVersion())).status);
    case 'expire':
      return (await expireOrder(it.api.services, site.siteId, id<OrderId>(real.orderId))) ? 'ok' : 'refused';
    case 'replay':
      if (!real.notice) return 'ok';
      return taken((await deliver(it.service(), site.configId, real.notice)).status);
    default: {
      const payments = await rows<{ payment_id: string }>(
        'select payment_id from payments where order_id = $1 order by payment_id',
        [real.orderId],
      );
      const paymentId = payments.at(what.payment === 'first' ? 0 : -1)?.payment_id ?? '';
      real.notice = signNotice(site, {
        type: (
          {
            capture: 'payment.captured',
            decline: 'payment.failed',
            authorise: 'payment.authorised',
            void: 'payment.voided',
          } as const
        )[what.does],
        paymentId,
        amount: decimal(what.does === 'capture' ? amountOf(expected, what.share) : expected.total),
        ...(what.does === 'capture' && what.kind === 'USD' ? { currency: 'USD' } : {}),
        ...(what.does === 'capture' && what.kind === 'live' ? { mode: 'live' } : {}),
      });
      return taken((await deliver(it.service(), site.configId, real.notice)).status);
    }
  }
}

/** A shop as its rows say, in the words of the model. */
async function seen({ site }: RealShop) {
  const orders = await rows<{ status: string; covered: string; held: boolean; payments: number; exceptions: string[] }>(
    `select o.status, coalesce((select max(covered) from payment_evidence e where e.order_id = o.order_id), 0)::numeric(12,2)::text as covered,
      exists (select 1 from stock_reservations r where r.order_id = o.order_id and r.status = 'held') as held,
      (select count(*)::int from payments p where p.order_id = o.order_id) as payments,
      array(select x.kind from payment_exceptions x where x.order_id = o.order_id order by x.kind) as exceptions
      from orders o where o.site_id = $1 order by o.order_id`,
    [site.siteId],
  );
  const [level] = await rows<{ on_hand: number; reserved: number }>(
    'select on_hand, reserved from inventory_levels where site_id = $1',
    [site.siteId],
  );
  return { orders, level };
}

const foretold = (model: ShopModel): Awaited<ReturnType<typeof seen>> => ({
  orders: model.orders.map(({ status, covered, held, payments, exceptions }) => ({
    status,
    covered: decimal(covered),
    held,
    payments,
    exceptions: exceptions.toSorted(),
  })),
  level: { on_hand: model.onHand, reserved: heldPieces(model) },
});

test('M · whatever happens in a shop, in whatever order, its rows say what the model says', async () => {
  const { seed } = seededRandom('order-lives');
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 4, maxLength: 24 }), async (life) => {
      shops += 1;
      const site = await it.makeSite({ handle: `life${shops}`, products: [[{ price: PRICE, stock: START }]] });
      const shop: RealShop = { site, admin: await it.signedInAs(site, 'MANAGE_ORDERS'), orders: [] };
      const model: ShopModel = { onHand: START, orders: [] };
      for (const what of life) {
        const answer = await reallyHappens(shop, model, what);
        expect([what, answer]).toEqual([what, happens(model, what)]);
        expect(await seen(shop)).toEqual(foretold(model));
      }
    }),
    { seed, numRuns: rounds(25, 400) + CORPUS.length, examples: CORPUS.map((life) => [life]), endOnFailure: false },
  );
  await expectInvariants(it.db);
  expect(it.errors()).toEqual([]);
}, 3_600_000);
