import { get } from 'node:http';
import { adminRouter } from '@souk/api/admin-router';
import { adminCookie } from '@souk/api/identity/session';
import { countRoundTrips } from '@souk/db';
import { forgetSessions } from '@souk/db/identity';
import { SESSION_LIMITS } from '@souk/domain/identity';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
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
  until,
} from '../index.ts';

/* One's own account: where one is signed in, how that ends, another name, another password, and what has happened. */

const NEW_PASSWORD = 'quiet lamp under bridge';
const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0';

let it: TestApi;
let site: TestSite;
let email: string;
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
  site = await it.makeSite({ handle: `account-${n}` });
  [{ email } = { email: '' }] = await ownerRows<{ email: string }>(
    it.db,
    'select email from admin_accounts where admin_id = $1',
    [site.owner],
  );
});

const browser = (headers: Record<string, string> = {}): HttpClient =>
  httpClient(it.port, 'admin.localhost', { headers: { 'x-souk-site': site.handle, ...headers } });
async function signedIn(headers?: Record<string, string>, password = TEST_PASSWORD): Promise<HttpClient> {
  const client = browser(headers);
  expect((await client.mutate('account.signIn', { email, password })).status).toBe(200);
  return client;
}
type Session = { sessionId: string; device: string; timeZone: string; network: string; isThis: boolean };
const sessionsOf = async (client: HttpClient): Promise<Session[]> =>
  (await client.query('account.sessions')).value as Session[];
const statusOf = async (client: HttpClient): Promise<number[]> => [
  (await client.query('account.me')).status,
  (await client.query('site.get')).status,
];

describe('sessions', () => {
  test('are listed with device and place in words; nothing that a browser says is kept as it is', async () => {
    const here = await signedIn({ 'user-agent': FIREFOX, 'x-souk-time-zone': 'Europe/Berlin' });
    await signedIn({
      'user-agent': '<script>alert(1)</script>',
      'x-souk-time-zone': 'Europe/Berlin<script>',
    });
    const sessions = await sessionsOf(here);
    expect(sessions).toEqual([
      {
        sessionId: expect.any(String),
        startedAt: expect.any(String),
        lastSeenAt: expect.any(String),
        device: 'An unknown device',
        timeZone: '',
        network: '',
        isThis: false,
      },
      expect.objectContaining({ device: 'Firefox on Windows', timeZone: 'Europe/Berlin', isThis: true }),
    ]);
    const rows = await ownerRows<{ text: string }>(it.db, 'select s::text as text from admin_sessions s');
    expect(rows.filter(({ text }) => /script|Mozilla|Gecko/.test(text))).toEqual([]);
  });

  test('E09 · what is open in a session ends within a second when it is ended elsewhere', async () => {
    const here = await signedIn();
    const endOne = async () => {
      const other = (await sessionsOf(here)).find((session) => !session.isThis);
      return here.mutate('account.endSession', { sessionId: other?.sessionId });
    };
    for (const end of [endOne, () => here.mutate('account.endOtherSessions')]) {
      const there = await signedIn();
      const stream = await openStream(there);
      expect(stream.status).toBe(200);
      const endedAt = performance.now();
      expect((await end()).status).toBe(200);
      await until('the stream ends', stream.ended, 3);
      expect(performance.now() - endedAt).toBeLessThan(1_000);
      expect(await statusOf(there)).toEqual([401, 401]);
      expect(await statusOf(here)).toEqual([200, 200]);
    }
  });

  test('E02 · nobody ends, or sees, a session that is not theirs', async () => {
    const [mine, stranger] = [await signedIn(), await it.signedInAsNobody()];
    const [session] = await sessionsOf(mine);
    const refused = await stranger.mutate('account.endSession', { sessionId: session?.sessionId });
    expect([refused.status, refused.refusal?.code]).toEqual([404, 'not_found']);
    expect(await statusOf(mine)).toEqual([200, 200]);
    expect((await sessionsOf(stranger)).map((s) => s.sessionId)).not.toContain(session?.sessionId);
    // Ended twice is as if it were absent.
    const other = await signedIn();
    const [ended] = (await sessionsOf(mine)).filter((s) => !s.isThis);
    expect((await mine.mutate('account.endSession', { sessionId: ended?.sessionId })).status).toBe(200);
    expect((await mine.mutate('account.endSession', { sessionId: ended?.sessionId })).status).toBe(404);
    expect((await other.query('account.me')).status).toBe(401);
  });

  test('are forgotten a while after their end, with what was known of them; the log stays', async () => {
    const client = await signedIn({ 'user-agent': FIREFOX });
    const seen = async (): Promise<string[]> =>
      ((await client.query('account.history', {})).value as { rows: { device: string }[] }).rows.map((r) => r.device);
    await signedIn({ 'user-agent': FIREFOX });
    expect(await seen()).toEqual(['Firefox on Windows', 'Firefox on Windows']);
    await ownerRows(
      it.db,
      "update admin_sessions set expires_at = now() - interval '1 day' where token_hash <> sha256($1::bytea)",
      [Buffer.from(client.cookies.get(adminCookie('development')) ?? '')],
    );
    await forgetSessions(it.db.database, new Date());
    expect(await seen()).toEqual(['Firefox on Windows', 'Firefox on Windows']);
    await forgetSessions(it.db.database, new Date(Date.now() + SESSION_LIMITS.forgetAfterDays * 86_400_000));
    expect(await seen()).toEqual(['', 'Firefox on Windows']);
  });

  test('a use of the account alone is noted too, at most every five minutes', async () => {
    const client = await signedIn();
    const lastSeen = async (): Promise<number> =>
      (
        await ownerRows<{ at: Date }>(
          it.db,
          'select last_seen_at as at from admin_sessions where token_hash = sha256($1::bytea)',
          [Buffer.from(client.cookies.get(adminCookie('development')) ?? '')],
        )
      )[0]?.at.getTime() ?? 0;
    const first = await lastSeen();
    await client.query('account.me');
    expect(await lastSeen()).toBe(first);
    await ownerRows(it.db, "update admin_sessions set last_seen_at = now() - interval '6 minutes'");
    await client.query('account.me');
    await until('the use is noted', async () => (await lastSeen()) >= first);
  });
});

describe('another password', () => {
  test('E07 · another password ends every session but this one, which goes on with another token', async () => {
    const [here, there] = [await signedIn(), await signedIn()];
    const before = here.cookies.get(adminCookie('development')) ?? '';
    expect((await here.mutate('account.changePassword', { password: NEW_PASSWORD })).status).toBe(200);
    expect(here.cookies.get(adminCookie('development'))).not.toBe(before);
    expect(await statusOf(here)).toEqual([200, 200]);
    expect(await statusOf(there)).toEqual([401, 401]);
    const thief = httpClient(it.port, 'admin.localhost', {
      headers: { 'x-souk-site': site.handle },
      cookies: new Map([[adminCookie('development'), before]]),
    });
    expect(await statusOf(thief)).toEqual([401, 401]);
    expect((await browser().mutate('account.signIn', { email, password: TEST_PASSWORD })).status).toBe(401);
    await signedIn({}, NEW_PASSWORD);
    expect(await sessionsOf(here)).toHaveLength(2);
  });

  test('E07 · a sign-in that was on its way with the old password opens nothing', async () => {
    const [here] = [await signedIn()];
    // The password was right a moment ago: the session is written after the change.
    await ownerRows(it.db, 'update admin_accounts set session_epoch = session_epoch + 1 where admin_id = $1', [
      site.owner,
    ]);
    expect(await statusOf(here)).toEqual([401, 401]);
    const late = await signedIn();
    expect(await statusOf(late)).toEqual([200, 200]);
    const race = await together(6, async (i) => {
      const client = browser();
      if (i === 3) return (await late.mutate('account.changePassword', { password: NEW_PASSWORD })).status;
      const { status } = await client.mutate('account.signIn', { email, password: TEST_PASSWORD });
      return status === 200 ? client : status;
    });
    expect(race[3]).toBe(200);
    for (const client of race) if (typeof client !== 'number') expect(await statusOf(client)).toEqual([401, 401]);
    expect(await statusOf(late)).toEqual([200, 200]);
  });

  test('E07 · two sessions that change it in the same moment: one does, and the other is over', async () => {
    const both = [await signedIn(), await signedIn()] as const;
    const answers = await together(2, (i) =>
      (both[i] ?? both[0]).mutate('account.changePassword', { password: `${NEW_PASSWORD} ${i}` }),
    );
    expect(tally(answers.map((answer) => answer.status))).toEqual({ 200: 1, 401: 1 });
    const alive = await Promise.all(both.map(async (client) => (await client.query('account.me')).status));
    expect(alive).toEqual(answers.map((answer) => answer.status));
  });

  test('one that is soon guessed is refused by its field, and nothing has changed', async () => {
    const here = await signedIn();
    await here.mutate('account.rename', { name: 'Ada Lovelace' });
    for (const password of ['short', 'password123', 'AdaLovelace1', 'abcdefghijkl']) {
      const refused = await here.mutate('account.changePassword', { password });
      expect([refused.status, Object.keys(refused.refusal?.fields ?? {})]).toEqual([400, ['password']]);
    }
    await signedIn();
  });
});

test('another name is seen by the team; one that cannot be printed is refused', async () => {
  const here = await signedIn();
  expect((await here.mutate('account.rename', { name: '  Ada   Lovelace ' })).value).toEqual({ name: 'Ada Lovelace' });
  expect((await here.query('team.list')).text).toContain('Ada Lovelace');
  for (const name of ['', '   ', 'x'.repeat(101), 'Ada\u202eevil', 'Ada\r\nBcc: x'])
    expect((await here.mutate('account.rename', { name })).refusal?.field).toBe('name');
});

test('what happened is read page by page, the newest first, and is one’s own', async () => {
  const { email: other } = await anAccount(it.db.database, 'other');
  await browser().mutate('account.signIn', { email: other, password: TEST_PASSWORD });
  const here = await signedIn();
  for (let i = 0; i < 5; i += 1) await here.mutate('account.rename', { name: `Ada ${i}` });
  await browser().mutate('account.signIn', { email, password: 'wrong' });
  type Page = { rows: { actionId: string; action: string }[]; next?: string };
  const pages: Page[] = [];
  for (let after: string | undefined; pages.length < 5;) {
    const page = (await here.query('account.history', { limit: 3, ...(after === undefined ? {} : { after }) }))
      .value as Page;
    pages.push(page);
    after = page.next;
    if (after === undefined) break;
  }
  expect(pages.map((page) => page.rows.length)).toEqual([3, 3, 1]);
  expect(pages.flatMap((page) => page.rows.map((row) => row.action))).toEqual([
    'sign_in_refused',
    'renamed',
    'renamed',
    'renamed',
    'renamed',
    'renamed',
    'signed_in',
  ]);
});

test('the account’s screen asks the database as often for a hundred sessions as for one', async () => {
  const here = await signedIn();
  const caller = adminRouter.createCaller({
    audience: 'admin',
    services: it.api.services,
    requestId: 'test',
    address: '127.0.0.1',
    cookies: Object.fromEntries(here.cookies),
    headers: {},
    setHeader: () => undefined,
    setCookie: () => undefined,
  });
  const trips = async (): Promise<number[]> => [
    (await countRoundTrips(() => caller.account.sessions())).roundTrips,
    (await countRoundTrips(() => caller.account.history({}))).roundTrips,
  ];
  expect(await trips()).toEqual([2, 2]);
  await ownerRows(
    it.db,
    `insert into admin_sessions (session_id, admin_id, token_hash, created_at, last_seen_at, expires_at)
      select gen_random_uuid(), $1, sha256(n::text::bytea), now(), now(), now() + interval '1 day' from generate_series(1, 150) n`,
    [site.owner],
  );
  expect(await trips()).toEqual([2, 2]);
  expect(await sessionsOf(here)).toHaveLength(100);
});

type Stream = { readonly status: number; readonly ended: () => boolean };
const openStream = (client: HttpClient): Promise<Stream> =>
  new Promise((resolve, reject) => {
    const cookie = [...client.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    get(
      {
        host: '127.0.0.1',
        port: it.port,
        agent: false,
        path: `/s/${site.handle}/live`,
        headers: { host: `admin.localhost:${it.port}`, cookie },
      },
      (answer) => {
        let ended = false;
        for (const event of ['end', 'error', 'close']) answer.on(event, () => (ended = true));
        answer.resume();
        resolve({ status: answer.statusCode ?? 0, ended: () => ended });
      },
    ).on('error', reject);
  });
