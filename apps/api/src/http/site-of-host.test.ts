import { countRoundTrips } from '@souk/db';
import { PROVED_DOMAIN, type TestDatabase, inDatabase, openTestDatabase, siteRow, standSite } from '@souk/db/testing';
import { v7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { siteOfHost } from './site-of-host.ts';

let db: TestDatabase;
const owner = (text: string, values: readonly unknown[] = []) =>
  inDatabase(db.ownerUrl, (client) => client.query(text, [...values]));

const [one, two] = [v7(), v7()];
beforeAll(async () => {
  db = await openTestDatabase();
  for (const [i, siteId] of [one, two].entries())
    await owner(siteRow('$1', '$2', '$3'), [siteId, `site-${i}`, `SITE${i}`]);
  await owner(PROVED_DOMAIN, [v7(), one, 'shop.example', true, 'verified', true]);
});
afterAll(() => db.close());

test('a host is asked for once a second, however many come to it at once', async () => {
  const find = siteOfHost(db.database);
  const { value, roundTrips } = await countRoundTrips(() =>
    Promise.all(Array.from({ length: 50 }, () => find('shop.example'))),
  );
  expect(new Set(value.map((site) => site?.siteId))).toEqual(new Set([one]));
  expect(roundTrips).toBe(1);
  expect((await countRoundTrips(() => find('nobody.example'))).roundTrips).toBe(1);
  expect((await countRoundTrips(() => find('nobody.example'))).roundTrips).toBe(0);
});

test('a site that is suspended, and a host that moves to another site, are followed within a second', async () => {
  const find = siteOfHost(db.database);
  expect((await find('shop.example'))?.status).toBe('active');
  await inDatabase(db.ownerUrl, (client) => standSite(client, one, 'suspended'));
  await expect.poll(async () => (await find('shop.example'))?.status, { timeout: 1200 }).toBe('suspended');
  await owner(
    "update domain_mappings set verification_status = 'released', is_active = false, is_primary = false, next_check_at = null",
  );
  await owner(PROVED_DOMAIN, [v7(), two, 'shop.example', true, 'verified', true]);
  await expect.poll(async () => (await find('shop.example'))?.siteId, { timeout: 1200 }).toBe(two);
});

test('a look-up that failed is not believed', async () => {
  let fails = true;
  const find = siteOfHost({
    ...db.database,
    platform: new Proxy(db.database.platform, {
      get: (pool, name, receiver) =>
        name === 'query' && fails
          ? () => Promise.reject(new Error('away'))
          : (Reflect.get(pool, name, receiver) as unknown),
    }),
  });
  await expect(find('shop.example')).rejects.toThrow('away');
  fails = false;
  expect((await find('shop.example'))?.siteId).toBe(two);
});
