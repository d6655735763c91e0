import { v7 } from 'uuid';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PROVED_DOMAIN, type TestDatabase, openTestDatabase, siteRow } from '../testing/index.ts';

/* Keys of identity, content, catalog and integrations, tried as the owner: what even the owner cannot write, nobody can. */

let db: TestDatabase;
let owner: pg.Client;
const [a, b] = [v7(), v7()];

beforeAll(async () => {
  db = await openTestDatabase();
  owner = new pg.Client({ connectionString: db.ownerUrl });
  await owner.connect();
  for (const [i, site] of [a, b].entries()) {
    await owner.query(siteRow('$1', '$2', '$3'), [site, `shop-${i}`, `S${i}`]);
    await owner.query("insert into roles values ($1, $1, 'owner', '', true)", [site]);
    await owner.query(
      "insert into site_configurations (site_id, currency, prices_include_tax, locale, time_zone, country, theme, storefront, ai_enabled, low_stock_at, version, created_at, updated_at) values ($1, 'EUR', true, 'en', 'UTC', 'DE', 'aurora', '{}', false, 3, 1, now(), now())",
      [site],
    );
  }
});
afterAll(async () => {
  await owner.end();
  await db.close();
});

/** Runs statements, rolls them back, and says how they ended: `ok`, or the SQLSTATE that refused them. */
async function attempt(...statements: readonly [text: string, values: readonly unknown[]][]): Promise<string> {
  await owner.query('begin');
  try {
    for (const [text, values] of statements) await owner.query(text, [...values]);
    await owner.query('set constraints all immediate');
    return 'ok';
  } catch (error) {
    return error instanceof pg.DatabaseError ? (error.code ?? 'unknown') : String(error);
  } finally {
    await owner.query('rollback');
  }
}

const [UNIQUE, CHECK, FOREIGN_KEY] = ['23505', '23514', '23503'];

const domain = (
  site: string,
  name: string,
  o: { primary?: boolean; status?: string; active?: boolean } = {},
): [string, unknown[]] => [
  PROVED_DOMAIN,
  [v7(), site, name, o.primary ?? false, o.status ?? 'verified', o.active ?? true],
];

test('I1 · a host name belongs to one site', async () => {
  expect(await attempt(domain(a, 'x.example'), domain(b, 'y.example'))).toBe('ok');
  expect(await attempt(domain(a, 'x.example'), domain(b, 'x.example'))).toBe(UNIQUE);
  expect(await attempt(domain(a, 'X.example'))).toBe(CHECK);
});

test('I1 · one primary per site, and only a verified and active one', async () => {
  expect(await attempt(domain(a, 'x.example', { primary: true }), domain(b, 'y.example', { primary: true }))).toBe(
    'ok',
  );
  expect(await attempt(domain(a, 'x.example', { primary: true }), domain(a, 'y.example', { primary: true }))).toBe(
    UNIQUE,
  );
  expect(await attempt(domain(a, 'x.example', { primary: true, active: false }))).toBe(CHECK);
  expect(await attempt(domain(a, 'x.example', { primary: true, status: 'grace' }))).toBe(CHECK);
});

const account = (id: string, email: string): [string, unknown[]] => [
  "insert into admin_accounts values ($1, $2, 'N', 'h', 'active', now(), now())",
  [id, email],
];
const member = (site: string, admin: string, role: string): [string, unknown[]] => [
  "insert into admin_site_memberships values ($1, $2, $3, $4, 'active', now(), now())",
  [site, v7(), admin, role],
];

test('I2 · a membership’s role is of the same site', async () => {
  const id = v7();
  expect(await attempt(account(id, 'x@example.org'), member(a, id, a))).toBe('ok');
  expect(await attempt(account(id, 'x@example.org'), member(a, id, b))).toBe(FOREIGN_KEY);
});

test('I3 · one membership per account and site', async () => {
  const id = v7();
  expect(await attempt(account(id, 'x@example.org'), member(a, id, a), member(b, id, b))).toBe('ok');
  expect(await attempt(account(id, 'x@example.org'), member(a, id, a), member(a, id, a))).toBe(UNIQUE);
});

test('an account’s address is kept folded, and once', async () => {
  expect(await attempt(account(v7(), 'X@example.org'))).toBe(CHECK);
  expect(await attempt(account(v7(), 'x@example.org'), account(v7(), 'x@example.org'))).toBe(UNIQUE);
});

const product = (id: string): [string, unknown[]] => [
  "insert into products (site_id, product_id, title, short_description, visibility, status, currency, price_from, price_to, search_text, version, created_at, updated_at) values ($1, $2, 'T', '', 'visible', 'draft', 'EUR', 1, 1, '', 1, now(), now())",
  [a, id],
];
const version = (productId: string, n: number, published: boolean, currency = 'EUR'): [string, unknown[]] => [
  `with variant as (insert into variants values ($1, $7, $3, now())),
     line as (insert into product_version_variants (site_id, product_id, version_id, n, variant_count, variant_id, options, sku, price, currency, weight_grams, barcode, image_n)
       values ($1, $3, $2, 1, 1, $7, '{}', '', 1, $6, 0, '', 0))
   insert into product_versions (site_id, version_id, product_id, version_number, title, short_description, detailed_description, inclusion_details, exclusion_details, price_amount, currency, option_names, vendor, product_type, tags, seo_title, seo_description, content_hash, variant_count, is_published, created_at)
   values ($1, $2, $3, $4, 'T', '', '', '', '', 1, $6, '{}', '', '', '{}', '', '', '', 1, $5, now())`,
  [a, v7(), productId, n, published, currency, v7()],
];

test('C2 P1 · one published version per product', async () => {
  const id = v7();
  expect(await attempt(product(id), version(id, 1, true), version(id, 2, false))).toBe('ok');
  expect(await attempt(product(id), version(id, 1, true), version(id, 2, true))).toBe(UNIQUE);
  expect(await attempt(product(id), version(id, 1, false), version(id, 1, false))).toBe(UNIQUE);
});

test('a site has one currency: a version in another one is refused, and the currency cannot change under it', async () => {
  const id = v7();
  expect(await attempt(product(id), version(id, 1, false, 'USD'))).toBe(FOREIGN_KEY);
  expect(
    await attempt(product(id), version(id, 1, false), [
      "update site_configurations set currency = 'USD' where site_id = $1",
      [a],
    ]),
  ).toBe(FOREIGN_KEY);
});

const slug = (locale: string, text: string, current: boolean, target = v7()): [string, unknown[]] => [
  "insert into slugs values ($1, $2, 'product', $3, $4, $5, now())",
  [a, locale, text, target, current],
];

test('C1 · an address is unique per site and language, and one of a thing is its present one', async () => {
  const target = v7();
  expect(await attempt(slug('en', 'lamp', true), slug('de', 'lamp', true))).toBe('ok');
  expect(await attempt(slug('en', 'lamp', true), slug('en', 'lamp', true))).toBe(UNIQUE);
  expect(await attempt(slug('en', 'lamp', true, target), slug('en', 'lamp-2', true, target))).toBe(UNIQUE);
  expect(await attempt(slug('en', '../x', true))).toBe(CHECK);
});

const credential = (id: string): [string, unknown[]] => [
  "insert into integration_credential_references values ($1, $2, 'x', now())",
  [a, id],
];
const config = (o: { credential: string; tested?: string; enabled: boolean; site?: string }): [string, unknown[]] => [
  "insert into payment_configurations values ($1, $2, 'sandbox', 'test', $3, $4, $5, now(), now())",
  [o.site ?? a, v7(), o.enabled, o.credential, o.tested ?? null],
];

test('IN1 · enabled only after the very credential in use passed its test, and once per provider and mode', async () => {
  const [one, two] = [v7(), v7()];
  expect(await attempt(credential(one), config({ credential: one, tested: one, enabled: true }))).toBe('ok');
  expect(await attempt(credential(one), config({ credential: one, enabled: true }))).toBe(CHECK);
  expect(await attempt(credential(one), credential(two), config({ credential: one, tested: two, enabled: true }))).toBe(
    CHECK,
  );
  expect(
    await attempt(
      credential(one),
      config({ credential: one, tested: one, enabled: true }),
      config({ credential: one, tested: one, enabled: true }),
    ),
  ).toBe(UNIQUE);
});

test('IN3 · a configuration’s credential is of its own site', async () => {
  const one = v7();
  expect(await attempt(credential(one), config({ credential: one, enabled: false, site: b }))).toBe(FOREIGN_KEY);
});

test('money keeps to its currency’s decimals', async () => {
  const ship = (price: string): [string, unknown[]] => [
    "insert into shipping_methods values ($1, $2, 'P', '', $3, 'EUR', true, 1, now(), now())",
    [a, v7(), price],
  ];
  expect(await attempt(ship('4.90'))).toBe('ok');
  expect(await attempt(ship('4.901'))).toBe(CHECK);
});

test('I1 · the app role makes a site and its hosts for the site it is in, never for another', async () => {
  const app = new pg.Client({ connectionString: db.urls.app });
  await app.connect();
  const tryAs = async (site: string, text: string, values: readonly unknown[]): Promise<string> => {
    await app.query('begin');
    try {
      await app.query("select set_config('app.site_id', $1, true)", [site]);
      await app.query(text, [...values]);
      return 'ok';
    } catch (error) {
      return error instanceof pg.DatabaseError ? (error.code ?? 'unknown') : String(error);
    } finally {
      await app.query('rollback');
    }
  };
  const mapping = "insert into domain_mappings values ($1, $2, $3, 'platform', false, 'verified', true, now(), now())";
  const DENIED = '42501';
  try {
    expect(await tryAs(a, mapping, [v7(), a, 'mine.example'])).toBe('ok');
    expect(await tryAs(a, mapping, [v7(), b, 'theirs.example'])).toBe(DENIED);
    expect(await tryAs(a, siteRow('$1', "'other-site'", "'OTHER'"), [v7()])).toBe(DENIED);
    expect(await tryAs(a, 'select * from sites', [])).toBe(DENIED);
  } finally {
    await app.end();
  }
});
