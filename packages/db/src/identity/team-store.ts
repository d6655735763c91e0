import type { Member, Permission } from '@souk/domain/identity';
import type { AdminId } from '@souk/domain/shared';
import type { Sql } from '../sql.ts';
import { type SiteTransaction, row, rows, run, send, sql } from '../with-site.ts';

type MemberRow = {
  membership_id: string;
  admin_id: AdminId;
  role_id: string;
  role_name: string;
  is_owner: boolean;
  permissions: Permission[];
};
/** A member with what their role allows at this moment. */
export type HeldMember = Member & { readonly adminId: AdminId; readonly roleId: string };
const toMember = (r: MemberRow): HeldMember => ({
  membershipId: r.membership_id,
  adminId: r.admin_id,
  roleId: r.role_id,
  roleName: r.role_name,
  isOwner: r.is_owner,
  permissions: r.permissions,
});

const active = (tx: SiteTransaction, who: Sql) =>
  sql`from admin_site_memberships m join roles r on r.site_id = m.site_id and r.role_id = m.role_id
    where m.site_id = ${tx.siteId} and m.status = 'active' and ${who}`;

/**
 * Holds people, then their roles and one more that is to be given, and reads them when all of it is held: a statement that
 * waits for a row still sees the rest as it was before. People come before roles everywhere, so that two never wait for
 * each other crosswise. One round trip.
 */
async function holdPeople(tx: SiteTransaction, who: Sql, given?: string): Promise<HeldMember[]> {
  const [, , found] = await Promise.all([
    rows(tx, sql`select m.membership_id ${active(tx, who)} order by m.membership_id for update of m`),
    rows(
      tx,
      sql`select role_id from roles where site_id = ${tx.siteId} and (role_id in (select m.role_id ${active(tx, who)}) or role_id = ${given ?? null}::uuid)
        order by role_id for share`,
    ),
    rows<MemberRow>(
      tx,
      sql`select m.membership_id, m.admin_id, m.role_id, r.role_name, r.is_owner,
          array(select permission_key from role_permissions p where p.site_id = m.site_id and p.role_id = m.role_id) as permissions
        ${active(tx, who)} order by m.membership_id`,
    ),
  ]);
  return found.map(toMember);
}

/**
 * What an account may do in the site, read and held in this transaction, with the role it is about to give: who is removed,
 * or whose role is changed meanwhile, gives nothing any more.
 */
export const lockMember = async (
  tx: SiteTransaction,
  adminId: AdminId,
  given?: string,
): Promise<HeldMember | undefined> => (await holdPeople(tx, sql`m.admin_id = ${adminId}`, given))[0];

/** The active membership of an account. */
export async function findMember(tx: SiteTransaction, adminId: AdminId): Promise<{ membershipId: string } | undefined> {
  const found = await row<{ membership_id: string }>(
    tx,
    sql`select membership_id from admin_site_memberships where site_id = ${tx.siteId} and admin_id = ${adminId} and status = 'active'`,
  );
  return found && { membershipId: found.membership_id };
}

/**
 * Holds who acts, whom it is about, every owner of the site and the role that is to be given, so that no two owners remove
 * each other at once (I6).
 */
export async function lockWithOwners(
  tx: SiteTransaction,
  adminId: AdminId,
  membershipId: string,
  given?: string,
): Promise<{ actor: HeldMember | undefined; target: HeldMember | undefined; owners: number }> {
  const found = await holdPeople(
    tx,
    sql`(m.admin_id = ${adminId} or m.membership_id = ${membershipId} or r.is_owner)`,
    given,
  );
  return {
    actor: found.find((m) => m.adminId === adminId),
    target: found.find((m) => m.membershipId === membershipId),
    owners: found.filter((m) => m.isOwner).length,
  };
}

/** Gives a member who is held another role. */
export function setMemberRole(tx: SiteTransaction, membershipId: string, roleId: string): void {
  send(
    tx,
    sql`update admin_site_memberships set role_id = ${roleId}, updated_at = ${tx.at} where site_id = ${tx.siteId} and membership_id = ${membershipId}`,
  );
}

/** Ends a membership, and with it what this person has open: invitations, and accesses for support by or for them. The doors of the site ask for all of it each time. */
export function endMembership(tx: SiteTransaction, membershipId: string, adminId: AdminId): void {
  send(
    tx,
    sql`update admin_site_memberships set status = 'revoked', updated_at = ${tx.at} where site_id = ${tx.siteId} and membership_id = ${membershipId}`,
  );
  send(
    tx,
    sql`update site_invitations set status = 'revoked', email = null, updated_at = ${tx.at} where site_id = ${tx.siteId} and invited_by = ${adminId} and status = 'pending'`,
  );
  send(
    tx,
    sql`update support_accesses set ended_at = ${tx.at}, updated_at = ${tx.at}
      where site_id = ${tx.siteId} and (opened_by = ${adminId} or supporter_id = ${adminId}) and ended_at is null and expires_at > ${tx.at}`,
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

/** Whether the site asks a second factor of everybody who works there. */
export async function requiresSecondFactor(tx: SiteTransaction): Promise<boolean> {
  const found = await row<{ required: boolean }>(
    tx,
    sql`select requires_second_factor as required from site_configurations where site_id = ${tx.siteId}`,
  );
  return found?.required === true;
}

/** Asks a second factor of everybody who works on the site, or of nobody. */
export function requireSecondFactor(tx: SiteTransaction, isRequired: boolean): void {
  send(
    tx,
    sql`update site_configurations set requires_second_factor = ${isRequired}, updated_at = ${tx.at} where site_id = ${tx.siteId}`,
  );
}
