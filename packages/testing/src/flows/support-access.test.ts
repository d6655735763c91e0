import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { adminCookie } from '@souk/api/identity/session';
import { ROLES, inDatabase } from '@souk/db/testing';
import { ALL_PERMISSIONS, SUPPORT_PERMISSIONS } from '@souk/domain/identity';
import { v7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type HttpClient,
  type TestApi,
  type TestSite,
  anAccount,
  httpClient,
  ownerRows,
  startTestApi,
  tally,
  together,
  until,
} from '../index.ts';

/* Support comes into a site by its owner alone: for a reason, for a time that ends by itself, and seen by everybody there. */

let it: TestApi;
let site: TestSite;
let owner: HttpClient;
let supporter: HttpClient;
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
  // All of them come from one address.
  await ownerRows(it.db, 'delete from sign_in_tries');
  site = await it.makeSite({ handle: `helped-${n}` });
  owner = await it.signedInAs(site, 'owner');
  supporter = await it.signedInAsOperator(site);
  email = ((await supporter.query('account.me')).value as { email: string }).email;
});

type Wish = { email?: string; reason?: string; hours?: unknown; permissions?: readonly string[] };
const LOOKING = ['VIEW_DASHBOARD', 'VIEW_PRODUCTS', 'VIEW_ORDERS', 'VIEW_ACTIVITY'];
const open = (wish: Wish = {}, by = owner) =>
  by.mutate('support.open', { email, reason: 'The import of Monday', hours: 1, permissions: LOOKING, ...wish });
const opened = async (wish: Wish = {}): Promise<string> => {
  const answer = await open(wish);
  expect([answer.status, answer.text]).toEqual([200, expect.any(String)]);
  return (answer.value as { supportId: string }).supportId;
};
const outcomeOf = async (client = supporter): Promise<string> => {
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
type Row = { action: string; who: string; roleName: string; isSupport: boolean; after?: unknown };
const log = async (client = owner): Promise<Row[]> =>
  ((await client.query('activity.list', {})).value as { rows: Row[] }).rows;
type SentMail = { to: string; subject: string; text: string };
const mailsTo = (address: string): SentMail[] => {
  const folder = join(it.home, 'mail');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as SentMail)
    .filter((mail) => mail.to === address);
};

describe('SA1 · support', () => {
  test('SA1 · comes in when an owner opens, looks and changes nothing, and everybody sees it', async () => {
    expect(await outcomeOf()).toBe('not_found');
    const supportId = await opened();
    expect(await outcomeOf()).toBe('200');
    expect((await supporter.query('orders.list', {})).status).toBe(200);
    expect((await supporter.query('team.list')).refusal?.code).toBe('permission_missing');
    for (const [path, input] of [
      ['products.unpublish', { productIds: [site.products[0]?.productId] }],
      ['keys.create', { name: 'Key', permissions: ['VIEW_ORDERS'] }],
      ['team.invite', { email: 'friend@example.org', roleId: v7() }],
      ['roles.create', { name: 'Mine', description: '', permissions: [] }],
      ['support.open', { email, reason: 'Longer', hours: 168, permissions: LOOKING }],
      ['support.end', { supportId }],
    ] as const)
      expect([path, (await supporter.mutate(path, input)).refusal?.code]).toEqual([path, 'permission_missing']);
    // Everybody who works there is told on every page; support is told that it is them.
    const viewer = await it.signedInAs(site, 'viewer');
    const seenBy = async (client: HttpClient) =>
      ((await client.query('site.get')).value as { support: unknown }).support;
    const said = {
      supportId,
      name: 'operator',
      reason: 'The import of Monday',
      openedBy: 'owner',
      until: expect.any(String),
    };
    expect(await seenBy(viewer)).toEqual([{ ...said, isYou: false }]);
    expect(await seenBy(supporter)).toEqual([{ ...said, isYou: true }]);
    expect((await owner.query('team.list')).value).toMatchObject({
      support: { mayOpen: true, open: [{ supportId, email, permissions: LOOKING }] },
    });
    expect(((await supporter.query('account.me')).value as { sites: unknown[] }).sites).toMatchObject([
      { handle: site.handle, role: 'support access' },
    ]);
    // The log says what was opened, and not why in somebody’s words (G6).
    const [row] = await log();
    expect(row).toMatchObject({ action: 'support.open', who: 'owner', isSupport: false });
    expect(JSON.stringify(row?.after)).not.toContain('Monday');
    await until('the mail is there', () => mailsTo(email).length === 1);
    const [mail] = mailsTo(email);
    expect(mail?.subject).toContain(`The ${site.handle} shop`);
    expect(mail?.text).toContain('The import of Monday');
    expect(mail?.text).toContain(`/s/${site.handle}`);
  });

  test('SA1 · what support does stands in the log as support’s, under their name', async () => {
    await opened({ permissions: ['MANAGE_PRODUCTS', 'VIEW_ACTIVITY'] });
    const productIds = [site.products[0]?.productId];
    expect((await supporter.mutate('products.unpublish', { productIds })).status).toBe(200);
    const [row] = await log();
    expect(row).toMatchObject({
      action: 'products.unpublish',
      who: 'operator',
      roleName: 'support access',
      isSupport: true,
    });
    expect(
      await ownerRows(it.db, 'select actor_kind from admin_action_logs where site_id = $1 and action = $2', [
        site.siteId,
        'products.unpublish',
      ]),
    ).toEqual([{ actor_kind: 'support' }]);
  });

  test('SA1 · takes nothing out of the site, with a right to look at the log too', async () => {
    await opened();
    const answer = await supporter.mutate('activity.export', { format: 'csv' });
    expect([answer.status, answer.refusal?.code]).toEqual([403, 'not_for_support']);
    // Nor with an address that was made before, as a member.
    const { href } = (await owner.mutate('activity.export', { format: 'csv' })).value as { href: string };
    expect((await supporter.get(href)).status).toBe(403);
  });

  test('SA1 · ends by itself, to the second, and what is open ends with it', async () => {
    await opened();
    const stream = await openStream(supporter);
    expect(stream.status).toBe(200);
    const [{ ends } = { ends: new Date() }] = await ownerRows<{ ends: Date }>(
      it.db,
      "update support_accesses set expires_at = clock_timestamp() + interval '1500 milliseconds' where site_id = $1 returning expires_at as ends",
      [site.siteId],
    );
    while (Date.now() < ends.getTime() - 300) {
      expect(await outcomeOf()).toBe('200');
      await new Promise((done) => setTimeout(done, 100));
    }
    await new Promise((done) => setTimeout(done, Math.max(0, ends.getTime() - Date.now()) + 5));
    expect(await outcomeOf()).toBe('not_found');
    await until('the stream ends', stream.ended, 3);
    expect(Date.now() - ends.getTime()).toBeLessThan(1_500);
    expect((await openStream(supporter)).status).toBe(404);
    expect(((await supporter.query('account.me')).value as { sites: unknown[] }).sites).toEqual([]);
    expect(((await owner.query('site.get')).value as { support: unknown[] }).support).toEqual([]);
    // The next one can be opened, and the log still names who was there.
    await opened();
    expect(
      ((await owner.query('activity.filters')).value as { people: { name: string }[] }).people.map((p) => p.name),
    ).toContain('operator');
  });

  test('SA1 · is ended at once by the team, or leaves by itself', async () => {
    const supportId = await opened();
    const stream = await openStream(supporter);
    expect((await owner.mutate('support.end', { supportId })).status).toBe(200);
    expect(await outcomeOf()).toBe('not_found');
    await until('the stream ends', stream.ended, 3);
    expect((await owner.mutate('support.end', { supportId })).refusal?.code).toBe('not_found');
    await opened();
    expect((await supporter.mutate('team.leave')).status).toBe(200);
    expect(await outcomeOf()).toBe('not_found');
    expect((await log()).slice(0, 3).map((r) => [r.action, r.isSupport])).toEqual([
      ['team.leave', true],
      ['support.open', false],
      ['support.end', false],
    ]);
  });

  test('SA1 · may do no more than whoever opened still may, and nothing when they have gone', async () => {
    const second = await it.signedInAs(site, 'owner');
    expect((await open({ permissions: ['VIEW_ORDERS', 'MANAGE_PRODUCTS'] }, second)).status).toBe(200);
    expect((await supporter.query('orders.list', {})).status).toBe(200);
    type Member = { membershipId: string; roleId: string; isYou: boolean };
    const team = (await second.query('team.list')).value as {
      members: Member[];
      roles: { roleId: string; name: string }[];
    };
    const them = team.members.find((m) => m.isYou);
    const editor = team.roles.find((r) => r.name === 'editor');
    const changed = await owner.mutate('team.changeRole', {
      membershipId: them?.membershipId,
      fromRoleId: them?.roleId,
      roleId: editor?.roleId,
    });
    expect(changed.status).toBe(200);
    // An editor sees no orders, and changes products, which is to see them too.
    expect((await supporter.query('orders.list', {})).refusal?.code).toBe('permission_missing');
    expect((await supporter.query('products.list', {})).status).toBe(200);
    const stands = (status: string) =>
      ownerRows(it.db, 'update admin_site_memberships set status = $2 where membership_id = $1', [
        them?.membershipId,
        status,
      ]);
    await stands('revoked');
    expect(await outcomeOf()).toBe('not_found');
    await stands('active');
    expect(await outcomeOf()).toBe('200');
    expect((await owner.mutate('team.remove', { membershipId: them?.membershipId })).status).toBe(200);
    expect(await outcomeOf()).toBe('not_found');
    expect(
      await ownerRows(it.db, 'select 1 from support_accesses where site_id = $1 and ended_at is not null', [
        site.siteId,
      ]),
    ).toHaveLength(1);
  });

  test('SA1 · is somebody who runs the installation, at each call', async () => {
    await opened();
    await ownerRows(
      it.db,
      'update operators set removed_at = now() where admin_id = (select admin_id from admin_accounts where email = $1)',
      [email],
    );
    expect(await outcomeOf()).toBe('not_found');
    expect(((await owner.query('site.get')).value as { support: unknown[] }).support).toEqual([]);
    expect((await open()).refusal?.fields?.['email']).toBeDefined();
  });

  test('SA1 · is let in by an owner with a fresh proof, and by nobody else', async () => {
    const lead = await it.signedInAs(site, 'MANAGE_TEAM');
    expect((await open({}, lead)).refusal?.code).toBe('more_than_yours');
    expect((await open({}, supporter)).refusal?.code).toBe('not_found');
    await ownerRows(
      it.db,
      "update admin_sessions set proved_at = now() - interval '11 minutes' where token_hash = sha256($1::bytea)",
      [Buffer.from(owner.cookies.get('souk-admin') ?? '')],
    );
    expect((await open()).refusal?.code).toBe('proof_needed');
    expect(await outcomeOf()).toBe('not_found');
  });

  test('SA1 · a site that asks for a second factor asks support too', async () => {
    await opened();
    await ownerRows(it.db, 'update site_configurations set requires_second_factor = true where site_id = $1', [
      site.siteId,
    ]);
    expect(await outcomeOf()).toBe('second_factor_required');
  });

  test('SA1 · an access is wider, longer or open again by no statement of ours', async () => {
    const supportId = await opened();
    await owner.mutate('support.end', { supportId });
    const tried = async (statement: string): Promise<string> =>
      inDatabase(it.db.superuserUrl, async (client) => {
        await client.query('begin');
        try {
          await client.query(`set local role ${ROLES.app}`);
          await client.query("select set_config('app.site_id', $1, true)", [site.siteId]);
          return String((await client.query(statement)).rowCount);
        } catch (error) {
          return (error as { code: string }).code;
        } finally {
          await client.query('rollback');
        }
      });
    expect(await tried('update support_accesses set ended_at = null')).toBe('0');
    expect(await tried("update support_accesses set expires_at = expires_at + interval '1 hour'")).toBe('42501');
    expect(await tried("update support_accesses set permissions = array['MANAGE_TEAM']")).toBe('42501');
    expect(await tried('delete from support_accesses')).toBe('42501');
    const added = (permissions: string, hours: number): Promise<string> =>
      tried(
        `insert into support_accesses select site_id, gen_random_uuid(), supporter_id, ${permissions}, reason, opened_by, created_at + interval '${hours} hours', null, created_at, updated_at from support_accesses`,
      );
    expect(await added('permissions', 168)).toBe('1');
    expect(await added('permissions', 169)).toBe('23514');
    expect(await added('permissions', 0)).toBe('23514');
    for (const permission of ALL_PERMISSIONS)
      expect([permission, await added(`array['${permission}', 'VIEW_ORDERS']`, 1)]).toEqual([
        permission,
        (SUPPORT_PERMISSIONS as readonly string[]).includes(permission) ? '1' : '23514',
      ]);
  });
});

describe('bad input', () => {
  test('an address of nobody who runs the installation is refused in one way, whether they have an account or not', async () => {
    const known = await anAccount(it.db.database, 'known');
    const answers = [await open({ email: known.email }), await open({ email: 'unknown@example.org' })];
    expect(answers[0]?.refusal?.fields?.['email']).toContain('Nobody who runs this installation');
    expect(answers[1]?.text.replace(/"path":"[^"]*"/, '')).toBe(answers[0]?.text.replace(/"path":"[^"]*"/, ''));
    const gone = await it.signedInAsOperator();
    const goneEmail = ((await gone.query('account.me')).value as { email: string }).email;
    await ownerRows(it.db, 'update admin_accounts set status = $2 where email = $1', [goneEmail, 'locked']);
    expect((await open({ email: goneEmail })).text).toBe(answers[0]?.text);
  });

  test('B04 · guesses at who runs the installation are few', async () => {
    const answers: number[] = [];
    for (let i = 0; i < 12; i += 1) answers.push((await open({ email: `guess-${i}@example.org` })).status);
    expect(tally(answers)).toEqual({ 400: 10, 429: 2 });
  });

  test('each wrong thing is refused by its field, and nobody is let in', async () => {
    for (const [wish, field] of [
      [{ email: 'no address' }, 'email'],
      [{ reason: '  ' }, 'reason'],
      [{ reason: 'x'.repeat(501) }, 'reason'],
      [{ reason: 'two\nlines' }, 'reason'],
      [{ hours: 2 }, 'hours'],
      [{ hours: 169 }, 'hours'],
      [{ hours: '1' }, 'hours'],
      [{ permissions: [] }, 'permissions'],
      [{ permissions: ['MANAGE_TEAM'] }, 'permissions.0'],
      [{ permissions: ['MANAGE_INTEGRATIONS'] }, 'permissions.0'],
    ] as const) {
      const answer = await open(wish);
      expect([wish, answer.status, Object.keys(answer.refusal?.fields ?? {})]).toEqual([wish, 400, [field]]);
    }
    expect(await outcomeOf()).toBe('not_found');
  });

  test('somebody who works there already is not let in beside that', async () => {
    const member = (await owner.query('account.me')).value as { email: string };
    await ownerRows(
      it.db,
      'insert into operators (admin_id, is_first, created_at) select admin_id, false, now() from admin_accounts where email = $1',
      [member.email],
    );
    expect((await open({ email: member.email })).refusal?.fields).toEqual({ email: 'They work on this site already.' });
  });

  test('C15 · of ten at once one lets them in, with one row', async () => {
    const answers = await together(10, () => open());
    expect(tally(answers.map((a) => a.status))).toEqual({ 200: 1, 400: 9 });
    expect((await log()).filter((r) => r.action === 'support.open')).toHaveLength(1);
  });

  test('E02 · an access of another site is not there', async () => {
    const supportId = await opened();
    const other = await it.makeSite({ handle: `other-${n}` });
    const stranger = await it.signedInAs(other, 'owner');
    expect((await stranger.mutate('support.end', { supportId })).refusal?.code).toBe('not_found');
    expect(await outcomeOf()).toBe('200');
    const there = httpClient(it.port, 'admin.localhost', {
      headers: { cookie: `souk-admin=${supporter.cookies.get('souk-admin')}`, 'x-souk-site': other.handle },
    });
    expect((await there.query('site.get')).status).toBe(404);
  });
});
