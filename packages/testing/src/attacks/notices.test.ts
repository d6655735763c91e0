import { withSite } from '@souk/db';
import { enableAfterTest, insertCredential, insertPaymentConfiguration } from '@souk/db/integrations';
import { lockOrder, saveTransition } from '@souk/db/commerce';
import { cancelOrder, expireOrder, payAgain } from '@souk/api/commerce/order-actions';
import { type OrderStatus, type OrderTransition, transition } from '@souk/domain/commerce';
import type { TriggeredBy } from '@souk/domain/shared';
import { type ConfigId, type OrderId, id } from '@souk/domain/shared';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type HttpClient,
  type NoticeType,
  type PlacedOrder,
  type TestApi,
  type TestSite,
  deliver,
  expectInvariants,
  ownerRows,
  placeOrder,
  signNotice,
  signed,
  startTestApi,
  tally,
} from '../index.ts';

/* What a provider's notices do to orders in every state: once, in any order, late, wrong, forged. */

let it: TestApi;
let site: TestSite;
let api: HttpClient;
let admin: HttpClient;
beforeAll(async () => {
  it = await startTestApi();
  site = await it.makeSite({ handle: 'notices', products: [[{ price: 1500, stock: 2000 }]] });
  api = it.service();
  admin = await it.signedInAs(site, 'MANAGE_ORDERS');
});
afterAll(() => it.close());

const TOTAL = '20.00';
const order = async (): Promise<PlacedOrder> => {
  const variantId = site.products[0]?.variants[0]?.variantId ?? '';
  const placed = await placeOrder(it, site, [{ variantId, quantity: 1 }]);
  expect(placed.total).toBe(TOTAL);
  return placed;
};

type Standing = {
  readonly status: OrderStatus;
  readonly entries: readonly string[];
  readonly covered: string;
  readonly exceptions: readonly string[];
};

/** Where an order stands, as its rows say. */
async function standing({ orderId }: PlacedOrder): Promise<Standing> {
  const [found] = await ownerRows<Standing>(
    it.db,
    `select o.status,
      array(select e.kind || ' ' || e.amount::numeric(12,2) from payment_entries e where e.order_id = o.order_id order by e.entry_id) as entries,
      coalesce((select max(covered) from payment_evidence v where v.order_id = o.order_id), 0)::numeric(12,2)::text as covered,
      array(select x.kind from payment_exceptions x where x.order_id = o.order_id and x.status = 'open' order by x.exception_id) as exceptions
    from orders o where o.order_id = $1`,
    [orderId],
  );
  if (!found) throw new Error('no such order');
  return found;
}

const notify = (
  o: PlacedOrder,
  kind: string,
  amount = TOTAL,
  change: { currency?: string; mode?: 'live' | 'test'; id?: string } = {},
) => it.notify(site, { type: `payment.${kind}` as NoticeType, paymentId: o.paymentId, amount, ...change });

/** Makes steps of the order's table that no screen makes yet. */
const step = (o: PlacedOrder, name: Exclude<OrderTransition, 'confirm'>, by: TriggeredBy): Promise<void> =>
  withSite(it.db.database, site.siteId, async (tx) => {
    const found = await lockOrder(tx, id<OrderId>(o.orderId));
    const moved = found && transition(found, name, by);
    if (!moved?.ok) throw new Error(`no ${name} from ${found?.status}`);
    saveTransition(tx, moved.value, {
      transitionId: it.api.services.newId(),
      actor: { kind: 'system' },
      reasonCode: 'test',
    });
  });

const versionOf = async (o: PlacedOrder): Promise<number> =>
  (await ownerRows<{ version: number }>(it.db, 'select version from orders where order_id = $1', [o.orderId]))[0]
    ?.version ?? 0;
const cancel = async (o: PlacedOrder) =>
  admin.mutate('orders.cancel', { orderId: o.orderId, version: await versionOf(o), reason: 'other' });
const expire = (o: PlacedOrder): Promise<boolean> => expireOrder(it.api.services, site.siteId, id<OrderId>(o.orderId));

// draft is not among them: a draft has no payment yet, so no notice can name one.
const REACH: Readonly<Record<Exclude<OrderStatus, 'draft'>, (o: PlacedOrder) => Promise<unknown>>> = {
  pending_payment: async () => undefined,
  payment_authorized: (o) => notify(o, 'authorised'),
  payment_failed: (o) => notify(o, 'failed'),
  confirmed: (o) => notify(o, 'captured'),
  on_hold: async (o) => {
    await notify(o, 'captured');
    await step(o, 'hold', 'admin');
  },
  processing: async (o) => {
    await notify(o, 'captured');
    await step(o, 'process', 'admin');
  },
  completed: async (o) => {
    await notify(o, 'captured');
    await admin.mutate('orders.fulfil', { orderId: o.orderId, version: await versionOf(o) });
  },
  cancelled: cancel,
  expired: expire,
};

/*
 * The table, written out: notice × state of the order → the state after it and the exception it opens. `=` stays, `-` opens none.
 * States: pending_payment, payment_authorized, payment_failed, confirmed, on_hold, processing, completed, cancelled, expired.
 */
type State = keyof typeof REACH;
const STATES = Object.keys(REACH) as State[];
const KINDS: Readonly<
  Record<string, { kind: string; amount: string; currency?: string; mode?: 'live'; records: boolean; money: boolean }>
> = {
  'captured exactly': { kind: 'captured', amount: TOTAL, records: true, money: true },
  'captured less': { kind: 'captured', amount: '19.99', records: true, money: true },
  'captured more': { kind: 'captured', amount: '20.01', records: true, money: true },
  'captured in another currency': { kind: 'captured', amount: TOTAL, currency: 'USD', records: true, money: false },
  'captured in another mode': { kind: 'captured', amount: TOTAL, mode: 'live', records: true, money: false },
  'authorised exactly': { kind: 'authorised', amount: TOTAL, records: true, money: false },
  'authorised less': { kind: 'authorised', amount: '19.99', records: true, money: false },
  'authorised in another currency': { kind: 'authorised', amount: TOTAL, currency: 'USD', records: true, money: false },
  'authorised in another mode': { kind: 'authorised', amount: TOTAL, mode: 'live', records: true, money: false },
  failed: { kind: 'failed', amount: TOTAL, records: true, money: false },
  voided: { kind: 'voided', amount: TOTAL, records: true, money: false },
  pending: { kind: 'pending', amount: TOTAL, records: false, money: false },
};
// oxfmt-ignore
const TABLE: Readonly<Record<string, readonly string[]>> = {
  //                                pending_payment        payment_authorized     payment_failed         confirmed         on_hold           processing        completed         cancelled         expired
  'captured exactly':              ['confirmed -',         'confirmed -',         'confirmed -',         '= overpaid',     '= overpaid',     '= overpaid',     '= overpaid',     '= late',         '= late'],
  'captured less':                 ['= underpaid',         '= underpaid',         '= underpaid',         '= overpaid',     '= overpaid',     '= overpaid',     '= overpaid',     '= late',         '= late'],
  'captured more':                 ['confirmed overpaid',  'confirmed overpaid',  'confirmed overpaid',  '= overpaid',     '= overpaid',     '= overpaid',     '= overpaid',     '= late',         '= late'],
  'captured in another currency':  Array(9).fill('= wrong_currency') as string[],
  'captured in another mode':      Array(9).fill('= wrong_mode') as string[],
  'authorised exactly':            ['payment_authorized -', '= -',                '= -',                 '= -',            '= -',            '= -',            '= -',            '= unexpected_authorisation', '= unexpected_authorisation'],
  'authorised less':               ['= -',                 '= -',                 '= -',                 '= -',            '= -',            '= -',            '= -',            '= unexpected_authorisation', '= unexpected_authorisation'],
  'authorised in another currency': Array(9).fill('= wrong_currency') as string[],
  'authorised in another mode':    Array(9).fill('= wrong_mode') as string[],
  'failed':                        ['payment_failed -',    '= -',                 '= -',                 '= -',            '= -',            '= -',            '= -',            '= -',            '= -'],
  'voided':                        ['= -',                 'pending_payment -',   '= -',                 '= -',            '= -',            '= -',            '= -',            '= -',            '= -'],
  'pending':                       ['= -',                 '= -',                 '= -',                 '= -',            '= -',            '= -',            '= -',            '= -',            '= -'],
};

const cells = Object.entries(TABLE).flatMap(([what, row]) =>
  row.map((cell, i) => ({ what, state: STATES[i] ?? 'expired', cell })),
);

describe('C07 · notice × order state', () => {
  test.concurrent.each(cells)('C07 · $what, order $state: $cell', async ({ what, state, cell }) => {
    const notice = KINDS[what];
    const [to = '', exception = ''] = cell.split(' ');
    if (!notice) throw new Error(`no notice called ${what}`);
    const o = await order();
    await REACH[state](o);
    const before = await standing(o);
    expect(before.status).toBe(state);
    expect(before.exceptions).toEqual([]);
    expect(
      (
        await notify(o, notice.kind, notice.amount, {
          ...(notice.currency ? { currency: notice.currency } : {}),
          ...(notice.mode ? { mode: notice.mode } : {}),
        })
      ).status,
    ).toBe(200);
    expect(await standing(o)).toEqual({
      status: to === '=' ? state : to,
      entries: notice.records ? [...before.entries, `${notice.kind} ${notice.amount}`] : before.entries,
      covered: (Number(before.covered) + (notice.money ? Number(notice.amount) : 0)).toFixed(2),
      exceptions: exception === '-' ? [] : [exception],
    });
  });

  test('C07 · after the whole table every invariant holds', () => expectInvariants(it.db));
});

describe('C07 · pairs of notices', () => {
  // What both orders of a pair, and both at once, must come to: all money is recorded, and the order is confirmed exactly when the money covers it.
  const words = [
    'captured 20.00',
    'captured 12.00',
    'captured 25.00',
    'authorised 20.00',
    'failed 20.00',
    'voided 20.00',
    'pending 20.00',
    'captured 20.00 USD',
  ];
  const pairs = words.flatMap((first, i) => words.slice(i).map((second) => ({ first, second })));
  const send = (o: PlacedOrder, word: string) => {
    const [kind = '', amount = '', currency] = word.split(' ');
    return notify(o, kind, amount, currency ? { currency } : {});
  };
  const money = (word: string): number =>
    word.startsWith('captured') && !word.endsWith('USD') ? Number(word.split(' ')[1]) : 0;

  test.concurrent.each(pairs)('C07 · $first and $second, either first and both at once', async ({ first, second }) => {
    const orders = [await order(), await order(), await order()] as const;
    await send(orders[0], first);
    await send(orders[0], second);
    await send(orders[1], second);
    await send(orders[1], first);
    await Promise.all([send(orders[2], first), send(orders[2], second)]);
    const covered = money(first) + money(second);
    for (const o of orders) {
      const now = await standing(o);
      expect(Number(now.covered)).toBe(covered);
      expect(now.entries.toSorted()).toEqual(
        [first, second]
          .filter((w) => !w.startsWith('pending'))
          .map((w) => w.split(' ').slice(0, 2).join(' '))
          .toSorted(),
      );
      expect(now.status === 'confirmed').toBe(covered >= Number(TOTAL));
      expect(now.exceptions.filter((x) => x === 'wrong_currency')).toHaveLength(
        [first, second].filter((w) => w.endsWith('USD')).length,
      );
      expect(now.exceptions.includes('overpaid')).toBe(covered > Number(TOTAL));
    }
  });

  test('C07 · after all pairs every invariant holds', () => expectInvariants(it.db));
});

test('C07 · money that comes for a failed order whose goods are sold meanwhile waits for a person', async () => {
  const scarce = await it.makeSite({ handle: 'scarce', products: [[{ price: 1500, stock: 1 }]] });
  const line = [{ variantId: scarce.products[0]?.variants[0]?.variantId ?? '', quantity: 1 }];
  const first = await placeOrder(it, scarce, line);
  await it.notify(scarce, { type: 'payment.failed', paymentId: first.paymentId, amount: TOTAL });
  const second = await placeOrder(it, scarce, line);
  await it.notify(scarce, { type: 'payment.captured', paymentId: second.paymentId, amount: TOTAL });
  expect(
    (await it.notify(scarce, { type: 'payment.captured', paymentId: first.paymentId, amount: TOTAL })).status,
  ).toBe(200);
  expect(await standing(second)).toMatchObject({ status: 'confirmed', exceptions: [] });
  expect(await standing(first)).toMatchObject({ status: 'payment_failed', covered: TOTAL, exceptions: ['late'] });
  await expectInvariants(it.db);
});

test('O3 · a verified notice of an unknown payment, of a kind nobody knows, or that cannot be read, is kept and changes nothing', async () => {
  const before = await ownerRows<{ n: number }>(it.db, 'select count(*)::int as n from payment_entries');
  const bodies = [
    '{}',
    '[]',
    'null',
    JSON.stringify({ type: 'payment.exploded', data: {} }),
    JSON.stringify({
      type: 'payment.captured',
      data: { reference: site.siteId, amount: '1.00', currency: 'EUR', mode: 'test' },
    }),
    JSON.stringify({
      type: 'payment.captured',
      data: { reference: '\u0000', amount: '1.00', currency: 'EUR', mode: 'test' },
    }),
    JSON.stringify({
      type: 'payment.captured',
      data: { reference: site.siteId, amount: '-1.00', currency: 'EUR', mode: 'test' },
    }),
    JSON.stringify({
      type: 'payment.captured',
      data: { reference: site.siteId, amount: '1e3', currency: 'EUR', mode: 'test' },
    }),
    JSON.stringify({
      type: 'payment.captured',
      data: { reference: site.siteId, amount: '1.001', currency: 'EUR', mode: 'test' },
    }),
  ];
  for (const [i, body] of bodies.entries())
    expect((await deliver(api, site.configId, signed(site.credential.noticeSecret, `msg_odd_${i}`, body))).status).toBe(
      200,
    );
  expect(await ownerRows(it.db, 'select count(*)::int as n from payment_entries')).toEqual(before);
  const kept = await ownerRows<{ status: string }>(
    it.db,
    "select a.status from webhook_event_logs e join webhook_processing_attempts a using (site_id, webhook_event_id) where e.external_event_id like 'msg_odd_%'",
  );
  expect(tally(kept.map((k) => k.status))).toEqual({ ignored: bodies.length });
});

test('O3 · a payment of one site named in a notice of another moves nothing', async () => {
  const other = await it.makeSite({ handle: 'other-notices' });
  const o = await order();
  expect((await it.notify(other, { type: 'payment.captured', paymentId: o.paymentId, amount: TOTAL })).status).toBe(
    200,
  );
  expect(await standing(o)).toEqual({ status: 'pending_payment', entries: [], covered: '0.00', exceptions: [] });
});

test('O3 · the secret of another configuration of the same site signs for its own payments only', async () => {
  const configId = id<ConfigId>(it.api.services.newId(it.api.services.now()));
  const noticeSecret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  await withSite(it.api.services.database, site.siteId, async (tx) => {
    const credentialId = it.api.services.newId(tx.at);
    await insertCredential(tx, it.api.services.key, credentialId, { ...site.credential, noticeSecret });
    await insertPaymentConfiguration(tx, { configId, providerName: 'sandbox', mode: 'live', credentialId });
    await enableAfterTest(tx, configId);
  });
  const o = await order();
  const notice = signNotice(
    { ...site, credential: { ...site.credential, noticeSecret } },
    { type: 'payment.captured', paymentId: o.paymentId, amount: TOTAL },
  );
  expect((await deliver(api, configId, notice)).status).toBe(200);
  expect(await standing(o)).toEqual({ status: 'pending_payment', entries: [], covered: '0.00', exceptions: [] });
  expect(
    (
      await deliver(
        api,
        site.configId,
        signNotice(site, { type: 'payment.captured', paymentId: o.paymentId, amount: TOTAL }),
      )
    ).status,
  ).toBe(200);
  expect((await standing(o)).status).toBe('confirmed');
});

test('C07 · a late refusal of an older payment does not end the one the buyer is paying with', async () => {
  const o = await order();
  await it.notify(site, { type: 'payment.failed', paymentId: o.paymentId, amount: TOTAL });
  expect((await standing(o)).status).toBe('payment_failed');
  await payAgain(
    it.api.services,
    { ...site, primaryDomain: site.host },
    o.orderPath.split('/').at(-1) ?? '',
    '127.0.0.1',
  );
  await it.notify(site, { type: 'payment.failed', paymentId: o.paymentId, amount: TOTAL });
  expect(await standing(o)).toMatchObject({ status: 'pending_payment', entries: ['failed 20.00', 'failed 20.00'] });
});

test('O3 · the money of an order cancelled after payment waits for a person', async () => {
  const o = await order();
  await it.notify(site, { type: 'payment.captured', paymentId: o.paymentId, amount: TOTAL });
  await withSite(it.api.services.database, site.siteId, async (tx) => {
    const now = await lockOrder(tx, id<OrderId>(o.orderId));
    await cancelOrder(
      it.api.services,
      tx,
      { orderId: id<OrderId>(o.orderId), version: now?.version ?? 0, reason: 'changed_mind' },
      { adminId: site.siteId },
    );
  });
  expect(await standing(o)).toMatchObject({ status: 'cancelled', exceptions: ['to_refund'] });
  await expectInvariants(it.db);
});

test('nothing that was tried here made the server stumble', () => expect(it.errors()).toEqual([]));
