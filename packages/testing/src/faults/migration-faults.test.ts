import { lintSchema } from '@souk/db';
import { migrate } from '@souk/db/migrate';
import { type TestDatabase, databaseUrl, inDatabase, openTestDatabase } from '@souk/db/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ownerRows, seededRandom } from '../index.ts';
import { startDatabaseProxy } from '../proxied-database.ts';

/* K04: a migration whose connection is cut at any of its statements runs again, and ends as one that was never cut. */

let db: TestDatabase;
let wire: Awaited<ReturnType<typeof startDatabaseProxy>>;
beforeAll(async () => {
  db = await openTestDatabase({ poolSize: 1 });
  wire = await startDatabaseProxy(db.urls);
});
afterAll(async () => {
  await wire.close();
  await db.close();
});

const asSuperuser = (text: string): Promise<unknown> => inDatabase(db.superuserUrl, (client) => client.query(text));

/** Every table, column, constraint, policy and grant, and the queues: two databases with the same text are the same. */
async function shapeOf(ownerUrl: string): Promise<unknown> {
  const of = (text: string): Promise<unknown> => ownerRows({ ownerUrl }, text);
  return Promise.all([
    of(
      "select table_schema, table_name, column_name, data_type, is_nullable from information_schema.columns where table_schema in ('public', 'jobs') order by 1, 2, 3",
    ),
    of(
      "select conrelid::regclass::text as on, pg_get_constraintdef(oid) as is from pg_constraint where connamespace = 'public'::regnamespace order by 1, 2",
    ),
    of("select tablename, policyname, cmd, qual from pg_policies where schemaname = 'public' order by 1, 2"),
    of(
      "select table_name, grantee, privilege_type from information_schema.role_table_grants where table_schema in ('public', 'jobs') order by 1, 2, 3",
    ),
    of('select name, retry_limit, dead_letter, heartbeat_seconds from jobs.queue order by 1'),
    of('select count(*) from permissions'),
    of('select count(*) from order_transitions_allowed'),
  ]);
}

test('K04 · a migration cut anywhere runs again, and nothing tells that it was cut', async () => {
  const random = seededRandom('K04');
  const whole = await shapeOf(db.ownerUrl);
  const bring = async (name: string): Promise<readonly string[]> => {
    const own = databaseUrl(db.superuserUrl, name, 'souk_owner');
    const owner = wire.urls({ app: own, platform: own, relay: own }).app;
    const installationId = '01930000-0000-7000-8000-000000000001';
    return (await migrate(owner, { key: db.key, installationId, passwords: false })).applied;
  };
  await asSuperuser('create database uncut owner souk_owner');
  const before = wire.answeredBytes();
  await bring('uncut');
  const bytes = wire.answeredBytes() - before;
  await asSuperuser('drop database uncut with (force)');

  const places = Array.from({ length: 6 }, (_, i) => Math.floor(((i + 0.1 + random.below(80) / 100) / 6) * bytes));
  const cut: boolean[] = [];
  for (const place of places) {
    await asSuperuser('create database cut owner souk_owner');
    try {
      await wire.fail({ diesAfterBytes: place });
      cut.push(
        await bring('cut').then(
          () => false,
          () => true,
        ),
      );
      await wire.fail({});
      await bring('cut');
      const ownerUrl = databaseUrl(db.superuserUrl, 'cut', 'souk_owner');
      expect(await shapeOf(ownerUrl)).toEqual(whole);
      expect(await inDatabase(ownerUrl, lintSchema)).toEqual([]);
    } finally {
      await wire.fail({});
      await asSuperuser('drop database cut with (force)');
    }
  }
  expect(cut).toEqual(places.map(() => true));
}, 90_000);
