import { join } from 'node:path';
import { makeBackup, proveBackup } from '@souk/db/backup';
import { inDatabase } from '@souk/db/testing';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type HttpClient,
  type TestApi,
  TEST_PASSWORD,
  anAccount,
  httpClient,
  ownerRows,
  softAuthenticator,
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

describe('H04 · a lost phone', () => {
  const begun = async () => {
    const { adminId, email } = await anAccount(it.db.database, 'phoneless');
    const client = await signedIn(email);
    const device = softAuthenticator({ origin: `http://admin.localhost:${it.port}` });
    const { options } = (await client.mutate('passkeys.begin')).value as {
      options: Parameters<typeof device.make>[0];
    };
    expect((await client.mutate('passkeys.add', { name: 'Phone', passkey: device.make(options) })).status).toBe(200);
    const { setupKey } = (await client.mutate('secondFactor.begin')).value as { setupKey: string };
    const code = new TOTP({ secret: Secret.fromBase32(setupKey) }).generate();
    expect((await client.mutate('secondFactor.confirm', { code })).status).toBe(200);
    return { adminId, email, client };
  };
  const take = (email: string, reason = 'stolen_device', by = operator) =>
    by.mutate('operator.takeFactors', { email, reason });
  const rowsOf = async (sql: string, adminId: string): Promise<unknown[]> =>
    (await ownerRows<{ it: unknown }>(it.db, sql, [adminId])).map((row) => row.it);

  test('H04 · is helped by who runs the installation: all factors go, all sessions end; it is logged twice and mailed', async () => {
    const { adminId, email, client } = await begun();
    const half = httpClient(it.port, 'admin.localhost');
    expect((await half.mutate('account.signIn', { email, password: TEST_PASSWORD })).value).toMatchObject({
      factors: ['passkey', 'totp'],
    });
    const answer = await take(` ${email.toUpperCase()}`);
    expect([answer.status, answer.value]).toEqual([200, { adminId, name: 'phoneless' }]);
    expect((await client.query('account.me')).status).toBe(401);
    expect((await half.mutate('passkeys.beginSecondStep')).status).toBe(404);
    const again = httpClient(it.port, 'admin.localhost');
    expect((await again.mutate('account.signIn', { email, password: TEST_PASSWORD })).value).toMatchObject({
      factors: [],
    });
    expect((await again.query('account.me')).status).toBe(200);
    for (const table of ['admin_authenticators', 'recovery_codes'])
      expect(await rowsOf(`select 1 as it from ${table} where admin_id = $1`, adminId)).toEqual([]);
    expect(
      await rowsOf(
        "select action as it from account_action_logs where admin_id = $1 and action like '%taken'",
        adminId,
      ),
    ).toEqual(['second_factors_taken']);
    expect(
      await rowsOf("select kind as it from account_mails where admin_id = $1 and kind like '%taken'", adminId),
    ).toEqual(['second_factors_taken']);
    expect(await rowsOf('select details as it from operator_action_logs where subject_id = $1', adminId)).toEqual([
      { reason: 'stolen_device', from: 'screen' },
    ]);
    expect(((await operator.query('operator.log', { limit: 1 })).value as { rows: unknown[] }).rows).toEqual([
      expect.objectContaining({ action: 'account.factors_taken', subject: 'phoneless', reason: 'stolen_device' }),
    ]);
    expect((await take(email)).refusal?.fields?.['email']).toContain('no second factor');
  });

  test('H04 · is not helped by anybody else, nor without a fresh proof, nor for oneself, nor for nobody', async () => {
    const { email, client } = await begun();
    expect((await take(email, 'other', client)).status).toBe(404);
    expect((await take('nobody@example.org')).refusal?.field).toBe('email');
    expect((await take('not an address')).refusal?.field).toBe('email');
    expect((await take(email, 'because')).status).toBe(400);
    const [me] = await list();
    await ownerRows(
      it.db,
      `insert into admin_authenticators (authenticator_id, admin_id, kind, secret_sealed, last_step, created_at, confirmed_at)
        values (gen_random_uuid(), $1, 'totp', '\\x00', 0, now(), now())`,
      [me?.adminId],
    );
    expect((await take(me?.email ?? '')).refusal?.fields?.['email']).toContain('This is you');
    await ownerRows(it.db, "update admin_sessions set proved_at = now() - interval '1 day'");
    expect((await take(email)).refusal?.code).toBe('proof_needed');
    expect((await client.query('account.me')).value).toMatchObject({ factors: ['passkey', 'totp'] });
  });
});

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
  expect(value).not.toHaveProperty('backup');
  const backup = { ownerUrl: it.db.ownerUrl, key: it.db.key, home: it.home, folder: join(it.home, 'backups') };
  const { name } = await makeBackup(backup);
  const newest = async (): Promise<unknown> =>
    ((await operator.query('operator.health')).value as { backup?: unknown }).backup;
  expect(await newest()).toEqual({ takenAt: expect.stringContaining(name.slice(0, 10)) });
  await proveBackup({ ...backup, name });
  expect(await newest()).toMatchObject({ provedAt: expect.any(String) });
  await ownerRows(it.db, 'delete from applied_migrations where name = (select max(name) from applied_migrations)');
  expect((await operator.query('operator.health')).value).toMatchObject({ database: { missing: 1 } });
});
