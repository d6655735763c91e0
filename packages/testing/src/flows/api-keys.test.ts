import { KEY_RATE } from '@souk/api/trpc/procedures';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  type HttpClient,
  type TestApi,
  type TestSite,
  type TrpcAnswer,
  ownerRows,
  startTestApi,
  together,
} from '../index.ts';

/* Keys of services: made, seen once, renewed with both working for a while, ended, and held to a rate. Each test has a site of its own. */

let it: TestApi;
let site: TestSite;
let owner: HttpClient;
let n = 0;
beforeAll(async () => {
  it = await startTestApi();
});
afterAll(async () => {
  expect(it.errors()).toEqual([]);
  await it.close();
});
beforeEach(async () => {
  n += 1;
  site = await it.makeSite({ handle: `keys-${n}` });
  owner = await it.signedInAs(site, 'owner');
});

type Made = { apiKeyId: string; key: string };
type Key = {
  apiKeyId: string;
  name: string;
  state: string;
  lastUsedAt?: string;
  expiresAt?: string;
  createdBy?: string;
};

const create = (
  wish: { name?: string; permissions?: readonly string[]; expiresInDays?: number } = {},
  by = owner,
): Promise<TrpcAnswer> => by.mutate('keys.create', { name: 'Warehouse', permissions: ['VIEW_ORDERS'], ...wish });
async function made(wish: Parameters<typeof create>[0] = {}): Promise<Made> {
  const answer = await create(wish);
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.value as Made;
}
const list = async (): Promise<Key[]> => ((await owner.query('keys.list')).value as { keys: Key[] }).keys;
const keyOf = async (apiKeyId: string): Promise<Key> =>
  (await list()).find((k) => k.apiKeyId === apiKeyId) ?? expect.fail('the key is not listed');
const asks = async (key: string, procedure = 'orders.list'): Promise<number> =>
  (await it.service(key).query(procedure, {})).status;

test('a key is seen once, opens what it is given and nothing else, and is ended at once', async () => {
  const { apiKeyId, key } = await made();
  expect(key).toMatch(new RegExp(`^souk_${apiKeyId}_[A-Za-z0-9_-]{43}$`));
  expect(await asks(key)).toBe(200);
  expect(await asks(key, 'products.list')).toBe(403);
  const seen = await owner.query('keys.list');
  expect(seen.text).not.toContain(key.slice(-43));
  expect(await keyOf(apiKeyId)).toMatchObject({ name: 'Warehouse', state: 'good' });
  expect((await owner.mutate('keys.revoke', { apiKeyId })).status).toBe(200);
  expect(await asks(key)).toBe(401);
  expect((await keyOf(apiKeyId)).state).toBe('revoked');
  expect((await owner.mutate('keys.revoke', { apiKeyId })).refusal?.code).toBe('key_is_over');
});

test('neither the secret nor its hash stands in the log, which says who made and ended the key', async () => {
  const { apiKeyId, key } = await made({ expiresInDays: 30 });
  await owner.mutate('keys.revoke', { apiKeyId });
  const rows = await ownerRows<{ action: string; entity_id: string; row: string }>(
    it.db,
    "select action, entity_id, l::text as row from admin_action_logs l where site_id = $1 and action like 'keys.%' order by action_id",
    [site.siteId],
  );
  expect(rows.map((r) => [r.action, r.entity_id])).toEqual([
    ['keys.create', apiKeyId],
    ['keys.revoke', apiKeyId],
  ]);
  expect(JSON.stringify(rows)).not.toContain(key.slice(-43));
});

test('when it was last used is noted, to the minute', async () => {
  const { apiKeyId, key } = await made();
  expect((await keyOf(apiKeyId)).lastUsedAt).toBeUndefined();
  await asks(key);
  await expect.poll(async () => (await keyOf(apiKeyId)).lastUsedAt).toBeDefined();
  const first = (await keyOf(apiKeyId)).lastUsedAt;
  await asks(key);
  expect((await keyOf(apiKeyId)).lastUsedAt).toBe(first);
});

test('a key that is renewed goes on beside its successor for as long as was said, and has one successor', async () => {
  const old = await made();
  const rotate = (apiKeyId: string, overlapHours = 24) => owner.mutate('keys.rotate', { apiKeyId, overlapHours });
  const answer = await rotate(old.apiKeyId);
  const next = answer.value as Made;
  expect([await asks(old.key), await asks(next.key)]).toEqual([200, 200]);
  expect((await keyOf(old.apiKeyId)).state).toBe('replaced');
  expect(new Date((await keyOf(old.apiKeyId)).expiresAt ?? 0).getTime() - Date.now()).toBeGreaterThan(23 * 3_600_000);
  expect((await rotate(old.apiKeyId)).refusal?.code).toBe('key_is_over');
  // At once: the old one is dead, the new one lives.
  const last = (await rotate(next.apiKeyId, 0)).value as Made;
  expect([await asks(next.key), await asks(last.key)]).toEqual([401, 200]);
  const both = await together(6, () => rotate(last.apiKeyId));
  expect(both.map((a) => a.status).toSorted((x, y) => x - y)).toEqual([200, 409, 409, 409, 409, 409]);
  // With the one that the site was made with.
  expect((await list()).length).toBe(5);
});

test('a key that ends sooner is not kept longer by being renewed', async () => {
  const { apiKeyId } = await made({ expiresInDays: 1 });
  const before = (await keyOf(apiKeyId)).expiresAt;
  await owner.mutate('keys.rotate', { apiKeyId, overlapHours: 168 });
  expect((await keyOf(apiKeyId)).expiresAt).toBe(before);
});

test('I6 · nobody gives a key more than they hold, by making or renewing one', async () => {
  const connects = await it.signedInAs(site, 'MANAGE_INTEGRATIONS');
  expect((await create({}, connects)).refusal?.code).toBe('more_than_yours');
  const { apiKeyId } = await made();
  expect((await connects.mutate('keys.rotate', { apiKeyId, overlapHours: 1 })).refusal?.code).toBe('more_than_yours');
  // To end one is no gift.
  expect((await connects.mutate('keys.revoke', { apiKeyId })).status).toBe(200);
});

test.each([
  [{ name: ' ' }, 'name'],
  [{ name: 'x'.repeat(81) }, 'name'],
  [{ permissions: [] }, 'permissions'],
  [{ permissions: ['MANAGE_TEAM'] }, 'permissions.0'],
  [{ permissions: ['BE_ANYBODY'] }, 'permissions.0'],
  [{ expiresInDays: 0 }, 'expiresInDays'],
  [{ expiresInDays: 731 }, 'expiresInDays'],
  [{ expiresInDays: 1.5 }, 'expiresInDays'],
])('a key of %j is refused, and the field named', async (wish, field) => {
  const answer = await create(wish);
  expect([answer.status, answer.refusal?.field]).toEqual([400, field]);
  expect((await list()).length).toBe(1);
});

test('a key is held to its rate, says how much is left, and others are not held up', async () => {
  const [{ apiKeyId, key }, other] = [await made(), await made({ name: 'Other' })];
  const first = await it.service(key).send('/trpc/orders.list');
  expect(first.headers['ratelimit-policy']).toBe(`"key";q=${KEY_RATE.requests};w=60`);
  expect(first.headers.ratelimit).toMatch(new RegExp(`^"key";r=${KEY_RATE.requests - 1};t=\\d+$`));
  // Who knows which key it is, and not its secret, uses nothing up.
  const guess = `souk_${apiKeyId}_${'A'.repeat(43)}`;
  await together(20, () => asks(guess));
  const counted = () =>
    ownerRows<{ uses: number }>(it.db, 'select uses from api_key_uses where api_key_id = $1', [apiKeyId]);
  expect(await counted()).toEqual([{ uses: 1 }]);
  await together(30, () => asks(key));
  expect(await counted()).toEqual([{ uses: 31 }]);
  await ownerRows(it.db, 'update api_key_uses set uses = $2 where api_key_id = $1', [apiKeyId, KEY_RATE.requests - 1]);
  expect(await asks(key)).toBe(200);
  const over = await it.service(key).send('/trpc/orders.list');
  expect(over.status).toBe(429);
  expect(Number(over.headers['retry-after'])).toBeGreaterThan(0);
  expect(over.headers.ratelimit).toMatch(/^"key";r=0;/);
  expect(await asks(other.key)).toBe(200);
  await ownerRows(it.db, "update api_key_uses set window_ends = now() - interval '1 second' where api_key_id = $1", [
    apiKeyId,
  ]);
  expect(await asks(key)).toBe(200);
  expect(await counted()).toEqual([{ uses: 1 }]);
});
