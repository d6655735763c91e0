import { afterAll, beforeAll, expect, test } from 'vitest';
import { KeyMismatch, RoleUnknown, migrate } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { masterKey, newMasterKey } from './sealing.ts';
import { type TestDatabase, databaseUrl, inDatabase, openTestDatabase } from './testing/index.ts';
import { makeLedger } from './testing/ledger-scene.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase({ poolSize: 1 });
});
afterAll(() => db.close());

const installationId = '01930000-0000-7000-8000-000000000009';
const keyOf = (text = newMasterKey()) => {
  const key = masterKey(text);
  if (!key) throw new Error('a new key is a key');
  return key;
};

test('K04 · a database that is up to date is left as it is, also by four processes at once', async () => {
  const again = () => migrate(db.ownerUrl, { key: db.key, installationId, passwords: false });
  for (const { applied } of await Promise.all([again(), again(), again(), again()])) expect(applied).toEqual([]);
});

test('K08 · another key than the one a database was made with is refused', async () => {
  await expect(migrate(db.ownerUrl, { key: keyOf(), installationId, passwords: false })).rejects.toBeInstanceOf(
    KeyMismatch,
  );
});

test('a role that exists with a password nobody here knows is left alone', async () => {
  await expect(migrate(db.ownerUrl, { key: db.key, installationId, passwords: true })).rejects.toBeInstanceOf(
    RoleUnknown,
  );
});

test('K04 · a migration killed in the middle runs again', async () => {
  await inDatabase(db.superuserUrl, (client) => client.query('create database half owner souk_owner'));
  const half = databaseUrl(db.superuserUrl, 'half', 'souk_owner');
  try {
    const first = migrate(half, { key: db.key, installationId, passwords: false });
    // Its connections are cut while the tables are being made.
    const cut = inDatabase(db.superuserUrl, async (client) => {
      for (let tries = 0; tries < 200; tries += 1) {
        const { rowCount } = await client.query(
          "select pg_terminate_backend(pid) from pg_stat_activity where datname = 'half' and query ilike '%create table%'",
        );
        if (rowCount) return true;
        await new Promise((done) => setImmediate(done));
      }
      return false;
    });
    const outcome = await first.then(
      () => 'finished',
      () => 'cut',
    );
    await cut;
    const { applied } = await migrate(half, { key: db.key, installationId, passwords: false });
    expect(outcome === 'cut' ? applied.length : migrations.length).toBe(migrations.length);
    const tables = await inDatabase(
      half,
      async (client) =>
        (await client.query("select 1 from pg_tables where schemaname = 'public' and tablename = 'orders'")).rowCount,
    );
    expect(tables).toBe(1);
  } finally {
    await inDatabase(db.superuserUrl, (client) => client.query('drop database half with (force)'));
  }
});

/** Takes a database back to the release before a migration, with what is in it. */
const BEFORE: Readonly<Record<string, readonly string[]>> = {
  '20261207000000-whole-versions': [
    'alter table product_versions drop constraint product_versions_last_variant',
    'alter table product_version_variants drop column prev_n',
  ],
  '20261208000000-end-of-the-log': [
    'revoke update (next_n) on order_state_transition_logs from souk_app',
    'alter table orders drop column after_last',
    'alter table order_state_transition_logs drop column next_n cascade',
    'alter table order_state_transition_logs add unique (site_id, order_id, n, to_state), add unique (site_id, order_id, n, to_state, revision)',
    `alter table order_state_transition_logs add foreign key (site_id, order_id, prev_n, from_state)
      references order_state_transition_logs (site_id, order_id, n, to_state)`,
    `alter table orders add constraint orders_current_transition foreign key (site_id, order_id, last_transition, status, revision)
      references order_state_transition_logs (site_id, order_id, n, to_state, revision) deferrable initially deferred`,
  ],
  '20261209000000-last-movement': [
    'revoke update (next_n) on inventory_movements from souk_app',
    'alter table inventory_levels drop column after_last',
    'alter table inventory_movements drop column next_n cascade',
    'alter table inventory_movements add unique (site_id, variant_id, location_id, n, on_hand)',
    `alter table inventory_movements add foreign key (site_id, variant_id, location_id, prev_n, prev_on_hand)
      references inventory_movements (site_id, variant_id, location_id, n, on_hand)`,
    `alter table inventory_levels add foreign key (site_id, variant_id, location_id, last_movement, on_hand)
      references inventory_movements (site_id, variant_id, location_id, n, on_hand)`,
  ],
};

test('K04 · a database with orders, stock and versions in it is brought to this release', async () => {
  const lived = await openTestDatabase({ poolSize: 1 });
  try {
    const { variant } = await makeLedger(lived);
    // A second movement: what came before it has to learn of it.
    await inDatabase(lived.ownerUrl, (client) =>
      client.query(
        `with moved as (insert into inventory_movements (site_id, variant_id, location_id, n, prev_on_hand, delta, on_hand, kind, "timestamp")
            select site_id, variant_id, location_id, 2, 7, 1, 8, 'received', now() from inventory_levels where variant_id = $1),
          followed as (update inventory_movements set next_n = 2 where variant_id = $1 and n = 1)
        update inventory_levels set on_hand = 8, last_movement = 2 where variant_id = $1`,
        [variant],
      ),
    );
    const keys = () =>
      inDatabase(lived.ownerUrl, async (client) => {
        const { rows } = await client.query(
          "select conrelid::regclass::text as table, pg_get_constraintdef(oid) as key from pg_constraint where connamespace = 'public'::regnamespace order by 1, 2",
        );
        return rows;
      });
    const before = await keys();
    await inDatabase(lived.ownerUrl, async (client) => {
      for (const [name, statements] of Object.entries(BEFORE).toReversed()) {
        for (const statement of statements) await client.query(statement);
        await client.query('delete from applied_migrations where name = $1', [name]);
      }
    });
    const { applied } = await migrate(lived.ownerUrl, { key: lived.key, installationId, passwords: false });
    expect(applied).toEqual(Object.keys(BEFORE));
    expect(await keys()).toEqual(before);
  } finally {
    await lived.close();
  }
});
