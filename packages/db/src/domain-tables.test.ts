import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DOMAIN_TABLES } from './domain-tables.ts';
import { entities } from './entities.ts';
import { type TestDatabase, inDatabase, openTestDatabase } from './testing/index.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase({ poolSize: 1 });
});
afterAll(() => db.close());

const WRITES = /\b(?:insert\s+into|update|delete\s+from|truncate)\s+(?:only\s+)?([a-z_]+)/gi;
const ENTITY_WRITES = /\.(?:insert|insertMany|nativeUpdate|nativeDelete|upsert)\(\s*(\w+)/g;
const tables = new Set(Object.values(DOMAIN_TABLES).flat());

test('G2 · every table is of one domain', async () => {
  const found = await inDatabase(
    db.ownerUrl,
    async (c) =>
      (await c.query<{ name: string }>("select tablename as name from pg_tables where schemaname = 'public'")).rows,
  );
  expect(
    found
      .map((t) => t.name)
      .filter((name) => name !== 'applied_migrations')
      .toSorted(),
  ).toEqual(Object.values(DOMAIN_TABLES).flat().toSorted());
});

describe('G2 · a domain never writes another domain’s tables', () => {
  test.each(Object.entries(DOMAIN_TABLES))('G2 · %s', (domain, own) => {
    const folder = join(import.meta.dirname, domain);
    const foreign: string[] = [];
    let writes = 0;
    for (const name of readdirSync(folder).filter((n) => n.endsWith('.ts') && !n.endsWith('.test.ts'))) {
      const text = readFileSync(join(folder, name), 'utf8');
      const written = [
        ...[...text.matchAll(WRITES)].map(([, table = '']) => table.toLowerCase()),
        ...[...text.matchAll(ENTITY_WRITES)].flatMap(([, entity]) =>
          Object.values(entities)
            .filter((e) => e.meta.className === entity)
            .map((e) => e.meta.tableName),
        ),
      ].filter((table) => tables.has(table));
      writes += written.length;
      foreign.push(...written.filter((table) => !own.includes(table)).map((table) => `${name} writes ${table}`));
    }
    expect(foreign).toEqual([]);
    expect(writes).toBeGreaterThan(0);
  });
});
