import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { adminCookie } from '@souk/api/identity/session';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type HttpClient,
  type SoftAuthenticator,
  type TestApi,
  type TrpcAnswer,
  type Wrong,
  TEST_PASSWORD,
  anAccount,
  ownerRows,
  softAuthenticator,
  startTestApi,
  tally,
  together,
} from '../index.ts';
import { sightingsOf } from '../sightings.ts';

/* Passkeys: made, used after the password, in its place and as a proof, by a device whose signatures are real. */

let it: TestApi;
let email: string;
let adminId: string;
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
  ({ email, adminId } = await anAccount(it.db.database, 'passkeys'));
});

const origin = (): string => `http://admin.localhost:${it.port}`;
const aDevice = (options: { credentialId?: Buffer; counts?: boolean } = {}): SoftAuthenticator =>
  softAuthenticator({ origin: origin(), ...options });

type Options = {
  readonly challenge: string;
  readonly rpId: string;
  readonly rp: { readonly id: string };
  readonly user: { readonly id: string };
  readonly allowCredentials?: { readonly id: string }[];
  readonly excludeCredentials?: { readonly id: string }[];
};
const optionsOf = async (client: HttpClient, path: string): Promise<Options> => {
  const answer = await client.mutate(path);
  expect([path, answer.status]).toEqual([path, 200]);
  return (answer.value as { options: Options }).options;
};
const signIn = (client: HttpClient) => client.mutate('account.signIn', { email, password: TEST_PASSWORD });
const meOf = async (client: HttpClient): Promise<number> => (await client.query('account.me')).status;
async function signedIn(): Promise<HttpClient> {
  const client = it.admin();
  expect((await signIn(client)).status).toBe(200);
  return client;
}
const add = async (client: HttpClient, device: SoftAuthenticator, wrong?: Wrong, name = 'My laptop') =>
  client.mutate('passkeys.add', { name, passkey: device.make(await optionsOf(client, 'passkeys.begin'), wrong) });

type Set = { client: HttpClient; device: SoftAuthenticator; codes: string[]; passkeyId: string };
/** Somebody who is signed in and has just added their first passkey. */
async function withPasskey(options: { credentialId?: Buffer; counts?: boolean } = {}): Promise<Set> {
  const client = await signedIn();
  const device = aDevice(options);
  const added = await add(client, device);
  expect([added.status, added.text.slice(0, 200)]).toEqual([200, expect.any(String)]);
  const { recoveryCodes: codes, passkeyId } = added.value as { recoveryCodes: string[]; passkeyId: string };
  return { client, device, codes, passkeyId };
}
/** Signs in with the passkey alone. */
async function alone(device: SoftAuthenticator, wrong?: Wrong, client = it.admin()): Promise<[HttpClient, TrpcAnswer]> {
  const passkey = device.answer(await optionsOf(client, 'passkeys.beginSignIn'), wrong);
  return [client, await client.mutate('passkeys.signIn', { passkey })];
}
async function halfWay(): Promise<HttpClient> {
  const client = it.admin();
  expect((await signIn(client)).value).toMatchObject({ factors: ['passkey'] });
  return client;
}
const finish = async (client: HttpClient, device: SoftAuthenticator, wrong?: Wrong) =>
  client.mutate('passkeys.finishSignIn', {
    passkey: device.answer(await optionsOf(client, 'passkeys.beginSecondStep'), wrong),
  });
const prove = async (client: HttpClient, device: SoftAuthenticator, wrong?: Wrong) =>
  client.mutate('passkeys.prove', { passkey: device.answer(await optionsOf(client, 'passkeys.beginProof'), wrong) });
const stale = () =>
  ownerRows(it.db, "update admin_sessions set proved_at = now() - interval '1 day' where admin_id = $1", [adminId]);
const column = async (sql: string): Promise<unknown[]> =>
  (await ownerRows<{ it: unknown }>(it.db, sql, [adminId])).map((row) => row.it);
const logged = () =>
  column('select action as it from account_action_logs where admin_id = $1 order by "timestamp", action_id');
const mailed = () =>
  column(
    "select kind as it from account_mails where admin_id = $1 and kind <> 'new_sign_in' order by created_at, mail_id",
  );
const REFUSED = [401, 'passkey_refused'];
const said = ({ status, refusal }: TrpcAnswer) => [status, refusal?.code];

describe('a passkey', () => {
  test('is added with a name, listed with its last use, renamed and removed; each is logged and mailed', async () => {
    const { client, device, codes, passkeyId } = await withPasskey();
    expect(new Set(codes).size).toBe(10);
    expect((await client.query('account.me')).value).toMatchObject({ factors: ['passkey'] });
    expect((await client.query('secondFactor.get')).value).toEqual({ codesLeft: 10 });
    const second = aDevice();
    const options = await optionsOf(client, 'passkeys.begin');
    expect(options.excludeCredentials).toEqual([{ id: device.id, type: 'public-key', transports: ['internal'] }]);
    // Codes are made with the first factor, and stay as they are with another.
    const another = await client.mutate('passkeys.add', { name: 'Key', passkey: second.make(options) });
    expect((another.value as { recoveryCodes?: unknown }).recoveryCodes).toBeUndefined();
    expect((await client.mutate('passkeys.rename', { passkeyId, name: ' Desk ' })).status).toBe(200);
    await alone(device);
    const { passkeys } = (await client.query('passkeys.list')).value as { passkeys: Record<string, unknown>[] };
    expect(passkeys).toEqual([
      { passkeyId, name: 'Desk', createdAt: expect.any(String), lastUsedAt: expect.any(String) },
      { passkeyId: expect.any(String), name: 'Key', createdAt: expect.any(String) },
    ]);
    expect((await client.mutate('passkeys.remove', { passkeyId })).status).toBe(200);
    expect((await client.mutate('passkeys.remove', { passkeyId })).status).toBe(404);
    expect(said((await alone(device))[1])).toEqual(REFUSED);
    expect((await client.query('secondFactor.get')).value).toEqual({ codesLeft: 10 });
    // The codes go with the last factor.
    await client.mutate('passkeys.remove', { passkeyId: passkeys[1]?.['passkeyId'] });
    expect((await client.query('secondFactor.get')).value).toEqual({ codesLeft: 0 });
    expect(await column('select code_hash as it from recovery_codes where admin_id = $1')).toEqual([]);
    expect((await signIn(it.admin())).value).toMatchObject({ factors: [] });
    expect((await logged()).filter((action) => action !== 'signed_in')).toEqual([
      'passkey_added',
      'passkey_added',
      'passkey_renamed',
      'signed_in_by_passkey',
      'passkey_removed',
      'passkey_removed',
    ]);
    expect(await mailed()).toEqual(['passkey_added', 'passkey_added', 'passkey_removed', 'passkey_removed']);
  });

  test('I7 · is added and removed after a fresh proof only', async () => {
    const { client, passkeyId } = await withPasskey();
    const passkey = aDevice().make(await optionsOf(client, 'passkeys.begin'));
    await stale();
    for (const answer of [
      await client.mutate('passkeys.begin'),
      await client.mutate('passkeys.add', { name: 'Key', passkey }),
      await client.mutate('passkeys.remove', { passkeyId }),
    ])
      expect(said(answer)).toEqual([428, 'proof_needed']);
  });

  test('I8 · that is the first factor ends every session that began with the password alone, a further one none', async () => {
    const thief = await signedIn();
    const { client } = await withPasskey();
    expect([await meOf(thief), await meOf(client)]).toEqual([401, 200]);
    const other = await halfWay();
    expect((await add(client, aDevice())).status).toBe(200);
    expect(await meOf(client)).toBe(200);
    expect(await meOf(other)).toBe(401);
    // Half a sign-in that has begun with the same factors goes on.
    expect((await optionsOf(other, 'passkeys.beginSecondStep')).allowCredentials).toHaveLength(2);
  });

  test('stands beside an app: codes are made once, and stay while either is left', async () => {
    const { client, codes } = await withPasskey();
    const { setupKey } = (await client.mutate('secondFactor.begin')).value as { setupKey: string };
    const code = new TOTP({ secret: Secret.fromBase32(setupKey) }).generate({ timestamp: Date.now() + ahead * 1000 });
    const confirmed = await client.mutate('secondFactor.confirm', { code });
    expect([confirmed.status, confirmed.value]).toEqual([200, {}]);
    expect((await client.query('account.me')).value).toMatchObject({ factors: ['passkey', 'totp'] });
    expect((await client.mutate('secondFactor.remove')).status).toBe(200);
    expect((await client.query('secondFactor.get')).value).toEqual({ codesLeft: 10 });
    // A recovery code stands in for a passkey that is lost as for an app.
    const half = await halfWay();
    expect((await half.mutate('account.finishSignIn', { code: '123456' })).refusal?.field).toBe('code');
    expect((await half.mutate('account.finishSignIn', { code: codes[0] })).status).toBe(200);
    expect(await meOf(half)).toBe(200);
  });

  test('H04 · is one account’s: its id is nobody else’s, and nobody renames or removes it', async () => {
    const { device, passkeyId } = await withPasskey();
    const mine = email;
    ({ email, adminId } = await anAccount(it.db.database, 'somebody-else'));
    const other = await signedIn();
    const forged = aDevice({ credentialId: Buffer.from(device.id, 'base64url') });
    expect(said(await add(other, forged))).toEqual([409, 'passkey_there']);
    expect((await other.mutate('passkeys.rename', { passkeyId, name: 'Mine' })).status).toBe(404);
    expect((await other.mutate('passkeys.remove', { passkeyId })).status).toBe(404);
    expect((await other.query('passkeys.list')).value).toEqual({ passkeys: [] });
    expect((await alone(device))[1].value).toMatchObject({ email: mine });
    // Neither proves it anything to somebody else, nor finishes their sign-in.
    const theirs = await withPasskey();
    expect(said(await prove(theirs.client, device))).toEqual(REFUSED);
    expect(said(await finish(await halfWay(), device))).toEqual(REFUSED);
    expect((await finish(await halfWay(), theirs.device)).status).toBe(200);
  });

  test('B04 · an account has twenty at most', async () => {
    const { client } = await withPasskey();
    const options = await optionsOf(client, 'passkeys.begin');
    await ownerRows(
      it.db,
      `insert into admin_authenticators (authenticator_id, admin_id, kind, last_step, created_at, confirmed_at, name, credential_id, public_key, sign_count, transports)
        select gen_random_uuid(), $1, 'passkey', 0, now(), now(), 'Key', sha256(random()::text::bytea), '\\x00', 0, '{}' from generate_series(1, 19)`,
      [adminId],
    );
    expect(said(await client.mutate('passkeys.begin'))).toEqual([409, 'passkey_there']);
    const tooMany = await client.mutate('passkeys.add', { name: 'Key', passkey: aDevice().make(options) });
    expect(said(tooMany)).toEqual([409, 'passkey_there']);
  });
});

describe('a sign-in', () => {
  test('I7 · with a passkey alone is whole, and fresh: it opens a site that requires two factors', async () => {
    const { device } = await withPasskey();
    const [client, answer] = await alone(device);
    expect([answer.status, answer.value]).toEqual([200, { name: expect.any(String), email }]);
    expect(await meOf(client)).toBe(200);
    expect((await client.mutate('secondFactor.newCodes')).status).toBe(200);
    expect(client.cookies.has('souk-passkey')).toBe(false);

    const site = await it.makeSite({ handle: `keys-${performance.now().toFixed(0)}` });
    await ownerRows(it.db, 'update site_configurations set requires_second_factor = true where site_id = $1', [
      site.siteId,
    ]);
    const member = await it.signedInAs(site, 'owner');
    expect((await member.query('site.get')).refusal?.code).toBe('second_factor_required');
    const theirs = aDevice();
    expect((await add(member, theirs)).status).toBe(200);
    expect((await member.query('site.get')).status).toBe(200);
    const [fresh, in2] = await alone(theirs);
    expect(in2.status).toBe(200);
    expect((await fresh.query('site.get', undefined, { 'x-souk-site': site.handle })).status).toBe(200);
  });

  test('with a password asks for the passkey second, and it works once', async () => {
    const { device } = await withPasskey();
    const client = await halfWay();
    expect(await meOf(client)).toBe(401);
    const options = await optionsOf(client, 'passkeys.beginSecondStep');
    expect(options.allowCredentials?.map((c) => c.id)).toEqual([device.id]);
    const passkey = device.answer(options);
    const copy = it.admin();
    copy.cookies.set('souk-step', client.cookies.get('souk-step') ?? '');
    expect((await client.mutate('passkeys.finishSignIn', { passkey })).status).toBe(200);
    expect(await meOf(client)).toBe(200);
    expect(client.cookies.has('souk-step')).toBe(false);
    expect(said(await copy.mutate('passkeys.finishSignIn', { passkey }))).toEqual([404, 'link_is_dead']);
    expect(said(await it.admin().mutate('passkeys.beginSecondStep'))).toEqual([404, 'link_is_dead']);
  });

  test('H04 · goes on by passkey when somebody who knows the password has used up all codes', async () => {
    const { device } = await withPasskey();
    const half = await halfWay();
    for (let i = 0; i < 5; i += 1)
      expect((await half.mutate('account.finishSignIn', { code: '000000' })).status).toBe(400);
    expect((await half.mutate('account.finishSignIn', { code: '000000' })).status).toBe(404);
    for (let i = 0; i < 6; i += 1) await (await halfWay()).mutate('account.finishSignIn', { code: '000000' });
    expect((await (await halfWay()).mutate('account.finishSignIn', { code: '000000' })).status).toBe(429);
    expect((await finish(half, device)).status).toBe(200);
    expect((await alone(device))[1].status).toBe(200);
  });

  test('E07 · ends with the account: one that is locked is as unknown as any', async () => {
    const { device } = await withPasskey();
    await ownerRows(it.db, "update admin_accounts set status = 'locked' where admin_id = $1", [adminId]);
    const locked = (await alone(device))[1];
    const unknown = (await alone(aDevice(), { userHandle: 'AAAA' }))[1];
    expect(said(locked)).toEqual(REFUSED);
    expect(locked.text.replaceAll(/"requestId":"[^"]*"/g, '')).toBe(
      unknown.text.replaceAll(/"requestId":"[^"]*"/g, ''),
    );
  });

  test('H04 · asks everybody the same, whoever may have an account', async () => {
    const keysOf = (options: Options) => Object.keys(options).toSorted();
    const before = await optionsOf(it.admin(), 'passkeys.beginSignIn');
    await withPasskey();
    const after = await optionsOf(it.admin(), 'passkeys.beginSignIn');
    expect(keysOf(before)).toEqual(['challenge', 'rpId', 'timeout', 'userVerification']);
    expect({ ...after, challenge: '' }).toEqual({ ...before, challenge: '' });
  });

  test('H04 · is tried fifty times from one address, whatever passkey is named', async () => {
    const answers = await together(60, async () => (await alone(aDevice(), { userHandle: 'AAAA' }))[1].status);
    expect(tally(answers)).toEqual({ 401: 50, 429: 10 });
    expect(said(await it.admin().mutate('passkeys.beginSignIn'))).toEqual([200, undefined]);
  });
});

test('I7 · a passkey is a fresh proof: the session goes on with another token', async () => {
  const { client, device } = await withPasskey();
  await stale();
  expect((await client.mutate('secondFactor.newCodes')).status).toBe(428);
  // The password alone proves nothing where there is a passkey.
  expect((await client.mutate('account.prove', { password: TEST_PASSWORD })).refusal?.field).toBe('code');
  const before = client.cookies.get(adminCookie('development'));
  expect((await prove(client, device)).status).toBe(200);
  expect(client.cookies.get(adminCookie('development'))).not.toBe(before);
  expect((await client.mutate('secondFactor.newCodes')).status).toBe(200);
  expect((await logged()).at(-2)).toBe('proved');
});

describe('an answer', () => {
  test('H04 · that is signed for another address, by another key, of another kind or without its owner is refused', async () => {
    const { client, device } = await withPasskey();
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const wrongs: Wrong[] = [
      { origin: 'http://admin.localhost' },
      { origin: 'https://evil.example' },
      { rpId: 'evil.example' },
      { rpId: 'localhost' },
      { type: 'webauthn.create' },
      { type: 'payment.get' },
      { isVerified: false },
      { key: privateKey },
      { challenge: Buffer.from('another').toString('base64url') },
      { userHandle: Buffer.from(randomBytes(16)).toString('base64url') },
    ];
    for (const wrong of wrongs) {
      expect([wrong, said((await alone(device, wrong))[1])]).toEqual([wrong, REFUSED]);
      expect([wrong, said(await prove(client, device, wrong))]).toEqual([wrong, REFUSED]);
      expect([wrong, said(await finish(await halfWay(), device, wrong))]).toEqual([wrong, REFUSED]);
      await ownerRows(it.db, 'delete from sign_in_tries');
    }
    expect((await alone(device))[1].status).toBe(200);
    expect(await logged()).toEqual(expect.arrayContaining(['passkey_refused']));
  });

  test('H04 · a new passkey for another address, of another kind or without its owner is not taken', async () => {
    const client = await signedIn();
    for (const wrong of [
      { origin: 'https://evil.example' },
      { rpId: 'evil.example' },
      { type: 'webauthn.get' },
      { isVerified: false },
      { challenge: Buffer.from('another').toString('base64url') },
    ])
      expect([wrong, said(await add(client, aDevice(), wrong))]).toEqual([wrong, REFUSED]);
    expect((await client.query('passkeys.list')).value).toEqual({ passkeys: [] });
    // What no browser sends is refused as such.
    const options = await optionsOf(client, 'passkeys.begin');
    const passkey = aDevice().make(options);
    for (const broken of [
      { ...passkey, attestationObject: Buffer.from('not CBOR').toString('base64url') },
      { ...passkey, clientDataJSON: Buffer.from('not JSON').toString('base64url') },
      { ...passkey, clientDataJSON: Buffer.from('null').toString('base64url') },
      { ...passkey, attestationObject: '§' },
      { ...passkey, id: '' },
    ])
      expect([400, 401]).toContain((await client.mutate('passkeys.add', { name: 'Key', passkey: broken })).status);
  });

  test('C15 · is taken once: of twenty who come with it at once one is let in', async () => {
    const { device } = await withPasskey({ counts: false });
    const client = it.admin();
    const passkey = device.answer(await optionsOf(client, 'passkeys.beginSignIn'));
    const answers = await together(20, () => {
      const thief = it.admin();
      thief.cookies.set('souk-passkey', client.cookies.get('souk-passkey') ?? '');
      return thief.mutate('passkeys.signIn', { passkey });
    });
    expect(answers.filter((a) => a.status === 200)).toHaveLength(1);
  });

  test('C15 · whose count of signatures falls behind is a copy’s: refused, and logged', async () => {
    const { device } = await withPasskey();
    expect((await alone(device, { signCount: 100 }))[1].status).toBe(200);
    for (const signCount of [99, 100, 0, 1])
      expect([signCount, said((await alone(device, { signCount }))[1])]).toEqual([signCount, REFUSED]);
    expect((await logged()).filter((action) => action === 'passkey_refused')).toHaveLength(4);
    expect((await alone(device, { signCount: 101 }))[1].status).toBe(200);
    // One that does not count is let in as often as it signs.
    const uncounted = await withPasskeyOf('uncounted', { counts: false });
    expect((await alone(uncounted.device))[1].status).toBe(200);
    expect((await alone(uncounted.device))[1].status).toBe(200);
  });

  test('H04 · answers the question that was asked, of whom it was asked, and no other', async () => {
    const { client, device } = await withPasskey();
    // The question of one browser is not answered by another.
    const options = await optionsOf(it.admin(), 'passkeys.beginSignIn');
    expect(said(await it.admin().mutate('passkeys.signIn', { passkey: device.answer(options) }))).toEqual(REFUSED);
    // One of a proof signs nobody in, and one of a sign-in proves nothing.
    const visitor = it.admin();
    await optionsOf(visitor, 'passkeys.beginSignIn');
    const ofProof = device.answer(await optionsOf(client, 'passkeys.beginProof'));
    expect(said(await visitor.mutate('passkeys.signIn', { passkey: ofProof }))).toEqual(REFUSED);
    const ofSignIn = device.answer(await optionsOf(visitor, 'passkeys.beginSignIn'));
    expect(said(await client.mutate('passkeys.prove', { passkey: ofSignIn }))).toEqual(REFUSED);
    // Nor of another session of one’s own.
    const [second] = await alone(device);
    const ofFirst = device.answer(await optionsOf(client, 'passkeys.beginProof'));
    await optionsOf(second, 'passkeys.beginProof');
    expect(said(await second.mutate('passkeys.prove', { passkey: ofFirst }))).toEqual(REFUSED);
    expect((await client.mutate('passkeys.prove', { passkey: ofFirst })).status).toBe(200);
    // A newer question takes the place of the one before.
    const older = await optionsOf(client, 'passkeys.beginProof');
    await optionsOf(client, 'passkeys.beginProof');
    expect(said(await client.mutate('passkeys.prove', { passkey: device.answer(older) }))).toEqual(REFUSED);
  });

  test('H04 · comes within five minutes', async () => {
    const { device } = await withPasskey();
    for (const [seconds, status] of [
      [290, 200],
      [310, 401],
    ] as const) {
      const client = it.admin();
      const options = await optionsOf(client, 'passkeys.beginSignIn');
      ahead += seconds;
      expect((await client.mutate('passkeys.signIn', { passkey: device.answer(options) })).status).toBe(status);
    }
  });
});

async function withPasskeyOf(name: string, options: { counts: boolean }): Promise<Set> {
  ({ email, adminId } = await anAccount(it.db.database, name));
  return withPasskey(options);
}

test('L01 · no challenge and no cookie of a question stands anywhere in clear', async () => {
  const { client } = await withPasskey();
  const visitor = it.admin();
  for (const secret of [
    (await optionsOf(visitor, 'passkeys.beginSignIn')).challenge,
    visitor.cookies.get('souk-passkey') ?? '',
    (await optionsOf(client, 'passkeys.beginProof')).challenge,
  ])
    expect([secret.length, await sightingsOf(it, secret)]).toEqual([43, []]);
});
