import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../free-port.ts';
import {
  type TestApi,
  type TestSite,
  TEST_PASSWORD,
  anAccount,
  fillCart,
  httpClient,
  ownerRows,
  placeOrder,
  signNotice,
  startTestApi,
  storefrontIsBuilt,
  until,
} from '../index.ts';
import { settled } from '../settled.ts';
import { sightingsOf } from '../sightings.ts';

/* L01: every secret that passes through, and whether it can be read where it should not be: log, figures, database, queues, mails, pages, answers. */

const WRONG_PASSWORD = 'canary-password-that-is-wrong';
let it: TestApi;
let site: TestSite;
let metrics: string;
let pages: string;
let answers: string;
/** Name → what must not be seen. */
let secrets: Readonly<Record<string, string>>;

beforeAll(async () => {
  const metricsPort = await freePort();
  it = await startTestApi({
    logLevel: 'trace',
    render: storefrontIsBuilt() ? 'built' : 'plain',
    environment: { metricsPort },
  });
  site = await it.makeSite({ handle: 'secrets' });
  const seen: { text: string }[] = [];
  const keep = async <Value extends { text: string }>(answer: Promise<Value>): Promise<Value> => {
    seen.push(await answer);
    return answer;
  };
  const { email } = await anAccount(it.db.database, 'secretive');
  const admin = it.admin();
  await keep(admin.mutate('account.signIn', { email, password: WRONG_PASSWORD }));
  await keep(admin.mutate('account.signIn', { email, password: WRONG_PASSWORD, extra: TEST_PASSWORD }));
  await keep(admin.mutate('account.signIn', { email, password: TEST_PASSWORD }));
  await keep(admin.query('account.me'));
  const owner = await it.signedInAs(site, 'owner');
  const line = [{ variantId: site.products[0]?.variants[0]?.variantId ?? '', quantity: 1 }];
  const visitor = it.visitor(site);
  const paid = await placeOrder(it, site, line, {}, visitor);
  await keep(it.notify(site, { type: 'payment.captured', paymentId: paid.paymentId, amount: paid.total }));
  const failed = await placeOrder(it, site, line);
  await it.notify(site, { type: 'payment.failed', paymentId: failed.paymentId, amount: failed.total });
  const service = it.service(site.apiKey);
  await keep(service.query('orders.get', { orderId: paid.orderId }));
  await keep(it.service(`${site.apiKey.slice(0, -1)}!`).query('orders.list', {}));
  for (const procedure of [
    'orders.list',
    'products.list',
    'activity.list',
    'imports.list',
    'dashboard.get',
    'site.get',
  ])
    await keep(owner.query(procedure, ['imports.list', 'site.get'].includes(procedure) ? undefined : {}));
  await keep(owner.query('orders.get', { orderId: paid.orderId }));
  // A notice that is not believed, with everything that could be written down of it.
  const { body, headers } = signNotice(site, {
    type: 'payment.captured',
    paymentId: paid.paymentId,
    amount: paid.total,
  });
  await keep(
    httpClient(it.port, 'api.localhost').send(`/webhooks/payments/${site.configId}`, {
      method: 'POST',
      body: `${body} `,
      headers: { ...headers, 'content-type': 'application/json', authorization: `Bearer ${site.credential.apiKey}` },
    }),
  );
  for (const path of [paid.orderPath, `${paid.orderPath}/status`, paid.orderPath.toUpperCase()])
    await visitor.get(path);
  await fillCart(visitor, line);
  const drawn = await Promise.all(
    ['/', '/products', '/cart', '/checkout', `/products/${site.products[0]?.slug}`, '/nothing-here'].map((path) =>
      visitor.get(path),
    ),
  );
  await until(
    'the mails are sent',
    async () => (await ownerRows(it.db, "select 1 from email_dispatch_logs where status = 'accepted'")).length >= 1,
    20,
  );
  await settled(it.db);
  metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  pages = drawn.map(({ text }) => text).join('\n');
  answers = seen.map(({ text }) => text).join('\n');
  secrets = {
    'the password': TEST_PASSWORD,
    'a wrong password': WRONG_PASSWORD,
    'the session of an admin': owner.cookies.get('souk-admin') ?? '',
    'the session of a sign-in': admin.cookies.get('souk-admin') ?? '',
    'the session of a cart': visitor.cookies.get('souk-cart-secrets') ?? '',
    'the link of an order': paid.orderPath.replace('/orders/', ''),
    'the link of another order': failed.orderPath.replace('/orders/', ''),
    'the provider’s key': site.credential.apiKey,
    'the secret of notices': site.credential.noticeSecret,
    'the API key': site.apiKey.slice(-43),
    'the installation’s key': Buffer.from(it.db.key).toString('base64'),
  };
  expect(Object.values(secrets).filter((secret) => secret.length < 20)).toEqual([]);
});
afterAll(() => it.close());

const seenIn = (text: string): string[] =>
  Object.entries(secrets).flatMap(([name, secret]) => (text.includes(secret) ? [name] : []));

test('L01 · no secret stands in clear in the database or its queues, so in no dump of it', async () => {
  for (const [name, secret] of Object.entries(secrets))
    expect([name, await sightingsOf(it, secret)]).toEqual([name, []]);
});

test('L01 · the log, at its most talkative, has none of them, and nobody’s e-mail', () => {
  const log = it.errors().join('\n');
  expect(log).toContain('/webhooks/payments/');
  expect(log.split('\n').length).toBeGreaterThan(20);
  expect(seenIn(log)).toEqual([]);
  expect(log).not.toMatch(/ada@example|secretive\.|Lovelace/);
});

test('L01 · figures name no secret, no site and no person', () => {
  expect(metrics).toContain('souk_http_requests_total');
  expect(metrics).toContain('souk_notices_not_believed_total');
  expect(seenIn(metrics)).toEqual([]);
  for (const word of [site.handle, site.siteId, site.configId, 'ada', '@example', '/orders/'])
    expect(metrics).not.toContain(word);
});

test('L01 · pages, and what is written into them for scripts, have none', () => {
  expect(pages).toContain('Thing 1 of secrets');
  expect(seenIn(pages)).toEqual([]);
});

test('L01 · answers of every audience have none', () => {
  expect(answers.length).toBeGreaterThan(1_000);
  expect(seenIn(answers)).toEqual([]);
  expect(answers).not.toMatch(/argon2|whsec_|sandbox_key_/);
});

test('L01 · a mail has the link of its own order and no other secret; nothing else on disk has any', () => {
  const files = readdirSync(it.home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const mails = files.filter((file) => file.includes('/mail/'));
  expect(mails.length).toBeGreaterThan(0);
  for (const file of mails) {
    const text = readFileSync(file, 'utf8');
    expect([file, seenIn(text).length <= 1, seenIn(text).every((name) => name.startsWith('the link of'))]).toEqual([
      file,
      true,
      true,
    ]);
  }
  for (const file of files.filter((other) => !other.includes('/mail/')))
    expect([file, seenIn(readFileSync(file, 'latin1'))]).toEqual([file, []]);
});
