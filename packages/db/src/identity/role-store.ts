import type { Permission } from '@souk/domain/identity';
import type { AdminId } from '@souk/domain/shared';
import pg from 'pg';
import { type SiteTransaction, row, rows, run, send, sql } from '../with-site.ts';
import { type HeldMember, lockMember } from './team-store.ts';

export type Role = {
  readonly roleId: string;
  readonly roleName: string;
  readonly isOwner: boolean;
  readonly description: string;
  readonly permissions: readonly Permission[];
  readonly version: number;
};

type RoleRow = {
  role_id: string;
  role_name: string;
  is_owner: boolean;
  description: string;
  permissions: Permission[];
  version: number;
};
const toRole = (r: RoleRow): Role => ({
  roleId: r.role_id,
  roleName: r.role_name,
  isOwner: r.is_owner,
  description: r.description,
  permissions: r.permissions,
  version: r.version,
});

const inUse = (
  tx: SiteTransaction,
) => sql<RoleRow>`select role_id, role_name, is_owner, description, version, permissions from roles r
  cross join lateral (select array(select permission_key from role_permissions p where p.site_id = r.site_id and p.role_id = r.role_id order by 1)) as x (permissions)
  where site_id = ${tx.siteId} and not is_retired`;

/** The roles of the site that are in use, those that allow most first. */
export const listRoles = async (tx: SiteTransaction): Promise<Role[]> =>
  (await rows<RoleRow>(tx, sql`${inUse(tx)} order by cardinality(permissions) desc, role_name`)).map(toRole);

/** One role in use. Who is about to give it holds it first, together with themselves (`lockMember`). */
export async function findRole(tx: SiteTransaction, roleId: string): Promise<Role | undefined> {
  const found = await row<RoleRow>(tx, sql`${inUse(tx)} and role_id = ${roleId}`);
  return found && toRole(found);
}

/** How many people are in each role, and how many are invited to it. Roles that nobody is in or invited to are not there. */
export async function countPeopleOfRoles(
  tx: SiteTransaction,
): Promise<Map<string, { members: number; invitations: number }>> {
  const found = await rows<{ role_id: string; members: number; invitations: number }>(
    tx,
    sql`select role_id, sum(members)::int as members, sum(invitations)::int as invitations from (
        select role_id, 1 as members, 0 as invitations from admin_site_memberships where site_id = ${tx.siteId} and status = 'active'
        union all select role_id, 0, 1 from site_invitations where site_id = ${tx.siteId} and status = 'pending'
      ) as people group by role_id`,
  );
  return new Map(found.map((r) => [r.role_id, { members: r.members, invitations: r.invitations }]));
}

/**
 * Holds who changes a role, and then every role of the site, so that no role is given, and nobody's rights judged, by what
 * a role allowed before. One round trip.
 */
export async function lockRoles(
  tx: SiteTransaction,
  adminId: AdminId,
): Promise<{ actor: HeldMember | undefined; roles: Role[] }> {
  const [, , actor, roles] = await Promise.all([
    rows(
      tx,
      sql`select 1 from admin_site_memberships where site_id = ${tx.siteId} and admin_id = ${adminId} and status = 'active' for update`,
    ),
    rows(tx, sql`select 1 from roles where site_id = ${tx.siteId} order by role_id for no key update`),
    lockMember(tx, adminId),
    listRoles(tx),
  ]);
  return { actor, roles };
}

export type RoleContent = {
  readonly roleId: string;
  readonly roleName: string;
  readonly description: string;
  readonly permissions: readonly Permission[];
};

/** Makes a role. When another in use has its name, the transaction fails (`isRoleNameTaken`). */
export async function insertRole(tx: SiteTransaction, role: RoleContent): Promise<void> {
  await run(
    tx,
    sql`insert into roles (site_id, role_id, role_name, description) values (${tx.siteId}, ${role.roleId}, ${role.roleName}, ${role.description})`,
  );
  givePermissions(tx, role);
}

/**
 * Gives a role another name, description and permissions, if it still stands at this version (V1). False when it does not.
 * When another in use has the name, the transaction fails (`isRoleNameTaken`).
 */
export async function changeRole(tx: SiteTransaction, role: RoleContent & { version: number }): Promise<boolean> {
  const changed = await run(
    tx,
    sql`update roles set role_name = ${role.roleName}, description = ${role.description}, version = version + 1
      where site_id = ${tx.siteId} and role_id = ${role.roleId} and version = ${role.version} and not is_owner and not is_retired`,
  );
  if (changed === 0) return false;
  send(
    tx,
    sql`delete from role_permissions where site_id = ${tx.siteId} and role_id = ${role.roleId} and permission_key <> all(${[...role.permissions]}::text[])`,
  );
  givePermissions(tx, role);
  return true;
}

function givePermissions(tx: SiteTransaction, { roleId, permissions }: RoleContent): void {
  send(
    tx,
    sql`insert into role_permissions (site_id, role_id, permission_key) select ${tx.siteId}, ${roleId}, unnest(${[...permissions]}::text[]) on conflict do nothing`,
  );
}

/** Takes a role out of use, if it still stands at this version and nobody is in it or invited to it. False when not. */
export async function retireRole(tx: SiteTransaction, roleId: string, version: number): Promise<boolean> {
  const retired = await run(
    tx,
    sql`update roles r set is_retired = true, version = version + 1
      where site_id = ${tx.siteId} and role_id = ${roleId} and version = ${version} and not is_owner and not is_retired
        and not exists (select from admin_site_memberships m where m.site_id = r.site_id and m.role_id = r.role_id and m.status = 'active')
        and not exists (select from site_invitations i where i.site_id = r.site_id and i.role_id = r.role_id and i.status = 'pending')`,
  );
  return retired > 0;
}

/** Whether a transaction failed because another role of the site has the name. */
export const isRoleNameTaken = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && error.constraint === 'roles_one_of_a_name';
