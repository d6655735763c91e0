import type { Member, Permission } from '@souk/domain/identity';
import type { AdminId } from '@souk/domain/shared';
import { type SiteTransaction, row, rows, run, send, sql } from '../with-site.ts';

type MemberRow = { membership_id: string; role_id: string; role_name: string; permissions: Permission[] };
const toMember = (r: MemberRow): Member & { roleId: string } => ({
  membershipId: r.membership_id,
  roleId: r.role_id,
  roleName: r.role_name,
  permissions: r.permissions,
});

/** What an account may do in the site, read and held in this transaction: who is removed meanwhile gives nothing any more. */
export async function lockMember(
  tx: SiteTransaction,
  adminId: AdminId,
): Promise<(Member & { roleId: string }) | undefined> {
  const found = await row<MemberRow>(
    tx,
    sql`select m.membership_id, m.role_id, r.role_name, array(select permission_key from role_permissions p where p.site_id = m.site_id and p.role_id = m.role_id) as permissions
      from admin_site_memberships m join roles r on r.site_id = m.site_id and r.role_id = m.role_id
      where m.site_id = ${tx.siteId} and m.admin_id = ${adminId} and m.status = 'active' for update of m`,
  );
  return found && toMember(found);
}

/** The active membership of an account. */
export async function findMember(tx: SiteTransaction, adminId: AdminId): Promise<{ membershipId: string } | undefined> {
  const found = await row<{ membership_id: string }>(
    tx,
    sql`select membership_id from admin_site_memberships where site_id = ${tx.siteId} and admin_id = ${adminId} and status = 'active'`,
  );
  return found && { membershipId: found.membership_id };
}

/** Holds who removes, who is removed, and every owner of the site, in one order, so that no two owners remove each other at once (I6). */
export async function lockForRemoval(
  tx: SiteTransaction,
  adminId: AdminId,
  membershipId: string,
): Promise<{ actor: Member | undefined; target: (Member & { adminId: AdminId }) | undefined; owners: number }> {
  const found = await rows<MemberRow & { admin_id: AdminId }>(
    tx,
    sql`select m.membership_id, m.admin_id, m.role_id, r.role_name, array(select permission_key from role_permissions p where p.site_id = m.site_id and p.role_id = m.role_id) as permissions
      from admin_site_memberships m join roles r on r.site_id = m.site_id and r.role_id = m.role_id
      where m.site_id = ${tx.siteId} and m.status = 'active' and (m.admin_id = ${adminId} or m.membership_id = ${membershipId} or r.role_name = 'owner')
      order by m.membership_id for update of m`,
  );
  const actor = found.find((m) => m.admin_id === adminId);
  const target = found.find((m) => m.membership_id === membershipId);
  return {
    actor: actor && toMember(actor),
    target: target && { ...toMember(target), adminId: target.admin_id },
    owners: found.filter((m) => m.role_name === 'owner').length,
  };
}

/** Ends a membership, and with it the invitations this person has open. The doors of the site ask for both each time. */
export function endMembership(tx: SiteTransaction, membershipId: string, adminId: AdminId): void {
  send(
    tx,
    sql`update admin_site_memberships set status = 'revoked', updated_at = ${tx.at} where site_id = ${tx.siteId} and membership_id = ${membershipId}`,
  );
  send(
    tx,
    sql`update site_invitations set status = 'revoked', email = null, updated_at = ${tx.at} where site_id = ${tx.siteId} and invited_by = ${adminId} and status = 'pending'`,
  );
}

/** Makes an account a member, or one again. False where it is an active member already: nobody's role changes by an invitation. */
export async function joinSite(
  tx: SiteTransaction,
  member: { membershipId: string; adminId: AdminId; roleId: string },
): Promise<boolean> {
  const made = await run(
    tx,
    sql`insert into admin_site_memberships as m (site_id, membership_id, admin_id, role_id, status, created_at, updated_at)
      values (${tx.siteId}, ${member.membershipId}, ${member.adminId}, ${member.roleId}, 'active', ${tx.at}, ${tx.at})
      on conflict (site_id, admin_id) do update set role_id = excluded.role_id, status = 'active', updated_at = excluded.updated_at where m.status <> 'active'`,
  );
  return made > 0;
}

export type Role = {
  readonly roleId: string;
  readonly roleName: string;
  readonly description: string;
  readonly permissions: readonly Permission[];
};

/** The roles of the site, those that allow most first. */
export async function listRoles(tx: SiteTransaction): Promise<Role[]> {
  const found = await rows<{ role_id: string; role_name: string; description: string; permissions: Permission[] }>(
    tx,
    sql`select role_id, role_name, description, permissions from roles r
      cross join lateral (select array(select permission_key from role_permissions p where p.site_id = r.site_id and p.role_id = r.role_id)) as x (permissions)
      where site_id = ${tx.siteId} order by cardinality(permissions) desc, role_name`,
  );
  return found.map((r) => ({
    roleId: r.role_id,
    roleName: r.role_name,
    description: r.description,
    permissions: r.permissions,
  }));
}

export type Invitation = {
  readonly invitationId: string;
  readonly email: string;
  readonly roleId: string;
  readonly roleName: string;
  readonly invitedBy: AdminId;
  readonly sending: number;
  readonly sentAt: Date;
  readonly expiresAt: Date;
};
type InvitationRow = {
  invitation_id: string;
  email: string;
  role_id: string;
  role_name: string;
  invited_by: AdminId;
  sending: number;
  sent_at: Date;
  expires_at: Date;
};
const toInvitation = (r: InvitationRow): Invitation => ({
  invitationId: r.invitation_id,
  email: r.email,
  roleId: r.role_id,
  roleName: r.role_name,
  invitedBy: r.invited_by,
  sending: r.sending,
  sentAt: r.sent_at,
  expiresAt: r.expires_at,
});

const open = (
  tx: SiteTransaction,
) => sql<InvitationRow>`select i.invitation_id, i.email, i.role_id, r.role_name, i.invited_by, i.sending, i.sent_at, i.expires_at
  from site_invitations i join roles r on r.site_id = i.site_id and r.role_id = i.role_id where i.site_id = ${tx.siteId} and i.status = 'pending'`;

/** Invitations that nobody has accepted or taken back, newest first; those whose time is over too. */
export const listInvitations = async (tx: SiteTransaction): Promise<Invitation[]> =>
  (await rows<InvitationRow>(tx, sql`${open(tx)} order by i.invitation_id desc`)).map(toInvitation);

/** An open invitation, for the mail about it. */
export async function findInvitation(tx: SiteTransaction, invitationId: string): Promise<Invitation | undefined> {
  const found = await row<InvitationRow>(tx, sql`${open(tx)} and i.invitation_id = ${invitationId}`);
  return found && toInvitation(found);
}

/** Holds an open invitation to the end of the transaction. */
export async function lockInvitation(tx: SiteTransaction, invitationId: string): Promise<Invitation | undefined> {
  const found = await row<InvitationRow>(tx, sql`${open(tx)} and i.invitation_id = ${invitationId} for update of i`);
  return found && toInvitation(found);
}

/** How many invitations the site has open, and has made since. */
export async function countInvitations(tx: SiteTransaction, since: Date): Promise<{ open: number; today: number }> {
  const found = await row<{ open: number; today: number }>(
    tx,
    sql`select count(*) filter (where status = 'pending')::int as open, count(*) filter (where created_at > ${since})::int as today
      from site_invitations where site_id = ${tx.siteId}`,
  );
  return found ?? { open: 0, today: 0 };
}

/** Writes an invitation down; false when the address has an open one already. */
export async function insertInvitation(
  tx: SiteTransaction,
  i: { invitationId: string; email: string; roleId: string; tokenHash: Buffer; invitedBy: AdminId; expiresAt: Date },
): Promise<boolean> {
  const made = await run(
    tx,
    sql`insert into site_invitations (site_id, invitation_id, email, role_id, status, token_hash, sending, sent_at, expires_at, invited_by, created_at, updated_at)
      values (${tx.siteId}, ${i.invitationId}, ${i.email}, ${i.roleId}, 'pending', ${i.tokenHash}, 1, ${tx.at}, ${i.expiresAt}, ${i.invitedBy}, ${tx.at}, ${tx.at})
      on conflict (site_id, email) where status = 'pending' do nothing`,
  );
  return made > 0;
}

/** Gives an invitation that is held another token and time; the token before is dead with that. */
export function renewInvitation(
  tx: SiteTransaction,
  i: { invitationId: string; sending: number; tokenHash: Buffer; expiresAt: Date },
): void {
  send(
    tx,
    sql`update site_invitations set sending = ${i.sending}, token_hash = ${i.tokenHash}, sent_at = ${tx.at}, expires_at = ${i.expiresAt}, updated_at = ${tx.at}
      where site_id = ${tx.siteId} and invitation_id = ${i.invitationId}`,
  );
}

/** Ends an invitation that is held; its address is forgotten. */
export function endInvitation(tx: SiteTransaction, invitationId: string, status: 'accepted' | 'revoked'): void {
  send(
    tx,
    sql`update site_invitations set status = ${status}, email = null, updated_at = ${tx.at} where site_id = ${tx.siteId} and invitation_id = ${invitationId}`,
  );
}
