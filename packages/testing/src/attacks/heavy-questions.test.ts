import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Answer, type TestApi, type TestSite, ownerRows, startTestApi } from '../index.ts';

/* B06: a question that would take the database too long is given up after its time, and the next one is answered. */

let it: TestApi;
let site: TestSite;
beforeAll(async () => {
  it = await startTestApi({ patience: { statement: 300 } });
  site = await it.makeSite({ handle: 'heavy' });
});
afterAll(async () => {
  expect(it.errors()).toEqual([]);
  await it.close();
});

test('B06 · search, list, page and admin list that take too long are refused in words, with a time to try again', async () => {
  const owner = await it.signedInAs(site, 'owner');
  const ask: readonly (readonly [string, () => Promise<Answer>])[] = [
    ['a search', () => it.visitor(site).get('/products?q=lamp&sort=price_desc', { accept: 'text/html' })],
    ['page 5,000', () => it.visitor(site).get('/products?page=5000', { accept: 'text/html' })],
    ['a list by call', () => it.visitor(site).get(`/trpc/products.list?input=${encodeURIComponent('{"q":"lamp"}')}`)],
    ['the admin’s orders', () => owner.get(`/trpc/orders.list?input=${encodeURIComponent('{"q":"lamp"}')}`)],
    ['a service’s orders', () => it.service(site.apiKey).get(`/trpc/orders.list?input=${encodeURIComponent('{}')}`)],
  ];
  for (const [what, question] of ask) expect([what, (await question()).status]).toEqual([what, 200]);
  const [before] = await ownerRows<{ definition: string }>(
    it.db,
    "select pg_get_functiondef('current_site_id'::regproc) as definition",
  );
  // As if every row took its time: the condition of every site's rows sleeps.
  await ownerRows(
    it.db,
    `create or replace function current_site_id() returns uuid language plpgsql stable as $$
      begin perform pg_sleep(2); return nullif(current_setting('app.site_id', true), '')::uuid; end $$`,
  );
  for (const [what, question] of ask) {
    const startedAt = performance.now();
    const answer = await question();
    expect([what, answer.status]).toEqual([what, 503]);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect(answer.text).not.toMatch(/statement timeout|canceling|pg_|node_modules|\bat [\w.]+ \(/);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  }
  await ownerRows(it.db, before?.definition ?? '');
  for (const [what, question] of ask) expect([what, (await question()).status]).toEqual([what, 200]);
});
