import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, openTestDatabase } from './testing/index.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());

const ASKED =
  "select current_setting('statement_timeout') as statement, current_setting('idle_in_transaction_session_timeout') as idle";
const LIMITS = { app: '20s', platform: '20s', relay: '2min' } as const;

test('K02 · a statement that hangs, or a transaction that is forgotten, gives its connection back: on every pool', async () => {
  for (const pool of ['app', 'platform', 'relay'] as const)
    expect([pool, (await db.database[pool].query(ASKED)).rows]).toEqual([
      pool,
      [{ statement: LIMITS[pool], idle: '1min' }],
    ]);
});
