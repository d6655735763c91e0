import { get } from 'node:http';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import {
  type HttpClient,
  type TestApi,
  type TestSite,
  expectInvariants,
  ownerRows,
  placeOrder,
  startTestApi,
  until,
} from '../index.ts';

/* K02: the clock of the machine jumps. Whatever it says, nothing breaks, and what was wrong about time is right again with it. */

const HOUR = 3_600_000;
let shift = 0;
let it: TestApi;
let site: TestSite;
beforeAll(async () => {
  it = await startTestApi({ now: () => new Date(Date.now() + shift), dueEveryMs: 200 });
  site = await it.makeSite({ handle: 'clock', products: [[{ price: 1000, stock: 1_000 }]] });
});
afterEach(async () => {
  shift = 0;
  await wholeOrder();
  await expectInvariants(it.db);
  expect(it.errors()).toEqual([]);
});
afterAll(() => it.close());

const lines = () => [{ variantId: site.products[0]?.variants[0]?.variantId ?? '', quantity: 1 }];
const statusOf = async (orderId: string): Promise<string | undefined> =>
  (await ownerRows<{ status: string }>(it.db, 'select status from orders where order_id = $1', [orderId]))[0]?.status;

/** An order is placed, paid, sent and mailed at whatever time it is; every answer is a yes. */
async function wholeOrder(owner?: HttpClient): Promise<string> {
  const { orderId, paymentId, total } = await placeOrder(it, site, lines());
  const noticed = await it.notify(site, { type: 'payment.captured', paymentId, amount: total });
  expect(noticed.status).toBe(200);
  expect(await statusOf(orderId)).toBe('confirmed');
  if (owner) {
    const { value } = await owner.query('orders.get', { orderId });
    const { version } = value as { version: number };
    expect((await owner.mutate('orders.fulfil', { orderId, version })).status).toBe(200);
  }
  await until('its mail is sent', async () => {
    const sent = await ownerRows(
      it.db,
      "select 1 from email_dispatch_logs where order_id = $1 and status = 'accepted'",
      [orderId],
    );
    return sent.length === (owner ? 2 : 1);
  });
  return orderId;
}

test('K02 · the clock jumps two hours ahead: sessions end in words, waiting orders expire, new ones are sold', async () => {
  const owner = await it.signedInAs(site, 'owner');
  const waiting = await placeOrder(it, site, lines());
  shift = 2 * HOUR;
  const refused = await owner.query('orders.list', {});
  expect([refused.status, refused.refusal?.code]).toEqual([401, 'not_signed_in']);
  await wholeOrder();
  await until('what waited has expired', async () => (await statusOf(waiting.orderId)) === 'expired');
  // Its money comes after all: it is kept for a person, whatever the clock said.
  await it.notify(site, { type: 'payment.captured', paymentId: waiting.paymentId, amount: waiting.total });
  expect(await ownerRows(it.db, 'select kind from payment_exceptions where order_id = $1', [waiting.orderId])).toEqual([
    { kind: 'late' },
  ]);
  shift = 0;
  expect((await owner.query('orders.list', {})).status).toBe(200);
});

test('K02 · the clock jumps two hours back in the middle of an order: it goes on, and expires at its time', async () => {
  const owner = await it.signedInAs(site, 'owner');
  const before = await placeOrder(it, site, lines());
  shift = -2 * HOUR;
  await it.notify(site, { type: 'payment.captured', paymentId: before.paymentId, amount: before.total });
  expect(await statusOf(before.orderId)).toBe('confirmed');
  await wholeOrder(owner);
  const early = await placeOrder(it, site, lines());
  shift = 0;
  await until('what was ordered two hours ago has expired', async () => (await statusOf(early.orderId)) === 'expired');
});

test.each([HOUR, -HOUR])(
  'K02 · a live screen opened while the clock is wrong (%d ms) hears what happens',
  async (wrong) => {
    const owner = await it.signedInAs(site, 'owner');
    shift = wrong / 2;
    const heard: string[] = [];
    const cookie = [...owner.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const call = get(
      {
        host: '127.0.0.1',
        port: it.port,
        agent: false,
        path: `/s/${site.handle}/live`,
        headers: { host: `admin.localhost:${it.port}`, cookie },
      },
      (answer) => answer.on('data', (piece: Buffer) => heard.push(piece.toString())).on('error', () => undefined),
    ).on('error', () => undefined);
    await until('the stream is open', () => heard.length > 0);
    const { orderId } = await placeOrder(it, site, lines());
    await until('the order is heard of', () => heard.join('').includes(orderId), 5);
    // What happened before is not told again.
    expect(heard.join('').match(/"order\.submitted"/g)).toHaveLength(1);
    call.destroy();
  },
);
