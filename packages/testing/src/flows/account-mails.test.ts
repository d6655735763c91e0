import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { adminRouter } from '@souk/api/admin-router';
import { confirmEmailLink, resetLink } from '@souk/api/identity/account-links';
import { adminCookie, deviceCookie } from '@souk/api/identity/session';
import { countRoundTrips } from '@souk/db';
import { forgetAccountLeftovers } from '@souk/db/identity';
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

/* What reaches the owner of an account by mail: a new browser, a forgotten password, another address. */

const NEW_PASSWORD = 'quiet lamp under bridge';
const FIREFOX = {
  'user-agent': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0',
  'x-souk-time-zone': 'Europe/Berlin',
};

let it: TestApi;
let email: string;
let adminId: string;
beforeAll(async () => {
  it = await startTestApi();
});
afterAll(async () => {
  expect(it.errors()).toEqual([]);
  await it.close();
});
beforeEach(async () => {
  await ownerRows(it.db, 'delete from sign_in_tries');
  ({ email, adminId } = await anAccount(it.db.database, 'mailed'));
});

type Sent = { readonly to: string; readonly subject: string; readonly text: string; readonly html: string };
const mailsTo = (address: string): Sent[] => {
  const folder = join(it.home, 'mail');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .toSorted()
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Sent)
    .filter(({ to }) => to === address);
};
async function mailTo(address: string, subject: RegExp, count = 1): Promise<Sent> {
  const found = (): Sent[] => mailsTo(address).filter((mail) => subject.test(mail.subject));
  await until(`mail ${subject} to ${address}`, () => found().length >= count, 15);
  return found().at(-1) ?? expect.fail('no mail');
}
const tokenIn = ({ text }: Sent): string => /#([\w-]{43})/.exec(text)?.[1] ?? expect.fail('no link');
const nothingWaits = (): Promise<void> =>
  until(
    'every mail is sent',
    async () => (await ownerRows(it.db, 'select 1 from account_mails where sent_at is null')).length === 0,
    15,
  );

async function signedIn(client: HttpClient = it.admin(), password = TEST_PASSWORD): Promise<HttpClient> {
  expect((await client.mutate('account.signIn', { email, password }, FIREFOX)).status).toBe(200);
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

describe('a sign-in from a new browser', () => {
  test('is told to the account’s owner, with device and place in words and the way to end it; a known one is not', async () => {
    const browser = await signedIn();
    const mail = await mailTo(email, /new browser/);
    for (const text of [mail.text, mail.html]) {
      expect(text).toContain('Firefox on Windows');
      expect(text).toContain('Berlin time');
      expect(text).toContain(`http://admin.localhost:${it.port}/account`);
    }
    expect(mail.text).not.toMatch(/Mozilla|127\.0\.0\.1/);
    await signedIn(browser);
    await signedIn(browser);
    await nothingWaits();
    expect(mailsTo(email)).toHaveLength(1);
    await signedIn();
    await mailTo(email, /new browser/, 2);
  });

  test('is not told to whoever has just made the account, nor when the password was wrong', async () => {
    await it.admin().mutate('account.signIn', { email, password: 'wrong' });
    await nothingWaits();
    expect(mailsTo(email)).toEqual([]);
  });

  test('is told in the language of the browser; the mark of a browser stands nowhere in clear and opens nothing', async () => {
    const browser = it.admin();
    await browser.mutate('account.signIn', { email, password: TEST_PASSWORD }, { 'accept-language': 'de-AT,de;q=0.9' });
    expect((await mailTo(email, /neuer Browser/)).text).toContain('Ansehen, wo Sie angemeldet sind');
    const mark = browser.cookies.get(deviceCookie('development')) ?? '';
    expect(await sightingsOf(it, mark)).toEqual([]);
    browser.cookies.delete(adminCookie('development'));
    expect((await browser.query('account.me')).status).toBe(401);
  });
});

test('a chosen language stays, whatever browser comes next; before, the browser’s own is taken', async () => {
  const language = async (): Promise<unknown> =>
    (
      await ownerRows<{ language: string }>(it.db, 'select language from admin_accounts where admin_id = $1', [adminId])
    )[0]?.language;
  const client = it.admin();
  await client.mutate('account.signIn', { email, password: TEST_PASSWORD }, { 'accept-language': 'de' });
  expect(await language()).toBe('de');
  expect((await client.query('account.me')).value).not.toHaveProperty('language');
  expect((await client.mutate('account.chooseLanguage', { language: 'en' })).status).toBe(200);
  expect((await client.query('account.me')).value).toMatchObject({ language: 'en' });
  expect((await client.mutate('account.chooseLanguage', { language: 'tlh' })).status).toBe(400);
  await it.admin().mutate('account.signIn', { email, password: TEST_PASSWORD }, { 'accept-language': 'de' });
  expect(await language()).toBe('en');
  expect(await logged()).toContain('language_chosen');
});

describe('H04 · a forgotten password', () => {
  const ask = (address: string) => it.admin().mutate('passwordReset.request', { email: address });
  async function reset(): Promise<string> {
    expect((await ask(email)).status).toBe(200);
    return tokenIn(await mailTo(email, /Set a new password/));
  }

  test('H04 · the answer and the work are the same whether an address has an account or not', async () => {
    const [known, unknown] = [await ask(email), await ask('nobody@example.org')];
    expect([known.status, known.text]).toEqual([unknown.status, unknown.text]);
    const caller = adminRouter.createCaller({
      audience: 'admin',
      services: it.api.services,
      requestId: 'test',
      address: '127.0.0.1',
      cookies: {},
      headers: {},
      setCookie: () => undefined,
      setHeader: () => undefined,
    });
    const trips = await Promise.all(
      [email, 'nobody-else@example.org'].map(
        async (address) => (await countRoundTrips(() => caller.passwordReset.request({ email: address }))).roundTrips,
      ),
    );
    expect(trips).toEqual([2, 2]);
    await nothingWaits();
    expect(mailsTo('nobody@example.org')).toEqual([]);
    // In turns, and each after the mails before it: what is sent afterwards, is sent by this very process.
    const times: Readonly<Record<'known' | 'unknown', number[]>> = { known: [], unknown: [] };
    for (let i = 0; i < 24; i += 1) {
      const which = i % 2 ? 'known' : 'unknown';
      await ownerRows(it.db, 'delete from sign_in_tries');
      await nothingWaits();
      const startedAt = performance.now();
      await ask(which === 'known' ? email : `no-${i}@example.org`);
      times[which].push(performance.now() - startedAt);
    }
    const median = (all: readonly number[]): number => all.toSorted((a, b) => a - b)[6] ?? 0;
    expect(Math.abs(median(times.known) - median(times.unknown))).toBeLessThan(20);
  });

  test('C15 · of fifty who use one link at once one is let in; every session ends, and the owner is told', async () => {
    const open = await signedIn();
    const token = await reset();
    expect((await it.admin().query('passwordReset.look', { token })).value).toEqual({
      state: 'open',
      email,
      name: 'mailed',
    });
    const answers = await together(50, (i) =>
      it.admin().mutate('passwordReset.finish', { token, password: `${NEW_PASSWORD} ${i}` }),
    );
    expect(tally(answers.map((a) => a.status))).toEqual({ 200: 1, 404: 49 });
    const winner = answers.findIndex((a) => a.status === 200);
    expect((await open.query('account.me')).status).toBe(401);
    // It signs nobody in: no cookie, no session.
    expect((await it.admin().query('passwordReset.look', { token })).value).toEqual({ state: 'dead' });
    expect((await it.admin().mutate('account.signIn', { email, password: TEST_PASSWORD })).status).toBe(401);
    await signedIn(it.admin(), `${NEW_PASSWORD} ${winner}`);
    await mailTo(email, /was set anew/);
    expect((await logged()).filter((action) => action.includes('reset'))).toEqual([
      'reset_requested',
      'password_reset',
    ]);
  });

  test('H04 · a link is good for an hour and until another one was used; its secret stands nowhere in clear', async () => {
    const first = await reset();
    expect((await ask(email)).status).toBe(200);
    const second = tokenIn(await mailTo(email, /Set a new password/, 2));
    expect(second).not.toBe(first);
    expect(await sightingsOf(it, second)).toEqual([]);
    await ownerRows(it.db, "update password_resets set expires_at = now() - interval '1 second' where admin_id = $1", [
      adminId,
    ]);
    for (const token of [first, second, 'x'.repeat(43), ''])
      expect((await it.admin().mutate('passwordReset.finish', { token, password: NEW_PASSWORD })).status).toBe(404);
    await ownerRows(it.db, "update password_resets set expires_at = now() + interval '1 hour' where admin_id = $1", [
      adminId,
    ]);
    const weak = await it.admin().mutate('passwordReset.finish', { token: first, password: 'password123' });
    expect(weak.refusal?.field).toBe('password');
    expect((await it.admin().mutate('passwordReset.finish', { token: first, password: NEW_PASSWORD })).status).toBe(
      200,
    );
    expect((await it.admin().mutate('passwordReset.finish', { token: second, password: NEW_PASSWORD })).status).toBe(
      404,
    );
    const [row] = await ownerRows<{ hours: number }>(
      it.db,
      'select extract(epoch from expires_at - created_at)::int / 3600 as hours from password_resets where admin_id = $1',
      [adminId],
    );
    expect(row?.hours).toBeGreaterThanOrEqual(0);
  });

  test('H04 · a link is dead once the password was changed in another way', async () => {
    const open = await signedIn();
    const token = await reset();
    expect((await open.mutate('account.changePassword', { password: 'another quiet lamp' })).status).toBe(200);
    expect((await it.admin().query('passwordReset.look', { token })).value).toEqual({ state: 'dead' });
    expect((await it.admin().mutate('passwordReset.finish', { token, password: NEW_PASSWORD })).status).toBe(404);
  });

  test('a locked account gets no link, and no link opens it', async () => {
    const token = await reset();
    await ownerRows(it.db, "update admin_accounts set status = 'locked' where admin_id = $1", [adminId]);
    expect((await it.admin().mutate('passwordReset.finish', { token, password: NEW_PASSWORD })).status).toBe(404);
    expect((await ask(email)).status).toBe(200);
    await nothingWaits();
    expect(mailsTo(email).filter((mail) => /Set a new/.test(mail.subject))).toHaveLength(1);
  });

  test('B04 · a mailbox gets five links in an hour, and the sixth asker hears the same of any address', async () => {
    for (const address of [email, 'never-heard-of@example.org']) {
      const answers: number[] = [];
      for (let i = 0; i < 7; i += 1) answers.push((await ask(address)).status);
      expect(tally(answers)).toEqual({ 200: 5, 429: 2 });
    }
    await nothingWaits();
    expect(mailsTo(email)).toHaveLength(5);
  });

  test('B04 · one address asks for thirty in an hour, over all accounts', async () => {
    const answers = await together(40, (i) => ask(`many-${i}@example.org`));
    expect(tally(answers.map((a) => a.status))).toEqual({ 200: 30, 429: 10 });
  });

  test('H04 · nobody who guesses keeps the owner out: a known browser has tries of its own, and a link starts anew', async () => {
    const browser = await signedIn();
    for (let i = 0; i < 12; i += 1) await it.admin().mutate('account.signIn', { email, password: 'wrong' });
    expect((await it.admin().mutate('account.signIn', { email, password: TEST_PASSWORD })).status).toBe(429);
    await signedIn(browser);
    // Its own are counted, too.
    const own: number[] = [];
    for (let i = 0; i < 12; i += 1)
      own.push((await browser.mutate('account.signIn', { email, password: 'wrong' })).status);
    expect(tally(own)).toEqual({ 401: 10, 429: 2 });
    const token = await reset();
    expect((await it.admin().mutate('passwordReset.finish', { token, password: NEW_PASSWORD })).status).toBe(200);
    await signedIn(it.admin(), NEW_PASSWORD);
  });

  test('H13 · a name that is bait stays text in a mail, and reaches no header', async () => {
    await ownerRows(it.db, 'update admin_accounts set name = $2 where admin_id = $1', [
      adminId,
      '<a href="https://evil.example">You won</a>\r\nBcc: x@evil.example',
    ]);
    await ask(email);
    const mail = await mailTo(email, /Set a new password/);
    expect(mail.html).not.toContain('<a href="https://evil');
    expect(mail.html.match(/<a /g)).toHaveLength(1);
    const raw = readdirSync(join(it.home, 'mail'))
      .filter((name) => name.endsWith('.eml'))
      .map((name) => readFileSync(join(it.home, 'mail', name), 'utf8'));
    for (const text of raw) expect(text.split('\r\n\r\n')[0]).not.toMatch(/^bcc:/im);
  });
});

describe('another address', () => {
  const wanted = (): string => `new-${adminId.slice(-12)}@example.org`;
  async function asked(): Promise<{ client: HttpClient; oldToken: string; newToken: string }> {
    const client = await signedIn();
    expect((await client.mutate('emailChange.request', { email: wanted() })).status).toBe(200);
    const [oldMail, newMail] = [await mailTo(email, /Confirm that/), await mailTo(wanted(), /Confirm your/)];
    return { client, oldToken: tokenIn(oldMail), newToken: tokenIn(newMail) };
  }
  const confirm = (token: string) => it.admin().mutate('emailChange.confirm', { token });
  const addressNow = async (): Promise<string> =>
    (await ownerRows<{ email: string }>(it.db, 'select email from admin_accounts where admin_id = $1', [adminId]))[0]
      ?.email ?? '';

  test.each([
    ['the old one first', (o: string, n: string) => [o, n]],
    ['the new one first', (o: string, n: string) => [n, o]],
  ])('is set when both have confirmed: %s', async (_how, order) => {
    const { client, oldToken, newToken } = await asked();
    await it.admin().mutate('passwordReset.request', { email });
    const [first = '', second = ''] = order(oldToken, newToken);
    expect((await confirm(first)).value).toEqual({ isDone: false });
    expect((await confirm(first)).value).toEqual({ isDone: false });
    expect(await addressNow()).toBe(email);
    expect((await client.query('emailChange.get')).value).toMatchObject({ newEmail: wanted() });
    expect((await confirm(second)).value).toEqual({ isDone: true });
    expect(await addressNow()).toBe(wanted());
    expect((await confirm(second)).status).toBe(404);
    expect((await it.admin().mutate('account.signIn', { email, password: TEST_PASSWORD })).status).toBe(401);
    expect((await it.admin().mutate('account.signIn', { email: wanted(), password: TEST_PASSWORD })).status).toBe(200);
    expect(await logged()).toEqual(expect.arrayContaining(['email_change_requested', 'email_changed']));
    // H04: a link that is on its way to the old mailbox opens nothing.
    expect(
      await ownerRows(it.db, 'select 1 from password_resets where admin_id = $1 and used_at is null', [adminId]),
    ).toEqual([]);
    // The address is not kept beside the account's own.
    expect(await ownerRows(it.db, 'select 1 from email_changes where admin_id = $1', [adminId])).toEqual([]);
  });

  test('H04 · is dropped when the password changes', async () => {
    const { client, newToken } = await asked();
    expect((await client.mutate('account.changePassword', { password: 'another quiet lamp' })).status).toBe(200);
    expect((await confirm(newToken)).status).toBe(404);
  });

  test('C15 · both links fifty times at once: one change', async () => {
    const { oldToken, newToken } = await asked();
    const answers = await together(50, (i) => confirm(i % 2 ? oldToken : newToken));
    expect(answers.filter((a) => a.status >= 500)).toEqual([]);
    expect(answers.filter((a) => (a.value as { isDone?: boolean } | undefined)?.isDone)).toHaveLength(1);
    expect((await logged()).filter((action) => action === 'email_changed')).toHaveLength(1);
  });

  test('is one that nobody has: told to who reads its mail, and to nobody before', async () => {
    const { client, oldToken, newToken } = await asked();
    const other = await anAccount(it.db.database, 'already-there');
    // Whether an address is free is not in the answer.
    expect((await client.mutate('emailChange.request', { email: other.email })).value).toEqual({
      newEmail: other.email,
    });
    for (const token of [oldToken, newToken]) expect((await confirm(token)).status).toBe(404);
    const [o, n] = [await mailTo(email, /Confirm that/, 2), await mailTo(other.email, /Confirm your/)];
    expect((await confirm(tokenIn(o))).value).toEqual({ isDone: false });
    const refused = await confirm(tokenIn(n));
    expect([refused.status, refused.refusal?.code]).toEqual([409, 'account_exists']);
    expect(await addressNow()).toBe(email);
  });

  test('asks for a fresh proof; dropped or too old, its links are dead', async () => {
    const { client, oldToken, newToken } = await asked();
    await ownerRows(it.db, "update admin_sessions set proved_at = now() - interval '11 minutes' where admin_id = $1", [
      adminId,
    ]);
    expect((await client.mutate('emailChange.request', { email: wanted() })).status).toBe(428);
    expect((await client.mutate('emailChange.drop')).status).toBe(200);
    for (const token of [oldToken, newToken]) {
      expect((await it.admin().query('emailChange.look', { token })).value).toEqual({ state: 'dead' });
      expect((await confirm(token)).status).toBe(404);
    }
    await client.mutate('account.prove', { password: TEST_PASSWORD });
    expect((await client.mutate('emailChange.request', { email: wanted() })).status).toBe(200);
    const late = tokenIn(await mailTo(wanted(), /Confirm your/, 2));
    await ownerRows(it.db, "update email_changes set expires_at = now() - interval '1 second' where admin_id = $1", [
      adminId,
    ]);
    expect((await confirm(late)).status).toBe(404);
    expect((await client.query('emailChange.get')).value).toBe(null);
  });

  test('L03 · is compared folded; one’s own, or what is none, is refused by its field', async () => {
    const client = await signedIn();
    for (const typed of [email.toUpperCase(), 'nothing', 'a@b\r\nBcc: x@example.org'])
      expect((await client.mutate('emailChange.request', { email: typed })).refusal?.field).toBe('email');
  });
});

test('G6 L01 · mails and their rows: no address and no link stands in what is asked for, and the log has neither', async () => {
  const client = await signedIn();
  await client.mutate('emailChange.request', { email: `canary-${adminId.slice(-6)}@example.org` });
  await mailTo(`canary-${adminId.slice(-6)}@example.org`, /Confirm your/);
  const rows = await ownerRows<{ text: string }>(it.db, 'select m::text as text from account_mails m');
  expect(rows.filter(({ text }) => text.includes('@'))).toEqual([]);
  expect(await sightingsOf(it, `canary-${adminId.slice(-6)}`)).toEqual(['email_changes.new_email']);
  // What the jobs know of a mail is its id.
  const jobs = await ownerRows<{ text: string }>(
    it.db,
    "select data::text as text from jobs.job where name = 'account-mail'",
  );
  expect(jobs.filter(({ text }) => text.includes('@') || text.includes('#'))).toEqual([]);
});

test('what was asked for and is over is forgotten', async () => {
  const client = await signedIn();
  await it.admin().mutate('passwordReset.request', { email });
  await client.mutate('emailChange.request', { email: `gone-${adminId.slice(-6)}@example.org` });
  await nothingWaits();
  const count = async (table: string): Promise<number> =>
    (await ownerRows(it.db, `select 1 from ${table} where admin_id = $1`, [adminId])).length;
  const tables = ['password_resets', 'email_changes', 'account_mails', 'known_devices'];
  await forgetAccountLeftovers(it.db.database, new Date());
  expect(await Promise.all(tables.map(count))).toEqual([1, 1, 4, 1]);
  await forgetAccountLeftovers(it.db.database, new Date(Date.now() + 401 * 86_400_000));
  expect(await Promise.all(tables.map(count))).toEqual([0, 0, 0, 0]);
});

test('a link’s secret depends on what it is for', () => {
  const { services } = it.api;
  const links = [
    resetLink(services, adminId),
    confirmEmailLink(services, adminId, 'old'),
    confirmEmailLink(services, adminId, 'new'),
  ];
  expect(new Set(links.map((link) => link.split('#')[1])).size).toBe(3);
});
