import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestDatabase, openTestDatabase } from '@souk/db/testing';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CODE_GUARDS } from './code-guards.ts';
import { type GuardSeen, isSeen, tryDatabaseGuards } from './database-guards.ts';
import { tryInvariantQueries } from './broken-states.ts';
import { KEPT_BY } from './kept-by.ts';
import { tryPrivileges } from './privilege-guards.ts';
import { type Catalogue, readCatalogue } from './schema-catalogue.ts';

/*
 * Every guard that the schema has, each with a write that it alone refuses. `npm run guards` takes them away one by one and
 * shows that the write is then accepted; here they stand, and none is forgotten.
 */

let db: TestDatabase;
let catalogue: Catalogue;
let client: pg.Client;
let seen: GuardSeen[];
beforeAll(async () => {
  db = await openTestDatabase();
  client = new pg.Client({ connectionString: db.superuserUrl });
  await client.connect();
  catalogue = await readCatalogue(client);
  seen = await tryDatabaseGuards(client, { taking: false });
});
afterAll(async () => {
  await client.end();
  await db.close();
});

test('D05 · every forbidden write is refused by its very guard', () => {
  expect(seen.filter((s) => !isSeen(s))).toEqual([]);
});

test('D05 · a guard without a forbidden write is a guard that nobody would miss: there is none', () => {
  const tried = new Set(seen.map((s) => s.guard));
  const missing = [
    // A unique key over more columns than another one holds by that one; it is there for foreign keys to point to.
    ...catalogue.keys
      .filter((key) => !tried.has(key.guard) && !(key.isTarget && isHeldByAnother(key)))
      .map((k) => k.guard),
    ...catalogue.filled.map((column) => `${column} not null`).filter((guard) => !tried.has(guard)),
    ...catalogue.policies
      .filter((p) => p.guards && !tried.has(`${p.table} row-level security`))
      .map((p) => `${p.table} policy ${p.name}`),
  ];
  expect(missing.filter((guard) => !ONLY_THE_OWNER.some((table) => guard.startsWith(table)))).toEqual([]);
});

/** Written by migrations alone, one row or a list of names; no serving role may insert there (see MAY_DO). */
const ONLY_THE_OWNER = ['installations.', 'applied_migrations.'];

const isHeldByAnother = ({ table, name, columns }: Catalogue['keys'][number]): boolean =>
  catalogue.keys.some(
    (k) =>
      k.table === table &&
      k.name !== name &&
      (k.kind === 'p' || k.kind === 'u') &&
      k.columns.length < columns.length &&
      k.columns.every((c) => columns.includes(c)),
  );

test('each line of docs/invariants.md is kept by guards that npm run guards takes away', async () => {
  const page = readFileSync(join(import.meta.dirname, '..', '..', '..', '..', 'docs', 'invariants.md'), 'utf8');
  const levels = new Map(
    [...page.matchAll(/^\| ([A-Z]+\d+) \| [^|]* \| ([^|]*) \|/gm)].map(([, id = '', level = '']) => [id, level]),
  );
  expect(Object.keys(KEPT_BY).toSorted()).toEqual([...levels.keys()].toSorted());
  const ofCode = CODE_GUARDS.map((g) => g.id);
  const ofDatabase = [
    ...seen,
    ...(await tryPrivileges(client, { taking: false })),
    ...(await tryInvariantQueries(client)),
  ].map((s) => s.guard);
  const isIn = (names: readonly string[], wanted: string): boolean => names.some((name) => name.startsWith(wanted));
  for (const [id, names] of Object.entries(KEPT_BY)) {
    expect([id, names.filter((name) => !isIn(ofCode, name) && !isIn(ofDatabase, name))]).toEqual([id, []]);
    // What holds in the database has a guard there, what holds in a transaction or the code has a line.
    if (/key|grant/.test(levels.get(id) ?? ''))
      expect([id, names.some((name) => isIn(ofDatabase, name))]).toEqual([id, true]);
    if (/tx|code/.test(levels.get(id) ?? ''))
      expect([id, names.some((name) => isIn(ofCode, name))]).toEqual([id, true]);
  }
});

test('G3 D06 · each serving role may do what its list says, and nothing else on any table or column', async () => {
  expect((await tryPrivileges(client, { taking: false })).filter((s) => !isSeen(s))).toEqual([]);
});

test('every query of invariants.sql finds the state it is named after, and nothing in a whole site', async () => {
  expect((await tryInvariantQueries(client)).filter((s) => !isSeen(s))).toEqual([]);
});
