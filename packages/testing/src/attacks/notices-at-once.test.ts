import { expireOrder } from '@souk/api/commerce/order-actions';
import { type OrderStatus, type ProviderFact, outcomeOfNotice } from '@souk/domain/commerce';
import { type Currency, type OrderId, fromDecimal, id } from '@souk/domain/shared';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CALLERS, processOf, roundsOf, twoProcesses } from '../at-once.ts';
import {
  type ApiProcesses,
  type HttpClient,
  type NoticeType,
  type PlacedOrder,
  type TestSite,
  deliver,
  expectInvariants,
  ownerRows,
  placeOrder,
  signNotice,
  signed,
  tally,
  together,
} from '../index.ts';

/* Notices, people and clocks at the same order at the same moment, at two processes: one effect, one winner, no money lost. */

let it: ApiProcesses;
let site: TestSite;
let admin: HttpClient;
beforeAll(async () => {
  it = await twoProcesses();
});
afterAll(() => it.close());

const TOTAL = '20.00';
const order = (n: number): Promise<PlacedOrder> =>
  placeOrder(processOf(it, n), site, [{ variantId: site.products[0]?.variants[0]?.variantId ?? '', quantity: 1 }]);

type Wish = { readonly kind: string; readonly amount?: string; readonly currency?: string; readonly mode?: 'live' };

/** A notice of the provider, delivered to the process of the n-th caller. */
const notify = (n: number, o: PlacedOrder, { kind, amount = TOTAL, ...change }: Wish) =>
  processOf(it, n).notify(site, { type: `payment.${kind}` as NoticeType, paymentId: o.paymentId, amount, ...change });
const captured = { kind: 'captured' };
const adminAt = (n: number): HttpClient => admin.at(processOf(it, n).port);
/** Gives an order up, as the timers of a third process would. */
const expire = (o: PlacedOrder): Promise<boolean> =>
  expireOrder(
    { database: it.db.database, now: () => new Date(), newId: () => v7() },
    site.siteId,
    id<OrderId>(o.orderId),
  );

type Standing = {
  readonly status: OrderStatus;
  readonly entries: readonly string[];
  readonly covered: string;
  readonly exceptions: readonly string[];
  readonly log: readonly string[];
};
async function standing({ orderId }: PlacedOrder): Promise<Standing> {
  const [found] = await ownerRows<Standing>(
    it.db,
    `select o.status,
      array(select e.kind || ' ' || e.amount::numeric(12,2) from payment_entries e where e.order_id = o.order_id order by e.entry_id) as entries,
      coalesce((select max(covered) from payment_evidence v where v.order_id = o.order_id), 0)::numeric(12,2)::text as covered,
      array(select x.kind from payment_exceptions x where x.order_id = o.order_id and x.status = 'open' order by x.kind) as exceptions,
      array(select l.to_state from order_state_transition_logs l where l.order_id = o.order_id order by l.n) as log
    from orders o where o.order_id = $1`,
    [orderId],
  );
  if (!found) throw new Error('no such order');
  return found;
}

/** Kinds of notices, and what is true after two of them in one order or the other. */
const WISHES: readonly Wish[] = [
  captured,
  { kind: 'captured', amount: '5.00' },
  { kind: 'captured', amount: '25.00' },
  { kind: 'captured', currency: 'USD' },
  { kind: 'captured', mode: 'live' },
  { kind: 'authorised' },
  { kind: 'authorised', amount: '5.00' },
  { kind: 'failed' },
  { kind: 'voided' },
  { kind: 'pending' },
];
const pairs = WISHES.flatMap((a, i) => WISHES.slice(i).map((b) => [a, b] as const));

const EUR = 'EUR' as Currency;
/** What the domain's table says of these notices, one after the other. Only goods are left out: there are enough. */
function foretold(wishes: readonly Wish[]): Pick<Standing, 'status' | 'covered' | 'exceptions'> {
  let status: OrderStatus = 'pending_payment';
  let covered = 0;
  const exceptions: string[] = [];
  for (const wish of wishes) {
    const fact: ProviderFact = {
      kind: wish.kind as ProviderFact['kind'],
      amount: fromDecimal(wish.amount ?? TOTAL, (wish.currency ?? 'EUR') as Currency),
      mode: wish.mode ?? 'test',
    };
    const outcome = outcomeOfNotice(
      { status, mode: 'test', total: fromDecimal(TOTAL, EUR), covered: { minorUnits: covered, currency: EUR } },
      fact,
    );
    if (outcome.countsAsEvidence) covered += fact.amount.minorUnits;
    if (outcome.exception) exceptions.push(outcome.exception);
    status = {
      none: status,
      confirm: 'confirmed' as const,
      authorizePayment: 'payment_authorized' as const,
      failPayment: 'payment_failed' as const,
      lapsePayment: 'pending_payment' as const,
    }[outcome.transition ?? 'none'];
  }
  return { status, covered: (covered / 100).toFixed(2), exceptions: exceptions.toSorted() };
}

describe.each(roundsOf('notices-at-once'))('round $round', ({ round, random }) => {
  // A site of its own: declined payments of many rounds together would look like cards being tried (B01).
  beforeAll(async () => {
    site = await it.makeSite({ handle: `notices${round}`, products: [[{ price: 1500, stock: 10_000 }]] });
    admin = await it.signedInAs(site, 'MANAGE_ORDERS');
  });

  test('C07 · one notice delivered 50 times at once has one effect', async () => {
    const o = await order(random.below(2));
    const notice = signNotice(site, {
      type: 'payment.captured',
      paymentId: o.paymentId,
      amount: TOTAL,
      id: `msg_fifty_${o.orderId}`,
    });
    expect(
      tally(
        (await together(CALLERS, (i) => deliver(processOf(it, i).service(), site.configId, notice))).map(
          (a) => a.status,
        ),
      ),
    ).toEqual({
      200: CALLERS,
    });
    expect(await standing(o)).toEqual({
      status: 'confirmed',
      entries: ['captured 20.00'],
      covered: TOTAL,
      exceptions: [],
      log: ['draft', 'pending_payment', 'confirmed'],
    });
    expect(
      await ownerRows(it.db, 'select 1 from webhook_event_logs where external_event_id = $1', [
        `msg_fifty_${o.orderId}`,
      ]),
    ).toHaveLength(1);
    await expectInvariants(it.db);
  });

  test('C07 · fifty different notices of one payment at once: all money is kept, one confirmation', async () => {
    const o = await order(random.below(2));
    expect(
      tally((await together(CALLERS, (i) => notify(i, o, { kind: 'captured', amount: '1.00' }))).map((a) => a.status)),
    ).toEqual({ 200: CALLERS });
    const now = await standing(o);
    expect(now).toMatchObject({ status: 'confirmed', covered: '50.00' });
    expect(now.entries).toHaveLength(50);
    await expectInvariants(it.db);
  });

  test('C07 · a forged notice with the real id first does not keep the real one out', async () => {
    const o = await order(random.below(2));
    const real = signNotice(site, {
      type: 'payment.captured',
      paymentId: o.paymentId,
      amount: TOTAL,
      id: `msg_real_${o.orderId}`,
    });
    const forged = signed(
      `whsec_${Buffer.alloc(32, 9).toString('base64')}`,
      `msg_real_${o.orderId}`,
      real.body.replace('captured', 'failed'),
    );
    expect(
      tally(
        (
          await together(CALLERS, (i) => deliver(processOf(it, i).service(), site.configId, i === 25 ? real : forged))
        ).map((a) => a.status),
      ),
    ).toEqual({ 200: 1, 401: CALLERS - 1 });
    expect((await standing(o)).status).toBe('confirmed');
    await expectInvariants(it.db);
  });

  test('C08 · an admin cancels while a notice confirms: one wins, the log says which, the money is never lost', async () => {
    const orders = await together(16, order);
    const answers = await Promise.all(
      orders.map(async (o, i) => {
        const both = [
          () => notify(i, o, captured),
          () => adminAt(i + 1).mutate('orders.cancel', { orderId: o.orderId, version: 1, reason: 'other' }),
        ] as const;
        const [a, b] = i % 2 ? [both[0](), both[1]()] : [both[1](), both[0]()].toReversed();
        return { notified: (await a)?.status, cancelled: (await b)?.status };
      }),
    );
    for (const [i, o] of orders.entries()) {
      const now = await standing(o);
      expect(answers[i]?.notified).toBe(200);
      expect(now.covered).toBe(TOTAL);
      if (answers[i]?.cancelled === 200) expect(now).toMatchObject({ status: 'cancelled', exceptions: ['late'] });
      else expect([answers[i]?.cancelled, now.status, now.exceptions]).toEqual([409, 'confirmed', []]);
      expect(now.log).toEqual(['draft', 'pending_payment', now.status]);
    }
    await expectInvariants(it.db);
  });

  test('C09 · one order sent and cancelled by many at once: one wins, goods leave once or come back once', async () => {
    const orders = await together(6, order);
    for (const [i, o] of orders.entries()) await notify(i, o, captured);
    const [before] = await ownerRows<{ on_hand: number; reserved: number }>(
      it.db,
      'select on_hand, reserved from inventory_levels where site_id = $1',
      [site.siteId],
    );
    const answers = await Promise.all(
      orders.map((o) =>
        together(8, (i) =>
          i % 2
            ? adminAt(i >> 1).mutate('orders.fulfil', { orderId: o.orderId, version: 2 })
            : adminAt(i >> 1).mutate('orders.cancel', { orderId: o.orderId, version: 2, reason: 'other' }),
        ),
      ),
    );
    let sent = 0;
    for (const [i, o] of orders.entries()) {
      expect(tally((answers[i] ?? []).map((x) => x.status))).toEqual({ 200: 1, 409: 7 });
      const { status } = await standing(o);
      expect(['completed', 'cancelled']).toContain(status);
      if (status === 'completed') sent += 1;
      expect(await ownerRows(it.db, 'select 1 from fulfilments where order_id = $1', [o.orderId])).toHaveLength(
        status === 'completed' ? 1 : 0,
      );
    }
    expect(
      await ownerRows(it.db, 'select on_hand, reserved from inventory_levels where site_id = $1', [site.siteId]),
    ).toEqual([{ on_hand: (before?.on_hand ?? 0) - sent, reserved: (before?.reserved ?? 0) - orders.length }]);
    await expectInvariants(it.db);
  });

  test('C08 · an order expires while a notice confirms: one wins, the money is never lost', async () => {
    const orders = await together(16, order);
    const answers = await Promise.all(
      orders.map(async (o, i) => {
        const [expired, notified] =
          i % 2
            ? await Promise.all([expire(o), notify(i >> 1, o, captured)])
            : (await Promise.all([notify(i >> 1, o, captured), expire(o)])).toReversed();
        return { expired, notified };
      }),
    );
    for (const [i, o] of orders.entries()) {
      const now = await standing(o);
      expect(now.covered).toBe(TOTAL);
      if (answers[i]?.expired === true) expect(now).toMatchObject({ status: 'expired', exceptions: ['late'] });
      else expect(now).toMatchObject({ status: 'confirmed', exceptions: [] });
    }
    await expectInvariants(it.db);
  });

  test('C07 · every pair of notices at once, one at each process, ends as in one order or the other', async () => {
    const some = random.shuffled(pairs).slice(0, 28);
    const orders = await together(some.length, order);
    await Promise.all(
      some.map(async ([a, b], i) => {
        const o = orders[i];
        if (!o) throw new Error('too few orders');
        const answers = await Promise.all(
          random.below(2) ? [notify(0, o, a), notify(1, o, b)] : [notify(1, o, b), notify(0, o, a)],
        );
        expect(tally(answers.map((x) => x.status))).toEqual({ 200: 2 });
        const { status, covered, exceptions } = await standing(o);
        expect([foretold([a, b]), foretold([b, a])], JSON.stringify([a, b])).toContainEqual({
          status,
          covered,
          exceptions,
        });
      }),
    );
    await expectInvariants(it.db);
  });
});

test('nothing that was tried here made the server stumble', () => expect(it.errors()).toEqual([]));
