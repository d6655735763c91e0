import { randomBytes } from 'node:crypto';
import { countSignInTries, forgetSignInTries, giveBackSignInTries } from '@souk/db/identity';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiProcesses, startApiProcesses } from '../api-processes.ts';
import { TEST_PASSWORD, anAccount, httpClient, ownerRows, tally, together } from '../index.ts';

/* Guessing a password at two processes behind one balancer. */

let it: ApiProcesses;
beforeAll(async () => {
  it = await startApiProcesses({ count: 2 });
});
afterAll(() => it.close());

const signIn = (process: number, email: string, password: string) =>
  httpClient(it.processes[process % 2]?.port ?? 0, 'admin.localhost').mutate('account.signIn', { email, password });

test('H04 · two processes count together: ten guesses are ten, however they are spread', async () => {
  const { email } = await anAccount(it.db.database, 'spread');
  const answers = await together(30, (i) => signIn(i, email, 'wrong'));
  expect(tally(answers.map((a) => a.status))).toEqual({ 401: 10, 429: 20 });
  const refused = await signIn(1, email, TEST_PASSWORD);
  expect([refused.status, refused.refusal?.code]).toEqual([429, 'too_many_attempts']);
  const [ends] = await ownerRows<{ seconds: number }>(
    it.db,
    'select extract(epoch from max(window_ends) - now())::float as seconds from sign_in_tries where tries > 10',
  );
  expect(ends?.seconds).toBeGreaterThan(800);
  // After the window the right password is let in, at either process.
  await ownerRows(it.db, "update sign_in_tries set window_ends = now() - interval '1 second'");
  expect((await signIn(0, email, TEST_PASSWORD)).status).toBe(200);
});

test('H04 · a sign-in that succeeds gives its try back, and starts the account anew', async () => {
  await ownerRows(it.db, 'delete from sign_in_tries');
  const { email } = await anAccount(it.db.database, 'right');
  for (let i = 0; i < 9; i += 1) expect((await signIn(i, email, 'wrong')).status).toBe(401);
  expect((await signIn(0, email, TEST_PASSWORD)).status).toBe(200);
  for (let i = 0; i < 10; i += 1) expect((await signIn(i, email, 'wrong')).status).toBe(401);
  expect((await signIn(1, email, 'wrong')).status).toBe(429);
  // Nineteen wrong ones and one refused count for the address, the right one does not.
  expect(
    (await ownerRows<{ tries: number }>(it.db, 'select tries from sign_in_tries order by tries')).map((r) => r.tries),
  ).toEqual([11, 20]);
});

test('H04 · one address is bounded over all accounts, and what is counted names nobody', async () => {
  await ownerRows(it.db, 'delete from sign_in_tries');
  const answers = await together(60, (i) => signIn(i, `guess-${i}@example.org`, 'wrong'));
  expect(tally(answers.map((a) => a.status))).toEqual({ 401: 50, 429: 10 });
  const rows = await ownerRows<{ counted: Buffer }>(it.db, 'select counted from sign_in_tries');
  expect(rows).not.toEqual([]);
  // As bytes: written out in any way, a hash may hold three digits by chance.
  const names = ['guess', 'example', '127.0.0'];
  expect(rows.filter(({ counted }) => names.some((name) => counted.includes(name)))).toEqual([]);
});

test('H04 · tries counted and given back at once never lock each other out', async () => {
  const { database } = it.db;
  const people = Array.from({ length: 4 }, () => [randomBytes(32), randomBytes(32)] as const);
  const done = await Promise.allSettled(
    people.flatMap(([account, network]) =>
      Array.from({ length: 150 }, async (_, i) => {
        if (i % 2) await countSignInTries(database, [account, network], new Date(), 15);
        else await giveBackSignInTries(database, account, network);
        if (i % 50 === 0) await forgetSignInTries(database, new Date(Date.now() + 3_600_000));
      }),
    ),
  );
  expect(done.flatMap((d) => (d.status === 'rejected' ? [String(d.reason)] : []))).toEqual([]);
});
