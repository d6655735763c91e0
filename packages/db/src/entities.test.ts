import { id, type SiteId } from '@souk/domain/shared';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AdminActionLog } from './activity/activity-entities.ts';
import { entities } from './entities.ts';
import { type TestDatabase, inDatabase, openTestDatabase, siteRow } from './testing/index.ts';
import { entitiesOf, withSite } from './with-site.ts';

let db: TestDatabase;
const [a, b] = [id<SiteId>('01930000-0000-7000-8000-00000000000a'), id<SiteId>('01930000-0000-7000-8000-00000000000b')];

beforeAll(async () => {
  db = await openTestDatabase();
  await inDatabase(db.ownerUrl, async (client) => {
    for (const [i, site] of [a, b].entries()) {
      await client.query(siteRow('$1', '$2', '$3'), [site, `site-${i}`, `S${i}`]);
      await client.query(
        `insert into admin_action_logs (site_id, action_id, actor_kind, role_name, action, entity_type, request_id, "timestamp") values ($1, $1, 'system', 'system', 'x', 'site', 'r', now())`,
        [site],
      );
    }
  });
});
afterAll(() => db.close());

describe('each entity is its table', () => {
  test.each(Object.values(entities).map((e) => [e.meta.tableName, e] as const))('%s', async (tableName, entity) => {
    const meta = (await db.database.orm()).getMetadata().get(entity.meta.class);
    const columns = await inDatabase(
      db.ownerUrl,
      async (client) =>
        (
          await client.query<{ name: string; type: string; nullable: boolean }>(
            `select attname as name, format_type(atttypid, atttypmod) as type, not attnotnull as nullable from pg_attribute
           where attrelid = $1::regclass and attnum > 0 and not attisdropped`,
            [tableName],
          )
        ).rows,
    );
    const types: Record<string, string> = { 'timestamp with time zone': 'timestamptz', integer: 'int' };
    const inTable = columns.map((c) => `${c.name} ${types[c.type] ?? c.type}${c.nullable ? ' null' : ''}`).toSorted();
    const inEntity = Object.values(meta.properties)
      .map((property) => `${property.fieldNames[0]} ${property.columnTypes[0]}${property.nullable ? ' null' : ''}`)
      .toSorted();
    expect(inEntity).toEqual(inTable);
    expect(meta.primaryKeys[0]).toBe('siteId');
    expect(Object.keys(meta.filters)).toContain('site');
  });
});

test('G1 · the ORM finds its site alone, also when the filter is switched off', async () => {
  const found = await withSite(db.database, a, async (tx) => ({
    filtered: await (await entitiesOf(tx)).em.find(AdminActionLog, {}),
    unfiltered: await (await entitiesOf(tx)).em.find(AdminActionLog, {}, { filters: false }),
    other: await (await entitiesOf(tx)).em.findOne(AdminActionLog, { siteId: b, actionId: b }, { filters: false }),
  }));
  expect(found.filtered.map((row) => row.siteId)).toEqual([a]);
  expect(found.unfiltered.map((row) => row.siteId)).toEqual([a]);
  expect(found.other).toBeNull();
});

test('G1 · with row-level security away the filter still keeps a reader in its site', async () => {
  const [filtered, unfiltered] = await (async () => {
    await inDatabase(db.ownerUrl, (client) => client.query('alter table admin_action_logs disable row level security'));
    try {
      return await withSite(
        db.database,
        a,
        async (tx) =>
          [
            await (await entitiesOf(tx)).em.find(AdminActionLog, {}),
            await (await entitiesOf(tx)).em.find(AdminActionLog, {}, { filters: false }),
          ] as const,
      );
    } finally {
      await inDatabase(db.ownerUrl, (client) =>
        client.query('alter table admin_action_logs enable row level security'),
      );
    }
  })();
  expect(filtered.map((row) => row.siteId)).toEqual([a]);
  // The wall really was away.
  expect(unfiltered).toHaveLength(2);
});

test('G1 · the ORM cannot write into another site', async () => {
  const row = {
    siteId: b,
    actionId: a,
    actorKind: 'system' as const,
    roleName: 'x',
    action: 'x',
    entityType: 'x',
    before: null,
    after: null,
    requestId: 'x',
    timestamp: new Date(),
  };
  await expect(
    withSite(db.database, a, async (tx) => (await entitiesOf(tx)).em.insert(AdminActionLog, row)),
  ).rejects.toThrow('row-level security');
});
