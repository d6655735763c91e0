import { inDatabase } from '@souk/db/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type HttpClient,
  type TestApi,
  type TestSite,
  TEST_PASSWORD,
  anAccount,
  httpClient,
  ownerRows,
  pageOf,
  startTestApi,
  tally,
  together,
} from '../index.ts';

/* What a site decides of itself: changed by those who may, never over somebody else's change, and never what buyers have seen. */

let it: TestApi;
let site: TestSite;
let owner: HttpClient;
let n = 0;
beforeAll(async () => {
  it = await startTestApi();
});
afterAll(async () => {
  expect(it.errors()).toEqual([]);
  await it.close();
});
beforeEach(async () => {
  n += 1;
  site = await it.makeSite({ handle: `set-${n}` });
  owner = await it.signedInAs(site, 'owner');
});

type Settings = {
  name: string;
  language: string;
  country: string;
  timeZone: string;
  contactEmail: string;
  lowStockAt: string;
  theme: string;
  currency: string;
  pricesIncludeTax: boolean;
};
type Read = { version: number; settings: Settings; fixed: { currency?: string; pricesIncludeTax?: string } };
const read = async (by = owner): Promise<Read> => (await by.query('site.settings')).value as Read;
const save = async (change: Partial<Settings> & { version?: number; shippingPrice?: string }, by = owner) => {
  const { version, settings } = await read();
  return by.mutate('site.update', { ...settings, version, ...change });
};
const lastDeed = async () =>
  (
    await ownerRows<{ before: unknown; after: unknown; entity_type: string }>(
      it.db,
      "select before, after, entity_type from admin_action_logs where site_id = $1 and action = 'site.update' order by action_id desc limit 1",
      [site.siteId],
    )
  )[0];

/** A site with nothing for sale yet, as it is on its first day. */
async function emptySite(): Promise<void> {
  n += 1;
  site = await it.makeSite({ handle: `set-${n}`, products: [] });
  owner = await it.signedInAs(site, 'owner');
}

describe('settings', () => {
  test('are read and changed; the shop and the admin say so, and the log says what was and what is', async () => {
    const before = await read();
    expect(before).toMatchObject({
      version: 1,
      settings: { name: `The ${site.handle} shop`, language: 'en', country: 'DE', contactEmail: '', lowStockAt: '3' },
      fixed: { currency: 'published', pricesIncludeTax: 'published' },
    });
    const answer = await save({
      name: '  Linden   & Oak ',
      language: 'de',
      timeZone: 'Europe/Vienna',
      country: 'AT',
      contactEmail: ' Hello@Linden.example ',
      lowStockAt: ' 12 ',
      theme: 'kumo',
    });
    expect([answer.status, answer.value]).toEqual([200, { version: 2 }]);
    expect((await read()).settings).toEqual({
      ...before.settings,
      name: 'Linden & Oak',
      language: 'de',
      timeZone: 'Europe/Vienna',
      country: 'AT',
      contactEmail: 'hello@linden.example',
      lowStockAt: '12',
      theme: 'kumo',
    });
    expect((await owner.query('site.get')).value).toMatchObject({
      name: 'Linden & Oak',
      timeZone: 'Europe/Vienna',
      locale: 'de-AT',
      lowStockAt: 12,
    });
    expect(await lastDeed()).toEqual({
      entity_type: 'site_configuration',
      before: {
        name: `The ${site.handle} shop`,
        locale: 'en-IE',
        country: 'DE',
        timeZone: 'Europe/Berlin',
        lowStockAt: 3,
        theme: 'aurora',
        contactEmail: 'none',
      },
      after: {
        name: 'Linden & Oak',
        locale: 'de-AT',
        country: 'AT',
        timeZone: 'Europe/Vienna',
        lowStockAt: 12,
        theme: 'kumo',
        contactEmail: 'an address',
      },
    });
    expect(await ownerRows(it.db, "select 1 from admin_action_logs t where t::text ilike '%linden.example%'")).toEqual(
      [],
    );
    // An address of the shop is where it was, whatever language it speaks now.
    const product = site.products[0];
    const page = await it.visitor(site).get(`/products/${product?.slug}`);
    expect([page.status, pageOf(page)]).toMatchObject([200, { kind: 'product' }]);
    expect(await ownerRows(it.db, 'select distinct locale from slugs where site_id = $1', [site.siteId])).toEqual([
      { locale: 'de-AT' },
    ]);
    // What is emptied is gone.
    expect((await save({ contactEmail: '' })).status).toBe(200);
    expect((await read()).settings.contactEmail).toBe('');
  });

  test('everything that is wrong is told at once, by field, and nothing is changed', async () => {
    const answer = await save({
      country: 'XX',
      timeZone: '+02:00',
      contactEmail: 'nobody',
      lowStockAt: '1.5',
      currency: 'XXX',
    });
    expect([answer.status, answer.refusal?.code, Object.keys(answer.refusal?.fields ?? {}).toSorted()]).toEqual([
      400,
      'wrong_field',
      ['contactEmail', 'country', 'currency', 'lowStockAt', 'timeZone'],
    ]);
    for (const change of [
      { name: '   ' },
      { name: 'x'.repeat(81) },
      { name: 'a\u0000b' },
      { lowStockAt: '-1' },
      { lowStockAt: '100001' },
      { lowStockAt: '' },
      { timeZone: 'Mars/Olympus' },
      { contactEmail: 'a@b.example\r\nBcc: c@d.example' },
    ])
      expect([change, (await save(change)).status]).toEqual([change, 400]);
    expect((await read()).version).toBe(1);
  });

  test('a zone that the database does not know is refused, though the program knows it', async () => {
    // Old names that only one of the two lists has are asked of both.
    const known = new Set(
      (await ownerRows<{ name: string }>(it.db, 'select name from pg_timezone_names')).map((zone) => zone.name),
    );
    const missing = Intl.supportedValuesOf('timeZone').find((zone) => !known.has(zone));
    if (missing) expect((await save({ timeZone: missing })).refusal?.fields).toHaveProperty('timeZone');
    expect((await save({ timeZone: 'Asia/Tokyo' })).status).toBe(200);
  });

  test('are for those who may change the site', async () => {
    for (const role of ['manager', 'editor', 'support', 'viewer'] as const) {
      const client = await it.signedInAs(site, role);
      expect((await client.query('site.settings')).refusal?.code).toBe('permission_missing');
      expect((await save({ name: 'Mine' }, client)).refusal?.code).toBe('permission_missing');
    }
  });
});

describe('V1 · two people at the same settings', () => {
  test('V1 · who saves second is refused with what stands there now, and by whom; then saves over what they have seen', async () => {
    const { adminId, email } = await anAccount(it.db.database, 'second');
    await ownerRows(
      it.db,
      "insert into admin_site_memberships select $1, gen_random_uuid(), $2, role_id, 'active', now(), now() from roles where site_id = $1 and role_name = 'owner'",
      [site.siteId, adminId],
    );
    const second = httpClient(it.port, 'admin.localhost', { headers: { 'x-souk-site': site.handle } });
    await second.mutate('account.signIn', { email, password: TEST_PASSWORD });
    const { settings } = await read();
    expect((await save({ name: 'Theirs', version: 1 }, second)).status).toBe(200);
    const refused = await owner.mutate('site.update', { ...settings, name: 'Mine', lowStockAt: '9', version: 1 });
    expect([refused.status, refused.refusal]).toEqual([
      409,
      {
        code: 'stale_version',
        message: expect.stringContaining('second'),
        facts: {
          yours: 1,
          now: 2,
          changedBy: 'second',
          theirs: {
            version: 2,
            changedAt: expect.any(String),
            settings: { ...settings, name: 'Theirs' },
            fixed: { currency: 'published', pricesIncludeTax: 'published' },
          },
        },
      },
    ]);
    expect((await read()).settings).toEqual({ ...settings, name: 'Theirs' });
    expect((await owner.mutate('site.update', { ...settings, name: 'Mine', version: 2 })).status).toBe(200);
    // A version that was never there is as stale as an old one.
    expect((await save({ version: 99 })).status).toBe(409);
  });

  test('V1 · of twenty who save at once from one version one is through', async () => {
    const { settings } = await read();
    const answers = await together(20, (i) =>
      owner.mutate('site.update', { ...settings, name: `Shop ${i}`, version: 1 }),
    );
    expect(tally(answers.map((a) => a.status))).toEqual({ 200: 1, 409: 19 });
    expect((await read()).version).toBe(2);
  });
});

describe('S1 · what buyers have seen stays', () => {
  test('S1 · before the first product both may change; what delivery costs is asked for in the new currency', async () => {
    await emptySite();
    expect((await read()).fixed).toEqual({});
    const missing = await save({ currency: 'JPY' });
    expect([missing.status, Object.keys(missing.refusal?.fields ?? {})]).toEqual([400, ['shippingPrice']]);
    expect((await save({ currency: 'JPY', shippingPrice: '4.90' })).refusal?.fields).toEqual({
      shippingPrice: 'JPY has no such decimals.',
    });
    expect((await save({ currency: 'JPY', shippingPrice: '800', pricesIncludeTax: false })).status).toBe(200);
    expect(
      await ownerRows(it.db, 'select price::text, currency from shipping_methods where site_id = $1', [site.siteId]),
    ).toEqual([{ price: '800.0000', currency: 'JPY' }]);
    expect((await read()).settings).toMatchObject({ currency: 'JPY', pricesIncludeTax: false });
  });

  test('S1 · the first product fixes the currency, the first publication the tax basis', async () => {
    await emptySite();
    const uploaded = await owner.send(`/s/${site.handle}/uploads/product-imports?name=x.csv`, {
      method: 'POST',
      body: 'Handle,Title,Variant Price,Variant SKU\nlamp,Lamp,10.00,L1\n',
      headers: { 'content-type': 'text/csv' },
    });
    const { importId } = JSON.parse(uploaded.text) as { importId: string };
    const imported = async (status: string): Promise<void> => {
      for (let tries = 0; tries < 200; tries += 1) {
        const [found] = await ownerRows<{ status: string }>(
          it.db,
          'select status from product_imports where import_id = $1',
          [importId],
        );
        if (found?.status === status) return;
        await new Promise((done) => setTimeout(done, 50));
      }
      expect.fail(`the import never was ${status}`);
    };
    await imported('ready');
    expect((await owner.mutate('imports.start', { importId })).status).toBe(200);
    await imported('applied');
    expect((await read()).fixed).toEqual({ currency: 'priced' });
    expect((await save({ currency: 'USD', shippingPrice: '1' })).refusal?.fields).toHaveProperty('currency');
    expect((await save({ pricesIncludeTax: false })).status).toBe(200);

    const [product] = await ownerRows<{ product_id: string }>(
      it.db,
      'select product_id from products where site_id = $1',
      [site.siteId],
    );
    expect((await owner.mutate('products.publish', { productIds: [product?.product_id] })).status).toBe(200);
    expect((await read()).fixed).toEqual({ currency: 'published', pricesIncludeTax: 'published' });
    expect((await save({ pricesIncludeTax: true })).refusal?.fields).toHaveProperty('pricesIncludeTax');
    // Also when it is taken off the shop again: somebody has seen it.
    expect((await owner.mutate('products.unpublish', { productIds: [product?.product_id] })).status).toBe(200);
    expect((await save({ pricesIncludeTax: true })).refusal?.fields).toHaveProperty('pricesIncludeTax');
  });

  test.each([
    ['the currency', "update site_configurations set currency = 'USD' where site_id = $1"],
    ['the tax basis', 'update site_configurations set prices_include_tax = not prices_include_tax where site_id = $1'],
  ])('S1 · %s cannot be changed by raw SQL either, once something was published', async (_what, text) => {
    await expect(
      inDatabase(it.db.urls.app, async (client) => {
        await client.query('begin');
        await client.query("select set_config('app.site_id', $1, true)", [site.siteId]);
        await client.query(text, [site.siteId]);
        await client.query('commit');
      }),
    ).rejects.toThrow(/violates foreign key constraint/);
  });

  test('S1 · a publication and a change of the tax basis at once: one is first, and both end well', async () => {
    for (let round = 0; round < 6; round += 1) {
      n += 1;
      const fresh = await it.makeSite({ handle: `set-${n}` });
      await ownerRows(it.db, 'delete from publication_events where site_id = $1', [fresh.siteId]);
      await ownerRows(it.db, "update products set status = 'draft' where site_id = $1", [fresh.siteId]);
      await ownerRows(it.db, 'update product_versions set is_published = false where site_id = $1', [fresh.siteId]);
      const client = await it.signedInAs(fresh, 'owner');
      const { settings } = await read(client);
      const [published, changed] = await Promise.all([
        client.mutate('products.publish', { productIds: fresh.products.map((p) => p.productId) }),
        client.mutate('site.update', { ...settings, pricesIncludeTax: false, version: 1 }),
      ]);
      expect(published.status).toBe(200);
      expect([200, 400]).toContain(changed.status);
      const agree = await ownerRows<{ same: boolean }>(
        it.db,
        'select bool_and(e.prices_include_tax = c.prices_include_tax) as same from publication_events e join site_configurations c using (site_id) where site_id = $1',
        [fresh.siteId],
      );
      expect(agree).toEqual([{ same: true }]);
    }
  });
});

test('G1 · a site names itself and no other', async () => {
  const other = await it.makeSite({ handle: `other-${n}` });
  const renamed = await inDatabase(it.db.urls.app, async (client) => {
    await client.query('begin');
    await client.query("select set_config('app.site_id', $1, true)", [site.siteId]);
    const { rowCount } = await client.query("update sites set name = 'Taken over' where site_id = $1", [other.siteId]);
    const { rowCount: all } = await client.query("update sites set name = 'Mine'");
    const { rows } = await client.query('select name from sites');
    await client.query('rollback');
    return { rowCount, all, rows };
  });
  expect(renamed).toEqual({ rowCount: 0, all: 1, rows: [{ name: 'Mine' }] });
});
