import { orderSteps } from '@souk/domain/commerce';
import { PERMISSIONS, siteSteps } from '@souk/domain/identity';
import { CURRENCIES, type Currency, decimalsOf } from '@souk/domain/shared';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lintSchema } from './schema-lint.ts';
import { type TestDatabase, inDatabase, openTestDatabase } from './testing/index.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());

test('G1–G6 · the schema keeps every rule the promises stand on', async () => {
  expect(await inDatabase(db.ownerUrl, lintSchema)).toEqual([]);
});

test.each([
  ['O1', 'order_transitions_allowed', orderSteps()],
  ['ST1', 'site_transitions_allowed', siteSteps()],
])('%s · the database’s table %s is the domain’s', async (_id, table, steps) => {
  const rows = await inDatabase(
    db.ownerUrl,
    async (c) => (await c.query(`select from_state as from, to_state as to, triggered_by as by from ${table}`)).rows,
  );
  const key = (s: { from: string; to: string; by: string }): string => `${s.from} ${s.to} ${s.by}`;
  expect(rows.map(key).toSorted()).toEqual(steps.map(key).toSorted());
});

test('I4 · the database’s permissions are the domain’s', async () => {
  const rows = await inDatabase(
    db.ownerUrl,
    async (c) => (await c.query<{ permission_key: string }>('select permission_key from permissions')).rows,
  );
  expect(rows.map((r) => r.permission_key).toSorted()).toEqual(Object.keys(PERMISSIONS).toSorted());
});

test('O6 · the database knows the decimals of every currency as the domain does, and no other currency', async () => {
  const cases = [...CURRENCIES, 'XXX', '', 'eur'].map((code) => ({ code, decimals: decimalsOf(code as Currency) }));
  const exact = await inDatabase(db.ownerUrl, async (c) =>
    Promise.all(
      cases.map(async ({ code, decimals }) => {
        const { rows } = await c.query<{ unit: boolean; dust: boolean }>(
          'select is_exact_amount(10.0 ^ $2::numeric, $1) as unit, is_exact_amount(10.0 ^ $3::numeric, $1) as dust',
          [code, -decimals, -decimals - 1],
        );
        return [code, rows[0]?.unit, rows[0]?.dust];
      }),
    ),
  );
  expect(exact).toEqual(cases.map(({ code }) => [code, CURRENCIES.includes(code), false]));
});

describe('the lint sees each rule broken', () => {
  const broken: [string, string, string][] = [
    ['G1', 'a table without site_id', 'create table stray (id uuid primary key)'],
    ['G1', 'row-level security off', 'alter table orders disable row level security'],
    ['G1', 'the guard gone', 'drop policy orders_site on orders'],
    [
      'G1',
      'the guard for reading only',
      'drop policy orders_site on orders; create policy orders_site on orders as restrictive for select to souk_app using (site_id = current_site_id())',
    ],
    ['G1', 'a unique key across sites', 'create unique index across on orders (order_number)'],
    [
      'G1',
      'a foreign key that forgets the site',
      'alter table products add unique (site_id, title); create unique index on variants (variant_id); alter table cart_items add foreign key (variant_id) references variants (variant_id)',
    ],
    [
      'G3',
      'a cascade',
      'alter table order_items add foreign key (site_id, order_id, revision, item_count) references order_revisions (site_id, order_id, revision, item_count) on update cascade',
    ],
    ['G3', 'a grant to change a log', 'grant update (reason_code) on order_state_transition_logs to souk_app'],
    ['G3', 'truncate', 'grant truncate on carts to souk_app'],
    ['C3', 'a grant to change a version', 'grant update (title) on product_versions to souk_app'],
    ['G1', 'a grant outside the list', 'grant select on order_items to souk_platform'],
    ['G1', 'a grant to everybody', 'grant select on carts to public'],
    ['money', 'money without its check', 'alter table carts add column tip numeric(19,4)'],
    ['money', 'money without decimals', 'alter table carts add column tip numeric(10,0)'],
    [
      'DDL',
      'a trigger',
      'create function nothing() returns trigger language plpgsql as $$ begin return new; end $$; create trigger t before update on carts for each row execute function nothing()',
    ],
    [
      'DDL',
      'a nullable column in a composite key that nobody tests',
      'alter table orders add column parent uuid; alter table orders add foreign key (site_id, parent) references orders (site_id, order_id)',
    ],
    [
      'DDL',
      'a deferrable key elsewhere',
      'alter table cart_items add foreign key (site_id, cart_id) references carts (site_id, cart_id) deferrable',
    ],
    [
      'D05',
      'a function with its owner’s rights',
      "create function peek() returns bigint language sql security definer as 'select count(*) from orders'",
    ],
    [
      'DDL',
      'a sub-select in a policy',
      'create policy sub on carts to souk_relay using (exists (select 1 from sites))',
    ],
    [
      'G1',
      'a function that could be folded into a plan',
      "create or replace function current_site_id() returns uuid language sql immutable as $$ select nullif(current_setting('app.site_id', true), '')::uuid $$",
    ],
  ];
  test.each(broken)('%s · %s', async (rule, _what, sql) => {
    await inDatabase(db.ownerUrl, async (client) => {
      await client.query('begin');
      await client.query(sql);
      expect((await lintSchema(client)).map((f) => f.rule)).toContain(rule);
      await client.query('rollback');
    });
  });
});
