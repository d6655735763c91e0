import type { OrderPrefix, SiteStatus } from '@souk/domain/identity';
import type { AdminId, SiteId } from '@souk/domain/shared';
import type { Database } from '../orm.ts';
import { platformRows } from '../platform.ts';
import { OPERATOR_STATEMENTS as S } from './operator-statements.ts';

/** Whether an account runs the installation. */
export const isOperator = async (db: Database, adminId: AdminId): Promise<boolean> =>
  (await platformRows(db, S.isOperator, [adminId])).length > 0;

/** The first of some prefixes that no site has; undefined when every one is taken. */
export async function findFreeOrderPrefix(
  db: Database,
  prefixes: readonly OrderPrefix[],
): Promise<OrderPrefix | undefined> {
  const [found] = await platformRows<{ prefix: OrderPrefix }>(db, S.freeOrderPrefix, [prefixes]);
  return found?.prefix;
}

/** A site as whoever runs the installation sees it: its name and where it stands, and nothing of what is in it. */
export type OperatorSite = {
  readonly siteId: SiteId;
  readonly name: string;
  readonly handle: string;
  readonly status: SiteStatus;
  readonly note: string | undefined;
  readonly lastStep: number;
  readonly madeAt: Date;
  readonly primaryDomain: string | undefined;
  readonly members: number;
};

/** One page of the installation's sites, newest first, by key; `q` is part of a name or an address. */
export async function listSitesForOperator(
  db: Database,
  filter: { q: string; status?: SiteStatus | undefined; after?: string | undefined; limit: number },
): Promise<OperatorSite[]> {
  const found = await platformRows<{
    site_id: SiteId;
    name: string;
    handle: string;
    status: SiteStatus;
    status_note: string | null;
    last_transition: number;
    created_at: Date;
    primary_domain: string | null;
    members: number;
  }>(db, S.operatorSites, [filter.after ?? null, filter.status ?? null, filter.q.toLowerCase(), filter.limit]);
  return found.map((r) => ({
    siteId: r.site_id,
    name: r.name,
    handle: r.handle,
    status: r.status,
    note: r.status_note ?? undefined,
    lastStep: r.last_transition,
    madeAt: r.created_at,
    primaryDomain: r.primary_domain ?? undefined,
    members: r.members,
  }));
}

export type Operator = {
  readonly adminId: AdminId;
  readonly name: string;
  readonly email: string;
  readonly since: Date;
};

/** Who runs the installation, those who came first above. */
export async function listOperators(db: Database): Promise<Operator[]> {
  const found = await platformRows<{ admin_id: AdminId; name: string; email: string; created_at: Date }>(
    db,
    S.operators,
    [],
  );
  return found.map((r) => ({ adminId: r.admin_id, name: r.name, email: r.email, since: r.created_at }));
}

/** Who does something to an operator, and where it is written down. */
export type OperatorDeed = {
  readonly adminId: AdminId;
  readonly by: AdminId;
  readonly at: Date;
  readonly actionId: string;
  readonly requestId: string;
};

const deed = (d: OperatorDeed): readonly unknown[] => [d.adminId, d.at, d.actionId, d.by, d.requestId];

/** Makes an account an operator, with the log's row; false when it is one already. */
export const addOperator = async (db: Database, d: OperatorDeed): Promise<boolean> =>
  (await platformRows(db, S.addOperator, deed(d))).length > 0;

/** Lets an operator go, with the log's row; false when it is none, or the last one, who stays (OP1). */
export const removeOperator = async (db: Database, d: OperatorDeed): Promise<boolean> =>
  (await platformRows(db, S.removeOperator, deed(d))).length > 0;

/**
 * Takes every second factor and recovery code of an account away and ends its sessions, with the row in the installation's log and
 * in the account's, and a mail to its owner; false where it has no second factor.
 */
export const takeFactors = async (
  db: Database,
  {
    details,
    mailId,
    accountActionId,
    ...d
  }: OperatorDeed & { details: unknown; mailId: string; accountActionId: string },
): Promise<boolean> =>
  (await platformRows(db, S.takeFactors, [...deed(d), JSON.stringify(details), mailId, accountActionId])).length > 0;

export type OperatorLogRow = {
  readonly actionId: string;
  readonly action: string;
  readonly details: unknown;
  readonly timestamp: Date;
  readonly who: string;
  readonly site: { readonly name: string; readonly handle: string } | undefined;
  readonly subject: string | undefined;
};

/** One page of what operators did, newest first, by key. */
export async function listOperatorActions(
  db: Database,
  q: { after?: string | undefined; limit: number },
): Promise<OperatorLogRow[]> {
  const found = await platformRows<{
    action_id: string;
    action: string;
    details: unknown;
    timestamp: Date;
    who: string;
    site_name: string | null;
    handle: string | null;
    subject: string | null;
  }>(db, S.operatorLog, [q.after ?? null, q.limit]);
  return found.map((r) => ({
    actionId: r.action_id,
    action: r.action,
    details: r.details,
    timestamp: r.timestamp,
    who: r.who,
    site: r.site_name !== null && r.handle !== null ? { name: r.site_name, handle: r.handle } : undefined,
    subject: r.subject ?? undefined,
  }));
}
