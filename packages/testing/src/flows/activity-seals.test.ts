import { sealDueActivity } from '@souk/api/jobs/seal-activity';
import { withSite } from '@souk/db';
import { insertAction, sealActivity, verifySeals } from '@souk/db/activity';
import { inDatabase } from '@souk/db/testing';
import { v7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type TestApi, type TestSite, expectInvariants, ownerRows, startTestApi } from '../index.ts';

/* The log is sealed every hour, and what was done to it afterwards by whoever can do anything is found. */

const MINUTE = 60_000;
let it: TestApi;
let site: TestSite;
let ahead = 0;
let n = 0;
beforeAll(async () => {
  it = await startTestApi({ now: () => new Date(Date.now() + ahead) });
});
afterAll(async () => {
  expect(it.errors()).toEqual([]);
  await it.close();
});
beforeEach(async () => {
  ahead = 0;
  // Each site is looked at alone.
  await asSuperuser('truncate activity_seals, activity_seal_leaves');
  await asSuperuser('truncate admin_action_logs cascade');
  n += 1;
  site = await it.makeSite({ handle: `seals-${n}` });
});

/** As somebody whom no key and no grant holds back. */
const asSuperuser = (text: string, values: readonly unknown[] = []): Promise<unknown> =>
  inDatabase(it.db.superuserUrl, async (client) => {
    await client.query("set session_replication_role = 'replica'");
    return client.query(text, [...values]);
  });
const check = () => inDatabase(it.db.ownerUrl, verifySeals);
const messages = async (): Promise<string[]> => (await check()).broken.map((b) => b.message);

/** Rows of the log that were written so many minutes ago, oldest first. */
async function rows(...minutesAgo: readonly number[]): Promise<string[]> {
  const ids: string[] = [];
  for (const minutes of minutesAgo) {
    const at = new Date(Date.now() + ahead - minutes * MINUTE);
    const actionId = v7({ msecs: at.getTime() });
    ids.push(actionId);
    await withSite(
      it.db.database,
      site.siteId,
      async (tx) =>
        insertAction(tx, {
          actionId,
          actor: { kind: 'admin', id: site.owner, roleName: 'owner' },
          action: 'products.publish',
          entityType: 'product',
          entityId: v7(),
          before: { price: { amount: '10.00', currency: 'EUR' } },
          after: { price: { amount: '12.00', currency: 'EUR' }, note: 'ü "quoted" \u2028' },
          requestId: 'test',
        }),
      at,
    );
  }
  return ids;
}
const seal = () => sealDueActivity(it.api.services);

describe('the seals of a log', () => {
  test('take in every settled row once, follow each other, and hold', async () => {
    await rows(50, 40, 30, 20, 5);
    expect(await seal()).toBe(4);
    expect(await seal()).toBe(0);
    expect(await check()).toEqual({ seals: 1, rows: 4, broken: [] });
    ahead = 61 * MINUTE;
    await rows(40, 30);
    expect(await seal()).toBe(3);
    expect(await check()).toEqual({ seals: 2, rows: 7, broken: [] });
    await expectInvariants(it.db);
  });

  test('a row that is committed late, with an older time than others that are sealed, is taken in by the next', async () => {
    await rows(60, 20);
    expect(await seal()).toBe(2);
    // It is of a time before what was sealed: its transaction had waited.
    await rows(25);
    ahead = 61 * MINUTE;
    await rows(30);
    expect(await seal()).toBe(2);
    expect(await check()).toMatchObject({ seals: 2, rows: 4, broken: [] });
  });

  test('a site with nothing new is left alone, and a log longer than a seal gets several', async () => {
    await asSuperuser(
      `insert into admin_action_logs (site_id, action_id, actor_kind, role_name, action, entity_type, request_id, "timestamp")
        select $1, ('01900000-0000-7000-8000-' || lpad(to_hex(g), 12, '0'))::uuid, 'system', 'system', 'x', 'y', 'r', now() from generate_series(1, 7001) g`,
      [site.siteId],
    );
    expect(await seal()).toBe(7001);
    expect(await check()).toEqual({ seals: 2, rows: 7001, broken: [] });
    ahead = 61 * MINUTE;
    expect(await seal()).toBe(0);
  });

  test('K06 · two that seal one log at once make one chain', async () => {
    await rows(50, 40, 30);
    const at = new Date();
    const sealed = await Promise.all(
      Array.from({ length: 6 }, () => withSite(it.db.database, site.siteId, sealActivity, at)),
    );
    expect(sealed.reduce((a, b) => a + b, 0)).toBe(3);
    expect(await check()).toEqual({ seals: 1, rows: 3, broken: [] });
  });

  test('what breaks off half-way leaves no half seal', async () => {
    await rows(50, 40);
    await expect(
      withSite(it.db.database, site.siteId, async (tx) => {
        await sealActivity(tx);
        throw new Error('the process died here');
      }),
    ).rejects.toThrow('died here');
    expect(await ownerRows(it.db, 'select 1 from activity_seals')).toEqual([]);
    expect(await ownerRows(it.db, 'select 1 from activity_seal_leaves')).toEqual([]);
    expect(await seal()).toBe(2);
  });
});

describe('K09 · what is done to a sealed log is named', () => {
  test.each([
    ['a price', `after = jsonb_set(after, '{price,amount}', '"11.00"')`],
    ['what it was before', 'before = null'],
    ['who', "actor_id = '01930000-0000-7000-8000-0000000000aa'"],
    ['as what', "role_name = 'viewer'"],
    ['the deed', "action = 'products.unpublish'"],
    ['the thing', 'entity_id = null'],
    ['when', '"timestamp" = "timestamp" + interval \'1 microsecond\''],
    ['the request', "request_id = 'another'"],
  ])('a row of which %s was changed', async (_what, change) => {
    const [, second] = await rows(60, 50, 40);
    await seal();
    await asSuperuser(`update admin_action_logs set ${change} where action_id = $1`, [second]);
    expect(await messages()).toEqual([`row ${second} was changed after it was sealed (seal 1)`]);
  });

  test('a row that was removed, also with its leaf', async () => {
    const [, second] = await rows(60, 50, 40);
    await seal();
    await asSuperuser('delete from admin_action_logs where action_id = $1', [second]);
    expect(await messages()).toEqual([`row ${second} was removed after it was sealed (seal 1)`]);
    await asSuperuser('delete from activity_seal_leaves where action_id = $1', [second]);
    expect(await messages()).toEqual(['seal 1 has 2 of its 3 rows']);
    await asSuperuser('update activity_seals set leaf_count = 2');
    expect(await messages()).toEqual(['seal 1 is not that of its rows']);
  });

  test('a row that was put in afterwards, between others', async () => {
    await rows(120, 100);
    await seal();
    const [smuggled] = await rows(110);
    expect(await messages()).toEqual([`row ${smuggled} was put in after its time was sealed`]);
    ahead = 61 * MINUTE;
    await rows(30);
    await seal();
    // And it is never sealed as if it had always been there.
    expect(await messages()).toEqual([`row ${smuggled} was put in after its time was sealed`]);
  });

  test('a row that was changed together with its leaf, and with its seal', async () => {
    const [first] = await rows(60, 50);
    await seal();
    ahead = 61 * MINUTE;
    await rows(30);
    await seal();
    await asSuperuser("update admin_action_logs set role_name = 'viewer' where action_id = $1", [first]);
    await asSuperuser(
      "update activity_seal_leaves set leaf_hash = decode(repeat('ab', 32), 'hex') where action_id = $1",
      [first],
    );
    expect(await messages()).toEqual([`row ${first} was changed after it was sealed (seal 1)`]);
    await asSuperuser('update admin_action_logs set role_name = $2 where action_id = $1', [first, 'owner']);
    await asSuperuser("update activity_seals set seal = decode(repeat('cd', 32), 'hex') where n = 1");
    expect(await messages()).toEqual([`row ${first} was changed after it was sealed (seal 1)`]);
  });

  test('a seal that was taken out of the middle, or made another', async () => {
    await rows(60);
    await seal();
    ahead = 61 * MINUTE;
    await rows(30);
    await seal();
    await asSuperuser("update activity_seals set prev_seal = decode(repeat('ef', 32), 'hex') where n = 2");
    expect(await messages()).toEqual(['seal 2 does not follow the one before it']);
    await asSuperuser('delete from activity_seals where n = 1');
    expect(await messages()).toEqual(['seal 1 is missing']);
  });

  test('another site’s log is not blamed', async () => {
    const [mine] = await rows(60);
    const first = site;
    site = await it.makeSite({ handle: `seals-${n}-b` });
    await rows(60);
    await seal();
    await asSuperuser("update admin_action_logs set action = 'x' where action_id = $1", [mine]);
    expect((await check()).broken).toEqual([
      { siteId: first.siteId, message: `row ${mine} was changed after it was sealed (seal 1)` },
    ]);
  });
});
