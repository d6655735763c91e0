import type { SiteTransaction } from '@souk/db';
import { insertOutbox } from '@souk/db/activity';
import {
  type Role,
  changeRole,
  countPeopleOfRoles,
  insertRole,
  isRoleNameTaken,
  listRoles,
  lockRoles,
  retireRole,
} from '@souk/db/identity';
import {
  ALL_PERMISSIONS,
  type Permission,
  ROLES_MAX,
  ROLE_NAME_MAX,
  type RoleNameFault,
  holds,
  roleName,
  roleRefusal,
} from '@souk/domain/identity';
import { type AdminId, id } from '@souk/domain/shared';
import { z } from 'zod';
import type { Services } from '../services.ts';
import type { Deed, SiteAccess } from '../trpc/context.ts';
import { adminProcedure, adminRouterOf } from '../trpc/procedures.ts';
import { Refused, notFound } from '../trpc/refusals.ts';
import { idInput, line } from '../trpc/schemas.ts';

const NAME_WORDS: Readonly<Record<RoleNameFault, string>> = {
  empty: 'Give the role a name.',
  too_long: `Use ${ROLE_NAME_MAX} characters at most.`,
  invisible: 'This contains characters that cannot be seen.',
  mixed_scripts: 'This mixes letters of different scripts that look alike. Use those of one.',
};

const wrongName = (message: string): Refused =>
  new Refused({ code: 'wrong_field', message, field: 'name', fields: { name: message } });

/** Permissions as they are given. */
const permissionsInput = z.array(z.enum(ALL_PERMISSIONS, 'This is not a permission.')).max(100);

const content = {
  name: z.string().max(1000),
  description: line('The description', 200),
  permissions: permissionsInput,
};

const nameOf = (text: string): string => {
  const name = roleName(text);
  if (!name.ok) throw wrongName(NAME_WORDS[name.refusal]);
  return name.value;
};

type Given = { readonly name: string; readonly description: string; readonly permissions: readonly Permission[] };
const asLogged = (role: Given) => ({
  name: role.name,
  description: role.description,
  permissions: role.permissions.toSorted(),
});
const given = (role: Role): Given => ({
  name: role.roleName,
  description: role.description,
  permissions: role.permissions,
});

/** What is asked for: its name as names are written, each permission once. */
const givenIn = ({ name, description, permissions }: Given): Given => ({
  name: nameOf(name),
  description,
  permissions: [...new Set(permissions)],
});

/** Who changes roles, with every role of the site held. */
async function rolesIn(tx: SiteTransaction, site: SiteAccess) {
  const { actor, roles } = await lockRoles(tx, id<AdminId>(site.actor.id));
  if (!actor || !holds(actor.permissions, 'MANAGE_TEAM')) throw notFound();
  return { granted: actor.permissions, roles };
}

/** The role as it stands, when it is the one the caller has seen (V1) and may touch (I6). */
function roleToChange(
  { granted, roles }: { granted: readonly Permission[]; roles: readonly Role[] },
  { roleId, version }: { roleId: string; version: number },
  wanted: readonly Permission[],
): Role {
  const role = roles.find((r) => r.roleId === roleId);
  if (!role) throw notFound();
  refuseBeyond(granted, { isOwner: role.isOwner, now: role.permissions, wanted });
  if (role.version !== version)
    throw new Refused({
      code: 'stale_version',
      message: `Somebody changed the role “${role.roleName}” since you opened it.`,
      facts: { yours: version, now: role.version, state: given(role) },
    });
  return role;
}

function refuseBeyond(granted: readonly Permission[], role: Parameters<typeof roleRefusal>[1]): void {
  const refusal = roleRefusal(granted, role);
  if (refusal === 'owner_role')
    throw new Refused({
      code: 'more_than_yours',
      message: 'The role “owner” stays as it is: a site always has people who may do everything.',
    });
  if (refusal === 'more_than_yours')
    throw new Refused({
      code: 'more_than_yours',
      message: 'Nobody gives, or takes away, what they do not hold themselves. Ask somebody who holds all of it.',
    });
}

const named = async <Value>(work: Promise<Value>): Promise<Value> => {
  try {
    return await work;
  } catch (error) {
    if (isRoleNameTaken(error)) throw wrongName('Another role has this name already.');
    throw error;
  }
};

const told = (tx: SiteTransaction, services: Services, roleId: string, deed: Omit<Deed<unknown>, 'value'>) => {
  insertOutbox(tx, [{ eventId: services.newId(tx.at), kind: 'team.changed', entityId: roleId }]);
  return { ...deed, value: { roleId } };
};

const answer = z.strictObject({ roleId: z.string() });

export const rolesRouter = adminRouterOf({
  /** The roles of the site with what each allows, and what of it the caller may give. */
  list: adminProcedure('MANAGE_TEAM')
    .output(
      z.strictObject({
        roles: z.array(
          z.strictObject({
            roleId: z.string(),
            name: z.string(),
            description: z.string(),
            isOwner: z.boolean(),
            permissions: z.array(z.string()),
            version: z.int(),
            members: z.int(),
            invitations: z.int(),
            mayChange: z.boolean(),
          }),
        ),
        mayMake: z.boolean(),
      }),
    )
    .query(({ ctx: { site } }) =>
      site.read(async (tx) => {
        const [roles, people] = await Promise.all([listRoles(tx), countPeopleOfRoles(tx)]);
        return {
          roles: roles.map((role) => ({
            roleId: role.roleId,
            ...given(role),
            permissions: [...role.permissions],
            isOwner: role.isOwner,
            version: role.version,
            members: people.get(role.roleId)?.members ?? 0,
            invitations: people.get(role.roleId)?.invitations ?? 0,
            mayChange:
              roleRefusal(site.actor.permissions, {
                isOwner: role.isOwner,
                now: role.permissions,
                wanted: role.permissions,
              }) === undefined,
          })),
          mayMake: roles.length < ROLES_MAX,
        };
      }),
    ),

  /** Makes a role of what the caller holds (I6). */
  create: adminProcedure('MANAGE_TEAM')
    .meta({ fresh: true })
    .input(z.strictObject(content))
    .output(answer)
    .mutation(({ ctx: { site, services }, input }) =>
      named(
        site.write(async (tx) => {
          const role = givenIn(input);
          const { granted, roles } = await rolesIn(tx, site);
          refuseBeyond(granted, { isOwner: false, now: [], wanted: role.permissions });
          if (roles.length >= ROLES_MAX)
            throw wrongName(`There are ${ROLES_MAX} roles. Delete one that nobody needs any more.`);
          const roleId = services.newId(tx.at);
          await insertRole(tx, { roleId, roleName: role.name, ...role });
          return told(tx, services, roleId, { entityType: 'role', entityId: roleId, after: asLogged(role) });
        }),
      ),
    ),

  /** Gives a role another name, description or permissions: what its people may do changes at once (I6, V1). */
  save: adminProcedure('MANAGE_TEAM')
    .meta({ fresh: true })
    .input(z.strictObject({ roleId: idInput, version: z.int().positive().max(2_000_000_000), ...content }))
    .output(answer)
    .mutation(({ ctx: { site, services }, input: { roleId, version, ...rest } }) =>
      named(
        site.write(async (tx) => {
          const role = givenIn(rest);
          const before = roleToChange(await rolesIn(tx, site), { roleId, version }, role.permissions);
          if (!(await changeRole(tx, { roleId, version, roleName: role.name, ...role }))) throw notFound();
          return told(tx, services, roleId, {
            entityType: 'role',
            entityId: roleId,
            before: asLogged(given(before)),
            after: asLogged(role),
          });
        }),
      ),
    ),

  /** Takes a role out of use that nobody is in or invited to. Its name is free again. */
  retire: adminProcedure('MANAGE_TEAM')
    .meta({ fresh: true })
    .input(z.strictObject({ roleId: idInput, version: z.int().positive().max(2_000_000_000) }))
    .output(answer)
    .mutation(({ ctx: { site, services }, input }) =>
      site.write(async (tx) => {
        const before = roleToChange(await rolesIn(tx, site), input, []);
        if (!(await retireRole(tx, input.roleId, input.version)))
          throw new Refused({
            code: 'role_in_use',
            message: `Somebody is ${before.roleName}, or invited to be. Give them another role first.`,
          });
        return told(tx, services, input.roleId, {
          entityType: 'role',
          entityId: input.roleId,
          before: asLogged(given(before)),
        });
      }),
    ),
});
