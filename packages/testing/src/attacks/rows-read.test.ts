import { PLATFORM_TABLES, inDatabase, openTestDatabase } from '@souk/db/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestApi, type TestSite, checkOut, fillCart, placeOrder, startTestApi } from '../index.ts';

/*
 * How many rows each hot question reads: a number that depends on what is shown and not on how much the shop has. Counted
 * by PostgreSQL itself, over HTTP, on a connection like any other; a time is nowhere measured.
 */

let it: TestApi;
let small: TestSite;
let large: TestSite;
beforeAll(async () => {
  const db = await openTestDatabase({ poolSize: 4 });
  it = await startTestApi({ db, poolSize: 1 });
  const products = (count: number) =>
    Array.from({ length: count }, () => [
      { price: 100, stock: 500 },
      { price: 200, stock: 500 },
    ]);
  small = await it.makeSite({ handle: 'rows-small', products: products(40) });
  large = await it.makeSite({ handle: 'rows-large', products: products(400) });
  for (const [site, orders] of [
    [small, 60],
    [large, 180],
  ] as const)
    for (let i = 0; i < orders; i += 20) await Promise.all(Array.from({ length: 20 }, () => order(site)));
  for (const [site, rows] of [
    [small, 3_000],
    [large, 30_000],
  ] as const)
    await inDatabase(it.db.superuserUrl, (client) => client.query(logOf(rows), [site.siteId]));
  await inDatabase(it.db.superuserUrl, (client) => client.query('analyze'));
});
afterAll(() => it.close());

/** Somebody who left long ago did the first fifth of all, somebody does nearly all the rest, and a third a little. */
const BUSY = '01930000-0000-7000-8000-0000000000b1';
const FORMER = '01930000-0000-7000-8000-0000000000b2';
const RARE = '01930000-0000-7000-8000-0000000000b3';
const logOf = (rows: number): string => `
  insert into admin_action_logs (site_id, action_id, actor_kind, actor_id, role_name, action, entity_type, entity_id, request_id, "timestamp")
  select $1, ('01900000-' || lpad(to_hex(g), 4, '0') || '-7000-8000-' || lpad(to_hex(g), 12, '0'))::uuid, 'admin',
    case when g % (${rows} / 20) = 7 then '${RARE}' when g < ${rows} / 5 then '${FORMER}' else '${BUSY}' end::uuid, 'owner',
    case when g % 3 = 0 then 'made.often' else 'made.sometimes' end, case when g % 2 = 0 then 'kind.one' else 'kind.two' end, gen_random_uuid(), 'made', now()
  from generate_series(1, ${rows}) g`;

const order = (site: TestSite) =>
  placeOrder(it, site, [{ variantId: site.products[0]?.variants[0]?.variantId ?? '', quantity: 1 }]);

/** Rows that each table has given out so far, by scan or by index. */
async function rowsGivenOut(): Promise<Map<string, number>> {
  // Connections report what they read at most once a second, and at once when they are asked to.
  await it.api.services.database.app.query('select pg_stat_force_next_flush()');
  await it.api.services.database.app.query('select 1');
  return inDatabase(it.db.superuserUrl, async (client) => {
    const { rows } = await client.query<{ table: string; n: string }>(
      "select relname as table, coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) as n from pg_stat_user_tables where schemaname = 'public'",
    );
    return new Map(rows.map((row) => [row.table, Number(row.n)]));
  });
}

/** Read by the door of the admin and by the relay. */
const READ_ELSEWHERE: ReadonlySet<string> = new Set([
  'outbox_events',
  'admin_site_memberships',
  'roles',
  'role_permissions',
  'site_configurations',
  'support_accesses',
]);

/** Rows that a question reads, the second time it is asked, by table. */
async function rowsOf(ask: () => Promise<unknown>): Promise<Record<string, number>> {
  await ask();
  const before = await rowsGivenOut();
  await ask();
  const after = await rowsGivenOut();
  return Object.fromEntries(
    [...after]
      .map(([table, n]) => [table, n - (before.get(table) ?? 0)] as const)
      // What is asked before a site is known, and what the relay does, is on other connections, which report when they like.
      .filter(([table, n]) => n > 0 && !PLATFORM_TABLES.has(table) && !READ_ELSEWHERE.has(table)),
  );
}

describe('rows read', () => {
  type Question = [what: string, most: number, ask: (site: TestSite) => Promise<() => Promise<unknown>>];
  const questions: readonly Question[] = [
    [
      'a product',
      20,
      async (site) => {
        const visitor = it.visitor(site);
        return () => visitor.query('products.get', { slug: `${site.handle}-thing-1` });
      },
    ],
    [
      'a list of 20',
      200,
      async (site) => {
        const visitor = it.visitor(site);
        return () => visitor.query('products.list', {});
      },
    ],
    [
      'a cart',
      40,
      async (site) => {
        const visitor = it.visitor(site);
        await fillCart(visitor, [{ variantId: site.products[0]?.variants[0]?.variantId ?? '', quantity: 1 }]);
        return () => visitor.query('cart.get');
      },
    ],
    [
      'a checkout',
      90,
      async (site) => {
        const lines = [{ variantId: site.products[0]?.variants[0]?.variantId ?? '', quantity: 1 }];
        const visitors = await Promise.all(
          [1, 2].map(async () => {
            const visitor = it.visitor(site);
            await fillCart(visitor, lines);
            return visitor;
          }),
        );
        return async () => {
          const visitor = visitors.pop() ?? it.visitor(site);
          expect((await checkOut(visitor, site, lines)).status).toBe(200);
        };
      },
    ],
    [
      'a notice that confirms',
      60,
      async (site) => {
        const placed = [await order(site), await order(site)];
        return async () => {
          const { paymentId, total } = placed.pop() ?? (await order(site));
          await it.notify(site, { type: 'payment.captured', paymentId, amount: total });
        };
      },
    ],
    [
      '50 orders of the admin',
      200,
      async (site) => {
        const owner = await it.signedInAs(site, 'owner');
        return () => owner.query('orders.list', {});
      },
    ],
    ...(
      [
        ['a page of the log', 60, {}],
        ['what a person did', 60, { who: BUSY }],
        ['what somebody did who left long ago', 60, { who: FORMER }],
        ['an action', 60, { action: 'made.often' }],
        ['what was done to a kind of thing', 60, { entityType: 'kind.two' }],
        ['a rare person and a common action', 900, { who: RARE, action: 'made.often' }],
        ['who left, an action and a kind', 1300, { who: FORMER, action: 'made.often', entityType: 'kind.one' }],
        ['what never happens together', 900, { who: 'system', action: 'made.often' }],
      ] as const
    ).map(([what, most, filter]): Question => [
      what,
      most,
      async (site) => {
        const owner = await it.signedInAs(site, 'owner');
        return () => owner.query('activity.list', filter);
      },
    ]),
  ];
  test.each(questions)('%s reads as many rows of ten times the shop', async (what, most, asking) => {
    const [ofSmall, ofLarge] = [await rowsOf(await asking(small)), await rowsOf(await asking(large))];
    const sum = (rows: Record<string, number>): number => Object.values(rows).reduce((a, b) => a + b, 0);
    expect(sum(ofSmall)).toBeGreaterThan(0);
    // Other connections report now and then what they have read: a few rows more are theirs.
    for (const [table, n] of Object.entries(ofLarge))
      expect([table, n - (ofSmall[table] ?? 0)]).toEqual([table, expect.toSatisfy((more: number) => more <= 10)]);
    expect(sum(ofLarge)).toBeLessThanOrEqual(most);
  });
});
