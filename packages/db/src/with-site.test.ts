import { id, type SiteId } from '@souk/domain/shared';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from './testing/index.ts';
import { countRoundTrips } from './round-trips.ts';
import { readSite, row, sql, withSite } from './with-site.ts';

let db: TestDatabase;
const a = id<SiteId>('01930000-0000-7000-8000-00000000000a');
const b = id<SiteId>('01930000-0000-7000-8000-00000000000b');

beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());

const site = { name: 'site', text: 'select current_site_id() as site' };

test('G1 · withSite sets its site for its transaction and for nothing after it', async () => {
  expect(await withSite(db.database, a, (tx) => row(tx, sql`select current_site_id() as site`))).toEqual({ site: a });
  const later = await (await db.database.orm()).em.fork().execute('select current_site_id() as site');
  expect(later).toEqual([{ site: null }]);
});

test('G1 · a transaction of one site cannot open one of another inside itself', async () => {
  await expect(withSite(db.database, a, () => withSite(db.database, b, async () => 1))).rejects.toThrow(
    'cannot reach into another site',
  );
});

test('G1 · a store called after its transaction has ended is refused', async () => {
  const tx = await withSite(db.database, a, async (inner) => inner);
  await expect(row(tx, sql`select 1`)).rejects.toThrow('this transaction is over');
});

test('G1 · a hot read carries its site in one round trip, and the setting does not outlive it', async () => {
  for (const siteId of [a, b, a]) {
    const { value, roundTrips } = await countRoundTrips(() => readSite(db.database, siteId, site, []));
    expect(value).toEqual([{ site: siteId }]);
    expect(roundTrips).toBe(1);
  }
  expect((await db.database.app.query('select current_site_id() as site')).rows).toEqual([{ site: null }]);
});

test('G1 · an error in a hot read leaves no connection with a site', async () => {
  const broken = { name: 'broken', text: 'select 1 / ($1::int - 1) as x' };
  await expect(readSite(db.database, a, broken, [1])).rejects.toThrow('division by zero');
  expect(await readSite(db.database, b, site, [])).toEqual([{ site: b }]);
});

test('rows are never read by a shape that they have no more', async () => {
  const owner = new pg.Client({ connectionString: db.ownerUrl });
  await owner.connect();
  const shape = { name: 'shape', text: 'select * from shape' };
  await owner.query('create table shape (x int); grant select on shape to souk_app; insert into shape values (1)');
  expect(await readSite(db.database, a, shape, [])).toEqual([{ x: 1 }]);
  expect(await readSite(db.database, b, shape, [])).toEqual([{ x: 1 }]);
  await owner.query('alter table shape add y int not null default 2');
  await expect(readSite(db.database, a, shape, [])).rejects.toThrow('cached plan must not change result type');
  // Asked on a new connection, which has not seen the table before.
  expect(await readSite(db.database, a, shape, [])).toEqual([{ x: 1, y: 2 }]);
  await owner.query('drop table shape');
  await owner.end();
});

test('a transaction of one statement waits twice: once for it, once for the commit', async () => {
  await withSite(db.database, a, (tx) => row(tx, sql`select 1 as one`));
  const { roundTrips } = await countRoundTrips(() => withSite(db.database, a, (tx) => row(tx, sql`select 1 as one`)));
  expect(roundTrips).toBe(2);
});
