import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { letGoOfLost } from './let-go-of-lost.ts';
import { type TestDatabase, inDatabase, openTestDatabase } from './testing/index.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase({ poolSize: 1 });
});
afterAll(() => db.close());

/** A pool with one connection in use, which the server then ends. */
async function poolWithLost(): Promise<{ pool: pg.Pool; client: pg.PoolClient }> {
  const pool = new pg.Pool({ connectionString: db.urls.app, max: 1 });
  letGoOfLost(pool);
  const client = await pool.connect();
  client.on('error', () => undefined);
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  const gone = new Promise((done) => client.once('end', done));
  await inDatabase(db.superuserUrl, (owner) => owner.query('select pg_terminate_backend($1)', [rows[0]?.pid]));
  await gone;
  return { pool, client };
}

test('K04 · a pool is closed although nobody gave a lost connection back', async () => {
  const { pool, client } = await poolWithLost();
  await expect(client.query('begin')).rejects.toThrow();
  await pool.end();
  client.release();
}, 10_000);

test('a lost connection makes room for another, and giving it back takes nothing from that one', async () => {
  const { pool, client } = await poolWithLost();
  const other = await pool.connect();
  client.release();
  expect((await other.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  other.release();
  await pool.end();
}, 10_000);
