import { type Brand, type Result, ok, refuse, tidy } from '../shared/index.ts';
import { type Permission, holds } from './permissions.ts';
import { type Member, beyond } from './team.ts';

/** What a role is called: one line, as it is read. */
export type RoleName = Brand<string, 'RoleName'>;
export type RoleNameFault = 'empty' | 'too_long' | 'invisible' | 'mixed_scripts';
export const ROLE_NAME_MAX = 40;
/** Roles of a site that are in use; more than anybody can keep apart. */
export const ROLES_MAX = 50;

/**
 * Scripts whose letters pass for each other. Whole words of one of them are somebody's language; two of them in one name are
 * a disguise: "оwner" with a Cyrillic o.
 */
const LOOK_ALIKE = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u, /\p{Script=Armenian}/u];

export function roleName(text: string): Result<RoleName, RoleNameFault> {
  const name = tidy(text);
  if (name === '') return refuse('empty');
  if (Array.from(name).length > ROLE_NAME_MAX) return refuse('too_long');
  if (/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{DI}]/u.test(name)) return refuse('invisible');
  if (LOOK_ALIKE.filter((script) => script.test(name)).length > 1) return refuse('mixed_scripts');
  return ok(name as RoleName);
}

/** What speaks against making a role, or giving it other permissions. */
export type RoleRefusal = 'owner_role' | 'more_than_yours';

/**
 * Whether somebody who holds `granted` may give a role that allows `now` the permissions `wanted` (a new role allows
 * nothing now). Nobody gives what they do not hold, nor touches a role that may do more than they may; and the owner's role
 * stays as it is (I6).
 */
export function roleRefusal(
  granted: readonly Permission[],
  role: { readonly isOwner: boolean; readonly now: readonly Permission[]; readonly wanted: readonly Permission[] },
): RoleRefusal | undefined {
  if (role.isOwner) return 'owner_role';
  return beyond(granted, [...role.now, ...role.wanted]).length > 0 ? 'more_than_yours' : undefined;
}

export type RoleChangeRefusal = 'permission_missing' | 'more_than_yours' | 'last_owner';

/**
 * Whether `actor` may give `target`, who may be themselves, the role `next`, where `owners` are all active owners of the
 * site. They may choose people, hold all that the other holds and all that the other would; and the last owner stays one (I6).
 */
export function roleChangeRefusal(
  actor: Member,
  target: Member,
  next: Pick<Member, 'isOwner' | 'permissions'>,
  owners: number,
): RoleChangeRefusal | undefined {
  if (!holds(actor.permissions, 'MANAGE_TEAM')) return 'permission_missing';
  if (beyond(actor.permissions, [...target.permissions, ...next.permissions]).length > 0) return 'more_than_yours';
  return target.isOwner && !next.isOwner && owners <= 1 ? 'last_owner' : undefined;
}
