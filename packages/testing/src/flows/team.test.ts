import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { adminRouter } from '@souk/api/admin-router';
import { invitationToken } from '@souk/api/identity/invitation-link';
import { adminCookie } from '@souk/api/identity/session';
import { countRoundTrips } from '@souk/db';
import { APPEND_ONLY } from '@souk/db/testing';
import { type Permission, INVITATION_LIMITS } from '@souk/domain/identity';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type HttpClient,
  type TestApi,
  type TestSite,
  TEST_PASSWORD,
  anAccount,
  heldBack,
  httpClient,
  ownerRows,
  standAt,
  startTestApi,
  together,
  until,
} from '../index.ts';

/* Who works on a site: invited by mail, never with more than the giver holds, and gone within a second. Each test has a site of its own. */

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
  site = await it.makeSite({ handle: `team-${n}` });
  // The site's only owner: the one it was made with.
  owner = await signedIn(
    (await ownerRows<{ email: string }>(it.db, 'select email from admin_accounts where admin_id = $1', [site.owner]))[0]
      ?.email ?? '',
  );
});

/** Signs an account in; its calls are about this test's site. */
async function signedIn(email: string, password = TEST_PASSWORD): Promise<HttpClient> {
  const client = httpClient(it.port, 'admin.localhost', { headers: { 'x-souk-site': site.handle } });
  expect((await client.mutate('account.signIn', { email, password })).status).toBe(200);
  return client;
}

const roleId = async (name: string): Promise<string> =>
  (
    await ownerRows<{ role_id: string }>(it.db, 'select role_id from roles where site_id = $1 and role_name = $2', [
      site.siteId,
      name,
    ])
  )[0]?.role_id ?? expect.fail(`no role ${name}`);

async function aRole(name: string, permissions: readonly Permission[]): Promise<string> {
  await ownerRows(
    it.db,
    "with r as (insert into roles values ($1, gen_random_uuid(), $2, '') returning role_id) insert into role_permissions select $1, role_id, unnest($3::text[]) from r",
    [site.siteId, name, permissions],
  );
  return roleId(name);
}

const invite = async (email: string, role = 'editor', by = owner) =>
  by.mutate('team.invite', { email, roleId: await roleId(role) });

/** Invites and gives the id; throws when it is refused. */
async function invited(email: string, role = 'editor', by = owner): Promise<string> {
  const answer = await invite(email, role, by);
  if (answer.status !== 200) throw new Error(answer.text);
  return (answer.value as { invitationId: string }).invitationId;
}
const tokenOf = (invitationId: string, sending = 1): string =>
  invitationToken(it.api.services.key, invitationId, sending);

/** Somebody with an account comes in this role, by an invitation. */
async function colleague(role: string): Promise<{ client: HttpClient; email: string; membershipId: string }> {
  const { adminId, email } = await anAccount(it.db.database, 'colleague');
  const client = await signedIn(email);
  const token = tokenOf(await invited(email, role));
  expect((await client.mutate('invitation.accept', { token })).status).toBe(200);
  const [found] = await ownerRows<{ membership_id: string }>(
    it.db,
    'select membership_id from admin_site_memberships where site_id = $1 and admin_id = $2',
    [site.siteId, adminId],
  );
  return { client, email, membershipId: found?.membership_id ?? '' };
}

type Team = {
  members: { membershipId: string; email: string; role: string; mayRemove: boolean; isLastOwner: boolean }[];
  invitations: { invitationId: string; email: string; isOver: boolean; mayChange: boolean }[];
  roles: { name: string; mayGive: boolean }[];
};
const team = async (by = owner): Promise<Team> => (await by.query('team.list')).value as Team;

type SentMail = { to: string; subject: string; text: string };
const mailsTo = (email: string): SentMail[] => {
  const folder = join(it.home, 'mail');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as SentMail)
    .filter((mail) => mail.to === email);
};

describe('an invitation', () => {
  test('goes out by mail; whoever has no account makes one with it, and works in the role and no other', async () => {
    const invitationId = await invited(' New.Person@Example.org ');
    await until('the mail is there', () => mailsTo('new.person@example.org').length === 1);
    const [mail] = mailsTo('new.person@example.org');
    expect(mail?.subject).toContain(`The ${site.handle} shop`);
    const token = /\/invitation#([\w-]{43})/.exec(mail?.text ?? '')?.[1] ?? '';
    expect(token).toBe(tokenOf(invitationId));
    // Only a hash of it is kept.
    expect(
      await ownerRows(
        it.db,
        'select token_hash = sha256($1::bytea) as same from site_invitations where invitation_id = $2',
        [Buffer.from(token), invitationId],
      ),
    ).toEqual([{ same: true }]);

    const client = httpClient(it.port, 'admin.localhost', { headers: { 'x-souk-site': site.handle } });
    expect((await client.query('invitation.look', { token })).value).toEqual({
      state: 'open',
      siteName: `The ${site.handle} shop`,
      role: 'editor',
      invitedBy: expect.stringContaining('owner'),
      email: 'new.person@example.org',
      hasAccount: false,
    });
    const weak = await client.mutate('invitation.join', { token, name: 'Nora New', password: 'new.person2026' });
    expect([weak.status, weak.refusal?.fields]).toEqual([400, { password: expect.any(String) }]);
    const joined = await client.mutate('invitation.join', {
      token,
      name: 'Nora New',
      password: 'quiet lamp under bridge',
    });
    expect([joined.status, joined.value]).toEqual([200, { handle: site.handle }]);
    expect((await client.query('site.get')).value).toMatchObject({ role: 'editor' });
    expect((await client.query('products.list', {})).status).toBe(200);
    expect((await client.query('orders.list', {})).status).toBe(403);
    expect((await client.query('team.list')).status).toBe(403);
    // Used is used, and the address is forgotten where nobody needs it any more.
    expect((await client.query('invitation.look', { token })).value).toEqual({ state: 'dead' });
    expect((await client.mutate('invitation.accept', { token })).refusal?.code).toBe('link_is_dead');
    expect(
      await ownerRows(it.db, 'select status, email from site_invitations where invitation_id = $1', [invitationId]),
    ).toEqual([{ status: 'accepted', email: null }]);
    expect((await signedIn('new.person@example.org', 'quiet lamp under bridge')).cookies.has('souk-admin')).toBe(true);
    for (const table of APPEND_ONLY)
      expect([
        table,
        await ownerRows(
          it.db,
          `select 1 from "${table}" t where t::text ilike '%new.person%' or t::text ilike '%nora%'`,
        ),
      ]).toEqual([table, []]);
  });

  test('is accepted with the account one has, whichever that is; another site sees nothing of it', async () => {
    const { client, email } = await colleague('support');
    expect((await client.query('site.get')).value).toMatchObject({ role: 'support' });
    expect((await team()).members.map((m) => [m.email, m.role])).toContainEqual([email, 'support']);
    // Somebody with an account is not asked to make a second one.
    const other = await anAccount(it.db.database, 'other');
    const token = tokenOf(await invited(other.email));
    expect((await it.admin().query('invitation.look', { token })).value).toMatchObject({ hasAccount: true });
    const again = await it.admin().mutate('invitation.join', { token, name: 'X', password: 'quiet lamp under bridge' });
    expect([again.status, again.refusal?.code]).toEqual([409, 'account_exists']);
    const elsewhere = await it.makeSite({ handle: `team-${n}-b` });
    expect(((await (await it.signedInAs(elsewhere, 'owner')).query('team.list')).value as Team).invitations).toEqual(
      [],
    );
  });

  test('says the same, and asks the database as often, whether the address has an account or not', async () => {
    const { email } = await anAccount(it.db.database, 'known');
    const [known, unknown] = [email, 'nobody.knows@example.org'];
    const role = await roleId('editor');
    // The handler itself is called here: what the server waits for is not seen from the other end of a connection.
    const ask = (address: string) =>
      countRoundTrips(() =>
        adminRouter
          .createCaller({
            audience: 'admin',
            services: it.api.services,
            requestId: 'test',
            address: '127.0.0.1',
            cookies: Object.fromEntries(owner.cookies),
            headers: { 'x-souk-site': site.handle },
            setHeader: () => undefined,
            setCookie: () => undefined,
          })
          .team.invite({ email: address, roleId: role }),
      );
    const [ofKnown, ofUnknown] = [await ask(known), await ask(unknown)];
    expect(ofKnown.roundTrips).toBeGreaterThan(3);
    expect(ofKnown.roundTrips).toBe(ofUnknown.roundTrips);
    expect(Object.keys(ofKnown.value)).toEqual(Object.keys(ofUnknown.value));
    await until('both mails are there', () => mailsTo(known).length + mailsTo(unknown).length === 2);
    const words = (address: string): string => mailsTo(address)[0]?.text.replace(/#[\w-]{43}/, '#…') ?? '';
    expect(words(known)).toBe(words(unknown));
  });

  test('wrong, foreign, revoked, renewed and late links are all the same "no"', async () => {
    const client = await signedIn((await anAccount(it.db.database, 'visitor')).email);
    const revoked = await invited('revoked@example.org');
    expect((await owner.mutate('team.revoke', { invitationId: revoked })).status).toBe(200);
    const renewed = await invited('renewed@example.org');
    await ownerRows(
      it.db,
      "update site_invitations set sent_at = sent_at - interval '1 hour' where invitation_id = $1",
      [renewed],
    );
    expect((await owner.mutate('team.sendAgain', { invitationId: renewed })).status).toBe(200);
    const late = await invited('late@example.org');
    await ownerRows(it.db, 'update site_invitations set expires_at = now() where invitation_id = $1', [late]);
    const answers = [];
    for (const token of ['', 'x'.repeat(43), tokenOf(revoked), tokenOf(renewed), tokenOf(late)]) {
      expect((await client.query('invitation.look', { token })).value).toEqual({ state: 'dead' });
      answers.push((await client.mutate('invitation.accept', { token })).text);
      answers.push((await client.mutate('invitation.join', { token, name: 'X', password: 'x' })).text);
    }
    expect(new Set(answers).size).toBe(2);
    expect(answers[0]).toContain('link_is_dead');
    expect((await team()).invitations.map((i) => [i.email, i.isOver])).toEqual([
      ['late@example.org', true],
      ['renewed@example.org', false],
    ]);
    // The newest link of the renewed one is good, as long as its site is.
    await standAt(it.db, site.siteId, 'suspended');
    expect((await client.mutate('invitation.accept', { token: tokenOf(renewed, 2) })).status).toBe(404);
    await standAt(it.db, site.siteId, 'active');
    expect((await client.mutate('invitation.accept', { token: tokenOf(renewed, 2) })).status).toBe(200);
  });

  test('of many who use one link at once one comes in', async () => {
    const token = tokenOf(await invited('shared@example.org'));
    const clients: HttpClient[] = [];
    for (let i = 0; i < 4; i += 1) clients.push(await signedIn((await anAccount(it.db.database, `crowd-${i}`)).email));
    const answers = await together(8, (i) =>
      i < 4
        ? (clients[i] ?? owner).mutate('invitation.accept', { token })
        : it.admin().mutate('invitation.join', { token, name: `J${i}`, password: 'quiet lamp under bridge' }),
    );
    expect(answers.map((a) => a.status).toSorted((x, y) => x - y)).toEqual([200, ...Array<number>(7).fill(404)]);
    expect((await team()).members).toHaveLength(2);
  });

  test('of two who use it in the same moment one comes in', async () => {
    const token = tokenOf(await invited('two@example.org'));
    const first = await signedIn((await anAccount(it.db.database, 'two')).email);
    const second = await signedIn((await anAccount(it.db.database, 'two')).email);
    const both = await heldBack(
      it.db,
      site.siteId,
      'select 1 from site_invitations where site_id = $1 for update',
      () => [first, second].map((client) => client.mutate('invitation.accept', { token })),
    );
    expect(both.map((a) => a.status).toSorted((x, y) => x - y)).toEqual([200, 404]);
  });

  test('changes nobody’s role: who is a member hears so, and the link stays for whom it is meant', async () => {
    const token = tokenOf(await invited('meant-for@example.org', 'viewer'));
    const answer = await owner.mutate('invitation.accept', { token });
    expect([answer.status, answer.refusal?.code]).toEqual([409, 'already_member']);
    expect((await owner.query('site.get')).value).toMatchObject({ role: 'owner' });
    expect((await owner.query('invitation.look', { token })).value).toMatchObject({ state: 'open' });
    const { email } = await colleague('editor');
    expect((await invite(email)).refusal?.fields).toEqual({ email: expect.stringContaining('member') });
    expect((await invite('meant-for@example.org')).refusal?.fields).toEqual({
      email: expect.stringContaining('invited already'),
    });
    for (const wrong of ['nobody', 'a@b', 'x@example.org\r\nBcc: y@example.org'])
      expect((await invite(wrong)).refusal?.field).toBe('email');
  });

  test('has an end in number: fifty open, a hundred a day, five sendings a minute apart', async () => {
    const role = await roleId('viewer');
    const { open, sendings } = INVITATION_LIMITS;
    const fill = (status: 'pending' | 'accepted', count: number): Promise<unknown> =>
      ownerRows(
        it.db,
        `insert into site_invitations (site_id, invitation_id, email, role_id, status, token_hash, sending, sent_at, expires_at, invited_by, created_at, updated_at)
          select $1, gen_random_uuid(), case when $5 = 'pending' then 'many-' || i || '@example.org' end, $2, $5, sha256(gen_random_uuid()::text::bytea), 1, now(), now() + interval '1 day', $3, now(), now() from generate_series(1, $4::int) i`,
        [site.siteId, role, site.owner, count, status],
      );
    await fill('pending', open - 1);
    const last = await invited('last@example.org');
    expect((await invite('one-more@example.org')).refusal?.code).toBe('too_many_invitations');
    await ownerRows(
      it.db,
      "update site_invitations set status = 'revoked', email = null where site_id = $1 and invitation_id <> $2",
      [site.siteId, last],
    );
    await fill('accepted', 50);
    const answer = await invite('one-more@example.org');
    expect([answer.status, answer.refusal?.code]).toEqual([429, 'too_many_invitations']);

    const again = () => owner.mutate('team.sendAgain', { invitationId: last });
    expect((await again()).refusal?.code).toBe('too_many_invitations');
    for (let sent = 1; sent < sendings; sent += 1) {
      await ownerRows(
        it.db,
        "update site_invitations set sent_at = now() - interval '61 seconds' where invitation_id = $1",
        [last],
      );
      expect((await again()).status).toBe(200);
    }
    await ownerRows(
      it.db,
      "update site_invitations set sent_at = now() - interval '61 seconds' where invitation_id = $1",
      [last],
    );
    expect((await again()).refusal?.code).toBe('too_many_invitations');
  });
});

describe('I6 · nobody gives more than they hold', () => {
  test('I6 · who may choose people, but holds little else, gives and takes away little', async () => {
    await aRole('people', ['MANAGE_TEAM', 'VIEW_DASHBOARD']);
    await aRole('looks', ['VIEW_DASHBOARD']);
    const { client: people } = await colleague('people');
    for (const role of ['owner', 'manager', 'editor', 'support', 'viewer']) {
      const answer = await invite(`${role}@example.org`, role, people);
      expect([role, answer.status, answer.refusal?.code]).toEqual([role, 403, 'more_than_yours']);
    }
    expect((await invite('looks@example.org', 'looks', people)).status).toBe(200);
    const theirs = await invited('owner-to-be@example.org', 'owner');
    for (const path of ['team.sendAgain', 'team.revoke'])
      expect((await people.mutate(path, { invitationId: theirs })).refusal?.code).toBe('more_than_yours');
    const seen = await team(people);
    expect(
      seen.roles
        .filter((r) => r.mayGive)
        .map((r) => r.name)
        .toSorted(),
    ).toEqual(['looks', 'people']);
    expect(seen.invitations.map((i) => [i.email, i.mayChange])).toEqual([
      ['owner-to-be@example.org', false],
      ['looks@example.org', true],
    ]);
    const boss = seen.members.find((m) => m.role === 'owner');
    expect(boss?.mayRemove).toBe(false);
    await colleague('owner');
    expect((await people.mutate('team.remove', { membershipId: boss?.membershipId })).refusal?.code).toBe(
      'more_than_yours',
    );
  });

  test('I6 · an invitation is worth what its giver holds when it is used', async () => {
    const power = await aRole('power', ['MANAGE_TEAM', 'VIEW_DASHBOARD', 'MANAGE_ORDERS']);
    await aRole('orders', ['MANAGE_ORDERS']);
    const { client: giver, membershipId } = await colleague('power');
    const token = tokenOf(await invited('later@example.org', 'orders', giver));
    const accept = async () =>
      (await signedIn((await anAccount(it.db.database, 'later')).email)).mutate('invitation.accept', { token });
    const change = (text: string): Promise<unknown> => ownerRows(it.db, text, [site.siteId, power]);
    await change(
      "delete from role_permissions where site_id = $1 and role_id = $2 and permission_key = 'MANAGE_ORDERS'",
    );
    expect((await accept()).refusal?.code).toBe('link_is_dead');
    await change("insert into role_permissions values ($1, $2, 'MANAGE_ORDERS')");
    await change("delete from role_permissions where site_id = $1 and role_id = $2 and permission_key = 'MANAGE_TEAM'");
    expect((await accept()).refusal?.code).toBe('link_is_dead');
    await change("insert into role_permissions values ($1, $2, 'MANAGE_TEAM')");
    await ownerRows(it.db, "update admin_site_memberships set status = 'revoked' where membership_id = $1", [
      membershipId,
    ]);
    expect((await accept()).refusal?.code).toBe('link_is_dead');
    await ownerRows(it.db, "update admin_site_memberships set status = 'active' where membership_id = $1", [
      membershipId,
    ]);
    expect((await accept()).status).toBe(200);
  });

  test('I6 · who goes takes their open invitations along', async () => {
    const { client, membershipId } = await colleague('owner');
    const token = tokenOf(await invited('by-a-leaver@example.org', 'viewer', client));
    expect((await owner.mutate('team.remove', { membershipId })).status).toBe(200);
    expect((await it.admin().query('invitation.look', { token })).value).toEqual({ state: 'dead' });
    expect((await team()).invitations).toEqual([]);
  });
});

describe('E09 · a member who is removed', () => {
  const stream = (client: HttpClient): Promise<{ endedAt: () => number | undefined }> =>
    new Promise((resolve, reject) => {
      let endedAt: number | undefined;
      get(
        {
          host: '127.0.0.1',
          port: it.port,
          agent: false,
          path: `/s/${site.handle}/live`,
          headers: {
            host: `admin.localhost:${it.port}`,
            cookie: `${adminCookie('development')}=${client.cookies.get(adminCookie('development'))}`,
          },
        },
        (answer) => {
          expect(answer.statusCode).toBe(200);
          answer.resume();
          answer.on('close', () => (endedAt = performance.now()));
          resolve({ endedAt: () => endedAt });
        },
      ).on('error', reject);
    });

  test('E09 · is out of this site within a second, in every session, and of no other', async () => {
    const elsewhere = await it.makeSite({ handle: `team-${n}-b` });
    const { client, email, membershipId } = await colleague('editor');
    await ownerRows(
      it.db,
      "insert into admin_site_memberships select $1, gen_random_uuid(), a.admin_id, r.role_id, 'active', now(), now() from roles r, admin_accounts a where r.site_id = $1 and r.role_name = 'viewer' and a.email = $2",
      [elsewhere.siteId, email],
    );
    const second = await signedIn(email);
    const streams = [await stream(client), await stream(second)];
    const at = performance.now();
    expect((await owner.mutate('team.remove', { membershipId })).status).toBe(200);
    for (const session of [client, second]) expect((await session.query('site.get')).status).toBe(404);
    await until('both streams have ended', () => streams.every((s) => s.endedAt() !== undefined), 3);
    for (const s of streams) expect((s.endedAt() ?? Infinity) - at).toBeLessThan(1_000);
    expect((await client.query('site.get', undefined, { 'x-souk-site': elsewhere.handle })).status).toBe(200);
    expect((await client.query('account.me')).value).toMatchObject({ sites: [{ handle: elsewhere.handle }] });
    // They can be asked to come back, as something else.
    const token = tokenOf(await invited(email, 'viewer'));
    expect((await client.mutate('invitation.accept', { token })).status).toBe(200);
    expect((await client.query('site.get')).value).toMatchObject({ role: 'viewer' });
    // Everybody may go by themselves.
    expect((await client.mutate('team.leave')).status).toBe(200);
    expect((await client.query('site.get')).status).toBe(404);
  });

  test('I6 · the last owner neither goes nor is removed', async () => {
    const [self] = (await team()).members;
    expect(self).toMatchObject({ isLastOwner: true, mayRemove: false });
    for (const [path, input] of [
      ['team.leave', undefined],
      ['team.remove', { membershipId: self?.membershipId }],
    ] as const) {
      const answer = await owner.mutate(path, input);
      expect([path, answer.status, answer.refusal?.code]).toEqual([path, 409, 'last_owner']);
    }
    // With a second one they may.
    const { client } = await colleague('owner');
    expect((await owner.mutate('team.leave')).status).toBe(200);
    expect((await client.mutate('team.leave')).refusal?.code).toBe('last_owner');
  });

  test('I6 · owners who all leave at once, or remove each other, leave one behind', async () => {
    const others = [await colleague('owner'), await colleague('owner'), await colleague('owner')];
    const everybody = [owner, ...others.map((o) => o.client)];
    const answers = await together(8, (i) => {
      const client = everybody[i % 4] ?? owner;
      return i < 4
        ? client.mutate('team.leave')
        : client.mutate('team.remove', { membershipId: others[(i + 1) % 3]?.membershipId });
    });
    expect(answers.filter((a) => a.status >= 500)).toEqual([]);
    expect(
      await ownerRows(
        it.db,
        "select count(*)::int as owners from admin_site_memberships m join roles r using (site_id, role_id) where m.site_id = $1 and m.status = 'active' and r.role_name = 'owner'",
        [site.siteId],
      ),
    ).toEqual([{ owners: 1 }]);
  });

  test('I6 · two owners who go in the same moment do not both go', async () => {
    const { client } = await colleague('owner');
    const both = await heldBack(
      it.db,
      site.siteId,
      'select 1 from admin_site_memberships where site_id = $1 for update',
      () => [owner.mutate('team.leave'), client.mutate('team.leave')],
    );
    expect(both.map((a) => a.status).toSorted((x, y) => x - y)).toEqual([200, 409]);
  });
});
