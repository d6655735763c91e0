import { newSetUpLink } from '@souk/api/identity/set-up';
import { connectSandbox } from '@souk/api/integrations/connect-sandbox';
import { sandboxProvider } from '@souk/api/integrations/sandbox-provider';
import { PROVED_DOMAIN } from '@souk/db/testing';
import pg from 'pg';
import { v7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type TestApi,
  TEST_PASSWORD,
  anAccount,
  fillCart,
  httpClient,
  ownerRows,
  placeOrder,
  standAt,
  startTestApi,
  together,
} from '../index.ts';

/* A real installation: one link, one founder, one site, all of it or nothing. Each test has a database nobody has touched. */

let it: TestApi;
let clock: Date;
beforeEach(async () => {
  clock = new Date();
  it = await startTestApi({ now: () => clock });
});
afterEach(() => it.close());

const FOUNDING = {
  name: 'Mira Lindqvist',
  email: ' Mira@Example.org ',
  password: 'quiet lamp under bridge',
  siteName: 'Linden & Oak',
  handle: 'linden-oak',
  country: 'SE',
  currency: 'SEK',
  language: 'en',
  timeZone: 'Europe/Stockholm',
  taxPercent: '25',
  pricesIncludeTax: true,
  shippingPrice: '49,50',
} as const;

async function newToken(): Promise<string> {
  const link = await newSetUpLink(it.api.services);
  const url = new URL(link ?? expect.fail('no link'));
  expect(url.pathname).toBe('/set-up');
  return url.hash.slice(1);
}

const look = async (token?: string): Promise<unknown> =>
  ((await it.admin().query('setUp.look', token === undefined ? {} : { token })).value as { state: string }).state;

const finish = (token: string, change: Partial<Record<keyof typeof FOUNDING, unknown>> = {}, client = it.admin()) =>
  client.mutate('setUp.finish', { ...FOUNDING, token, ...change });

const counts = async (): Promise<unknown> =>
  (
    await ownerRows(
      it.db,
      `select (select count(*)::int from admin_accounts) as accounts, (select count(*)::int from operators) as operators, (select count(*)::int from sites) as sites,
        (select count(*)::int from admin_action_logs) as actions, (select count(*)::int from account_action_logs) as "accountActions", (select count(used_at)::int from setup_links) as used`,
    )
  )[0];
const NOTHING = { accounts: 0, operators: 0, sites: 0, actions: 0, accountActions: 0, used: 0 };

describe('I5 · the link', () => {
  test('I5 · only its hash is kept, and a new one is the end of the one before', async () => {
    const first = await newToken();
    expect(
      await ownerRows(it.db, 'select token_hash = sha256($1::bytea) as same from setup_links', [Buffer.from(first)]),
    ).toEqual([{ same: true }]);
    expect(await look(first)).toBe('open');
    const second = await newToken();
    expect([await look(first), await look(second)]).toEqual(['dead', 'open']);
    expect([await look(), await look(''), await look('x'.repeat(43))]).toEqual(['dead', 'dead', 'dead']);
    for (const wrong of [first, '', 'x'.repeat(43), `${second} `]) {
      const answer = await finish(wrong);
      expect([answer.status, answer.refusal?.code]).toEqual([404, 'link_is_dead']);
    }
    expect(await counts()).toEqual(NOTHING);
  });

  test('I5 · it is good for a day', async () => {
    const token = await newToken();
    clock = new Date(clock.getTime() + 24 * 3_600_000 - 1);
    expect(await look(token)).toBe('open');
    clock = new Date(clock.getTime() + 1);
    expect(await look(token)).toBe('dead');
    expect((await finish(token)).refusal?.code).toBe('link_is_dead');
    expect(await counts()).toEqual(NOTHING);
  });

  test('I5 · it dies with the first account, whoever made that', async () => {
    const token = await newToken();
    await anAccount(it.db.database, 'somebody');
    expect(await look(token)).toBe('done');
    expect((await finish(token)).refusal?.code).toBe('link_is_dead');
    expect(await newSetUpLink(it.api.services)).toBeUndefined();
  });

  test('I5 · of many callers with one link one is the founder, and the others hear that it is used', async () => {
    const token = await newToken();
    const answers = await together(8, (i) =>
      finish(token, { email: `founder-${i % 2}@example.org`, handle: `shop-${i}` }),
    );
    const refusals = answers.map((answer) => answer.refusal?.code);
    expect(refusals.filter((code) => code === undefined)).toHaveLength(1);
    expect(refusals.filter((code) => code === 'link_is_dead')).toHaveLength(7);
    expect(await counts()).toMatchObject({ accounts: 1, operators: 1, sites: 1, used: 1 });
    expect(it.errors()).toEqual([]);
  });

  test('I5 · the app role makes the first operator and no other', async () => {
    await finish(await newToken());
    const { adminId } = await anAccount(it.db.database, 'climber');
    const app = new pg.Client({ connectionString: it.db.urls.app });
    await app.connect();
    const refused = (text: string): Promise<unknown> =>
      app.query(text, [adminId]).then(
        () => 'accepted',
        (error: unknown) => (error instanceof pg.DatabaseError ? error.code : error),
      );
    try {
      expect(await refused('insert into operators (admin_id, created_at) values ($1, now())')).toBe('23505');
      expect(await refused('insert into operators (admin_id, is_first, created_at) values ($1, false, now())')).toBe(
        '42501',
      );
      expect(await refused('update operators set admin_id = $1')).toBe('42501');
    } finally {
      await app.end();
    }
  });
});

describe('what the founder has', () => {
  test('an account that is signed in, a site that is whole, a shop that is open, and rows that say so', async () => {
    const client = it.admin();
    const answer = await finish(await newToken(), {}, client);
    expect([answer.status, answer.value]).toEqual([200, { handle: 'linden-oak' }]);
    expect((await client.query('account.me')).value).toEqual({
      name: 'Mira Lindqvist',
      email: 'mira@example.org',
      factors: [],
      isOperator: true,
      sites: [
        {
          name: 'Linden & Oak',
          handle: 'linden-oak',
          status: 'active',
          orderPrefix: 'LINDEN',
          role: 'owner',
          shopUrl: `http://linden-oak.localhost:${it.port}`,
        },
      ],
    });
    const inside = httpClient(it.port, 'admin.localhost', { headers: { 'x-souk-site': 'linden-oak' } });
    inside.cookies.set('souk-admin', client.cookies.get('souk-admin') ?? '');
    expect((await inside.query('site.get')).value).toMatchObject({
      currency: 'SEK',
      locale: 'en-SE',
      timeZone: 'Europe/Stockholm',
      pricesIncludeTax: true,
      permissions: expect.arrayContaining(['MANAGE_TEAM', 'MANAGE_SITE_SETTINGS', 'MANAGE_PRODUCTS']),
    });
    expect((await inside.query('dashboard.get', {})).status).toBe(200);
    expect((await inside.query('dashboard.firstSteps')).value).toEqual({
      hasProduct: false,
      isOpen: false,
      hasBeenPaid: false,
      takesPayments: true,
      hasOwnDomain: false,
    });
    const shop = httpClient(it.port, 'linden-oak.localhost');
    for (const path of ['/', '/products', '/cart']) expect([path, (await shop.get(path)).status]).toEqual([path, 200]);
    expect(
      await ownerRows(
        it.db,
        `select s.order_prefix, t.name as tax, t.rate_per_million, m.price::text as shipping, m.name as way, o.is_first, d.type,
            (select count(*)::int from roles) as roles, (select count(*)::int from stock_locations where is_default) as locations
          from sites s join tax_rates t using (site_id) join shipping_methods m using (site_id) join domain_mappings d using (site_id), operators o`,
      ),
    ).toEqual([
      {
        order_prefix: 'LINDEN',
        tax: 'VAT',
        rate_per_million: 250_000,
        shipping: '49.5000',
        way: 'Standard delivery',
        is_first: true,
        type: 'development',
        roles: 5,
        locations: 1,
      },
    ]);
    const [{ request_id: requestId } = { request_id: '' }] = await ownerRows<{ request_id: string }>(
      it.db,
      "select request_id from admin_action_logs where action = 'site.created' and actor_kind = 'admin' and role_name = 'owner'",
    );
    expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(
      await ownerRows(it.db, 'select action, request_id from account_action_logs order by "timestamp", action_id'),
    ).toEqual([
      { action: 'installation_set_up', request_id: requestId },
      { action: 'signed_in', request_id: requestId },
    ]);
    // What the founder is called stands in no log (G6).
    expect(
      await ownerRows(
        it.db,
        "select 1 from admin_action_logs l where l::text ~* 'mira|lindqvist|example.org|quiet lamp'",
      ),
    ).toEqual([]);
    // They can come again, and nobody can set it up a second time.
    expect(
      (await it.admin().mutate('account.signIn', { email: 'mira@example.org', password: FOUNDING.password })).status,
    ).toBe(200);
    expect(await newSetUpLink(it.api.services)).toBeUndefined();
    expect(it.errors()).toEqual([]);
  });

  test('it sells: a product is published, bought and paid, and each step is ticked by its row', async () => {
    await finish(await newToken(), { handle: 'first' });
    const site = await it.makeSite({ handle: 'steps' });
    const owner = await it.signedInAs(site, 'owner');
    const steps = async (): Promise<unknown> => (await owner.query('dashboard.firstSteps')).value;
    expect(await steps()).toMatchObject({ hasProduct: true, isOpen: true, hasBeenPaid: false, hasOwnDomain: false });
    const productIds = site.products.map(({ productId }) => productId);
    await owner.mutate('products.unpublish', { productIds });
    expect(await steps()).toMatchObject({ hasProduct: true, isOpen: false });
    await owner.mutate('products.publish', { productIds });
    expect(await steps()).toMatchObject({ isOpen: true });

    const line = [{ variantId: site.products[0]?.variants[0]?.variantId ?? '', quantity: 1 }];
    await fillCart(it.visitor(site), line);
    const placed = await placeOrder(it, site, line);
    expect(await steps()).toMatchObject({ hasBeenPaid: false });
    await it.notify(site, { type: 'payment.captured', paymentId: placed.paymentId, amount: placed.total });
    expect(await steps()).toMatchObject({ hasBeenPaid: true });

    const claim = (status: string, isActive: boolean): Promise<unknown> =>
      ownerRows(it.db, PROVED_DOMAIN, [v7(), site.siteId, `${status}.example`, false, status, isActive]);
    await claim('grace', true);
    expect(await steps()).toMatchObject({ hasOwnDomain: false });
    await claim('verified', true);
    expect(await steps()).toMatchObject({ hasOwnDomain: true });
    await standAt(it.db, site.siteId, 'suspended');
    expect(await steps()).toMatchObject({ isOpen: false });
  });

  test('with the payment provider away the site is there all the same, and the next start connects it', async () => {
    await it.close();
    it = await startTestApi({ environment: { sandboxOrigin: new URL('http://localhost:1') } });
    const answer = await finish(await newToken());
    expect(answer.status).toBe(200);
    const enabled = (): Promise<unknown> => ownerRows(it.db, 'select is_enabled from payment_configurations');
    expect(await enabled()).toEqual([{ is_enabled: false }]);
    const { services } = it.api;
    await connectSandbox({
      ...services,
      providers: new Map([['sandbox', sandboxProvider(new URL(it.sandboxOrigin))]]),
    });
    expect(await enabled()).toEqual([{ is_enabled: true }]);
  });

  test('in production its shop stands beside the admin, and there is no play money', async () => {
    await it.close();
    it = await startTestApi({
      environment: {
        mode: 'production',
        sandboxOrigin: undefined,
        adminOrigin: new URL('https://admin.example.com'),
        apiOrigin: new URL('https://api.example.com'),
      },
    });
    const client = httpClient(it.port, 'admin.example.com');
    const token = await newToken();
    const taken = await finish(token, { handle: 'example' }, client);
    expect(taken.status).toBe(200);
    expect(client.cookies.get('__Host-souk-admin')).toMatch(/^[\w-]{43}$/);
    expect(await ownerRows(it.db, 'select domain_name, type, is_primary from domain_mappings')).toEqual([
      { domain_name: 'example.example.com', type: 'platform', is_primary: true },
    ]);
    expect(await ownerRows(it.db, 'select 1 from payment_configurations')).toEqual([]);
    expect((await httpClient(it.port, 'example.example.com').get('/')).status).toBe(200);
  });
});

describe('all of it or nothing', () => {
  test('everything that is wrong is told at once, nothing is written, and the link stays good', async () => {
    const token = await newToken();
    const answer = await finish(token, {
      email: 'nobody',
      password: 'Lindqvist2026',
      handle: 'Linden Oak',
      country: 'XX',
      currency: 'XXX',
      timeZone: 'Mars/Olympus',
      taxPercent: 'some',
      shippingPrice: '-1',
    });
    expect([answer.status, answer.refusal?.code]).toEqual([400, 'wrong_field']);
    expect(Object.keys(answer.refusal?.fields ?? {})).toEqual([
      'email',
      'password',
      'handle',
      'country',
      'currency',
      'timeZone',
      'taxPercent',
    ]);
    for (const [field, value] of [
      ['name', '  '],
      ['siteName', ''],
      ['password', 'short'],
      ['password', TEST_PASSWORD],
      ['password', 'x'.repeat(201)],
      ['handle', 'admin'],
      ['handle', 'api'],
      ['shippingPrice', '4.905'],
      ['taxPercent', '101'],
      ['timeZone', '+02:00'],
      // Known to browsers, but no place of the database's.
      ['timeZone', 'US/Nowhere'],
    ] as const) {
      const one = await finish(token, { [field]: value });
      expect([field, value, one.status, Object.keys(one.refusal?.fields ?? {})]).toEqual([field, value, 400, [field]]);
    }
    expect(await counts()).toEqual(NOTHING);
    expect((await finish(token)).status).toBe(200);
  });

  test('what fails in the middle leaves nothing behind, not even a used link', async () => {
    const token = await newToken();
    await ownerRows(it.db, 'alter table shipping_methods add constraint nothing_is_sent check (false)');
    expect((await finish(token)).status).toBe(500);
    expect(await counts()).toEqual(NOTHING);
    expect(await look(token)).toBe('open');
    await ownerRows(it.db, 'alter table shipping_methods drop constraint nothing_is_sent');
    expect((await finish(token)).status).toBe(200);
    expect(await counts()).toMatchObject({ accounts: 1, operators: 1, sites: 1, actions: 1, used: 1 });
  });
});
