import { get } from 'node:http';
import { adminCookie } from '@souk/api/identity/session';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type HttpClient, type TestApi, type TestSite, ownerRows, startTestApi, until } from '../index.ts';

/* A site that asks a second factor of everybody who works there. */

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
  site = await it.makeSite({ handle: `required-${n}` });
  owner = await it.signedInAs(site, 'owner');
});

async function setUp(client: HttpClient): Promise<void> {
  const { setupKey } = (await client.mutate('secondFactor.begin')).value as { setupKey: string };
  const code = new TOTP({ secret: Secret.fromBase32(setupKey) }).generate();
  expect((await client.mutate('secondFactor.confirm', { code })).status).toBe(200);
}
const requireIt = (client: HttpClient, isRequired = true) => client.mutate('team.requireSecondFactor', { isRequired });
const outcomeOf = async (client: HttpClient): Promise<string> => {
  const answer = await client.query('site.get');
  return answer.refusal?.code ?? String(answer.status);
};

const openStream = (client: HttpClient): Promise<{ readonly status: number; readonly ended: () => boolean }> =>
  new Promise((resolve, reject) => {
    const name = adminCookie('development');
    get(
      {
        host: '127.0.0.1',
        port: it.port,
        agent: false,
        path: `/s/${site.handle}/live`,
        headers: { host: `admin.localhost:${it.port}`, cookie: `${name}=${client.cookies.get(name)}` },
      },
      (answer) => {
        let ended = false;
        for (const event of ['end', 'error', 'close']) answer.on(event, () => (ended = true));
        answer.resume();
        resolve({ status: answer.statusCode ?? 0, ended: () => ended });
      },
    ).on('error', reject);
  });

test('I8 · who has none sees nothing of the site, at once, until they have set one up', async () => {
  const editor = await it.signedInAs(site, 'editor');
  await setUp(owner);
  const stream = await openStream(editor);
  expect([stream.status, await outcomeOf(editor)]).toEqual([200, '200']);
  const requiredAt = performance.now();
  expect((await requireIt(owner)).status).toBe(200);
  await until('what they have open ends', stream.ended, 3);
  expect(performance.now() - requiredAt).toBeLessThan(1_500);
  expect(await outcomeOf(editor)).toBe('second_factor_required');
  for (const call of [
    editor.query('products.list', {}),
    editor.query('dashboard.get', {}),
    editor.mutate('products.unpublish', { productIds: [site.products[0]?.productId] }),
    editor.mutate('team.leave'),
  ]) {
    const answer = await call;
    expect([answer.status, answer.refusal?.code]).toEqual([403, 'second_factor_required']);
  }
  expect((await openStream(editor)).status).toBe(403);
  expect((await editor.get(`/s/${site.handle}/media/${'a'.repeat(40)}/640.webp`)).status).toBe(403);
  // Their account is theirs as ever; there they set one up, and are in.
  expect((await editor.query('account.me')).status).toBe(200);
  await setUp(editor);
  expect(await outcomeOf(editor)).toBe('200');
  expect(await outcomeOf(owner)).toBe('200');
});

test('I8 · it is of this site alone, and nobody learns by it that a site exists', async () => {
  const other = await it.makeSite({ handle: `not-required-${n}` });
  const there = await it.signedInAs(other, 'editor');
  await setUp(owner);
  expect((await requireIt(owner)).status).toBe(200);
  expect(await outcomeOf(there)).toBe('200');
  const stranger = await there.query('site.get', undefined, { 'x-souk-site': site.handle });
  const nowhere = await there.query('site.get', undefined, { 'x-souk-site': 'no-such-site' });
  expect([stranger.status, stranger.text]).toEqual([404, nowhere.text]);
});

test('I8 · whoever requires one has one; they may leave it to each again, and it stands in the log', async () => {
  const refused = await requireIt(owner);
  expect([refused.status, refused.refusal?.code]).toEqual([409, 'second_factor_missing']);
  await setUp(owner);
  expect(((await owner.query('team.list')).value as { secondFactor: unknown }).secondFactor).toEqual({
    isRequired: false,
    youHaveOne: true,
  });
  expect((await requireIt(owner)).status).toBe(200);
  expect((await requireIt(owner, false)).status).toBe(200);
  expect(await outcomeOf(await it.signedInAs(site, 'viewer'))).toBe('200');
  expect(
    await ownerRows(
      it.db,
      "select after from admin_action_logs where site_id = $1 and action = 'team.requireSecondFactor' order by action_id",
      [site.siteId],
    ),
  ).toEqual([{ after: { secondFactorRequired: true } }, { after: { secondFactorRequired: false } }]);
  await ownerRows(it.db, "update admin_sessions set proved_at = now() - interval '1 day'");
  expect((await requireIt(owner)).status).toBe(428);
});
