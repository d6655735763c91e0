import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { APPEND_ONLY, VERSION_ROWS } from '@souk/db/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type PlacedOrder,
  type TestApi,
  type TestSite,
  decimal,
  fillCart,
  ownerRows,
  placeOrder,
  startTestApi,
  until,
} from '../index.ts';
import { sightingsOf } from '../sightings.ts';

/* G6: canary values in everything a buyer types, then a look into every table, log and queue for them. */

// Every value is found by its middle, however it is cut, cased or quoted.
const CANARY = 'qzxcanary';
const BUYER = {
  email: `${CANARY}mail@example.org`,
  name: `Zoë ${CANARY}name`,
  line1: `${CANARY}street 7`,
  line2: `${CANARY}floor`,
  city: `${CANARY}town`,
  postalCode: `${CANARY}zip`.slice(0, 20),
  phone: `+49 ${CANARY}phone`,
};

let it: TestApi;
let site: TestSite;
let paid: PlacedOrder;
beforeAll(async () => {
  it = await startTestApi();
  site = await it.makeSite({ handle: 'canary' });
  const [first, second] = site.products.flatMap((p) => p.variants);
  if (!first || !second) throw new Error('the site sells too little');
  const line = [{ variantId: first.variantId, quantity: 1 }];
  const owner = await it.signedInAs(site, 'owner');
  // Paid and sent; failed and paid again; cancelled; overpaid; refused for a wrong field and for a wrong total.
  paid = await placeOrder(it, site, line, BUYER);
  await it.notify(site, { type: 'payment.captured', paymentId: paid.paymentId, amount: paid.total });
  await it.notify(site, { type: 'payment.captured', paymentId: paid.paymentId, amount: decimal(1, site.currency) });
  await owner.mutate('orders.fulfil', { orderId: paid.orderId, version: 2, carrier: 'Post', trackingNumber: '1' });
  const failed = await placeOrder(it, site, line, BUYER);
  await it.notify(site, { type: 'payment.failed', paymentId: failed.paymentId, amount: failed.total });
  await it.visitor(site).form(`${failed.orderPath}/pay`, {});
  const cancelled = await placeOrder(it, site, line, BUYER);
  await owner.mutate('orders.cancel', { orderId: cancelled.orderId, version: 1, reason: 'customer_asked' });
  const visitor = it.visitor(site);
  await fillCart(visitor, [{ variantId: second.variantId, quantity: 1 }]);
  for (const change of [{ country: CANARY }, { expectedTotal: '1.00' }]) {
    await visitor.mutate('checkout.submit', {
      ...BUYER,
      country: 'GB',
      shippingMethodId: site.shippingMethodId,
      paymentConfigId: site.configId,
      expectedTotal: '1.00',
      idempotencyKey: 'canary-key-1',
      ...change,
    });
  }
  await owner.query('orders.list', { q: `${CANARY}name` });
  await owner.query('orders.get', { orderId: paid.orderId });
  await visitor.get(`/products?q=${CANARY}search`);
  await visitor.get(paid.orderPath);
  await until(
    'both mails of the paid order are sent',
    async () =>
      (
        await ownerRows(it.db, "select 1 from email_dispatch_logs where order_id = $1 and status = 'accepted'", [
          paid.orderId,
        ])
      ).length === 2,
    20,
  );
});
afterAll(() => it.close());

const sightings = (): Promise<string[]> => sightingsOf(it, CANARY);

describe('G6 · canaries', () => {
  test('G6 · they stand in the contact and fiscal rows, and nowhere else in the whole database', async () => {
    expect(await sightings()).toEqual([
      'order_parties.city',
      'order_parties.line1',
      'order_parties.line2',
      'order_parties.name',
      'order_parties.phone',
      'order_parties.postal_code',
      'orders.customer_email',
    ]);
  });

  test('G6 · so in no row that is written once', async () => {
    for (const table of [...APPEND_ONLY, ...VERSION_ROWS.keys()])
      expect([
        table,
        await ownerRows(it.db, `select 1 from "${table}" t where position($1 in t::text) > 0`, [CANARY]),
      ]).toEqual([table, []]);
    // The log of mails and the kept notices had something to hide: they are not empty.
    expect((await ownerRows(it.db, 'select 1 from email_dispatch_logs')).length).toBeGreaterThan(2);
    expect(
      (await ownerRows(it.db, 'select 1 from webhook_event_logs where person_id <> site_id')).length,
    ).toBeGreaterThan(2);
  });

  test('G6 · one in clear in a log would be seen', async () => {
    await ownerRows(
      it.db,
      "update email_dispatch_logs set recipient_sealed = convert_to($1, 'UTF8') where order_id = $2",
      [BUYER.email, paid.orderId],
    );
    await ownerRows(
      it.db,
      "update admin_action_logs set after = jsonb_build_object('note', $1::text) where entity_id = $2",
      [BUYER.name, paid.orderId],
    );
    expect(await sightings()).toEqual(
      expect.arrayContaining(['email_dispatch_logs.recipient_sealed', 'admin_action_logs.after']),
    );
  });

  test('L01 · the API’s log of errors, and what it keeps beside mails and uploads, has none', () => {
    const files = (folder: string): string[] =>
      readdirSync(folder, { withFileTypes: true }).flatMap((e) =>
        e.isDirectory() ? files(join(folder, e.name)) : [join(folder, e.name)],
      );
    const seen = files(it.home)
      .filter((file) => readFileSync(file).includes(CANARY))
      .map((file) => file.slice(it.home.length + 1).replace(/\/.*/, ''));
    // The development mailbox holds mails: that is what it is for.
    expect([...new Set(seen)]).toEqual(['mail']);
  });

  test('H11 · the page of an order masks what a stranger with its link should not read', async () => {
    const { text } = await it.visitor(site).get(paid.orderPath);
    expect(text).not.toContain(`${CANARY}street`);
    expect(text).not.toContain(`${CANARY}mail`);
    expect(text).not.toContain(`${CANARY}phone`);
    expect(text).not.toContain(`${CANARY}zip`);
  });

  test('G6 · names and addresses are not told to another site’s owner or to a service', async () => {
    const other = await it.makeSite({ handle: 'canary-other' });
    const stranger = await it.signedInAs(other, 'owner');
    for (const answer of [
      await stranger.query('orders.list', { q: `${CANARY}name` }),
      await stranger.query('orders.list', {}),
      await stranger.query('orders.get', { orderId: paid.orderId }),
    ])
      expect(answer.text).not.toContain(CANARY);
    const service = it.service(site.apiKey);
    for (const answer of [
      await service.query('orders.list', {}),
      await service.query('orders.get', { orderId: paid.orderId }),
    ]) {
      expect(answer.status).toBe(200);
      expect(answer.text).not.toContain(CANARY);
    }
  });
});
