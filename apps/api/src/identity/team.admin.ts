import {
  type Invitation,
  countInvitations,
  endInvitation,
  endMembership,
  findMember,
  findAccountByEmail,
  insertInvitation,
  listInvitations,
  listOpenSupport,
  findRole,
  listRoles,
  listTeam,
  lockInvitation,
  lockMember,
  lockWithOwners,
  renewInvitation,
  requireSecondFactor,
  requiresSecondFactor,
  setMemberRole,
} from '@souk/db/identity';
import { insertOutbox } from '@souk/db/activity';
import type { SiteTransaction } from '@souk/db';
import {
  INVITATION_LIMITS,
  type Permission,
  beyond,
  emailAddress,
  holds,
  invitationLimit,
  removalRefusal,
  roleChangeRefusal,
} from '@souk/domain/identity';
import { type AdminId, id } from '@souk/domain/shared';
import { z } from 'zod';
import type { Services } from '../services.ts';
import type { SiteAccess } from '../trpc/context.ts';
import { adminProcedure, adminRouterOf } from '../trpc/procedures.ts';
import { Refused, notFound } from '../trpc/refusals.ts';
import { idInput } from '../trpc/schemas.ts';
import { invitationEnds, invitationToken } from './invitation-link.ts';
import { hashToken } from './session.ts';
import { endAccess } from './support.admin.ts';

const wrongEmail = (message: string): Refused =>
  new Refused({ code: 'wrong_field', message, field: 'email', fields: { email: message } });

const moreThanYours = (roleName: string): Refused =>
  new Refused({
    code: 'more_than_yours',
    message: `The role “${roleName}” may do more than you may yourself. Ask somebody who holds all of it.`,
  });

const lastOwner = (whatToDo: string): Refused =>
  new Refused({ code: 'last_owner', message: `A site keeps an owner. ${whatToDo}` });

const tooMany = (message: string): Refused => new Refused({ code: 'too_many_invitations', message });

const LIMIT_WORDS = {
  too_many_open: `There are ${INVITATION_LIMITS.open} open invitations. Take back those that nobody needs any more.`,
  too_many_today: 'Many invitations have gone out since yesterday. Wait until tomorrow for more.',
} as const;

/** Asked for where an address has no account, so that both ways take the same time. */
const NOBODY = id<AdminId>('00000000-0000-7000-8000-000000000000');

const DAY_MS = 86_400_000;

/** Holds who acts, as they are in this transaction, and the role they give: what was asked at the door may have been taken away meanwhile. */
async function actorIn(tx: SiteTransaction, site: SiteAccess, given?: string) {
  const actor = await lockMember(tx, id<AdminId>(site.actor.id), given);
  if (!actor || !holds(actor.permissions, 'MANAGE_TEAM')) throw notFound();
  return actor;
}

/** An open invitation whose role is within what the actor holds (I6). */
async function invitationIn(
  tx: SiteTransaction,
  permissions: readonly Permission[],
  invitationId: string,
): Promise<Invitation> {
  const invitation = await lockInvitation(tx, invitationId);
  if (!invitation) throw notFound();
  const role = await findRole(tx, invitation.roleId);
  if (!role || beyond(permissions, role.permissions).length > 0) throw moreThanYours(invitation.roleName);
  return invitation;
}

const tell = (tx: SiteTransaction, services: Services, kind: 'invitation.wanted' | 'team.changed', entityId: string) =>
  insertOutbox(tx, [{ eventId: services.newId(tx.at), kind, entityId }]);

/** Ends a membership, held together with every owner's, and says what it was for the log. */
async function removeMember(tx: SiteTransaction, services: Services, site: SiteAccess, membershipId: string) {
  const { actor, target, owners } = await lockWithOwners(tx, id<AdminId>(site.actor.id), membershipId);
  if (!actor || !target) throw notFound();
  const refusal = removalRefusal(actor, target, owners);
  // Who may not choose people any more does not learn who there is.
  if (refusal === 'permission_missing') throw notFound();
  if (refusal === 'more_than_yours') throw moreThanYours(target.roleName);
  if (refusal === 'last_owner') throw lastOwner('Invite another one first; when they have come, this one can go.');
  // To go oneself is nobody's harm.
  if (actor.membershipId !== target.membershipId) site.requireProof();
  endMembership(tx, membershipId, target.adminId);
  tell(tx, services, 'team.changed', membershipId);
  return {
    value: { membershipId },
    entityType: 'membership',
    entityId: membershipId,
    after: { admin: target.adminId, role: target.roleName },
  };
}

/** Whom a change of roles is about, and the roles as they are held: who acts, who is given another role, and that role. */
async function lockForChange(tx: SiteTransaction, site: SiteAccess, membershipId: string, roleId: string) {
  const held = await lockWithOwners(tx, id<AdminId>(site.actor.id), membershipId, roleId);
  const role = await findRole(tx, roleId);
  const { actor, target } = held;
  if (!actor || !target || !role || !holds(actor.permissions, 'MANAGE_TEAM')) throw notFound();
  return { actor, target, role, owners: held.owners };
}

export const teamRouter = adminRouterOf({
  /** The people of the site, the invitations that are open, and the roles with what the caller may give. */
  list: adminProcedure('MANAGE_TEAM')
    .output(
      z.strictObject({
        /** Whether everybody who works here needs a second factor, and whether the caller has one. */
        secondFactor: z.strictObject({ isRequired: z.boolean(), youHaveOne: z.boolean() }),
        members: z.array(
          z.strictObject({
            membershipId: z.string(),
            name: z.string(),
            email: z.string(),
            roleId: z.string(),
            role: z.string(),
            since: z.date(),
            isYou: z.boolean(),
            isOwner: z.boolean(),
            mayRemove: z.boolean(),
            mayChange: z.boolean(),
            isLastOwner: z.boolean(),
          }),
        ),
        invitations: z.array(
          z.strictObject({
            invitationId: z.string(),
            email: z.string(),
            role: z.string(),
            invitedBy: z.string(),
            sentAt: z.date(),
            expiresAt: z.date(),
            isOver: z.boolean(),
            mayChange: z.boolean(),
          }),
        ),
        support: z.strictObject({
          /** Whether the caller lets support in: an owner does. */
          mayOpen: z.boolean(),
          open: z.array(
            z.strictObject({
              supportId: z.string(),
              name: z.string(),
              email: z.string(),
              permissions: z.array(z.string()),
              reason: z.string(),
              openedBy: z.string(),
              openedAt: z.date(),
              until: z.date(),
            }),
          ),
        }),
        roles: z.array(
          z.strictObject({
            roleId: z.string(),
            name: z.string(),
            description: z.string(),
            isOwner: z.boolean(),
            mayGive: z.boolean(),
          }),
        ),
      }),
    )
    .query(async ({ ctx }) => {
      const { site, services } = ctx;
      const [team, support, { invitations, roles, isRequired }] = await Promise.all([
        listTeam(services.database, site.siteId),
        listOpenSupport(services.database, site.siteId, services.now()),
        site.read(async (tx) => {
          const [open, all, required] = await Promise.all([
            listInvitations(tx),
            listRoles(tx),
            requiresSecondFactor(tx),
          ]);
          return { invitations: open, roles: all, isRequired: required };
        }),
      ]);
      const mine = site.actor.permissions;
      const within = new Map(roles.map((r) => [r.roleId, beyond(mine, r.permissions).length === 0]));
      const owners = team.filter((m) => m.roleName === 'owner').length;
      const now = services.now();
      return {
        secondFactor: { isRequired, youHaveOne: site.hasSecondFactor },
        members: team.map((m) => {
          const isYou = m.adminId === site.actor.id;
          const isLastOwner = m.roleName === 'owner' && owners === 1;
          return {
            membershipId: m.membershipId,
            name: m.name,
            email: m.email,
            roleId: m.roleId,
            role: m.roleName,
            since: m.since,
            isYou,
            isOwner: m.roleName === 'owner',
            isLastOwner,
            mayRemove: !isLastOwner && (isYou || within.get(m.roleId) === true),
            mayChange: !isLastOwner && within.get(m.roleId) === true,
          };
        }),
        support: {
          mayOpen: site.actor.roleName === 'owner',
          open: support.map(({ supporterId: _, language: __, ...access }) => ({
            ...access,
            permissions: [...access.permissions],
          })),
        },
        invitations: invitations.map((i) => ({
          invitationId: i.invitationId,
          email: i.email,
          role: i.roleName,
          invitedBy: team.find((m) => m.adminId === i.invitedBy)?.name ?? '',
          sentAt: i.sentAt,
          expiresAt: i.expiresAt,
          isOver: i.expiresAt <= now,
          mayChange: within.get(i.roleId) === true,
        })),
        roles: roles.map((r) => ({
          roleId: r.roleId,
          name: r.roleName,
          description: r.description,
          isOwner: r.isOwner,
          mayGive: within.get(r.roleId) === true,
        })),
      };
    }),

  /**
   * Invites somebody by mail, in a role of which the caller holds all (I6). The answer is the same whoever has an account.
   * Always after a fresh proof (I7): whoever is invited signs in with one, and would have passed by it.
   */
  invite: adminProcedure('MANAGE_TEAM')
    .meta({ fresh: true })
    .input(z.strictObject({ email: z.string().max(1000), roleId: idInput }))
    .output(z.strictObject({ invitationId: z.string() }))
    .mutation(async ({ ctx, input }) => {
      const { site, services } = ctx;
      const parsed = emailAddress(input.email);
      if (!parsed.ok) throw wrongEmail('This does not look like an e-mail address.');
      const account = await findAccountByEmail(services.database, parsed.value);
      return site.write(async (tx) => {
        const actor = await actorIn(tx, site, input.roleId);
        const role = await findRole(tx, input.roleId);
        if (!role) throw notFound();
        if (beyond(actor.permissions, role.permissions).length > 0) throw moreThanYours(role.roleName);
        // Who is a member is no secret here: the caller sees them in the list above the form.
        if (await findMember(tx, account?.adminId ?? NOBODY))
          throw wrongEmail('They are a member of this site already.');
        const limit = invitationLimit(await countInvitations(tx, new Date(tx.at.getTime() - DAY_MS)));
        if (limit) throw tooMany(LIMIT_WORDS[limit]);
        const invitationId = services.newId(tx.at);
        const made = await insertInvitation(tx, {
          invitationId,
          email: parsed.value,
          roleId: role.roleId,
          tokenHash: hashToken(invitationToken(services.key, invitationId, 1)),
          invitedBy: id<AdminId>(site.actor.id),
          expiresAt: invitationEnds(tx.at),
        });
        if (!made) throw wrongEmail('They are invited already. Send the invitation again, or take it back first.');
        tell(tx, services, 'invitation.wanted', invitationId);
        return {
          value: { invitationId },
          entityType: 'invitation',
          entityId: invitationId,
          after: { role: role.roleName },
        };
      });
    }),

  /** Sends an open invitation once more, with a new link and time; the link before is dead with that. */
  sendAgain: adminProcedure('MANAGE_TEAM')
    .input(z.strictObject({ invitationId: idInput }))
    .output(z.strictObject({ invitationId: z.string() }))
    .mutation(({ ctx: { site, services }, input: { invitationId } }) =>
      site.write(async (tx) => {
        const actor = await actorIn(tx, site);
        const { sending: before, sentAt, roleName } = await invitationIn(tx, actor.permissions, invitationId);
        if (before >= INVITATION_LIMITS.sendings)
          throw tooMany(`It was sent ${before} times. Ask them to look among unwanted mail, or take it back.`);
        if (tx.at.getTime() - sentAt.getTime() < INVITATION_LIMITS.secondsBetweenSendings * 1000)
          throw tooMany('It went out just now. Give it a minute.');
        const sending = before + 1;
        renewInvitation(tx, {
          invitationId,
          sending,
          tokenHash: hashToken(invitationToken(services.key, invitationId, sending)),
          expiresAt: invitationEnds(tx.at),
        });
        tell(tx, services, 'invitation.wanted', invitationId);
        return { value: { invitationId }, entityType: 'invitation', entityId: invitationId, after: { role: roleName } };
      }),
    ),

  /** Takes an invitation back: its link is dead, and the address is forgotten. */
  revoke: adminProcedure('MANAGE_TEAM')
    .meta({ endsAccess: true })
    .input(z.strictObject({ invitationId: idInput }))
    .output(z.strictObject({ invitationId: z.string() }))
    .mutation(({ ctx: { site, services }, input: { invitationId } }) =>
      site.write(async (tx) => {
        const actor = await actorIn(tx, site);
        const { roleName } = await invitationIn(tx, actor.permissions, invitationId);
        endInvitation(tx, invitationId, 'revoked');
        tell(tx, services, 'team.changed', invitationId);
        return { value: { invitationId }, entityType: 'invitation', entityId: invitationId, after: { role: roleName } };
      }),
    ),

  /** Gives a member, or oneself, another role: never more than the caller holds (I6). What they may do changes at once. */
  changeRole: adminProcedure('MANAGE_TEAM')
    .meta({ fresh: true })
    .input(z.strictObject({ membershipId: idInput, fromRoleId: idInput, roleId: idInput }))
    .output(z.strictObject({ membershipId: z.string() }))
    .mutation(({ ctx: { site, services }, input: { membershipId, fromRoleId, roleId } }) =>
      site.write(async (tx) => {
        const { actor, target, role, owners } = await lockForChange(tx, site, membershipId, roleId);
        if (target.roleId !== fromRoleId)
          throw new Refused({
            code: 'stale_version',
            message: `Somebody made them ${target.roleName} meanwhile. Look again, then decide.`,
            facts: { yours: fromRoleId, now: target.roleId },
          });
        const refusal = roleChangeRefusal(actor, target, role, owners);
        if (refusal === 'last_owner') throw lastOwner('Make somebody else an owner first.');
        if (refusal)
          throw moreThanYours(beyond(actor.permissions, role.permissions).length > 0 ? role.roleName : target.roleName);
        setMemberRole(tx, membershipId, roleId);
        tell(tx, services, 'team.changed', membershipId);
        return {
          value: { membershipId },
          entityType: 'membership',
          entityId: membershipId,
          before: { admin: target.adminId, role: target.roleName },
          after: { admin: target.adminId, role: role.roleName },
        };
      }),
    ),

  /** Makes a member an owner in the caller's place, who takes the other role in the same moment. Only an owner can. */
  transferOwnership: adminProcedure('MANAGE_TEAM')
    .meta({ fresh: true })
    .input(z.strictObject({ membershipId: idInput, ownRoleId: idInput }))
    .output(z.strictObject({ membershipId: z.string() }))
    .mutation(({ ctx: { site, services }, input: { membershipId, ownRoleId } }) =>
      site.write(async (tx) => {
        const { actor, target, role } = await lockForChange(tx, site, membershipId, ownRoleId);
        if (!actor.isOwner) throw moreThanYours('owner');
        if (target.membershipId === actor.membershipId) throw notFound();
        if (role.isOwner)
          throw new Refused({
            code: 'wrong_field',
            message: 'Choose what you will be yourself: another role than owner.',
            field: 'ownRoleId',
          });
        setMemberRole(tx, membershipId, actor.roleId);
        setMemberRole(tx, actor.membershipId, role.roleId);
        tell(tx, services, 'team.changed', membershipId);
        return {
          value: { membershipId },
          entityType: 'membership',
          entityId: membershipId,
          before: { admin: target.adminId, role: target.roleName, giver: actor.roleName },
          after: { admin: target.adminId, role: actor.roleName, giver: role.roleName },
        };
      }),
    ),

  /** Ends somebody's membership. Everything they have open of this site ends within a second (E09). */
  remove: adminProcedure('MANAGE_TEAM')
    .meta({ fresh: 'sometimes', endsAccess: true })
    .input(z.strictObject({ membershipId: idInput }))
    .output(z.strictObject({ membershipId: z.string() }))
    .mutation(({ ctx: { site, services }, input: { membershipId } }) =>
      site.write((tx) => removeMember(tx, services, site, membershipId)),
    ),

  /**
   * Asks a second factor of everybody who works here, or of nobody (I8). Whoever asks it of others has one. What those without
   * have open of the site ends within a second.
   */
  requireSecondFactor: adminProcedure('MANAGE_TEAM')
    .meta({ fresh: true })
    .input(z.strictObject({ isRequired: z.boolean() }))
    .output(z.strictObject({ isRequired: z.boolean() }))
    .mutation(({ ctx: { site, services }, input: { isRequired } }) =>
      site.write(async (tx) => {
        await actorIn(tx, site);
        if (isRequired && !site.hasSecondFactor)
          throw new Refused({
            code: 'second_factor_missing',
            message:
              'Set your own second factor up first, on the page of your account: otherwise you would lock yourself out.',
          });
        requireSecondFactor(tx, isRequired);
        tell(tx, services, 'team.changed', site.siteId);
        return {
          value: { isRequired },
          entityType: 'site',
          entityId: site.siteId,
          after: { secondFactorRequired: isRequired },
        };
      }),
    ),

  /** Ends one's own membership, or what lets one in as support; the last owner stays. */
  leave: adminProcedure('any')
    .meta({ endsAccess: true })
    .output(z.strictObject({ leftId: z.string() }))
    .mutation(({ ctx: { site, services } }) =>
      site.write(async (tx) => {
        if (site.actor.kind === 'support') {
          const deed = await endAccess(tx, services, { supporterId: id<AdminId>(site.actor.id) });
          return { ...deed, value: { leftId: deed.value.supportId } };
        }
        const self = await findMember(tx, id<AdminId>(site.actor.id));
        if (!self) throw notFound();
        const deed = await removeMember(tx, services, site, self.membershipId);
        return { ...deed, value: { leftId: self.membershipId } };
      }),
    ),
});
