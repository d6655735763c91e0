import { adminCookie } from '@souk/api/identity/session';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type HttpClient,
  type TestApi,
  TEST_PASSWORD,
  anAccount,
  ownerRows,
  startTestApi,
  tally,
  together,
  until,
} from '../index.ts';
import { sightingsOf } from '../sightings.ts';

/* A second factor: an authenticator app, what happens when the phone is lost, and what half a sign-in is worth. */

let it: TestApi;
let email: string;
let adminId: string;
/** How far the server's clock has gone on, in seconds: each code is of a step that was not used yet. */
let ahead = 0;
beforeAll(async () => {
  it = await startTestApi({ now: () => new Date(Date.now() + ahead * 1000) });
});
afterAll(async () => {
  expect(it.errors()).toEqual([]);
  await it.close();
});
beforeEach(async () => {
  await ownerRows(it.db, 'delete from sign_in_tries');
  ({ email, adminId } = await anAccount(it.db.database, 'two-factors'));
});

const codeOf = (setupKey: string, seconds = 0): string =>
  new TOTP({ secret: Secret.fromBase32(setupKey) }).generate({ timestamp: Date.now() + (ahead + seconds) * 1000 });
const nextStep = (): void => {
  ahead += 30;
};
const signIn = (client: HttpClient, password = TEST_PASSWORD) => client.mutate('account.signIn', { email, password });
const finish = (client: HttpClient, code: string) => client.mutate('account.finishSignIn', { code });
const meOf = async (client: HttpClient): Promise<number> => (await client.query('account.me')).status;

type SetUp = { readonly client: HttpClient; readonly setupKey: string; readonly codes: readonly string[] };
/** Somebody who is signed in and has just turned their second factor on. */
async function withApp(): Promise<SetUp> {
  const client = it.admin();
  expect((await signIn(client)).status).toBe(200);
  const { setupKey } = (await client.mutate('secondFactor.begin')).value as { setupKey: string };
  const confirmed = await client.mutate('secondFactor.confirm', { code: codeOf(setupKey) });
  expect([confirmed.status, confirmed.text.slice(0, 200)]).toEqual([200, expect.any(String)]);
  nextStep();
  return { client, setupKey, codes: (confirmed.value as { recoveryCodes: string[] }).recoveryCodes };
}
async function halfWay(): Promise<HttpClient> {
  const client = it.admin();
  expect((await signIn(client)).value).toMatchObject({ factors: ['totp'] });
  return client;
}
const logged = async (): Promise<string[]> =>
  (
    await ownerRows<{ action: string }>(
      it.db,
      'select action from account_action_logs where admin_id = $1 order by action_id',
      [adminId],
    )
  ).map((row) => row.action);
const mailed = async (): Promise<string[]> =>
  (
    await ownerRows<{ kind: string }>(
      it.db,
      "select kind from account_mails where admin_id = $1 and kind <> 'new_sign_in' order by created_at, mail_id",
      [adminId],
    )
  ).map((row) => row.kind);

test('it is asked for once the app has shown a code, and not before', async () => {
  const client = it.admin();
  await signIn(client);
  const { setupKey, uri } = (await client.mutate('secondFactor.begin')).value as { setupKey: string; uri: string };
  expect(uri).toContain('otpauth://totp/Souk:');
  expect((await signIn(it.admin())).value).toMatchObject({ factors: [] });
  for (const code of ['000000', 'abcdef', '', '12345', codeOf(setupKey, 120)])
    expect((await client.mutate('secondFactor.confirm', { code })).refusal?.field).toBe('code');
  const confirmed = await client.mutate('secondFactor.confirm', { code: ` ${codeOf(setupKey)} ` });
  const { recoveryCodes } = confirmed.value as { recoveryCodes: string[] };
  expect(new Set(recoveryCodes).size).toBe(10);
  for (const code of recoveryCodes) expect(code).toMatch(/^[a-z2-9]{5}-[a-z2-9]{5}$/);
  expect((await client.query('secondFactor.get')).value).toEqual({ since: expect.any(String), codesLeft: 10 });
  expect((await signIn(it.admin())).value).toMatchObject({ factors: ['totp'] });
  // Another one is not set up over it.
  expect((await client.mutate('secondFactor.begin')).refusal?.code).toBe('second_factor_there');
  expect((await client.mutate('secondFactor.confirm', { code: codeOf(setupKey) })).status).toBe(409);
  expect(await logged()).toEqual(expect.arrayContaining(['second_factor_added']));
  expect(await mailed()).toEqual(['second_factor_added']);
});

test('begun anew, the newest picture is the one that counts, also in the moment in which the other is confirmed', async () => {
  const client = it.admin();
  await signIn(client);
  const begin = async () => ((await client.mutate('secondFactor.begin')).value as { setupKey: string }).setupKey;
  const first = await begin();
  const second = await begin();
  const replaced = await client.mutate('secondFactor.confirm', { code: codeOf(first) });
  expect(replaced.refusal?.fields?.['code']).toContain('scan the picture there');
  expect((await client.mutate('secondFactor.confirm', { code: codeOf(second) })).status).toBe(200);
  // At once: either the app that was shown is in use and nothing is begun over it, or it was replaced and is not.
  for (let i = 0; i < 6; i += 1) {
    expect((await client.mutate('secondFactor.remove')).status).toBe(200);
    const shown = await begin();
    const [confirmed, begun] = await Promise.all([
      client.mutate('secondFactor.confirm', { code: codeOf(shown) }),
      client.mutate('secondFactor.begin'),
    ]);
    if (confirmed.status !== 200) {
      expect([confirmed.refusal?.field, begun.status]).toEqual(['code', 200]);
      const { setupKey } = begun.value as { setupKey: string };
      expect((await client.mutate('secondFactor.confirm', { code: codeOf(setupKey) })).status).toBe(200);
    } else expect([200, 409]).toContain(begun.status);
    nextStep();
    expect((await client.query('account.me')).value).toMatchObject({ factors: ['totp'] });
  }
});

describe('half a sign-in', () => {
  test('opens nothing; with a code of the app it becomes a whole one', async () => {
    const { setupKey } = await withApp();
    const client = await halfWay();
    expect(client.cookies.has(adminCookie('development'))).toBe(false);
    expect(await meOf(client)).toBe(401);
    // What it holds is no session, under whatever name it is shown.
    client.cookies.set(adminCookie('development'), client.cookies.get('souk-step') ?? '');
    expect(await meOf(client)).toBe(401);
    client.cookies.delete(adminCookie('development'));
    expect((await finish(client, '000000')).refusal?.field).toBe('code');
    expect(await meOf(client)).toBe(401);
    expect((await finish(client, codeOf(setupKey))).status).toBe(200);
    expect(await meOf(client)).toBe(200);
    expect(client.cookies.has('souk-step')).toBe(false);
  });

  test('is over after ten minutes, when it was used, when the password changes, and when the account is locked', async () => {
    const { client: signedIn, setupKey } = await withApp();
    const dead = async (client: HttpClient): Promise<void> => {
      nextStep();
      const refused = await finish(client, codeOf(setupKey));
      expect([refused.status, refused.refusal?.code]).toEqual([404, 'link_is_dead']);
    };
    const late = await halfWay();
    await ownerRows(it.db, "update sign_in_challenges set expires_at = now() - interval '1 hour' where admin_id = $1", [
      adminId,
    ]);
    await dead(late);
    const used = await halfWay();
    const copy = it.admin();
    copy.cookies.set('souk-step', used.cookies.get('souk-step') ?? '');
    nextStep();
    expect((await finish(used, codeOf(setupKey))).status).toBe(200);
    await dead(copy);
    await dead(it.admin());
    const locked = await halfWay();
    await ownerRows(it.db, "update admin_accounts set status = 'locked' where admin_id = $1", [adminId]);
    await dead(locked);
    await ownerRows(it.db, "update admin_accounts set status = 'active' where admin_id = $1", [adminId]);
    const changed = await halfWay();
    expect((await signedIn.mutate('account.changePassword', { password: 'quiet lamp under bridge' })).status).toBe(200);
    await dead(changed);
  });

  test('H04 · codes are guessed ten times, over all sign-ins of the account', async () => {
    await withApp();
    const answers: number[] = [];
    for (let i = 0; i < 12; i += 1) answers.push((await finish(await halfWay(), '000000')).status);
    expect(tally(answers)).toEqual({ 400: 10, 429: 2 });
  });

  test('H04 · takes five codes, also of many at once, and begins anew with the password', async () => {
    const { setupKey } = await withApp();
    const client = await halfWay();
    const answers = await together(8, () => finish(client, '000000'));
    expect(tally(answers.map((a) => a.status))).toEqual({ 400: 5, 404: 3 });
    expect((await finish(client, codeOf(setupKey))).refusal?.code).toBe('link_is_dead');
    expect((await finish(await halfWay(), codeOf(setupKey))).status).toBe(200);
  });

  test('H04 · of somebody who knows the password and guesses codes keeps the owner out of nothing they hold', async () => {
    const { client: owner, setupKey, codes } = await withApp();
    for (let i = 0; i < 11; i += 1) await finish(await halfWay(), '000000');
    expect((await finish(await halfWay(), '000000')).status).toBe(429);
    // Where they have been before the app lets them in; elsewhere a recovery code does; and a proof is not touched by it.
    await ownerRows(it.db, "update admin_sessions set proved_at = now() - interval '1 day' where admin_id = $1", [
      adminId,
    ]);
    expect((await owner.mutate('account.prove', { code: codeOf(setupKey) })).status).toBe(200);
    nextStep();
    expect((await owner.mutate('account.signOut')).status).toBe(200);
    expect((await signIn(owner)).status).toBe(200);
    expect((await finish(owner, codeOf(setupKey))).status).toBe(200);
    expect((await finish(await halfWay(), codes[0] ?? '')).status).toBe(200);
    // Their own mistakes are counted there, too.
    await owner.mutate('account.signOut');
    const answers: number[] = [];
    for (let i = 0; i < 12; i += 1) {
      await signIn(owner);
      answers.push((await finish(owner, '000000')).status);
    }
    expect(tally(answers)).toEqual({ 400: 10, 429: 2 });
  });

  test('H04 · wrong codes stand in the log, twenty an hour; the third is mailed to the owner, once a day', async () => {
    // Far from midnight: a day is one of UTC.
    ahead += (34 - new Date(Date.now() + ahead * 1000).getUTCHours()) * 3600;
    await withApp();
    const refusals = async () => (await logged()).filter((action) => action === 'second_factor_refused').length;
    const guess = async (): Promise<number> => (await finish(await halfWay(), 'abcde-fghjk')).status;
    expect([await guess(), await guess(), await refusals(), await mailed()]).toEqual([
      400,
      400,
      2,
      ['second_factor_added'],
    ]);
    const halves: HttpClient[] = [];
    for (let i = 0; i < 22; i += 1) halves.push(await halfWay());
    const many = await together(22, (i) => finish(halves[i] ?? expect.fail(), 'abcde-fghjk'));
    expect(tally(many.map((a) => a.status))).toEqual({ 400: 22 });
    // Those that come at once do not see each other.
    expect(await refusals()).toBeLessThan(30);
    for (let i = 0; i < 3; i += 1) expect(await guess()).toBe(400);
    const before = await refusals();
    expect(before).toBeGreaterThanOrEqual(20);
    await guess();
    expect(await refusals()).toBe(before);
    expect(await mailed()).toEqual(['second_factor_added', 'second_factor_guessed']);
    ahead += 2 * 3600;
    for (let i = 0; i < 4; i += 1) expect(await guess()).toBe(400);
    expect([await refusals(), (await mailed()).length]).toEqual([before + 4, 2]);
    ahead += 24 * 3600;
    for (let i = 0; i < 4; i += 1) expect(await guess()).toBe(400);
    expect((await mailed()).slice(1)).toEqual(['second_factor_guessed', 'second_factor_guessed']);
    // Whoever has a session and mistypes is not told that somebody knows their password.
    const fresh = await anAccount(it.db.database, 'mistypes');
    ({ email, adminId } = fresh);
    const { client: own } = await withApp();
    for (let i = 0; i < 4; i += 1) expect((await own.mutate('account.prove', { code: '000000' })).status).toBe(400);
    expect([await refusals(), await mailed()]).toEqual([4, ['second_factor_added']]);
  });
});

describe('a code', () => {
  test('C15 · of fifty who come with one code of the app at once one is let in, and the code that set it up is used', async () => {
    const { setupKey } = await withApp();
    const code = codeOf(setupKey);
    const halves = await together(8, () => halfWay());
    const answers = await together(8, (i) => finish(halves[i] ?? expect.fail(), code));
    expect(tally(answers.map((a) => a.status))).toEqual({ 200: 1, 400: 7 });
    await ownerRows(it.db, 'delete from sign_in_tries');
    // An older one is used with it.
    expect((await finish(await halfWay(), codeOf(setupKey, -30))).status).toBe(400);
    nextStep();
    expect((await finish(await halfWay(), codeOf(setupKey))).status).toBe(200);
  });

  test('a clock may be half a minute off, and not more', async () => {
    const { setupKey } = await withApp();
    for (const [seconds, status] of [
      [-60, 400],
      [60, 400],
      [-30, 200],
      [0, 200],
      [30, 200],
    ] as const) {
      // Each by itself: what was used before does not count here.
      await ownerRows(it.db, 'update admin_authenticators set last_step = 0 where admin_id = $1', [adminId]);
      expect([seconds, (await finish(await halfWay(), codeOf(setupKey, seconds))).status]).toEqual([seconds, status]);
    }
  });

  test('C15 · a recovery code works once, whoever comes with it and how often; it is logged and mailed', async () => {
    const { client, codes } = await withApp();
    const code = codes[3] ?? '';
    const halves = await together(8, () => halfWay());
    const answers = await together(8, (i) =>
      finish(halves[i] ?? expect.fail(), i % 2 ? code : ` ${code.replace('-', '').toUpperCase()}`),
    );
    expect(tally(answers.map((a) => a.status))).toEqual({ 200: 1, 400: 7 });
    expect((await client.query('secondFactor.get')).value).toMatchObject({ codesLeft: 9 });
    expect((await logged()).filter((action) => action === 'recovery_code_used')).toHaveLength(1);
    expect((await mailed()).filter((kind) => kind !== 'second_factor_guessed')).toEqual([
      'second_factor_added',
      'recovery_code_used',
    ]);
    // Nobody else's works.
    const other = await anAccount(it.db.database, 'other');
    const mine = codes[4] ?? '';
    await ownerRows(it.db, 'update recovery_codes set admin_id = $1 where admin_id = $2', [other.adminId, adminId]);
    await ownerRows(it.db, 'delete from sign_in_tries');
    expect((await finish(await halfWay(), mine)).status).toBe(400);
  });
});

describe('I7 · a fresh proof', () => {
  const stale = () =>
    ownerRows(it.db, "update admin_sessions set proved_at = now() - interval '1 day' where admin_id = $1", [adminId]);

  test('I7 · is a code where the account has one, and the password alone proves nothing then', async () => {
    const { client, setupKey, codes } = await withApp();
    expect((await client.query('account.me')).value).toMatchObject({ factors: ['totp'] });
    await stale();
    expect((await client.mutate('secondFactor.newCodes')).status).toBe(428);
    const byPassword = await client.mutate('account.prove', { password: TEST_PASSWORD });
    expect(byPassword.refusal?.field).toBe('code');
    expect((await client.mutate('secondFactor.newCodes')).status).toBe(428);
    expect((await client.mutate('account.prove', { code: '000000' })).status).toBe(400);
    const code = codeOf(setupKey);
    expect((await client.mutate('account.prove', { code })).status).toBe(200);
    expect((await client.mutate('secondFactor.newCodes')).status).toBe(200);
    await stale();
    expect((await client.mutate('account.prove', { code })).status).toBe(400);
    // The codes before have stopped working with the new ones.
    expect((await client.mutate('account.prove', { code: codes[0] })).status).toBe(400);
  });

  test('I7 · turning it off needs one, is logged and mailed, and takes the recovery codes along', async () => {
    const { client, codes } = await withApp();
    await stale();
    expect((await client.mutate('secondFactor.remove')).status).toBe(428);
    expect((await client.mutate('account.prove', { code: codes[0] })).status).toBe(200);
    expect((await client.mutate('secondFactor.remove')).status).toBe(200);
    expect((await client.mutate('secondFactor.remove')).refusal?.code).toBe('second_factor_missing');
    expect((await client.mutate('secondFactor.newCodes')).refusal?.code).toBe('second_factor_missing');
    expect((await signIn(it.admin())).value).toMatchObject({ factors: [] });
    expect(await ownerRows(it.db, 'select 1 from recovery_codes where admin_id = $1', [adminId])).toEqual([]);
    expect(await logged()).toEqual(expect.arrayContaining(['recovery_code_used', 'second_factor_removed']));
    await until(
      'all is mailed',
      async () =>
        (await ownerRows(it.db, 'select 1 from account_mails where admin_id = $1 and sent_at is null', [adminId]))
          .length === 0,
      15,
    );
    expect(await mailed()).toEqual(['second_factor_added', 'recovery_code_used', 'second_factor_removed']);
  });
});

test('I8 · a session that began with the password alone is over once the app has shown a code', async () => {
  const thief = it.admin();
  expect((await signIn(thief)).status).toBe(200);
  const { client } = await withApp();
  expect([await meOf(thief), await meOf(client)]).toEqual([401, 200]);
});

test('H04 · a new password by mail does not sign in past the second factor', async () => {
  const { setupKey } = await withApp();
  const password = 'copper violin marsh ladder';
  await it.admin().mutate('passwordReset.request', { email });
  const [reset] = await ownerRows<{ id: string }>(
    it.db,
    'select reset_id as id from password_resets where admin_id = $1',
    [adminId],
  );
  const { linkToken } = await import('@souk/api/identity/account-links');
  const token = linkToken(it.api.services.key, 'password reset', reset?.id ?? '');
  const client = it.admin();
  expect((await client.mutate('passwordReset.finish', { token, password })).status).toBe(200);
  expect([...client.cookies.keys()]).toEqual([]);
  expect((await signIn(client, password)).value).toMatchObject({ factors: ['totp'] });
  expect(await meOf(client)).toBe(401);
  expect((await finish(client, codeOf(setupKey))).status).toBe(200);
});

test('L01 · neither the app’s secret, nor a recovery code, nor half a sign-in stands anywhere in clear', async () => {
  const { setupKey, codes } = await withApp();
  const half = await halfWay();
  const hex = Buffer.from(Secret.fromBase32(setupKey).buffer).toString('hex');
  for (const secret of [
    setupKey,
    hex,
    codes[0] ?? '',
    (codes[0] ?? '').replace('-', ''),
    half.cookies.get('souk-step') ?? '',
  ])
    expect([secret.length, await sightingsOf(it, secret)]).toEqual([secret.length, []]);
});
