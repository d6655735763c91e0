import { adminRouter } from '@souk/api/admin-router';
import { countRoundTrips, withSite } from '@souk/db';
import { addMember } from '@souk/db/identity';
import { PROVED_DOMAIN } from '@souk/db/testing';
import { type AdminId, id } from '@souk/domain/shared';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type HttpClient,
  type TestApi,
  httpClient,
  ownerRows,
  pageOf,
  startTestApi,
  tally,
  together,
} from '../index.ts';

/* Further sites: made whole by those who run the installation or not at all, and many of them worked on by one person. */

let it: TestApi;
let operator: HttpClient;
beforeAll(async () => {
  it = await startTestApi();
  operator = await it.signedInAsOperator();
});
afterAll(async () => {
  expect(it.errors()).toEqual([]);
  await it.close();
});

const form = (change: Record<string, unknown> = {}) => ({
  siteName: 'Linden & Oak',
  handle: 'linden-oak',
  country: 'AT',
  currency: 'EUR',
  language: 'de',
  timeZone: 'Europe/Vienna',
  taxPercent: '20',
  pricesIncludeTax: true,
  shippingPrice: '4,90',
  ...change,
});
const adminIdOf = async (client: HttpClient): Promise<AdminId> => {
  const [found] = await ownerRows<{ admin_id: string }>(
    it.db,
    'select admin_id from admin_sessions where token_hash = sha256($1::bytea)',
    [Buffer.from(client.cookies.get('souk-admin') ?? '')],
  );
  return id<AdminId>(found?.admin_id ?? '');
};
const siteOf = async (handle: string) =>
  (
    await ownerRows<{ site_id: string; order_prefix: string; status: string }>(
      it.db,
      'select site_id, order_prefix, status from sites where handle = $1',
      [handle],
    )
  )[0];

describe('a further site', () => {
  test('is there whole: its owner, its shop, how it sells, and a row in both logs', async () => {
    const answer = await operator.mutate('operator.createSite', form());
    expect([answer.status, answer.value]).toEqual([200, { handle: 'linden-oak' }]);
    const site = await siteOf('linden-oak');
    expect(site).toMatchObject({ order_prefix: 'LINDEN', status: 'active' });
    const inside = httpClient(it.port, 'admin.localhost', {
      headers: { 'x-souk-site': 'linden-oak' },
      cookies: operator.cookies,
    });
    expect((await inside.query('site.get')).value).toMatchObject({
      role: 'owner',
      currency: 'EUR',
      locale: 'de-AT',
      timeZone: 'Europe/Vienna',
    });
    const page = await httpClient(it.port, 'linden-oak.localhost').get('/');
    expect([page.status, pageOf(page).kind]).toEqual([200, 'home']);
    expect(
      await ownerRows(it.db, 'select price::text, currency from shipping_methods where site_id = $1', [site?.site_id]),
    ).toEqual([{ price: '4.9000', currency: 'EUR' }]);
    expect(
      await ownerRows(it.db, 'select is_enabled from payment_configurations where site_id = $1', [site?.site_id]),
    ).toEqual([{ is_enabled: true }]);
    expect(
      await ownerRows(it.db, 'select action, actor_kind, role_name from admin_action_logs where site_id = $1', [
        site?.site_id,
      ]),
    ).toEqual([{ action: 'site.created', actor_kind: 'admin', role_name: 'owner' }]);
    expect(
      await ownerRows(it.db, 'select action, admin_id from operator_action_logs where site_id = $1', [site?.site_id]),
    ).toEqual([{ action: 'site.created', admin_id: await adminIdOf(operator) }]);
  });

  test('everything that is wrong is told at once; what another site has is told of its name alone', async () => {
    const wrong = await operator.mutate(
      'operator.createSite',
      form({ handle: 'Admin!', country: 'XX', currency: 'XXX', timeZone: '+1', taxPercent: '120' }),
    );
    expect([wrong.status, Object.keys(wrong.refusal?.fields ?? {}).toSorted()]).toEqual([
      400,
      ['country', 'currency', 'handle', 'taxPercent', 'timeZone'],
    ]);
    const taken = await operator.mutate('operator.createSite', form());
    expect([taken.status, taken.refusal?.fields]).toEqual([
      400,
      { handle: 'Another site has this one. Take another.' },
    ]);
    for (const handle of ['admin', 'api', 'www']) {
      const answer = await operator.mutate('operator.createSite', form({ handle }));
      expect([handle, answer.status]).toEqual([handle, 400]);
    }
  });

  test('the host that another site has as its own domain is no free name', async () => {
    const other = await it.makeSite({ handle: 'has-domain' });
    await ownerRows(it.db, PROVED_DOMAIN, [v7(), other.siteId, 'wanted.localhost', false, 'verified', true]);
    const answer = await operator.mutate('operator.createSite', form({ handle: 'wanted' }));
    expect([answer.status, Object.keys(answer.refusal?.fields ?? {})]).toEqual([400, ['handle']]);
    expect(await siteOf('wanted')).toBeUndefined();
  });

  test('is made by those who run the installation; for others there is nothing to call', async () => {
    const owner = await it.signedInAs(await it.makeSite({ handle: 'plain-owner' }), 'owner');
    const answer = await owner.mutate('operator.createSite', form({ handle: 'not-mine' }));
    expect([answer.status, answer.refusal?.code]).toEqual([404, 'not_found']);
    expect((await it.admin().mutate('operator.createSite', form({ handle: 'not-mine' }))).status).toBe(401);
    expect(await siteOf('not-mine')).toBeUndefined();
    expect((await owner.query('account.me')).value).toMatchObject({ isOperator: false });
    expect((await operator.query('account.me')).value).toMatchObject({ isOperator: true });
  });
});

describe('C14 · sites made at once', () => {
  test('C14 · of twenty with one name one is made, and the others leave nothing', async () => {
    const answers = await together(20, () => operator.mutate('operator.createSite', form({ handle: 'one-of-many' })));
    expect(tally(answers.map((a) => a.status))).toEqual({ 200: 1, 400: 19 });
    for (const answer of answers.filter((a) => a.status !== 200))
      expect(Object.keys(answer.refusal?.fields ?? {})).toEqual(['handle']);
    const sites = await ownerRows(it.db, 'select site_id from sites where handle = $1', ['one-of-many']);
    expect(sites).toHaveLength(1);
    // No table holds a row of a site that is not there.
    const tables = await ownerRows<{ name: string }>(
      it.db,
      "select table_name as name from information_schema.columns where table_schema = 'public' and column_name = 'site_id'",
    );
    for (const { name } of tables)
      expect([
        name,
        await ownerRows(
          it.db,
          `select 1 from "${name}" t where site_id is not null and not exists (select from sites s where s.site_id = t.site_id)`,
        ),
      ]).toEqual([name, []]);
  });

  test('C14 · eight whose names begin alike are all made, each with letters of its own', async () => {
    const answers = await together(8, (i) =>
      operator.mutate('operator.createSite', form({ handle: `garden-${'abcdefgh'[i]}` })),
    );
    expect(tally(answers.map((a) => a.status))).toEqual({ 200: 8 });
    const found = await ownerRows<{ order_prefix: string }>(
      it.db,
      "select order_prefix from sites where handle like 'garden-%' order by 1",
    );
    expect(found.map((s) => s.order_prefix)).toEqual(['GARDEN', ...[2, 3, 4, 5, 6, 7, 8].map((n) => `GARDEN${n}`)]);
  });
});

describe('K01 · a site that was broken off', () => {
  test('K01 · the database refuses the last of its rows: nothing of it is there, and the name is free', async () => {
    // In an installation of its own: its log says that this failed.
    const broken = await startTestApi();
    try {
      const client = await broken.signedInAsOperator();
      const rows = async (): Promise<number[]> =>
        Promise.all(
          ['sites', 'roles', 'site_configurations', 'domain_mappings', 'admin_action_logs'].map(
            async (table) => (await ownerRows(broken.db, `select 1 from ${table}`)).length,
          ),
        );
      const before = await rows();
      await ownerRows(broken.db, 'revoke insert on operator_action_logs from souk_app');
      expect((await client.mutate('operator.createSite', form({ handle: 'half-made' }))).status).toBe(500);
      expect(await rows()).toEqual(before);
      await ownerRows(broken.db, 'grant insert on operator_action_logs to souk_app');
      expect((await client.mutate('operator.createSite', form({ handle: 'half-made' }))).status).toBe(200);
    } finally {
      await broken.close();
    }
  });

  test('K01 · with the payment provider away the site is there; it takes payments after the next start', async () => {
    const away = await startTestApi();
    try {
      const client = await away.signedInAsOperator();
      const provider = away.api.services.providers.get('sandbox') as { connect: unknown };
      const { connect } = provider;
      provider.connect = () => Promise.reject(new Error('away'));
      expect((await client.mutate('operator.createSite', form({ handle: 'waits' }))).status).toBe(200);
      provider.connect = connect;
      const enabled = () =>
        ownerRows<{ is_enabled: boolean }>(
          away.db,
          'select is_enabled from payment_configurations p join sites s using (site_id) where s.handle = $1',
          ['waits'],
        );
      expect(await enabled()).toEqual([{ is_enabled: false }]);
    } finally {
      await away.close();
    }
  });
});

describe('one person and forty sites', () => {
  test('their list waits as often for the database as a list of one; a number leads to its site where they see orders', async () => {
    const person = await it.signedInAsNobody();
    const adminId = await adminIdOf(person);
    const caller = adminRouter.createCaller({
      audience: 'admin',
      services: it.api.services,
      requestId: 'test',
      address: '127.0.0.1',
      cookies: { 'souk-admin': person.cookies.get('souk-admin') ?? '' },
      headers: {},
      setHeader: () => undefined,
      setCookie: () => undefined,
    });
    const roles = ['owner', 'manager', 'editor', 'support', 'viewer'] as const;
    const trips: number[] = [];
    for (let n = 0; n < 40; n += 1) {
      const site = await it.makeSite({ handle: `many-${String(n).padStart(2, '0')}`, products: [] });
      await withSite(it.db.database, site.siteId, (tx) =>
        addMember(tx, { membershipId: v7(), adminId, roleName: roles[n % 5] ?? 'viewer' }),
      );
      if (n === 0 || n === 39) trips.push((await countRoundTrips(() => caller.account.me())).roundTrips);
    }
    expect(trips[1]).toBe(trips[0]);
    const { sites } = await caller.account.me();
    expect(sites).toHaveLength(40);
    expect(tally(sites.map((s) => s.role))).toEqual({ owner: 8, manager: 8, editor: 8, support: 8, viewer: 8 });
    for (const site of sites)
      expect([site.role, site.orderPrefix !== undefined]).toEqual([site.role, site.role !== 'editor']);
  });
});
