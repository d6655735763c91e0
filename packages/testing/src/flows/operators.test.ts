import { inDatabase } from '@souk/db/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type HttpClient,
  type TestApi,
  TEST_PASSWORD,
  anAccount,
  httpClient,
  ownerRows,
  startTestApi,
  tally,
  together,
} from '../index.ts';

/* Who runs the installation: they come by somebody who does, go when they are let go, and one of them stays. */

let it: TestApi;
let operator: HttpClient;
beforeAll(async () => {
  it = await startTestApi();
});
afterAll(async () => {
  expect(it.errors()).toEqual([]);
  await it.close();
});
beforeEach(async () => {
  await ownerRows(it.db, 'update operators set removed_at = now()');
  operator = await it.signedInAsOperator();
});

type Listed = { adminId: string; email: string; isYou: boolean; mayGo: boolean };
const list = async (by = operator): Promise<Listed[]> =>
  ((await by.query('operator.operators')).value as { operators: Listed[] }).operators;
const add = (email: string, by = operator) => by.mutate('operator.addOperator', { email });
const remove = (adminId: string, by = operator) => by.mutate('operator.removeOperator', { adminId });
const signedIn = async (email: string): Promise<HttpClient> => {
  const client = httpClient(it.port, 'admin.localhost');
  expect((await client.mutate('account.signIn', { email, password: TEST_PASSWORD })).status).toBe(200);
  return client;
};

describe('OP1 · operators', () => {
  test('OP1 · somebody with an account is made one, does what operators do, and is nobody again when let go', async () => {
    const { adminId, email } = await anAccount(it.db.database, 'second');
    const second = await signedIn(email);
    expect((await second.query('operator.sites', {})).status).toBe(404);
    expect((await add(` ${email.toUpperCase()} `)).status).toBe(200);
    expect((await second.query('operator.sites', {})).status).toBe(200);
    expect((await list()).map((o) => [o.email, o.isYou, o.mayGo])).toEqual([
      [expect.stringContaining('operator'), true, true],
      [email, false, true],
    ]);
    expect((await add(email)).refusal?.fields).toEqual({ email: 'They run this installation already.' });
    expect((await remove(adminId)).status).toBe(200);
    expect((await second.query('operator.sites', {})).status).toBe(404);
    expect((await second.query('account.me')).value).toMatchObject({ isOperator: false });
    expect((await remove(adminId)).refusal?.code).toBe('not_found');
    // Who comes back is the same person, with what they did.
    expect((await add(email)).status).toBe(200);
    expect((await second.query('operator.sites', {})).status).toBe(200);
    expect(
      ((await operator.query('operator.log', { limit: 3 })).value as { rows: unknown[] }).rows.map((row) => row),
    ).toEqual([
      expect.objectContaining({ action: 'operator.added', subject: 'second', who: 'operator' }),
      expect.objectContaining({ action: 'operator.removed', subject: 'second' }),
      expect.objectContaining({ action: 'operator.added', subject: 'second' }),
    ]);
  });

  test('OP1 · the last one stays, whoever asks', async () => {
    const [only] = await list();
    expect(only?.mayGo).toBe(false);
    const answer = await remove(only?.adminId ?? '');
    expect([answer.status, answer.refusal?.code]).toEqual([409, 'last_operator']);
    expect(await list()).toHaveLength(1);
  });

  test('OP1 · two who remove each other in the same moment: one stays', async () => {
    for (let round = 0; round < 5; round += 1) {
      await ownerRows(it.db, 'update operators set removed_at = now()');
      const both = [await it.signedInAsOperator(), await it.signedInAsOperator()];
      const [first, second] = await list(both[0]);
      const ids = (await list(both[0])).map((o) => o.adminId);
      const [mine, theirs] = [first?.isYou ? first : second, first?.isYou ? second : first];
      expect(ids).toHaveLength(2);
      // Both are held back until both have come there.
      const answers = await inDatabase(it.db.superuserUrl, async (client) => {
        await client.query('begin');
        await client.query('select 1 from operators for update');
        const under = [remove(theirs?.adminId ?? '', both[0]), remove(mine?.adminId ?? '', both[1])];
        await new Promise((done) => setTimeout(done, 300));
        await client.query('commit');
        return Promise.all(under);
      });
      expect(tally(answers.map((a) => a.status))[200]).toBe(1);
      expect(await ownerRows(it.db, 'select 1 from operators where removed_at is null')).toHaveLength(1);
    }
  });

  test('OP1 · an address nobody signs in with is refused by name, and makes nobody', async () => {
    for (const email of ['nobody@example.org', 'not an address', '']) {
      const answer = await add(email);
      expect([email, answer.status, Object.keys(answer.refusal?.fields ?? {})]).toEqual([email, 400, ['email']]);
    }
    const locked = await anAccount(it.db.database, 'locked');
    await ownerRows(it.db, "update admin_accounts set status = 'locked' where admin_id = $1", [locked.adminId]);
    expect((await add(locked.email)).status).toBe(400);
    expect(await list()).toHaveLength(1);
  });

  test('C15 · twenty times at once one is added once, with one row', async () => {
    const { adminId, email } = await anAccount(it.db.database, 'many');
    const answers = await together(20, () => add(email));
    expect(tally(answers.map((a) => a.status))).toEqual({ 200: 1, 400: 19 });
    expect(
      await ownerRows(it.db, "select 1 from operator_action_logs where subject_id = $1 and action = 'operator.added'", [
        adminId,
      ]),
    ).toHaveLength(1);
  });
});

test('the log is read page by page, newest first', async () => {
  const { adminId, email } = await anAccount(it.db.database, 'paged');
  for (let i = 0; i < 3; i += 1) {
    await add(email);
    await remove(adminId);
  }
  type Page = { rows: { actionId: string; action: string; site?: unknown }[]; next?: string };
  const first = (await operator.query('operator.log', { limit: 4 })).value as Page;
  const second = (await operator.query('operator.log', { limit: 4, after: first.next })).value as Page;
  expect(first.rows.map((r) => r.action)).toEqual([
    'operator.removed',
    'operator.added',
    'operator.removed',
    'operator.added',
  ]);
  expect(new Set([...first.rows, ...second.rows].map((r) => r.actionId)).size).toBe(8);
});

test('health says how the installation is, and counts what waits', async () => {
  const { value } = await operator.query('operator.health');
  expect(value).toMatchObject({
    node: process.versions.node,
    mode: 'development',
    database: { version: expect.stringMatching(/^1\d/), missing: 0, newest: expect.stringMatching(/^\d{14}-/) },
    queues: expect.arrayContaining([expect.objectContaining({ name: 'mail' })]),
  });
  const health = value as { disk: { freeBytes: number; totalBytes: number }; database: { bytes: number } };
  expect(health.disk.freeBytes).toBeGreaterThan(0);
  expect(health.disk.totalBytes).toBeGreaterThan(health.disk.freeBytes);
  expect(health.database.bytes).toBeGreaterThan(1_000_000);
  await ownerRows(it.db, 'delete from applied_migrations where name = (select max(name) from applied_migrations)');
  expect((await operator.query('operator.health')).value).toMatchObject({ database: { missing: 1 } });
});
