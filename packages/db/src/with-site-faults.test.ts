import { readFileSync, readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { id, type SiteId } from '@souk/domain/shared';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inDatabase, openTestDatabase, type TestDatabase } from './testing/index.ts';
import { entitiesOf, readSite, row, rows, send, sql, withSite } from './with-site.ts';

/* D07: a connection that saw an error, a time-out, a cancelled query or its own end never carries a site to the next one. */

let db: TestDatabase;
const a = id<SiteId>('01930000-0000-7000-8000-00000000000a');
const b = id<SiteId>('01930000-0000-7000-8000-00000000000b');
beforeAll(async () => {
  // One connection a pool, so that whatever is left behind meets the next caller.
  db = await openTestDatabase({ poolSize: 1 });
});
afterAll(() => db.close());

const SITE = { name: 'site', text: 'select current_site_id() as site' };

/** What the next callers of both ways in see, and what a connection taken from the pool without any way in sees. */
async function expectNothingLeft(): Promise<void> {
  expect(await (await db.database.orm()).em.fork().execute('select current_site_id() as site')).toEqual([
    { site: null },
  ]);
  expect((await db.database.app.query('select current_site_id() as site')).rows).toEqual([{ site: null }]);
  expect(await withSite(db.database, b, (tx) => row(tx, sql`select current_site_id() as site`))).toEqual({ site: b });
  expect(await readSite(db.database, b, SITE, [])).toEqual([{ site: b }]);
  expect((await db.database.app.query('select current_site_id() as site')).rows).toEqual([{ site: null }]);
  expect(await (await db.database.orm()).em.fork().execute('select current_site_id() as site')).toEqual([
    { site: null },
  ]);
}

/** Ends, or cancels, every query of the app role that sleeps. */
const strike = async (how: 'pg_cancel_backend' | 'pg_terminate_backend'): Promise<void> => {
  for (let tries = 0; tries < 100; tries += 1) {
    const struck = await inDatabase(
      db.superuserUrl,
      async (c) =>
        (
          await c.query(
            `select ${how}(pid) from pg_stat_activity where datname = current_database() and usename = 'souk_app' and query like '%pg_sleep%' and state = 'active'`,
          )
        ).rowCount,
    );
    if (struck) return;
    await sleep(10);
  }
  throw new Error('nothing was sleeping');
};

const hot = (name: string, text: string, values: readonly unknown[] = []) =>
  readSite(db.database, a, { name, text }, values);

const faults: [string, () => Promise<unknown>][] = [
  ['an error of SQL in withSite', () => withSite(db.database, a, (tx) => rows(tx, sql`select 1 / 0`))],
  [
    'an error of the work in withSite',
    () =>
      withSite(db.database, a, async (tx) => {
        await row(tx, sql`select 1`);
        throw new Error('a bug');
      }),
  ],
  [
    'an error at the commit of withSite',
    () =>
      withSite(db.database, a, (tx) =>
        rows(tx, sql`select pg_catalog.pg_sleep(0), set_config('app.site_id', 'x', true), current_site_id()`),
      ),
  ],
  [
    'a statement time-out in withSite',
    () =>
      withSite(db.database, a, async (tx) => {
        await rows(tx, sql`set local statement_timeout = 30`);
        await rows(tx, sql`select pg_sleep(5)`);
      }),
  ],
  [
    'an idle transaction ended by the server',
    () =>
      withSite(db.database, a, async (tx) => {
        await rows(tx, sql`set local idle_in_transaction_session_timeout = 30`);
        await sleep(120);
        await rows(tx, sql`select 1`);
      }),
  ],
  [
    'a cancelled query in withSite',
    () =>
      Promise.all([withSite(db.database, a, (tx) => rows(tx, sql`select pg_sleep(5)`)), strike('pg_cancel_backend')]),
  ],
  [
    'a killed connection in withSite',
    () =>
      Promise.all([
        withSite(db.database, a, (tx) => rows(tx, sql`select pg_sleep(5)`)),
        strike('pg_terminate_backend'),
      ]),
  ],
  ['an error of SQL in readSite', () => hot('fault_divide', 'select 1 / ($1::int - 1)', [1])],
  ['a value that cannot be read in readSite', () => hot('fault_value', 'select $1::uuid', ['x'])],
  ['a query that does not parse in readSite', () => hot('fault_parse', 'select from where')],
  [
    'a cancelled query in readSite',
    () => Promise.all([hot('fault_cancel', 'select pg_sleep(5)'), strike('pg_cancel_backend')]),
  ],
  [
    'a killed connection in readSite',
    () => Promise.all([hot('fault_kill', 'select pg_sleep(5)'), strike('pg_terminate_backend')]),
  ],
  ['a site that is none in readSite', () => readSite(db.database, 'x' as SiteId, SITE, [])],
  [
    'a site that is none in withSite',
    () => withSite(db.database, 'x' as SiteId, (tx) => row(tx, sql`select current_site_id()`)),
  ],
];

describe('D07 · the site does not survive', () => {
  test.each(faults)('D07 · %s', async (_what, fault) => {
    await expect(fault()).rejects.toThrow();
    await expectNothingLeft();
  });

  test('D07 · many sites at once on few connections never see one another', async () => {
    const all = Array.from({ length: 60 }, (_, i) =>
      id<SiteId>(`01930000-0000-7000-8000-${String(i).padStart(12, '0')}`),
    );
    const seen = await Promise.all(
      all.map(async (siteId, i) =>
        i % 3 === 0
          ? (await readSite<{ site: string }>(db.database, siteId, SITE, []))[0]?.site
          : i % 3 === 1
            ? (
                await withSite(db.database, siteId, (tx) =>
                  row<{ site: string }>(tx, sql`select current_site_id() as site`),
                )
              )?.site
            : withSite(db.database, siteId, (tx) => rows(tx, sql`select 1 / 0`)).then(
                () => 'no error',
                () => siteId,
              ),
      ),
    );
    expect(seen).toEqual(all);
    await expectNothingLeft();
  });
});

describe('a transaction never half happens', () => {
  /** The driver fails on it before anything is sent, so that the server knows nothing of a failure. */
  const unsendable = { n: 1n };

  test('what the driver cannot send is not left out of what is kept', async () => {
    await expect(
      withSite(db.database, a, async (tx) => {
        send(tx, sql`select ${unsendable}::jsonb`);
      }),
    ).rejects.toThrow('BigInt');
    await expect(
      withSite(db.database, a, async (tx) => {
        await row(tx, sql`select ${unsendable}::jsonb`).catch(() => undefined);
      }),
    ).rejects.toThrow('BigInt');
    await expectNothingLeft();
  });

  test('the same statement runs for the next one, whose values can be sent', async () => {
    const ask = (value: unknown) => withSite(db.database, a, (tx) => row(tx, sql`select ${value}::jsonb as value`));
    await expect(ask(unsendable)).rejects.toThrow('BigInt');
    expect(await ask({ n: 1 })).toEqual({ value: { n: 1 } });
    expect(await ask({ n: 2 })).toEqual({ value: { n: 2 } });
  });

  test('where the begin was refused, no answer is believed', async () => {
    const client = await db.database.app.connect();
    const query = client.query.bind(client) as (...all: unknown[]) => unknown;
    const isBegin = (first: unknown) => first === 'begin' || (first as { text?: string }).text === 'begin';
    Object.assign(client, {
      query: (first: unknown, ...rest: unknown[]) => query(isBegin(first) ? { text: 'begin wrong' } : first, ...rest),
    });
    client.release();
    let seen: unknown = 'nothing';
    await expect(
      withSite(db.database, a, async (tx) => {
        seen = await row(tx, sql`select current_site_id() as site`);
      }),
    ).rejects.toThrow('syntax error');
    expect(seen).toBe('nothing');
    await expect(withSite(db.database, a, async () => 'done')).rejects.toThrow('syntax error');
    Reflect.deleteProperty(client, 'query');
    await expectNothingLeft();
  });

  test.each([
    ['committed', async () => 'kept'],
    ['rolled back', () => Promise.reject(new Error('a bug'))],
  ])('what the work left behind runs in no statement after it was %s', async (_how, end) => {
    let left: Promise<unknown> | undefined;
    await Promise.allSettled([
      withSite(db.database, a, async (tx) => {
        await row(tx, sql`select 1`);
        left = rows(tx, sql`select pg_sleep(0.1)`).then(() => row(tx, sql`select current_site_id() as site`));
        left.catch(() => undefined);
        return end();
      }),
    ]);
    await expect(left).rejects.toThrow('this transaction is over');
    await expectNothingLeft();
  });

  test('entities that outlive their transaction ask nothing in another one', async () => {
    const kept = await withSite(db.database, a, entitiesOf);
    await withSite(db.database, b, async (tx) => {
      await row(tx, sql`select 1`);
      await expect(kept.em.find(kept.MediaRow, {})).rejects.toThrow('this transaction is over');
    });
  });
});

describe('D01 · one way in', () => {
  const root = resolve(import.meta.dirname, '..', '..', '..');
  const sources = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory())
        return ['node_modules', 'dist', '.souk', '.git', '.turbo'].includes(entry.name) ? [] : sources(path);
      return /\.(ts|tsx|mts|mjs|js|sql)$/.test(entry.name) && !/\.test\.tsx?$/.test(entry.name) ? [path] : [];
    });
  const found = (pattern: RegExp): string[] =>
    sources(root)
      // The lists of guards quote the lines they take away.
      .filter((path) => !path.includes('/testing/src/guards/') && pattern.test(readFileSync(path, 'utf8')))
      .map((path) => relative(root, path).replaceAll('\\', '/'))
      .toSorted();

  test('D01 · only the two ways in set the site', () => {
    expect(found(/app\.site_id|set_config\s*\(/)).toEqual([
      'packages/db/src/migrations/20261125000000-first.ts',
      'packages/db/src/site-query.ts',
      'packages/db/src/with-site.ts',
    ]);
    // The migration only reads it.
    const migration = readFileSync(join(root, 'packages/db/src/migrations/20261125000000-first.ts'), 'utf8');
    expect(migration).toContain("current_setting('app.site_id', true)");
    expect(migration).not.toMatch(/set_config|set (local |session )?app\./i);
  });

  test('D01 · no source keeps a cursor over a commit, or runs SQL beside the ways in', () => {
    expect(found(/declare \w+ (no scroll |scroll |binary |insensitive )*cursor/i)).toEqual([]);
    expect(found(/getConnection\(\)|\bem\.execute\(/)).toEqual([]);
  });
});
