import { argon2Sync, randomBytes } from 'node:crypto';
import { hashPassword, verifyPassword } from '@souk/api/identity/password';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestApi, TEST_PASSWORD, anAccount, ownerRows, startTestApi, together, until } from '../index.ts';

/* What hashing costs: how many sign in, and who waits for them. */

let it: TestApi;
beforeAll(async () => {
  it = await startTestApi();
});
afterAll(async () => {
  expect(it.errors()).toEqual([]);
  await it.close();
});

const median = (times: readonly number[]): number => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;

test('H04 · many sign in at once, and a request that hashes nothing does not wait behind them', async () => {
  const site = await it.makeSite({ handle: 'hashing' });
  const owner = await it.signedInAs(site, 'owner');
  const people = await together(24, () => anAccount(it.db.database, 'crowd'));
  await it.admin().mutate('account.signIn', { email: people[0]?.email, password: TEST_PASSWORD });
  const calm: number[] = [];
  const timed = async (into: number[]): Promise<void> => {
    const startedAt = performance.now();
    expect((await owner.query('site.get')).status).toBe(200);
    into.push(performance.now() - startedAt);
  };
  for (let i = 0; i < 20; i += 1) await timed(calm);
  const stored = await hashPassword(TEST_PASSWORD);
  const hashesFrom = performance.now();
  await together(24, () => verifyPassword(TEST_PASSWORD, stored));
  const hashes = 24_000 / (performance.now() - hashesFrom);
  const rounds = 4;
  const busy: number[] = [];
  let done = false;
  const startedAt = performance.now();
  const others = (async () => {
    while (!done) await timed(busy);
  })();
  for (let round = 0; round < rounds; round += 1)
    await together(people.length, async (i) => {
      const { status } = await it
        .admin()
        .mutate('account.signIn', { email: people[i]?.email, password: TEST_PASSWORD });
      expect(status).toBe(200);
    });
  const seconds = (performance.now() - startedAt) / 1000;
  done = true;
  await others;
  const perSecond = (rounds * people.length) / seconds;
  process.stdout.write(
    `sign-ins: ${perSecond.toFixed(0)} per second, of ${hashes.toFixed(0)} hashes; another request meanwhile: ${median(busy).toFixed(1)} ms (calm ${median(calm).toFixed(1)} ms), slowest ${Math.max(...busy).toFixed(0)} ms\n`,
  );
  // What a machine manages, others at work on it or not, is told by its hashes alone.
  expect(perSecond).toBeGreaterThan(hashes * 0.35);
  // One who waited behind those who were let in before them would wait for the time of a dozen hashes.
  expect(median(busy)).toBeLessThan((1000 / perSecond) * 6);
});

test('a password that was hashed when that cost less is hashed anew when it is used', async () => {
  const { adminId, email } = await anAccount(it.db.database, 'old-hash');
  const nonce = randomBytes(16);
  const cheap = { memory: 8_192, passes: 1, parallelism: 1 };
  const tag = argon2Sync('argon2id', { message: TEST_PASSWORD, nonce, ...cheap, tagLength: 32 });
  const b64 = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');
  await ownerRows(it.db, 'update admin_accounts set password_hash = $2 where admin_id = $1', [
    adminId,
    `$argon2id$v=19$m=8192,t=1,p=1$${b64(nonce)}$${b64(tag)}`,
  ]);
  const hashNow = async (): Promise<string> =>
    (
      await ownerRows<{ hash: string }>(it.db, 'select password_hash as hash from admin_accounts where admin_id = $1', [
        adminId,
      ])
    )[0]?.hash ?? '';
  expect((await it.admin().mutate('account.signIn', { email, password: 'wrong' })).status).toBe(401);
  expect(await hashNow()).toContain('m=8192,t=1');
  expect((await it.admin().mutate('account.signIn', { email, password: TEST_PASSWORD })).status).toBe(200);
  await until('it is hashed anew', async () => (await hashNow()).includes('m=19456,t=2'));
  const renewed = await hashNow();
  expect((await it.admin().mutate('account.signIn', { email, password: TEST_PASSWORD })).status).toBe(200);
  expect(await hashNow()).toBe(renewed);
});
