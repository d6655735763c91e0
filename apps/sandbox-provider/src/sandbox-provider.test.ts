import { fork } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSandboxProvider, type SandboxOptions, type SandboxProvider } from './server.ts';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const KEY = 'sandbox_key_aurora';
const folder = mkdtempSync(join(tmpdir(), 'sandbox-provider-'));
const open: { readonly server: Server; readonly provider?: SandboxProvider }[] = [];

type Received = { readonly headers: IncomingHttpHeaders; readonly body: string; readonly at: number };
let received: Received[] = [];
let answers: number[] = [];
let shopPort = 0;

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

/** A shop's notice address that keeps what it hears and answers with the next of `answers`, else 200. */
beforeEach(async () => {
  received = [];
  answers = [];
  const shop = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString(), at: Date.now() });
      const status = answers.shift() ?? 200;
      if (status > 0) response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  open.push({ server: shop });
  shopPort = portOf(shop);
});

afterEach(() => {
  for (const { server, provider } of open.splice(0)) {
    provider?.stop();
    server.closeAllConnections();
    server.close();
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function start(options: Partial<SandboxOptions> = {}) {
  const timing = { late: 300, timeout: 250, retries: [20, 40, 80, 80, 80, 80, 80] };
  const provider = createSandboxProvider({ origin: 'http://localhost:4001', timing, ...options });
  const server = createServer(provider.app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({ server, provider });
  const origin = `http://127.0.0.1:${portOf(server)}`;

  const api = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const answer = await fetch(origin + path, {
      method,
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const json: Record<string, unknown> = JSON.parse(await answer.text());
    return { status: answer.status, json };
  };
  const register = (noticeUrl = `http://aurora.localhost:${shopPort}/webhooks/payments/1`) =>
    api('PUT', '/v1/account', { noticeUrl, noticeSecret: SECRET });
  const begin = async (key = 'order-1', change: Record<string, unknown> = {}): Promise<string> => {
    const { status, json } = await api(
      'POST',
      '/v1/checkout-sessions',
      { ...REQUEST, ...change },
      { 'idempotency-key': key },
    );
    expect(status).toBe(201);
    return String(json['id']);
  };
  const press = (id: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(`${origin}/pay/${id}`, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual', headers });
  const statusOf = async (id: string) => (await api('GET', `/v1/checkout-sessions/${id}`)).json['status'];
  return { provider, server, origin, api, register, begin, press, statusOf };
}

const REQUEST = {
  reference: 'payment-1',
  amount: '19.90',
  currency: 'EUR',
  description: 'Aurora <b>order</b> 1001',
  returnUrl: 'http://aurora.localhost:4000/orders/1001',
  cancelUrl: 'http://aurora.localhost:4000/checkout',
  mode: 'test',
};

async function until(condition: () => boolean): Promise<void> {
  for (const end = Date.now() + 3_000; !condition(); await sleep(5))
    if (Date.now() > end) throw new Error('waited in vain');
}

const typeOf = ({ body }: Received): unknown => JSON.parse(body).type;

describe('the sandbox payment provider', () => {
  test('a payment is told by one notice that verifies with Standard Webhooks, at the shop’s own host', async () => {
    const { register, begin, press, statusOf } = await start();
    expect((await register()).status).toBe(200);
    const id = await begin();
    expect(await statusOf(id)).toBe('open');
    const answer = await press(id, { action: 'pay' });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, REQUEST.returnUrl]);
    expect(await statusOf(id)).toBe('paid');
    await until(() => received.length === 1);
    const [first] = received;
    if (!first) throw new Error('nothing was received');
    const { headers, body } = first;
    const signed = {
      'webhook-id': String(headers['webhook-id']),
      'webhook-timestamp': String(headers['webhook-timestamp']),
      'webhook-signature': String(headers['webhook-signature']),
    };
    const data = {
      sessionId: id,
      paymentId: expect.stringMatching(/^pay_/),
      reference: 'payment-1',
      amount: '19.90',
      currency: 'EUR',
      mode: 'test',
    };
    const told = new Webhook(SECRET).verify(body, signed);
    expect(told).toEqual({ type: 'payment.captured', id: signed['webhook-id'], createdAt: expect.any(String), data });
    expect(headers.host).toBe(`aurora.localhost:${shopPort}`);
    expect(() => new Webhook(SECRET).verify(body.replace('19.90', '19.91'), signed)).toThrow();
    expect(() => new Webhook(`whsec_${Buffer.alloc(32, 8).toString('base64')}`).verify(body, signed)).toThrow();
    await press(id, { action: 'pay' });
    await sleep(50);
    expect(received).toHaveLength(1);
  });

  test('an idempotency key gives the same session for the same request, and is refused for another', async () => {
    const { api, begin } = await start();
    const id = await begin();
    expect(await begin()).toBe(id);
    expect(await begin('order-2')).not.toBe(id);
    const other = await api(
      'POST',
      '/v1/checkout-sessions',
      { ...REQUEST, amount: '20.00' },
      { 'idempotency-key': 'order-1' },
    );
    expect(other).toMatchObject({ status: 409, json: { error: { code: 'idempotency_key_reused' } } });
    expect((await api('POST', '/v1/checkout-sessions', REQUEST)).status).toBe(400);
    const others = await api('POST', '/v1/checkout-sessions', REQUEST, {
      'idempotency-key': 'order-1',
      authorization: 'Bearer sandbox_key_kumo',
    });
    expect(others.json['id']).not.toBe(id);
    const foreign = await api('GET', `/v1/checkout-sessions/${id}`, undefined, {
      authorization: 'Bearer sandbox_key_kumo',
    });
    expect(foreign.status).toBe(404);
  });

  test('only a sandbox key opens the API, and only what it knows is accepted', async () => {
    const { api } = await start();
    expect((await api('GET', '/v1/account')).status).toBe(200);
    expect((await api('GET', '/v1/account', undefined, { authorization: 'Bearer live_key_1' })).status).toBe(401);
    for (const wrong of [
      { amount: '0' },
      { amount: '1e3' },
      { amount: 19.9 },
      { currency: 'eur' },
      { mode: 'live' },
      { returnUrl: 'javascript:alert(1)' },
      { more: 1 },
    ]) {
      const answer = await api(
        'POST',
        '/v1/checkout-sessions',
        { ...REQUEST, ...wrong },
        { 'idempotency-key': 'wrong' },
      );
      expect([wrong, answer.status]).toEqual([wrong, 400]);
    }
    expect(
      (await api('PUT', '/v1/account', { noticeUrl: 'http://shop.localhost', noticeSecret: 'whsec_short' })).status,
    ).toBe(400);
  });

  test('decline, and closing the window, which tells nobody', async () => {
    const { register, begin, press, statusOf } = await start();
    await register();
    const left = await begin('left');
    const answer = await press(left, { action: 'leave' });
    expect(answer.headers.get('location')).toBe(REQUEST.cancelUrl);
    const declined = await begin('declined');
    await press(declined, { action: 'decline' });
    await until(() => received.length > 0);
    expect(received.map(typeOf)).toEqual(['payment.failed']);
    expect([await statusOf(left), await statusOf(declined)]).toEqual(['open', 'declined']);
  });

  test('pay later is pending first and captured after the wait', async () => {
    const { register, begin, press, statusOf } = await start();
    await register();
    const id = await begin();
    await press(id, { action: 'later', delaySeconds: '1' });
    await until(() => received.length === 1);
    expect(await statusOf(id)).toBe('pending');
    await until(() => received.length === 2);
    expect(received.map(typeOf)).toEqual(['payment.pending', 'payment.captured']);
    expect(await statusOf(id)).toBe('paid');
  });

  test('other amount, other currency; authorised, then captured or released on the books page', async () => {
    const { register, begin, press, statusOf, origin } = await start();
    await register();
    await press(await begin('odd'), { action: 'pay', amount: '5', currency: 'USD' });
    await until(() => received.length === 1);
    expect(JSON.parse(received[0]?.body ?? '').data).toMatchObject({ amount: '5', currency: 'USD' });
    for (const [action, type, status] of [
      ['capture', 'payment.captured', 'paid'],
      ['void', 'payment.voided', 'declined'],
    ] as const) {
      received = [];
      const id = await begin(action);
      await press(id, { action: 'authorise' });
      await until(() => received.length === 1);
      expect(await statusOf(id)).toBe('authorised');
      for (let times = 0; times < 2; times += 1)
        await fetch(`${origin}/sessions/${id}/${action}`, { method: 'POST', redirect: 'manual' });
      await until(() => received.length === 2);
      await sleep(50);
      expect(received.map(typeOf)).toEqual(['payment.authorised', type]);
      expect(await statusOf(id)).toBe(status);
    }
  });

  test('twice is the same notice with the same id; resend is once more', async () => {
    const { register, begin, press, provider, origin } = await start();
    await register();
    await press(await begin(), { action: 'pay', twice: 'on' });
    await until(() => received.length === 2);
    const [notice] = provider.books().notices;
    await fetch(`${origin}/notices/${notice?.id}/resend`, { method: 'POST' });
    await until(() => received.length === 3);
    expect(new Set(received.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([notice?.id]));
    expect(new Set(received.map(({ body }) => body)).size).toBe(1);
  });

  test('late arrives after its delay', async () => {
    const { register, begin, press } = await start();
    await register();
    const began = Date.now();
    await press(await begin(), { action: 'pay', late: 'on' });
    await until(() => received.length === 1);
    expect((received[0]?.at ?? 0) - began).toBeGreaterThanOrEqual(295);
  });

  test('a notice is repeated under the same id until it is accepted: refused, redirected, unanswered', async () => {
    const { register, begin, press, provider } = await start();
    await register();
    answers = [500, 302, 0];
    await press(await begin(), { action: 'pay' });
    await until(() => provider.books().notices[0]?.deliveries[0]?.attempts.at(-1)?.status === 200);
    await sleep(150);
    expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    const attempts = provider.books().notices[0]?.deliveries[0]?.attempts.map(({ status, error }) => status ?? error);
    expect(attempts).toEqual([500, 302, 'no answer within 0.25 s', 200]);
  });

  test('after eight attempts it gives up', async () => {
    const { register, begin, press, provider } = await start();
    await register();
    answers = Array.from({ length: 20 }, () => 503);
    await press(await begin(), { action: 'pay' });
    await until(() => received.length === 8);
    await sleep(150);
    expect(provider.books().notices[0]?.deliveries[0]?.attempts).toHaveLength(8);
  });

  test('NOTICE_CONNECT_TO: all notices go to one place under their own host', async () => {
    const { register, begin, press } = await start({ noticeConnectTo: { host: '127.0.0.1', port: shopPort } });
    await register('http://api.example.test/webhooks');
    await press(await begin(), { action: 'pay' });
    await until(() => received.length === 1);
    expect(received[0]?.headers.host).toBe('api.example.test');
  });

  test('a restart keeps the books, and sends and captures what was due', async () => {
    const dataFile = join(folder, 'kept', 'books.jsonl');
    const before = await start({ dataFile });
    await before.register();
    const paid = await before.begin('paid');
    const pending = await before.begin('pending');
    await before.press(paid, { action: 'pay', late: 'on' });
    await before.press(pending, { action: 'later', delaySeconds: '1' });
    await until(() => received.length === 1);
    before.provider.stop();
    await new Promise((resolve) => before.server.close(resolve));
    appendFileSync(dataFile, '{"line":"entry","sess');
    expect(statSync(dataFile).mode & 0o777).toBe(0o600);

    const after = await start({ dataFile });
    expect(await after.begin('paid')).toBe(paid);
    expect([await after.statusOf(paid), await after.statusOf(pending)]).toEqual(['paid', 'pending']);
    await until(() => received.length === 3);
    expect(
      received
        .map(typeOf)
        .map(String)
        .sort((a, b) => a.localeCompare(b)),
    ).toEqual(['payment.captured', 'payment.captured', 'payment.pending']);
    expect(await after.statusOf(pending)).toBe('paid');
    const lines = readFileSync(dataFile, 'utf8').trim().split('\n');
    expect(lines.filter((line) => line.includes('"sess"'))).toEqual([]);
    after.provider.stop();
    expect((await start({ dataFile })).provider.books()).toEqual(after.provider.books());
  });

  test('an expired session can no longer be paid', async () => {
    let now = new Date();
    const { register, begin, press, statusOf, origin } = await start({ clock: () => now });
    await register();
    const id = await begin('soon', { expiresAt: new Date(now.getTime() + 1_000).toISOString() });
    now = new Date(now.getTime() + 1_000);
    await press(id, { action: 'pay' });
    expect(await statusOf(id)).toBe('expired');
    expect(await (await fetch(`${origin}/pay/${id}`)).text()).toContain('Expired');
    await sleep(50);
    expect(received).toEqual([]);
  });

  test('the pages run no script, escape what the shop sent, and are refused to other sites', async () => {
    const { begin, press, origin, statusOf } = await start();
    const id = await begin();
    const page = await fetch(`${origin}/pay/${id}`);
    const policy = page.headers.get('content-security-policy');
    expect(policy).toBe(
      "default-src 'none'; style-src 'self'; form-action 'self' http://aurora.localhost:4000; base-uri 'none'; frame-ancestors 'none'",
    );
    const text = await page.text();
    expect(text).toContain('Aurora &lt;b&gt;order&lt;/b&gt; 1001');
    expect(text).not.toContain('<script');
    expect(await (await fetch(origin)).text()).toContain('Aurora &lt;b&gt;order&lt;/b&gt; 1001');
    expect((await press(id, { action: 'pay' }, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await press(id, { action: 'pay', amount: '-1' })).status).toBe(400);
    expect(await statusOf(id)).toBe('open');
    expect((await fetch(`${origin}/pay/cs_none`)).status).toBe(404);
  });

  test('as a process it says when it listens, and ends with its parent', async () => {
    const free = createServer();
    await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve));
    const port = portOf(free);
    await new Promise((resolve) => free.close(resolve));
    const env = { PORT: String(port), DATA_FILE: join(folder, 'process', 'books.jsonl') };
    const child = fork(join(import.meta.dirname, 'main.ts'), { env, execArgv: [] });
    const code = new Promise((resolve) => child.once('exit', resolve));
    expect(await new Promise((resolve) => child.once('message', resolve))).toBe('listening');
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
    child.disconnect();
    expect(await code).toBe(0);
  });
});
