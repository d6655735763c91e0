import { createHmac } from 'node:crypto';
import type { PaymentProvider } from '@souk/api/integrations/payment-provider';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  type HttpClient,
  type PlacedOrder,
  type SignedNotice,
  type TestApi,
  type TestSite,
  deliver,
  ownerRows,
  placeOrder,
  signNotice,
  signed,
  startTestApi,
} from '../index.ts';

/* H07: nothing of a notice is read before its signature holds, and nothing but the provider's own signature holds. */

let it: TestApi;
let a: TestSite;
let b: TestSite;
let api: HttpClient;
let order: PlacedOrder;
let provider: PaymentProvider;
let real: SignedNotice;
beforeAll(async () => {
  it = await startTestApi();
  [a, b] = [await it.makeSite({ handle: 'signed-a' }), await it.makeSite({ handle: 'signed-b' })];
  api = it.service();
  order = await placeOrder(it, a, [{ variantId: a.products[0]?.variants[0]?.variantId ?? '', quantity: 1 }]);
  const found = it.api.services.providers.get('sandbox');
  if (!found) throw new Error('there is no sandbox provider');
  provider = found;
  real = signNotice(a, { type: 'payment.captured', paymentId: order.paymentId, amount: order.total, id: 'msg_signed' });
});
afterAll(() => it.close());

const MINUTE = 60_000;
const without = (header: string): SignedNotice => ({
  ...real,
  headers: Object.fromEntries(Object.entries(real.headers).filter(([name]) => name !== header)),
});
const changed = (header: string, value: string): SignedNotice => ({
  ...real,
  headers: { ...real.headers, [header]: value },
});
const signature = (): string => real.headers['webhook-signature'] ?? '';
/** A signature by HMAC with other bytes than the secret's. */
const hmac = (key: Buffer | string): string =>
  `v1,${createHmac('sha256', key).update(`msg_signed.${real.headers['webhook-timestamp']}.${real.body}`).digest('base64')}`;

const forgeries: [string, () => SignedNotice][] = [
  ['without any header', () => ({ body: real.body, headers: {} })],
  ['without a signature', () => without('webhook-signature')],
  ['without an id', () => without('webhook-id')],
  ['without a time', () => without('webhook-timestamp')],
  ['with an empty signature', () => changed('webhook-signature', '')],
  ['with the signature cut short', () => changed('webhook-signature', signature().slice(0, -8))],
  ['with a signature of nothing', () => changed('webhook-signature', 'v1,')],
  ['with another version of signature', () => changed('webhook-signature', signature().replace('v1,', 'v2,'))],
  ['with another id than was signed', () => changed('webhook-id', 'msg_other')],
  [
    'with another time than was signed',
    () => changed('webhook-timestamp', String(Number(real.headers['webhook-timestamp']) + 1)),
  ],
  ['with a time that is no number', () => changed('webhook-timestamp', 'now')],
  [
    'signed six minutes ago: a replay',
    () =>
      signNotice(a, {
        type: 'payment.captured',
        paymentId: order.paymentId,
        amount: order.total,
        at: new Date(Date.now() - 6 * MINUTE),
      }),
  ],
  [
    'signed in six minutes',
    () =>
      signNotice(a, {
        type: 'payment.captured',
        paymentId: order.paymentId,
        amount: order.total,
        at: new Date(Date.now() + 6 * MINUTE),
      }),
  ],
  ['with one byte changed', () => ({ ...real, body: real.body.replace('captured', 'capturee') })],
  ['with one space more', () => ({ ...real, body: `${real.body} ` })],
  ['with an empty body', () => ({ ...real, body: '' })],
  [
    'signed with the secret of another site',
    () => signNotice(b, { type: 'payment.captured', paymentId: order.paymentId, amount: order.total }),
  ],
  ['signed with an empty secret', () => changed('webhook-signature', hmac(''))],
  ['signed with the secret as text', () => changed('webhook-signature', hmac(a.credential.noticeSecret))],
  ['that is no JSON', () => signed(`whsec_${Buffer.alloc(32).toString('base64')}`, 'msg_no_json', '{')],
];

const kept = async (): Promise<number> =>
  (await ownerRows<{ n: number }>(it.db, 'select count(*)::int as n from webhook_event_logs'))[0]?.n ?? -1;

describe('H07 · forged notices', () => {
  beforeEach(() => {
    vi.restoreAllMocks();
  });
  test.each(forgeries)('H07 · a notice %s is refused, unread and unkept', async (_what, forge) => {
    const read = vi.spyOn(provider, 'read');
    const answer = await deliver(api, a.configId, forge());
    expect([answer.status, answer.text]).toEqual([401, '{"message":"The signature does not hold."}']);
    expect(read).not.toHaveBeenCalled();
    expect(await kept()).toBe(0);
  });

  test('H07 · every single byte of body and signature counts', async () => {
    const read = vi.spyOn(provider, 'read');
    for (let i = 0; i < real.body.length; i += 7) {
      const byte = real.body.charCodeAt(i) ^ 1;
      expect(
        (
          await deliver(api, a.configId, {
            ...real,
            body: real.body.slice(0, i) + String.fromCharCode(byte) + real.body.slice(i + 1),
          })
        ).status,
      ).toBe(401);
    }
    const text = signature();
    for (let i = 3; i < text.length - 1; i += 5)
      expect(
        (
          await deliver(
            api,
            a.configId,
            changed('webhook-signature', text.slice(0, i) + (text[i] === 'A' ? 'B' : 'A') + text.slice(i + 1)),
          )
        ).status,
      ).toBe(401);
    expect(read).not.toHaveBeenCalled();
    expect(await kept()).toBe(0);
  });

  test('H07 · a real notice at another site’s configuration is refused', async () => {
    expect((await deliver(api, b.configId, real)).status).toBe(401);
  });

  test.each([
    ['nobody’s id', '01930000-0000-7000-8000-0000000000ff'],
    ['no id', 'x'],
    ['capital letters', 'A'.repeat(36)],
    ['a way out', '..%2f..%2fetc'],
    ['a NUL', '%00'],
    ['a prototype', '__proto__'],
    ['an SQL text', "'%20or%201=1--"],
  ])('H07 · a notice for %s finds nothing', async (_what, configId) => {
    const answer = await deliver(api, configId, real);
    expect([answer.status, answer.text]).toEqual([404, '{"message":"There is nothing here."}']);
  });

  test('H07 · one megabyte is refused before it is looked at', async () => {
    const verify = vi.spyOn(provider, 'verify');
    const body = 'x'.repeat(1_000_000);
    const answer = await deliver(api, a.configId, signed(a.credential.noticeSecret, 'msg_huge', body));
    expect(answer.status).toBe(413);
    expect(answer.text).not.toMatch(/ at |node_modules/);
    expect(verify).not.toHaveBeenCalled();
    // Within the parser's limit and above the provider's: refused without reading.
    expect(
      (
        await deliver(
          api,
          a.configId,
          signed(a.credential.noticeSecret, 'msg_large', JSON.stringify({ filler: 'x'.repeat(70_000) })),
        )
      ).status,
    ).toBe(401);
    expect(verify).not.toHaveBeenCalled();
    expect(await kept()).toBe(0);
  });

  test('H07 · a notice is taken by POST at the API’s host only', async () => {
    for (const method of ['GET', 'PUT', 'DELETE', 'PATCH'])
      expect((await api.send(`/webhooks/payments/${a.configId}`, { method, headers: real.headers })).status).toBe(404);
    for (const client of [it.admin(), it.visitor(a)]) {
      const answer = await deliver(client, a.configId, real);
      expect(answer.status).not.toBe(500);
      expect(answer.text).not.toContain('received');
    }
    expect(await kept()).toBe(0);
  });

  test('H07 · and the real one, after all that, counts', async () => {
    const read = vi.spyOn(provider, 'read');
    expect((await deliver(api, a.configId, real)).status).toBe(200);
    expect(read).toHaveBeenCalledOnce();
    expect(await ownerRows(it.db, 'select status from orders where order_id = $1', [order.orderId])).toEqual([
      { status: 'confirmed' },
    ]);
  });

  test('nothing that was tried here made the server stumble', () => expect(it.errors()).toEqual([]));
});
