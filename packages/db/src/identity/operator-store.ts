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
