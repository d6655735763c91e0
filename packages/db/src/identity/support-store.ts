import type { SupportPermission } from '@souk/domain/identity';
import type { AdminId, SiteId } from '@souk/domain/shared';
import type { Database } from '../orm.ts';
import { platformRows } from '../platform.ts';
import { type SiteTransaction, row, run, send, sql } from '../with-site.ts';
import { OPERATOR_STATEMENTS as S } from './operator-statements.ts';

/** E-mail → account of somebody who runs the installation; undefined for everybody else, whoever they are. */
export async function findOperatorByEmail(
  db: Database,
  email: string,
): Promise<{ readonly adminId: AdminId; readonly name: string } | undefined> {
  const [found] = await platformRows<{ admin_id: AdminId; name: string }>(db, S.operatorByEmail, [email]);
  return found && { adminId: found.admin_id, name: found.name };
}

/** An access for support, as the site's people see it. */
export type SupportAccess = {
  readonly supportId: string;
  readonly supporterId: AdminId;
  readonly name: string;
  readonly email: string;
  readonly language: string;
  readonly permissions: readonly SupportPermission[];
  readonly reason: string;
  readonly openedBy: string;
  readonly openedAt: Date;
  readonly until: Date;
};

/** Who of support may be in a site at this moment, those who came first above. */
export async function listOpenSupport(db: Database, siteId: SiteId, at: Date): Promise<SupportAccess[]> {
  const found = await platformRows<{
    support_id: string;
    supporter_id: AdminId;
    name: string;
    email: string;
    language: string;
    permissions: SupportPermission[];
    reason: string;
    opened_by: string;
    created_at: Date;
    expires_at: Date;
  }>(db, S.supportOfSite, [siteId, at]);
  return found.map((r) => ({
    supportId: r.support_id,
    supporterId: r.supporter_id,
    name: r.name,
    email: r.email,
    language: r.language,
    permissions: r.permissions,
    reason: r.reason,
    openedBy: r.opened_by,
    openedAt: r.created_at,
    until: r.expires_at,
  }));
}

/** Lets support in; false when this person has been let in already. What is over by its time is closed first. */
export async function openSupport(
  tx: SiteTransaction,
  access: {
    readonly supportId: string;
    readonly supporterId: AdminId;
    readonly permissions: readonly SupportPermission[];
    readonly reason: string;
    readonly openedBy: AdminId;
    readonly until: Date;
  },
): Promise<boolean> {
  send(
    tx,
    sql`update support_accesses set ended_at = expires_at, updated_at = ${tx.at}
      where site_id = ${tx.siteId} and supporter_id = ${access.supporterId} and ended_at is null and expires_at <= ${tx.at}`,
  );
  const made = await run(
    tx,
    sql`insert into support_accesses (site_id, support_id, supporter_id, permissions, reason, opened_by, expires_at, created_at, updated_at)
      values (${tx.siteId}, ${access.supportId}, ${access.supporterId}, ${[...access.permissions]}::text[], ${access.reason}, ${access.openedBy}, ${access.until}, ${tx.at}, ${tx.at})
      on conflict (site_id, supporter_id) where ended_at is null do nothing`,
  );
  return made > 0;
}

/** Ends an access that is open, and says whose it was; undefined where none is. */
export async function endSupport(
  tx: SiteTransaction,
  which: { readonly supportId: string } | { readonly supporterId: AdminId },
): Promise<{ readonly supportId: string; readonly supporterId: AdminId } | undefined> {
  const one = 'supportId' in which ? sql`support_id = ${which.supportId}` : sql`supporter_id = ${which.supporterId}`;
  const ended = await row<{ support_id: string; supporter_id: AdminId }>(
    tx,
    sql`update support_accesses set ended_at = ${tx.at}, updated_at = ${tx.at}
      where site_id = ${tx.siteId} and ${one} and ended_at is null and expires_at > ${tx.at} returning support_id, supporter_id`,
  );
  return ended && { supportId: ended.support_id, supporterId: ended.supporter_id };
}
