import { type Permission, holds } from './permissions.ts';

/**
 * The permissions of a role that somebody does not hold themselves: nobody gives, takes away or sends again what has any.
 * An empty list is a yes (I6).
 */
export const beyond = (granted: readonly Permission[], role: readonly Permission[]): Permission[] =>
  role.filter((permission) => !holds(granted, permission));

export type Member = {
  readonly membershipId: string;
  readonly roleName: string;
  /** In the role that a site always keeps somebody in. */
  readonly isOwner: boolean;
  readonly permissions: readonly Permission[];
};

export type RemovalRefusal = 'permission_missing' | 'more_than_yours' | 'last_owner';

/**
 * Whether `actor` may end `target`'s membership, where `owners` are all active owners of the site. Everybody may go
 * themselves; who removes others may, and holds all that they hold; and the last owner stays (I6).
 */
export function removalRefusal(actor: Member, target: Member, owners: number): RemovalRefusal | undefined {
  const isSelf = actor.membershipId === target.membershipId;
  if (!isSelf && !holds(actor.permissions, 'MANAGE_TEAM')) return 'permission_missing';
  if (!isSelf && beyond(actor.permissions, target.permissions).length > 0) return 'more_than_yours';
  if (target.isOwner && owners <= 1) return 'last_owner';
  return undefined;
}

/** Why no further invitation goes out, so that nobody's mailbox is filled through us. */
export type InvitationLimit = 'too_many_open' | 'too_many_today';
export const INVITATION_LIMITS = { open: 50, perDay: 100, sendings: 5, secondsBetweenSendings: 60 } as const;

export const invitationLimit = (site: { open: number; today: number }): InvitationLimit | undefined =>
  site.open >= INVITATION_LIMITS.open
    ? 'too_many_open'
    : site.today >= INVITATION_LIMITS.perDay
      ? 'too_many_today'
      : undefined;
