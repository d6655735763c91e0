import { withSite } from '@souk/db';
import { type ActionFilter, listActions } from '@souk/db/activity';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type HttpClient,
  type TestApi,
  type TestSite,
  httpClient,
  ownerRows,
  publishPrices,
  seededRandom,
  startTestApi,
} from '../index.ts';

/* "Who changed this price?" The log of a site, asked by thing, person, action and time, as a page and as a file. */

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
  site = await it.makeSite({
    handle: `activity-${n}`,
    products: [[{ price: 1000, stock: 5 }], [{ price: 2000, stock: 5 }]],
  });
  owner = await it.signedInAs(site, 'owner');
});

type Row = {
  actionId: string;
  who: string;
  whom?: string;
  action: string;
  entityType: string;
  entityId?: string;
  before?: unknown;
  after?: unknown;
  timestamp: string;
};
type Page = { rows: Row[]; next?: string; searchedTo?: string };
const list = async (input: object, by = owner): Promise<Page> => {
  const answer = await by.query('activity.list', input);
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.value as Page;
};

/** Rows of a log, made by the owner of the database: `who`, `what`, `kind`, `thing` are small numbers. */
async function fill(
  rows: readonly { at: number; who: number; what: number; kind: number; thing: number }[],
): Promise<void> {
  await ownerRows(
    it.db,
    `insert into admin_action_logs (site_id, action_id, actor_kind, actor_id, role_name, action, entity_type, entity_id, request_id, "timestamp")
      select $1, (substr(ms, 1, 8) || '-' || substr(ms, 9) || '-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid, case when who = 0 then 'system' else 'admin' end,
        case when who > 0 then ('01930000-0000-7000-8000-0000000000b' || who)::uuid end, 'owner', 'act.' || chr(96 + what), 'kind' || kind, ('01930000-0000-7000-8000-0000000000c' || thing)::uuid, 'made', to_timestamp(at / 1000.0)
      from jsonb_to_recordset($2::jsonb) as r (at bigint, who int, what int, kind int, thing int, i bigint)
      cross join lateral (select lpad(to_hex(at), 12, '0') as ms) x`,
    [site.siteId, JSON.stringify(rows.map((row, i) => ({ ...row, i })))],
  );
}
const person = (who: number): string => (who === 0 ? 'system' : `01930000-0000-7000-8000-0000000000b${who}`);
const BEGIN = Date.UTC(2026, 0, 1);

describe('the log', () => {
  test('says who published which price of a product, before and after, for this product and no other', async () => {
    const [first, second] = site.products;
    if (!first || !second) throw new Error('no products');
    await publishPrices(it.db.database, site, first, 2, [1250]);
    // Once more, by a person this time.
    for (const is of ['false', 'version_number = 1'])
      await ownerRows(it.db, `update product_versions set is_published = ${is} where product_id = $1`, [
        first.productId,
      ]);
    await ownerRows(it.db, 'update products set price_from = 10, price_to = 10 where product_id = $1', [
      first.productId,
    ]);
    const answer = await owner.mutate('products.publish', { productIds: [first.productId, second.productId] });
    expect(answer.status).toBe(200);
    const { rows } = await list({ entityId: first.productId });
    expect(rows).toMatchObject([
      {
        who: expect.stringContaining('owner'),
        action: 'products.publish',
        entityType: 'product',
        before: { status: 'published', price: { amount: '10.00', currency: 'EUR' } },
        after: { version: 2, status: 'published', price: { amount: '12.50', currency: 'EUR' } },
      },
    ]);
    expect((await list({ entityId: second.productId })).rows).toEqual([]);
    expect((await owner.mutate('products.unpublish', { productIds: [first.productId] })).status).toBe(200);
    expect((await list({ entityId: first.productId, action: 'products.unpublish' })).rows).toMatchObject([
      { before: { status: 'published' }, after: { status: 'draft' } },
    ]);
  });

  test('every filter and each two and three together give exactly the rows they name, page after page', async () => {
    const random = seededRandom('activity filters');
    const made = Array.from({ length: 3000 }, (_, i) => ({
      at: BEGIN + i * 60_000,
      who: i % 700 === 3 ? 3 : random.below(2) + (i < 600 ? 0 : 1),
      what: i % 900 === 5 ? 5 : 1 + random.below(3),
      kind: 1 + random.below(2),
      thing: i % 500 === 0 ? 9 : random.below(8),
    }));
    await fill(made);
    const { actions } = (await owner.query('activity.filters')).value as { actions: string[] };
    expect(actions).toEqual(expect.arrayContaining(['act.a', 'act.b', 'act.c', 'act.e']));
    const maybe = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined });
    await fc.assert(
      fc.asyncProperty(
        maybe(fc.constantFrom(0, 1, 2, 3)),
        maybe(fc.constantFrom(1, 2, 3, 5)),
        maybe(fc.constantFrom(1, 2)),
        maybe(fc.constantFrom(0, 4, 9)),
        maybe(fc.integer({ min: 0, max: 3000 })),
        maybe(fc.integer({ min: 0, max: 3000 })),
        async (who, what, kind, thing, from, to) => {
          const filter: ActionFilter = {
            ...(who === undefined ? {} : { actorId: person(who) }),
            ...(what === undefined ? {} : { action: `act.${'abcde'[what - 1]}` }),
            ...(kind === undefined ? {} : { entityType: `kind${kind}` }),
            ...(thing === undefined ? {} : { entityId: `01930000-0000-7000-8000-0000000000c${thing}` }),
            ...(from === undefined ? {} : { from: new Date(BEGIN + from * 60_000) }),
            to: new Date(BEGIN + (to ?? 3000) * 60_000),
          };
          const wanted = made.filter(
            (r) =>
              (who === undefined || r.who === who) &&
              (what === undefined || r.what === what) &&
              (kind === undefined || r.kind === kind) &&
              (thing === undefined || r.thing === thing) &&
              (from === undefined || r.at >= BEGIN + from * 60_000) &&
              r.at < BEGIN + (to ?? 3000) * 60_000,
          );
          const found: number[] = [];
          let after: string | undefined;
          let pages = 0;
          do {
            const page = await withSite(it.db.database, site.siteId, (tx) =>
              listActions(tx, { ...filter, after, limit: 70 }),
            );
            expect(page.rows.length).toBeLessThanOrEqual(70);
            found.push(...page.rows.map((r) => r.timestamp.getTime()));
            // It goes on, always further back.
            if (page.next !== undefined && after !== undefined) expect(page.next < after).toBe(true);
            after = page.next;
            pages += 1;
          } while (after !== undefined && pages < 200);
          expect(found).toEqual(wanted.map((r) => r.at).toReversed());
        },
      ),
      { numRuns: 60, seed: 20261201 },
    );
  });

  test('what is rare only together is looked for a bounded way, and the page says how far', async () => {
    // Two people, two actions, and only the oldest row has the second person with the second action.
    await fill(
      Array.from({ length: 2000 }, (_, i) => ({
        at: BEGIN + i * 1000,
        who: i === 0 ? 2 : 1 + (i % 2),
        what: i === 0 ? 2 : i % 2 === 0 ? 2 : 1,
        kind: 1,
        thing: 1,
      })),
    );
    const filter = { who: person(2), action: 'act.b', to: new Date(BEGIN + 2_000_000).toISOString() };
    const first = await list(filter);
    expect(first.rows).toEqual([]);
    expect(first.next).toBeDefined();
    expect(new Date(first.searchedTo ?? '').getTime()).toBeGreaterThan(BEGIN);
    let page = first;
    for (let i = 0; page.rows.length === 0 && i < 20; i += 1) page = await list({ ...filter, after: page.next });
    expect(page.rows).toHaveLength(1);
  });

  test.each([
    { who: 'somebody' },
    { from: 'yesterday' },
    { from: '2026-13-45T00:00:00Z' },
    { action: "x' or 1=1" },
    { entityType: '' },
    { entityId: 'x' },
    { to: '2026-11-30' },
  ])('what is no filter is refused in words: %o', async (input) => {
    expect((await owner.query('activity.list', input)).refusal?.code).toBe('wrong_field');
  });

  test('OP1 · who runs the installation is no name in it, and is not found by their account either', async () => {
    const operator = await it.signedInAsOperator();
    const wish = { siteId: site.siteId, step: 'suspend', lastStep: 1, reason: 'upkeep' };
    expect((await operator.mutate('operator.moveSite', wish)).status).toBe(200);
    const [who] = await ownerRows<{ id: string }>(
      it.db,
      "select actor_id as id from admin_action_logs where site_id = $1 and actor_kind = 'operator'",
      [site.siteId],
    );
    expect((await list({})).rows[0]).toMatchObject({
      who: 'Whoever runs this installation',
      action: 'operator.suspend',
    });
    expect((await list({ who: who?.id })).rows).toEqual([]);
    expect((await list({ who: who?.id, action: 'operator.suspend' })).rows).toEqual([]);
    expect((await list({ action: 'operator.suspend' })).rows).toHaveLength(1);
  });

  test('names whom it was done to, also when they are gone', async () => {
    const colleague = await it.signedInAs(site, 'viewer');
    const { name } = (await colleague.query('account.me')).value as { name: string };
    const { members } = (await owner.query('team.list')).value as {
      members: { membershipId: string; role: string; roleId: string }[];
    };
    const { membershipId, roleId: fromRoleId } = members.find((m) => m.role === 'viewer') ?? {};
    const { roles } = (await owner.query('roles.list')).value as { roles: { roleId: string; name: string }[] };
    const roleId = roles.find((role) => role.name === 'editor')?.roleId;
    expect((await owner.mutate('team.changeRole', { membershipId, fromRoleId, roleId })).status).toBe(200);
    expect((await owner.mutate('team.remove', { membershipId })).status).toBe(200);
    const [removed, changed] = (await list({})).rows;
    expect([removed?.action, removed?.whom, changed?.action, changed?.whom]).toEqual([
      'team.remove',
      name,
      'team.changeRole',
      name,
    ]);
    await owner.mutate('products.unpublish', { productIds: [site.products[0]?.productId] });
    expect((await list({})).rows[0]).not.toHaveProperty('whom');
  });

  test('shows one site its own, whatever is asked', async () => {
    const other = await it.makeSite({ handle: `activity-${n}-b` });
    const stranger = await it.signedInAs(other, 'owner');
    await owner.mutate('products.unpublish', { productIds: [site.products[0]?.productId] });
    for (const input of [
      {},
      { action: 'products.unpublish' },
      { entityId: site.products[0]?.productId },
      { entityType: 'product', action: 'products.unpublish' },
    ])
      expect((await list(input, stranger)).rows).toEqual([]);
  });
});

describe('a file of it', () => {
  const asked = async (input: object, by = owner): Promise<string> => {
    const answer = await by.mutate('activity.export', input);
    if (answer.status !== 200) throw new Error(answer.text);
    return (answer.value as { href: string }).href;
  };

  test('CSV and JSONL hold what is asked for, whole, and the asking stands in the log', async () => {
    await fill(
      Array.from({ length: 1300 }, (_, i) => ({
        at: BEGIN + i * 1000,
        who: i % 2,
        what: 1 + (i % 3),
        kind: 1,
        thing: 1,
      })),
    );
    const jsonl = await owner.get(await asked({ format: 'jsonl', entityType: 'kind1' }));
    expect(jsonl.status).toBe(200);
    expect(jsonl.headers['content-disposition']).toMatch(
      /^attachment; filename="?activity-activity-\d+-\d{4}-\d\d-\d\d\.jsonl"?$/,
    );
    const lines = jsonl.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { time: string; who: string; action: string });
    expect(lines).toHaveLength(1300);
    expect(lines.map((l) => l.time)).toEqual(
      lines
        .map((l) => l.time)
        .toSorted()
        .toReversed(),
    );
    expect(new Set(lines.map((l) => l.who))).toEqual(new Set(['Souk', 'A former member']));
    const csv = await owner.get(await asked({ format: 'csv', action: 'act.b', entityType: 'kind1' }));
    expect(csv.text.startsWith('\uFEFFtime,who,role,action,whom,kind,id,before,after,request\r\n')).toBe(true);
    expect(csv.text.trim().split('\r\n')).toHaveLength(1 + Math.floor(1300 / 3));
    const { rows } = await list({ action: 'activity.export' });
    expect(rows).toMatchObject([
      { after: { format: 'csv', action: 'act.b', entityType: 'kind1' } },
      { after: { format: 'jsonl', entityType: 'kind1' } },
    ]);
  });

  test('H03 · nothing in it runs in a spreadsheet', async () => {
    await ownerRows(
      it.db,
      `insert into admin_action_logs (site_id, action_id, actor_kind, role_name, action, entity_type, before, request_id, "timestamp")
        values ($1, gen_random_uuid(), 'system', '=cmd|'' /C calc''!A0', '+1', '@SUM(1)', '"=1+1, \\"x\\""', '-2', now())`,
      [site.siteId],
    );
    const csv = await owner.get(await asked({ format: 'csv', action: undefined, who: 'system' }));
    const row = csv.text.split('\r\n')[1] ?? '';
    expect(row).toContain("'=cmd");
    expect(row).toContain("'+1");
    expect(row).toContain("'@SUM(1)");
    expect(row).toContain("'-2");
    for (const cell of row.split(',')) expect(cell).not.toMatch(/^"?[=+@-]/);
  });

  test('I7 · it wants a fresh proof, and its address is this person’s, for this site, this filter and a few minutes', async () => {
    const href = await asked({ format: 'csv' });
    const [path = '', ticket = ''] = href.split('?ticket=');
    const viewer = await it.signedInAs(site, 'viewer');
    expect((await viewer.get(href)).status).toBe(404);
    const other = await it.makeSite({ handle: `activity-${n}-b` });
    const there = httpClient(it.port, 'admin.localhost', {
      headers: { 'x-souk-site': other.handle },
      cookies: owner.cookies,
    });
    expect((await there.get(href.replace(site.handle, other.handle))).status).toBe(404);
    expect((await owner.get(path.replace('.csv', '.jsonl') + `?ticket=${ticket}`)).status).toBe(404);
    expect((await owner.get(path.replace('.csv', '.exe') + `?ticket=${ticket}`)).status).toBe(404);
    const [until = '', , seal = ''] = ticket.split('.');
    const forged = `${until}.${Buffer.from('{}').toString('base64url')}x.${seal}`;
    for (const wrong of ['', 'x', forged, `${Number(until) + 1}${ticket.slice(until.length)}`, ticket.slice(0, -1)])
      expect([wrong, (await owner.get(`${path}?ticket=${wrong}`)).status]).toEqual([wrong, 404]);
    expect((await owner.get(href)).status).toBe(200);
    const nobody = await it.signedInAs(site, 'VIEW_ORDERS');
    expect((await nobody.mutate('activity.export', { format: 'csv' })).refusal?.code).toBe('permission_missing');
    await ownerRows(it.db, "update admin_sessions set proved_at = now() - interval '1 hour'");
    expect((await owner.mutate('activity.export', { format: 'csv' })).refusal?.code).toBe('proof_needed');
  });
});
