import { get } from 'node:http';
import { adminCookie } from '@souk/api/identity/session';
import { inDatabase } from '@souk/db/testing';
import { DEFAULT_ROLES, PERMISSIONS, type Permission } from '@souk/domain/identity';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type HttpClient,
  type TestApi,
  type TestSite,
  type TrpcAnswer,
  heldBack,
  ownerRows,
  startTestApi,
  together,
  until,
} from '../index.ts';

/* Roles that people make and give: never more than they hold, whatever comes in which order. Each test has a site of its own. */

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
  site = await it.makeSite({ handle: `roles-${n}` });
  owner = await it.signedInAs(site, 'owner');
});

type Role = {
  roleId: string;
  name: string;
  description: string;
  isOwner: boolean;
  permissions: string[];
  version: number;
  members: number;
  invitations: number;
  mayChange: boolean;
};
const roles = async (by = owner): Promise<Role[]> => ((await by.query('roles.list')).value as { roles: Role[] }).roles;
const role = async (name: string, by = owner): Promise<Role> =>
  (await roles(by)).find((r) => r.name === name) ?? expect.fail(`no role ${name}`);

const create = (name: string, permissions: readonly string[], by = owner): Promise<TrpcAnswer> =>
  by.mutate('roles.create', { name, description: '', permissions });
const save = (from: Role, change: Partial<Role>, by = owner): Promise<TrpcAnswer> => {
  const { roleId, version, name, description, permissions } = { ...from, ...change };
  return by.mutate('roles.save', { roleId, version, name, description, permissions });
};

type Member = { membershipId: string; roleId: string; role: string; isYou: boolean; mayChange: boolean };
const members = async (by = owner): Promise<Member[]> =>
  ((await by.query('team.list')).value as { members: Member[] }).members;
const member = async (roleName: string): Promise<Member> =>
  (await members()).find((m) => m.role === roleName && !m.isYou) ?? expect.fail(`nobody is ${roleName}`);

/** Somebody who may choose people and do nothing more than see the dashboard. */
async function peopleOnly(): Promise<HttpClient> {
  expect((await create('people', ['MANAGE_TEAM', 'VIEW_DASHBOARD'])).status).toBe(200);
  await it.signedInAs(site, 'viewer');
  const someone = await member('viewer');
  const client = await it.signedInAs(site, 'viewer');
  const them = (await members()).find((m) => m.role === 'viewer' && m.membershipId !== someone.membershipId);
  const answer = await owner.mutate('team.changeRole', {
    membershipId: them?.membershipId,
    fromRoleId: them?.roleId,
    roleId: (await role('people')).roleId,
  });
  expect(answer.status).toBe(200);
  return client;
}

const changeRole = async (of: Member, to: string, by = owner): Promise<TrpcAnswer> =>
  by.mutate('team.changeRole', {
    membershipId: of.membershipId,
    fromRoleId: of.roleId,
    roleId: (await role(to)).roleId,
  });

/** Raw SQL as the app role, in the site. @returns how many rows it touched. */
const asApp = (text: string): Promise<number> =>
  inDatabase(it.db.superuserUrl, async (client) => {
    await client.query('begin');
    await client.query('set local role souk_app');
    await client.query("select set_config('app.site_id', $1, true)", [site.siteId]);
    try {
      return (await client.query(text, [site.siteId])).rowCount ?? 0;
    } finally {
      await client.query('rollback');
    }
  });

describe('a role', () => {
  test('is made, given, changed and taken out of use; its people may at once what it says, and no more', async () => {
    const client = await it.signedInAs(site, 'viewer');
    expect((await create(' Night   shift ', ['MANAGE_ORDERS'])).status).toBe(200);
    const made = await role('Night shift');
    expect(made).toMatchObject({ permissions: ['MANAGE_ORDERS'], version: 1, members: 0, mayChange: true });
    expect((await changeRole(await member('viewer'), 'Night shift')).status).toBe(200);
    expect((await client.query('site.get')).value).toMatchObject({
      role: 'Night shift',
      permissions: ['MANAGE_ORDERS'],
    });
    expect((await client.query('orders.list', {})).status).toBe(200);
    expect((await client.query('products.list', {})).refusal?.code).toBe('permission_missing');
    expect((await save(made, { permissions: ['VIEW_PRODUCTS'], description: 'Looks' })).status).toBe(200);
    expect((await client.query('orders.list', {})).refusal?.code).toBe('permission_missing');
    expect((await client.query('products.list', {})).status).toBe(200);
    // As long as somebody is in it, it stays.
    const now = await role('Night shift');
    expect(now).toMatchObject({ version: 2, members: 1 });
    const retire = (of: Role) => owner.mutate('roles.retire', { roleId: of.roleId, version: of.version });
    expect((await retire(now)).refusal?.code).toBe('role_in_use');
    expect((await changeRole(await member('Night shift'), 'viewer')).status).toBe(200);
    const invited = await owner.mutate('team.invite', { email: 'to-be@example.org', roleId: now.roleId });
    expect((await retire(now)).refusal?.code).toBe('role_in_use');
    await owner.mutate('team.revoke', invited.value);
    expect((await retire(now)).status).toBe(200);
    expect((await roles()).map((r) => r.name)).not.toContain('Night shift');
    // Gone is gone; the name is free for another.
    expect((await retire({ ...now, version: 3 })).status).toBe(404);
    expect((await save({ ...now, version: 3 }, {})).status).toBe(404);
    expect((await owner.mutate('team.invite', { email: 'x@example.org', roleId: now.roleId })).status).toBe(404);
    expect((await create('Night shift', ['VIEW_ORDERS'])).status).toBe(200);
  });

  test('stands in the log with what it allowed before and after', async () => {
    await create('Packer', ['VIEW_ORDERS']);
    await save(await role('Packer'), { name: 'Packing', permissions: ['VIEW_ORDERS', 'VIEW_PRODUCTS'] });
    const rows = await ownerRows<{ action: string; before: unknown; after: unknown }>(
      it.db,
      "select action, before, after from admin_action_logs where site_id = $1 and action like 'roles.%' order by action_id",
      [site.siteId],
    );
    const before = { name: 'Packer', description: '', permissions: ['VIEW_ORDERS'] };
    expect(rows).toEqual([
      { action: 'roles.create', before: null, after: before },
      {
        action: 'roles.save',
        before,
        after: { name: 'Packing', description: '', permissions: ['VIEW_ORDERS', 'VIEW_PRODUCTS'] },
      },
    ]);
  });

  test.each([
    ['', 'Give the role a name.'],
    ['x'.repeat(41), 'Use 40 characters at most.'],
    ['ow\u200bner', 'This contains characters that cannot be seen.'],
    ['оwner', 'This mixes letters of different scripts that look alike. Use those of one.'],
    ['OWNER', 'Another role has this name already.'],
    ['Viewer', 'Another role has this name already.'],
  ])('is not called %j', async (name, words) => {
    const answer = await create(name, ['VIEW_ORDERS']);
    expect([answer.status, answer.refusal?.fields]).toEqual([400, { name: words }]);
    expect((await roles()).length).toBe(Object.keys(DEFAULT_ROLES).length);
  });

  test('allows what there is and nothing else; what is not known is named', async () => {
    for (const permissions of [['BE_ANYBODY'], ['VIEW_ORDERS', 'constructor'], [7], 'VIEW_ORDERS'])
      expect((await owner.mutate('roles.create', { name: 'x', description: '', permissions })).status).toBe(400);
    expect((await create('All of it', [...Object.keys(PERMISSIONS), 'VIEW_ORDERS'])).status).toBe(200);
    expect((await role('All of it')).permissions).toEqual(Object.keys(PERMISSIONS).toSorted());
    // It may do everything and is still no owner: the site keeps one beside it.
    expect((await role('All of it')).isOwner).toBe(false);
  });

  test('V1 · a change of what somebody else has changed is refused with both states', async () => {
    await create('Packer', ['VIEW_ORDERS']);
    const seen = await role('Packer');
    expect((await save(seen, { permissions: ['MANAGE_ORDERS'] })).status).toBe(200);
    const late = await save(seen, { name: 'Packing' });
    expect([late.status, late.refusal?.code]).toEqual([409, 'stale_version']);
    expect(late.refusal?.facts).toEqual({
      yours: 1,
      now: 2,
      state: { name: 'Packer', description: '', permissions: ['MANAGE_ORDERS'] },
    });
    const answers = await together(6, (i) => save({ ...seen, version: 2 }, { description: `by ${i}` }));
    expect(answers.map((a) => a.status).toSorted((x, y) => x - y)).toEqual([200, 409, 409, 409, 409, 409]);
    expect((await role('Packer')).version).toBe(3);
  });
});

describe('I6 · nobody gives more than they hold', () => {
  test('I6 · by making, changing or giving a role, to others or to oneself', async () => {
    const people = await peopleOnly();
    for (const permission of Object.keys(PERMISSIONS) as Permission[]) {
      const within = ['MANAGE_TEAM', 'VIEW_DASHBOARD'].includes(permission);
      expect([permission, (await create(`May ${permission}`, [permission], people)).status]).toEqual([
        permission,
        within ? 200 : 403,
      ]);
    }
    const own = await role('people');
    expect((await save(own, { permissions: [...own.permissions, 'VIEW_ORDERS'] }, people)).refusal?.code).toBe(
      'more_than_yours',
    );
    // Neither what they hold less of may be touched, nor taken away.
    for (const name of ['viewer', 'editor', 'manager', 'owner']) {
      const target = await role(name, people);
      expect(target.mayChange).toBe(false);
      expect((await save(target, { permissions: ['VIEW_DASHBOARD'] }, people)).refusal?.code).toBe('more_than_yours');
      expect(
        (await people.mutate('roles.retire', { roleId: target.roleId, version: target.version })).refusal?.code,
      ).toBe('more_than_yours');
    }
    const self = (await members(people)).find((m) => m.isYou) ?? expect.fail('not a member');
    expect((await changeRole(self, 'owner', people)).refusal?.code).toBe('more_than_yours');
    expect((await changeRole(await member('viewer'), 'people', people)).refusal?.code).toBe('more_than_yours');
    expect((await changeRole(self, 'May VIEW_DASHBOARD', people)).status).toBe(200);
    // They have given the right away with it.
    expect((await people.query('roles.list')).refusal?.code).toBe('permission_missing');
  });

  test('I6 · what is taken from somebody meanwhile they give no more', async () => {
    const people = await peopleOnly();
    const own = await role('people');
    // The rights are taken while the other change waits behind the lock.
    const [taken, made] = await heldBack(
      it.db,
      site.siteId,
      'select 1 from roles where site_id = $1 for update',
      () => [
        save(own, { permissions: ['MANAGE_TEAM'] }),
        new Promise<void>((go) => setTimeout(go, 150)).then(() => create('Looks', ['VIEW_DASHBOARD'], people)),
      ],
    );
    expect([taken?.status, made?.refusal?.code]).toEqual([200, 'more_than_yours']);
  });

  test('I6 · nobody comes into a role that is taken out of use in the same moment', async () => {
    await create('Packer', ['VIEW_ORDERS']);
    const packer = await role('Packer');
    // Another owner: of two that one person does, one waits for the other anyway.
    const second = await it.signedInAs(site, 'owner');
    const [retired, invited] = await heldBack(
      it.db,
      site.siteId,
      'select 1 from roles where site_id = $1 for no key update',
      () => [
        owner.mutate('roles.retire', { roleId: packer.roleId, version: packer.version }),
        new Promise<void>((go) => setTimeout(go, 150)).then(() =>
          second.mutate('team.invite', { email: 'late@example.org', roleId: packer.roleId }),
        ),
      ],
    );
    expect([retired?.status, invited?.status]).toEqual([200, 404]);
  });

  test('I6 · the owner’s role keeps its name and all it holds, whatever statement comes', async () => {
    const stays = (text: string) => expect(asApp(text)).rejects.toThrow(/owner_is_the_owner|permission denied/);
    await stays("update roles set role_name = 'boss' where site_id = $1 and role_name = 'owner'");
    await stays("update roles set role_name = 'owner' where site_id = $1 and role_name = 'editor'");
    await stays("update roles set is_retired = true where site_id = $1 and role_name = 'owner'");
    await stays("update roles set is_owner = true where site_id = $1 and role_name = 'editor'");
    const all = 'delete from role_permissions where site_id = $1 and is_owner';
    expect(await asApp(all)).toBe(0);
    expect(await asApp(all.replace('is_owner', 'not is_owner'))).toBeGreaterThan(0);
    const ownerRole = await role('owner');
    expect((await save(ownerRole, { permissions: [] })).refusal?.code).toBe('more_than_yours');
  });
});

describe('the role of a member', () => {
  test('is not changed by who has not seen the last change', async () => {
    await it.signedInAs(site, 'viewer');
    const seen = await member('viewer');
    expect((await changeRole(seen, 'editor')).status).toBe(200);
    expect((await changeRole(seen, 'support')).refusal?.code).toBe('stale_version');
  });

  test('I6 · the last owner stays one; with another they may step down', async () => {
    const made = await ownerRows<{ membership_id: string }>(
      it.db,
      'select membership_id from admin_site_memberships where site_id = $1 and admin_id = $2',
      [site.siteId, site.owner],
    );
    // The site was made with an owner who never signs in here; they go first.
    expect((await owner.mutate('team.remove', { membershipId: made[0]?.membership_id })).status).toBe(200);
    const self = (await members()).find((m) => m.isYou) ?? expect.fail('not a member');
    expect((await changeRole(self, 'manager')).refusal?.code).toBe('last_owner');
    const other = await it.signedInAs(site, 'viewer');
    const heir = await member('viewer');
    const handOver = async (membershipId: string, to: string, by = owner) =>
      by.mutate('team.transferOwnership', { membershipId, ownRoleId: (await role(to, by)).roleId });
    expect((await handOver(heir.membershipId, 'owner')).refusal?.field).toBe('ownRoleId');
    expect((await handOver(self.membershipId, 'manager')).status).toBe(404);
    expect((await handOver(heir.membershipId, 'manager')).status).toBe(200);
    expect((await other.query('site.get')).value).toMatchObject({ role: 'owner' });
    expect((await owner.query('site.get')).value).toMatchObject({ role: 'manager' });
    // A manager chooses nobody.
    expect((await owner.query('team.list')).refusal?.code).toBe('permission_missing');
    expect((await other.mutate('team.leave')).refusal?.code).toBe('last_owner');
  });

  test('I6 · nobody but an owner makes another owner in their own place, however much they hold', async () => {
    expect((await create('All of it', Object.keys(PERMISSIONS))).status).toBe(200);
    const client = await it.signedInAs(site, 'viewer');
    const self = await member('viewer');
    expect((await changeRole(self, 'All of it')).status).toBe(200);
    await it.signedInAs(site, 'viewer');
    const other = await member('viewer');
    const wish = { membershipId: other.membershipId, ownRoleId: other.roleId };
    expect((await client.mutate('team.transferOwnership', wish)).refusal?.code).toBe('more_than_yours');
  });

  test('I6 · owners who all step down at once leave one behind', async () => {
    const everybody = [owner, await it.signedInAs(site, 'owner'), await it.signedInAs(site, 'owner')];
    const selves = await Promise.all(
      everybody.map(async (by) => (await members(by)).find((m) => m.isYou) ?? expect.fail('not a member')),
    );
    const manager = (await role('manager')).roleId;
    const founder = (await members()).find(
      (m) => m.role === 'owner' && !selves.some((s) => s.membershipId === m.membershipId),
    );
    await owner.mutate('team.remove', { membershipId: founder?.membershipId });
    const answers = await together(3, (i) =>
      (everybody[i] ?? owner).mutate('team.changeRole', {
        membershipId: selves[i]?.membershipId,
        fromRoleId: selves[i]?.roleId,
        roleId: manager,
      }),
    );
    expect(answers.map((a) => a.status).toSorted((x, y) => x - y)).toEqual([200, 200, 409]);
  });

  test('E09 · a live stream ends within a second of a change of one’s rights', async () => {
    const client = await it.signedInAs(site, 'viewer');
    let endedAt: number | undefined;
    await new Promise<void>((resolve, reject) => {
      const cookie = `${adminCookie('development')}=${client.cookies.get(adminCookie('development'))}`;
      get(
        {
          host: '127.0.0.1',
          port: it.port,
          agent: false,
          path: `/s/${site.handle}/live`,
          headers: { host: `admin.localhost:${it.port}`, cookie },
        },
        (answer) => {
          answer.resume();
          answer.on('close', () => (endedAt = performance.now()));
          resolve();
        },
      ).on('error', reject);
    });
    const at = performance.now();
    const viewer = await role('viewer');
    expect((await save(viewer, { permissions: ['VIEW_PRODUCTS'] })).status).toBe(200);
    await until('the stream has ended', () => endedAt !== undefined, 3);
    expect((endedAt ?? Infinity) - at).toBeLessThan(1_000);
  });
});
