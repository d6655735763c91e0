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
  together,
  until,
} from '../index.ts';
import { settled } from '../settled.ts';

/* Several API processes on one database are one installation: whoever is spoken to, it is the same shop. */

let them: ApiProcesses;
let site: TestSite;
beforeAll(async () => {
  them = await startApiProcesses({ count: 2, dueEveryMs: 50, superviseSeconds: 1 });
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

/* K06: both processes have timers, a relay and workers, all looking for the same work all the time. */

const place = (count: number) =>
  together(count, (i) => placeOrder(them.processes[i % them.processes.length] ?? them, site, lines()));

test('K06 · two schedulers at once: what is due expires once, its goods go back once, it is told once', async () => {
  const reserved = async (): Promise<number> =>
    (
      await ownerRows<{ n: number }>(
        them.db,
        'select sum(reserved)::int as n from inventory_levels where site_id = $1',
        [site.siteId],
      )
    )[0]?.n ?? 0;
  const before = await reserved();
  const ids = (await place(24)).map((order) => order.orderId);
  expect(await reserved()).toBe(before + ids.length);
  await ownerRows(them.db, "update orders set expires_at = now() - interval '1 second' where order_id = any($1)", [
    ids,
  ]);
  await until('all have expired', async () => {
    const left = await ownerRows(them.db, "select 1 from orders where order_id = any($1) and status <> 'expired'", [
      ids,
    ]);
    return left.length === 0;
  });
  expect(await reserved()).toBe(before);
  const counted = await ownerRows<{ expired: number; told: number }>(
    them.db,
    `select (select count(*)::int from order_state_transition_logs l where l.order_id = o.order_id and to_state = 'expired') as expired,
      (select count(*)::int from outbox_events e where e.entity_id = o.order_id and kind = 'order.moved') as told
     from orders o where o.order_id = any($1)`,
    [ids],
  );
  expect(counted).toEqual(ids.map(() => ({ expired: 1, told: 1 })));
});

test('K06 · two relays and two workers at once: each event is one job, each mail is sent once', async () => {
  const orders = await place(16);
  await Promise.all(
    orders.map((order, i) =>
      (them.processes[i % 2] ?? them).notify(site, {
        type: 'payment.captured',
        paymentId: order.paymentId,
        amount: order.total,
      }),
    ),
  );
  await settled(them.db);
  const mails = await ownerRows<{ order_id: string; rows: string[] }>(
    them.db,
    'select order_id, array_agg(status order by n) as rows from email_dispatch_logs where order_id = any($1) group by order_id',
    [orders.map((order) => order.orderId)],
  );
  expect(mails.map(({ rows }) => rows)).toEqual(orders.map(() => ['queued', 'accepted']));
});

test('K06 · two sweeps at once: payments that a crash left are begun once at the provider', async () => {
  const orders = await place(10);
  const left = orders.map((order) => order.paymentId);
  await ownerRows(
    them.db,
    "update payments set provider_reference = null, redirect_url = null, created_at = created_at - interval '2 minutes' where payment_id = any($1)",
    [left],
  );
  await until('all are begun again', async () => {
    const waiting = await ownerRows(
      them.db,
      'select 1 from payments where payment_id = any($1) and provider_reference is null',
      [left],
    );
    return waiting.length === 0;
  });
  const sessions = them.sandbox.books().sessions.filter((session) => left.includes(session.reference));
  expect(sessions).toHaveLength(left.length);
});
