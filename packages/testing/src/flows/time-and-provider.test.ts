import { type IncomingMessage, type Server, type ServerResponse, createServer, request } from 'node:http';
import { expireDue } from '@souk/api/jobs/timers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type HttpClient,
  type TestApi,
  type TestSite,
  checkOut,
  expectInvariants,
  fillCart,
  ownerRows,
  pageOf,
  placeOrder,
  startTestApi,
  until,
} from '../index.ts';

/* What time and a bad provider do to an order: it is kept, said in words, and goes on. */

type Mode =
  | 'well'
  | 'down'
  | 'slow'
  | 'error'
  | 'html'
  | 'nothing'
  | 'empty object'
  | 'script'
  | 'half'
  | 'no HTTP'
  | 'too much'
  | 'twice'
  | 'dies after';
let mode: Mode = 'well';
const begun: { readonly key: string; readonly session: string }[] = [];
let proxy: Server;
let it: TestApi;
let site: TestSite;

// Between the shop and the sandbox provider stands a wire that can be cut.
beforeAll(async () => {
  proxy = createServer(wire);
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
  const address = proxy.address();
  it = await startTestApi({
    dueEveryMs: 300,
    environment: { sandboxOrigin: new URL(`http://localhost:${typeof address === 'object' ? address?.port : 0}`) },
  });
  site = await it.makeSite({ handle: 'provider', products: [[{ price: 1000, stock: 1_000 }]] });
});
afterAll(async () => {
  await expectInvariants(it.db);
  await it.close();
  proxy.closeAllConnections();
  proxy.close();
});
beforeEach(() => {
  mode = 'well';
  begun.length = 0;
});

function wire(req: IncomingMessage, res: ServerResponse): void {
  const pieces: Buffer[] = [];
  req.on('data', (piece: Buffer) => pieces.push(piece));
  req.on('end', () => {
    if (mode === 'down') return void req.socket.destroy();
    if (mode === 'slow' && (!silentFor || req.headers.authorization === `Bearer ${silentFor}`)) return;
    if (mode === 'no HTTP') return void req.socket.end('SSH-2.0-OpenSSH_9.2\r\n');
    if (mode === 'half')
      return void res
        .writeHead(200, { 'content-type': 'application/json', 'content-length': '400' })
        .write('{"id":"cs_1","url":"http', () => req.socket.destroy());
    if (mode === 'too much') return endless(res);
    if (mode === 'error') return void res.writeHead(500).end('{"error":"we are sorry"}');
    if (mode === 'html') return void res.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Maintenance</h1>');
    if (mode === 'nothing') return void res.writeHead(200).end();
    if (mode === 'script')
      return void res
        .writeHead(200, { 'content-type': 'application/json' })
        .end('{"id":"cs_1","url":"javascript:alert(1)"}');
    if (mode === 'empty object') return void res.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    const call = request(
      {
        host: '127.0.0.1',
        port: new URL(it.sandboxOrigin).port,
        method: req.method,
        path: req.url,
        headers: { ...req.headers, host: new URL(it.sandboxOrigin).host },
      },
      (answer) => {
        const body: Buffer[] = [];
        answer.on('data', (piece: Buffer) => body.push(piece));
        answer.on('end', () => {
          const text = Buffer.concat(body).toString();
          if (req.method === 'POST')
            begun.push({
              key: String(req.headers['idempotency-key']),
              session: (JSON.parse(text) as { id: string }).id,
            });
          if (mode === 'dies after') return void req.socket.destroy();
          if (mode === 'twice') {
            const whole = `HTTP/1.1 201 Created\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
            return void req.socket.write(whole + whole);
          }
          res.writeHead(answer.statusCode ?? 500, { 'content-type': 'application/json' }).end(text);
        });
      },
    );
    call.end(Buffer.concat(pieces));
  });
}

/** Whose calls are not answered while it is slow; everybody's when empty. */
let silentFor = '';
let poured = 0;

/** An answer without an end, as fast as it is taken. */
function endless(res: ServerResponse): void {
  poured = 0;
  res.writeHead(200, { 'content-type': 'application/json' });
  const piece = Buffer.alloc(64 * 1024, ' ');
  const pour = (): void => {
    while (!res.destroyed && poured < 400_000_000) {
      poured += piece.length;
      if (!res.write(piece)) return void res.once('drain', pour);
    }
    res.destroy();
  };
  pour();
}

const lines = () => [{ variantId: site.products[0]?.variants[0]?.variantId ?? '', quantity: 1 }];
const stock = async () =>
  (
    await ownerRows<{ on_hand: number; reserved: number }>(
      it.db,
      'select on_hand, reserved from inventory_levels where site_id = $1',
      [site.siteId],
    )
  )[0];
const orderOf = async (orderId: string) =>
  (
    await ownerRows<{ status: string; version: number }>(
      it.db,
      'select status, version from orders where order_id = $1',
      [orderId],
    )
  )[0];
const newest = async (): Promise<{ order_id: string; payment_id: string; provider_reference: string | null }> => {
  const [found] = await ownerRows<{ order_id: string; payment_id: string; provider_reference: string | null }>(
    it.db,
    'select order_id, payment_id, provider_reference from payments where site_id = $1 order by payment_id desc limit 1',
    [site.siteId],
  );
  if (!found) throw new Error('no payment');
  return found;
};

/** A checkout that the provider lets down: its refusal, and the link of the order that is kept. */
async function letDown(): Promise<{
  visitor: HttpClient;
  token: string;
  refusal: { code: string; message: string } | undefined;
  status: number;
}> {
  const visitor = it.visitor(site);
  await fillCart(visitor, lines());
  const { refusal, status } = await checkOut(visitor, site, lines());
  return { visitor, refusal, status, token: String(refusal?.facts?.token) };
}

describe('K05 · a provider that is down, slow or answers garbage', () => {
  test.each([
    'down',
    'error',
    'html',
    'nothing',
    'empty object',
    'script',
    'half',
    'no HTTP',
    'too much',
    'slow',
  ] as const)(
    '%s: the order is kept and says so; when the provider is back it is paid from its own page',
    async (bad) => {
      const before = await stock();
      mode = bad;
      const startedAt = performance.now();
      const { visitor, token, refusal, status } = await letDown();
      expect(performance.now() - startedAt).toBeLessThan(10_000);
      expect(status).toBe(503);
      expect(refusal).toMatchObject({
        code: 'provider_unreachable',
        message: expect.stringContaining('Your order is kept') as string,
      });
      const { order_id: orderId, payment_id: paymentId, provider_reference: reference } = await newest();
      expect(reference).toBeNull();
      expect((await orderOf(orderId))?.status).toBe('pending_payment');
      expect((await stock())?.reserved).toBe((before?.reserved ?? 0) + 1);
      const page = pageOf(await visitor.get(`/orders/${token}`));
      expect(page).toMatchObject({ kind: 'order', retryPayment: { action: `/orders/${token}/pay` } });

      if (bad !== 'slow') {
        const again = await visitor.form(`/orders/${token}/pay`, {});
        expect(again.status).toBe(409);
        expect(pageOf(again)).toMatchObject({
          kind: 'order',
          paymentWords: expect.stringContaining('Your order is kept') as string,
        });
      }
      mode = 'well';
      const paid = await visitor.form(`/orders/${token}/pay`, {});
      expect(paid.status).toBe(303);
      expect(paid.headers.location).toContain(it.sandboxOrigin);
      await it.notify(site, { type: 'payment.captured', paymentId, amount: '15.00' });
      expect((await orderOf(orderId))?.status).toBe('confirmed');
      expect(await ownerRows(it.db, 'select 1 from payments where order_id = $1', [orderId])).toHaveLength(1);
    },
  );

  test('an answer that has no end is not read to its end', async () => {
    mode = 'too much';
    await letDown();
    expect(poured).toBeLessThan(20_000_000);
  });

  test('a provider that answers twice is heard once, and is spoken to again', async () => {
    mode = 'twice';
    for (let times = 0; times < 4; times += 1) {
      const { status, refusal } = await letDown();
      expect([status, refusal]).toEqual([200, undefined]);
    }
    mode = 'well';
    expect((await letDown()).status).toBe(200);
    const waiting = await ownerRows(it.db, 'select payment_id from payments where payment_id = any($1)', [
      begun.map((b) => b.key),
    ]);
    expect(waiting).toHaveLength(5);
    expect(new Set(begun.map((b) => b.session)).size).toBe(5);
  });

  test('two clicks on paying at once are one payment at the provider', async () => {
    mode = 'down';
    const { visitor, token } = await letDown();
    mode = 'well';
    const answers = await Promise.all([1, 2, 3].map(() => visitor.form(`/orders/${token}/pay`, {})));
    expect(answers.map((a) => a.status)).toEqual([303, 303, 303]);
    expect(new Set(answers.map((a) => a.headers.location)).size).toBe(1);
    expect(new Set(begun.map((b) => b.session)).size).toBe(1);
    expect(new Set(begun.map((b) => b.key))).toEqual(new Set([(await newest()).payment_id]));
  });
});

describe('K01 · what a crash between two steps left', () => {
  test('a payment the provider knows and we do not is begun again with the same id: one session there, its reference here', async () => {
    mode = 'dies after';
    await letDown();
    const { payment_id: paymentId, provider_reference: reference } = await newest();
    expect(reference).toBeNull();
    mode = 'well';
    // Not yet a minute old: the buyer's own request may still be under way, so it is left alone. Then it is old enough.
    await ownerRows(it.db, "update payments set created_at = created_at - interval '2 minutes' where payment_id = $1", [
      paymentId,
    ]);
    await until('the sweep has found it', async () => (await newest()).provider_reference !== null, 8);
    expect(begun.map((b) => b.key)).toEqual([paymentId, paymentId]);
    expect(new Set(begun.map((b) => b.session)).size).toBe(1);
    expect((await newest()).provider_reference).toBe(begun[0]?.session);
  });

  test('K05 · a provider that stays silent holds up no order that expires, nor another shop’s payments', async () => {
    const elsewhere = await it.makeSite({ handle: 'elsewhere', products: [[{ price: 1000, stock: 100 }]] });
    const other = [{ variantId: elsewhere.products[0]?.variants[0]?.variantId ?? '', quantity: 1 }];
    mode = 'down';
    for (let times = 0; times < 25; times += 1) await letDown();
    mode = 'well';
    const theirs = await placeOrder(it, elsewhere, other);
    const due = await placeOrder(it, elsewhere, other);
    // Their provider answers, this one never does.
    mode = 'slow';
    silentFor = site.credential.apiKey;
    await ownerRows(
      it.db,
      "update payments set provider_reference = null, redirect_url = null, created_at = created_at - interval '2 minutes' where order_id = $1 or (site_id = $2 and provider_reference is null)",
      [theirs.orderId, site.siteId],
    );
    await ownerRows(it.db, "update orders set expires_at = now() - interval '1 second' where order_id = $1", [
      due.orderId,
    ]);
    await until('the order has expired', async () => (await orderOf(due.orderId))?.status === 'expired', 4);
    await until(
      'their payment is begun',
      async () =>
        (
          await ownerRows(it.db, 'select 1 from payments where order_id = $1 and provider_reference is not null', [
            theirs.orderId,
          ])
        ).length === 1,
      20,
    );
    silentFor = '';
    mode = 'well';
    await until(
      'all are begun when it speaks again',
      async () =>
        (
          await ownerRows(it.db, 'select 1 from payments where site_id = $1 and provider_reference is null', [
            site.siteId,
          ])
        ).length === 0,
      25,
    );
  }, 60_000);
});

describe('an order whose time is over', () => {
  const makeDue = (orderId: string) =>
    ownerRows(it.db, "update orders set expires_at = now() - interval '1 second' where order_id = $1", [orderId]);

  test('O1 · expires: its goods go back, its page says so, and who asks twice expires it once', async () => {
    const before = await stock();
    const due = await placeOrder(it, site, lines());
    const notDue = await placeOrder(it, site, lines());
    expect((await stock())?.reserved).toBe((before?.reserved ?? 0) + 2);
    await makeDue(due.orderId);
    await Promise.all([expireDue(it.api.services), expireDue(it.api.services)]);
    await until('it has expired', async () => (await orderOf(due.orderId))?.status === 'expired');
    expect((await orderOf(notDue.orderId))?.status).toBe('pending_payment');
    expect(await stock()).toEqual({ on_hand: before?.on_hand, reserved: (before?.reserved ?? 0) + 1 });
    expect(
      await ownerRows(
        it.db,
        "select to_state, triggered_by, reason_code from order_state_transition_logs where order_id = $1 and to_state = 'expired'",
        [due.orderId],
      ),
    ).toEqual([{ to_state: 'expired', triggered_by: 'scheduler', reason_code: 'time_is_over' }]);
    const page = pageOf(await it.visitor(site).get(due.orderPath));
    expect(page).toMatchObject({ kind: 'order', statusWords: 'This order was not paid in time and is closed.' });
    expect(page).not.toHaveProperty('retryPayment.action');
    expect((await it.visitor(site).form(`${due.orderPath}/pay`, {})).status).toBe(409);
  });

  test('the timers of the process find it by themselves', async () => {
    const due = await placeOrder(it, site, lines());
    await makeDue(due.orderId);
    await until('it has expired', async () => (await orderOf(due.orderId))?.status === 'expired', 8);
  });

  test('a paid order never expires', async () => {
    const placed = await placeOrder(it, site, lines());
    await it.notify(site, { type: 'payment.captured', paymentId: placed.paymentId, amount: placed.total });
    await makeDue(placed.orderId);
    await expireDue(it.api.services);
    expect((await orderOf(placed.orderId))?.status).toBe('confirmed');
  });
});
