import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, openTestDatabase } from './testing/index.ts';
import { row, sql, withSite } from './with-site.ts';
import { id, type SiteId } from '@souk/domain/shared';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());

const LIMITS = { statement: '2min', idle: '1min' };
const ASKED =
  "select current_setting('statement_timeout') as statement, current_setting('idle_in_transaction_session_timeout') as idle";

test('K02 · a statement that hangs, or a transaction that is forgotten, gives its connection back: on every pool', async () => {
  for (const pool of ['hot', 'platform', 'relay'] as const)
    expect([pool, (await db.database[pool].query(ASKED)).rows]).toEqual([pool, [LIMITS]]);
  const site = id<SiteId>('01930000-0000-7000-8000-0000000000aa');
  expect(await withSite(db.database, site, (tx) => row(tx, sql.raw(ASKED)))).toEqual(LIMITS);
});
