import { type SiteTransaction, withSite } from '@souk/db';
import { insertAction, insertOutbox } from '@souk/db/activity';
import {
  type InvitationOpened,
  type NewAccount,
  addAccount,
  endInvitation,
  findInvitationByToken,
  isAddressTaken,
  joinSite,
  findRole,
  lockInvitation,
  lockMember,
  findInvitation,
  noteAccountAction,
} from '@souk/db/identity';
import { beyond, holds } from '@souk/domain/identity';
import type { AdminId } from '@souk/domain/shared';
import type { Services } from '../services.ts';
import { Refused } from '../trpc/refusals.ts';
import { hashToken } from './session.ts';

export const invitationIsDead = (): Refused =>
  new Refused({
    code: 'link_is_dead',
    message: 'This invitation is not good any more. Ask whoever invited you to send it again.',
  });

/** The invitation of a link. @throws Refused link_is_dead when it is used, taken back, sent again or too old, or its site is closed. */
export async function openInvitation(services: Services, token: string): Promise<InvitationOpened> {
  const found = await findInvitationByToken(services.database, hashToken(token), services.now());
  if (!found || found.siteStatus !== 'active') throw invitationIsDead();
  return found;
}

/**
 * Uses an invitation up for an account, or for one that is made with it, in one transaction of the site. Whoever invited
 * must still hold all that the role allows (I6): an invitation outlives neither its giver nor their rights.
 * @throws Refused link_is_dead, already_member, or account_exists for a new account.
 */
export async function acceptInvitation(
  services: Services,
  { siteId, invitationId }: InvitationOpened,
  account: AdminId | NewAccount,
  requestId: string,
): Promise<void> {
  const adminId = typeof account === 'string' ? account : account.adminId;
  const work = async (tx: SiteTransaction): Promise<void> => {
    const seen = await findInvitation(tx, invitationId);
    if (!seen) throw invitationIsDead();
    // People before invitations, as everywhere: two who wait for each other crosswise would wait for ever.
    const giver = await lockMember(tx, seen.invitedBy, seen.roleId);
    const invitation = await lockInvitation(tx, invitationId);
    if (!invitation || invitation.sending !== seen.sending || invitation.expiresAt <= tx.at) throw invitationIsDead();
    const role = await findRole(tx, invitation.roleId);
    if (!giver || !role || !holds(giver.permissions, 'MANAGE_TEAM')) throw invitationIsDead();
    if (beyond(giver.permissions, role.permissions).length > 0) throw invitationIsDead();
    if (typeof account !== 'string') await addAccount(tx, account);
    const membershipId = services.newId();
    if (!(await joinSite(tx, { membershipId, adminId, roleId: role.roleId })))
      throw new Refused({ code: 'already_member', message: 'You are a member of this site already.' });
    endInvitation(tx, invitationId, 'accepted');
    insertAction(tx, {
      actionId: services.newId(tx.at),
      actor: { kind: 'admin', id: adminId, roleName: role.roleName },
      action: 'team.joined',
      entityType: 'invitation',
      entityId: invitationId,
      after: { role: role.roleName },
      requestId,
    });
    noteAccountAction(tx, { actionId: services.newId(), adminId, action: 'invitation_accepted', requestId });
    insertOutbox(tx, [{ eventId: services.newId(), kind: 'team.changed', entityId: invitationId }]);
  };
  try {
    await withSite(services.database, siteId, work, services.now());
  } catch (error) {
    if (isAddressTaken(error)) throw accountExists();
    throw error;
  }
}

export const accountExists = (): Refused =>
  new Refused({ code: 'account_exists', message: 'You have an account already. Sign in with it to accept.' });
