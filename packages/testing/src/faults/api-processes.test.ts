import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type ApiProcesses,
  type TestSite,
  checkOut,
  expectInvariants,
  fillCart,
  ownerRows,
  placeOrder,
  startApiProcesses,
} from '../index.ts';

/* Several API processes on one database are one installation: whoever is spoken to, it is the same shop. */

let them: ApiProcesses;
let site: TestSite;
beforeAll(async () => {
  them = await startApiProcesses({ count: 2 });
  site = await them.makeSite({ handle: 'two-doors' });
});
afterAll(async () => {
  await expectInvariants(them.db);
  expect(them.errors()).toEqual([]);
  await them.close();
});

const lines = () => [{ variantId: site.products[0]?.variants[0]?.variantId ?? '', quantity: 1 }];

test('K01 · a cart filled at one process is checked out at the other, and paid at the first', async () => {
  const [one, two] = them.processes;
  if (!one || !two) throw new Error('two processes were asked for');
  const visitor = one.visitor(site);
  await fillCart(visitor, lines());
  const answer = await checkOut(visitor.at(two.port), site, lines());
  expect(answer.status).toBe(200);
  const { orderId } = answer.value as { orderId: string };
  const [payment] = await ownerRows<{ payment_id: string; amount: string }>(
    them.db,
    'select payment_id, amount::text from payments where order_id = $1',
    [orderId],
  );
  await one.notify(site, {
    type: 'payment.captured',
    paymentId: payment?.payment_id ?? '',
    amount: payment?.amount ?? '',
  });
  const owner = await two.signedInAs(site, 'owner');
  expect((await owner.query('orders.get', { orderId })).value).toMatchObject({ status: 'confirmed' });
});

test('K01 · a process that was killed starts again on its port, and the other has served meanwhile', async () => {
  const [one, two] = them.processes;
  if (!one || !two) throw new Error('two processes were asked for');
  expect(await two.kill('SIGKILL')).toBeNull();
  expect(two.pid()).toBeUndefined();
  await placeOrder(one, site, lines());
  await two.start();
  await placeOrder(two, site, lines());
});

test('K03 · SIGTERM ends a process in order', async () => {
  const [, two] = them.processes;
  expect(await two?.kill('SIGTERM')).toBe(0);
  await two?.start();
});
