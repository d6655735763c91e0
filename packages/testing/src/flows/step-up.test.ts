import { adminCookie } from '@souk/api/identity/session';
import type { AdminContext } from '@souk/api/trpc/context';
import { accountProcedure, adminProcedure, adminRouterOf, refusalOf } from '@souk/api/trpc/procedures';
import { countRoundTrips } from '@souk/db';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  type HttpClient,
  type TestApi,
  type TestSite,
  TEST_PASSWORD,
  anAccount,
  httpClient,
  ownerRows,
  startTestApi,
  tally,
  together,
} from '../index.ts';

/* What is dangerous asks anew who somebody is, when they said so longer than ten minutes ago. */

let it: TestApi;
let site: TestSite;
let email: string;
let client: HttpClient;
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
  site = await it.makeSite({ handle: `proof-${n}` });
  [{ email } = { email: '' }] = await ownerRows<{ email: string }>(
    it.db,
    'select email from admin_accounts where admin_id = $1',
    [site.owner],
  );
  client = httpClient(it.port, 'admin.localhost', { headers: { 'x-souk-site': site.handle } });
  expect((await client.mutate('account.signIn', { email, password: TEST_PASSWORD })).status).toBe(200);
});

const token = (of = client): string => of.cookies.get(adminCookie('development')) ?? '';
const provedAgo = (interval: string, of = client) =>
  ownerRows(
    it.db,
    'update admin_sessions set proved_at = now() - $2::interval where token_hash = sha256($1::bytea) returning 1',
    [Buffer.from(token(of)), interval],
  );
const logged = async (): Promise<string[]> =>
  (
    await ownerRows<{ action: string }>(
      it.db,
      'select l.action from account_action_logs l join admin_accounts using (admin_id) where email = $1 order by l."timestamp", l.action_id',
      [email],
    )
  ).map((row) => row.action);

/** Procedures that say of themselves that they are dangerous, as any of the routers may. */
const dangerous = adminRouterOf({
  ofSite: adminProcedure('MANAGE_TEAM')
    .meta({ fresh: true })
    .query(() => 'done' as const),
  ofAccount: accountProcedure.meta({ fresh: true }).query(() => 'done' as const),
});
const caller = () =>
  dangerous.createCaller({
    audience: 'admin',
    services: it.api.services,
    requestId: 'test',
    address: '127.0.0.1',
    cookies: { [adminCookie('development')]: token() },
    headers: { 'x-souk-site': site.handle },
    setHeader: () => undefined,
    setCookie: () => undefined,
  } satisfies AdminContext);

const codeOf = async (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'done',
    (error: unknown) => refusalOf(error)?.code ?? String(error),
  );

const invite = async (role: string) => {
  const [found] = await ownerRows<{ role_id: string }>(
    it.db,
    'select role_id from roles where site_id = $1 and role_name = $2',
    [site.siteId, role],
  );
  return client.mutate('team.invite', { email: `${role}-${performance.now()}@example.org`, roleId: found?.role_id });
};

test('I7 · what is dangerous is done for ten minutes after a proof, and then asks for another', async () => {
  for (const [age, outcome] of [
    ['0 minutes', 'done'],
    ['9 minutes 50 seconds', 'done'],
    ['10 minutes 10 seconds', 'proof_needed'],
    ['2 days', 'proof_needed'],
  ] as const) {
    await provedAgo(age);
    expect([age, await codeOf(caller().ofSite()), await codeOf(caller().ofAccount())]).toEqual([age, outcome, outcome]);
  }
  await ownerRows(it.db, "update admin_sessions set proved_at = '-infinity'");
  expect(await codeOf(caller().ofAccount())).toBe('proof_needed');
});

test('I7 · whether a proof is fresh is asked with the session: no round trip more', async () => {
  const { roundTrips } = await countRoundTrips(() => caller().ofSite());
  expect(roundTrips).toBe(1);
});

test('I7 · somebody is invited, and removed, after a fresh proof: a new member’s own session would have one', async () => {
  expect((await invite('editor')).status).toBe(200);
  await it.signedInAs(site, 'viewer');
  const { members } = (await client.query('team.list')).value as {
    members: { membershipId: string; role: string; isYou: boolean }[];
  };
  const membershipId = members.find((m) => m.role === 'viewer')?.membershipId;
  await provedAgo('11 minutes');
  for (const answer of [await invite('viewer'), await client.mutate('team.remove', { membershipId })])
    expect([answer.status, answer.refusal?.code]).toEqual([428, 'proof_needed']);
  expect(await ownerRows(it.db, 'select 1 from site_invitations where site_id = $1', [site.siteId])).toHaveLength(1);
  expect((await client.mutate('account.prove', { password: TEST_PASSWORD })).status).toBe(200);
  expect((await client.mutate('team.remove', { membershipId })).status).toBe(200);
});

test('I7 · a proof is the password, gives the session another token, and leaves its row', async () => {
  const before = token();
  await provedAgo('11 minutes');
  const wrong = await client.mutate('account.prove', { password: 'not this one' });
  expect([wrong.status, wrong.refusal?.fields]).toEqual([400, { password: 'This is not your password.' }]);
  expect(token()).toBe(before);
  expect(await codeOf(caller().ofAccount())).toBe('proof_needed');
  const [{ expires_at: end } = {}] = await ownerRows<{ expires_at?: Date }>(
    it.db,
    'select expires_at from admin_sessions where token_hash = sha256($1::bytea)',
    [Buffer.from(before)],
  );
  expect((await client.mutate('account.prove', { password: TEST_PASSWORD })).status).toBe(200);
  expect(token()).not.toBe(before);
  expect(await codeOf(caller().ofAccount())).toBe('done');
  // H04: whoever saw the old one has nothing; and a proof does not make a session live longer.
  const thief = httpClient(it.port, 'admin.localhost', { cookies: new Map([[adminCookie('development'), before]]) });
  expect((await thief.query('account.me')).status).toBe(401);
  expect(
    await ownerRows(it.db, 'select expires_at from admin_sessions where token_hash = sha256($1::bytea)', [
      Buffer.from(token()),
    ]),
  ).toEqual([{ expires_at: end }]);
  expect(await logged()).toEqual(['signed_in', 'proof_refused', 'proved']);
});

test('I7 · of many proofs at once of one session one counts; the others know nothing of it any more', async () => {
  const thieves = Array.from({ length: 8 }, () =>
    httpClient(it.port, 'admin.localhost', { cookies: new Map(client.cookies) }),
  );
  const answers = await together(
    8,
    (i) => thieves[i]?.mutate('account.prove', { password: TEST_PASSWORD }) ?? expect.fail(),
  );
  expect(tally(answers.map((a) => a.status))).toEqual({ 200: 1, 401: 7 });
  expect((await logged()).filter((action) => action === 'proved')).toHaveLength(1);
});

test('H04 · proofs are guessed no more often than sign-ins, and no stranger uses them up', async () => {
  const stranger = it.admin();
  for (let i = 0; i < 11; i += 1) await stranger.mutate('account.signIn', { email, password: 'wrong' });
  expect((await stranger.mutate('account.signIn', { email, password: 'wrong' })).status).toBe(429);
  expect((await client.mutate('account.prove', { password: TEST_PASSWORD })).status).toBe(200);
  await ownerRows(it.db, 'delete from sign_in_tries');
  const answers: number[] = [];
  for (let i = 0; i < 12; i += 1) answers.push((await client.mutate('account.prove', { password: 'wrong' })).status);
  expect(tally(answers)).toEqual({ 400: 10, 429: 2 });
});

test('I7 · somebody else’s password proves nothing', async () => {
  const other = await anAccount(it.db.database, 'other');
  await ownerRows(it.db, "update admin_accounts set password_hash = 'x' where admin_id = $1", [site.owner]);
  expect(other.email).not.toBe(email);
  expect((await client.mutate('account.prove', { password: TEST_PASSWORD })).status).toBe(400);
});
