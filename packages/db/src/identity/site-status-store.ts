import type { SiteMoved, SiteStanding, SiteStatus } from '@souk/domain/identity';
import type { AdminId } from '@souk/domain/shared';
import { type SiteTransaction, row, send, sql } from '../with-site.ts';

/** Who moves a site. */
export type SiteMover = { readonly kind: 'admin' | 'operator'; readonly id: AdminId } | { readonly kind: 'system' };

/** Holds where the site stands to the end of the transaction; undefined when there is no such site. */
export async function lockStanding(tx: SiteTransaction): Promise<(SiteStanding & { name: string }) | undefined> {
  return row<{ status: SiteStatus; n: number; name: string }>(
    tx,
    sql`select status, last_transition as n, name from sites where site_id = ${tx.siteId} for no key update`,
  );
}

/** Why the site stands where it does, and what its people are told of it. */
export async function readStatusReason(
  tx: SiteTransaction,
): Promise<{ reason: string; note: string | undefined; since: Date } | undefined> {
  const found = await row<{ reason_code: string; status_note: string | null; timestamp: Date }>(
    tx,
    sql`select t.reason_code, s.status_note, t."timestamp" from sites s join site_transitions t on t.site_id = s.site_id and t.n = s.last_transition where s.site_id = ${tx.siteId}`,
  );
  return found && { reason: found.reason_code, note: found.status_note ?? undefined, since: found.timestamp };
}

/** Writes the first step of a new site, in the transaction that makes it. */
export function openSite(tx: SiteTransaction, transitionId: string): void {
  send(
    tx,
    sql`insert into site_transitions (site_id, n, transition_id, from_state, to_state, triggered_by, actor_kind, reason_code, "timestamp")
      values (${tx.siteId}, 1, ${transitionId}, 'created', 'active', 'system', 'system', 'made', ${tx.at})`,
  );
}

/**
 * Saves one step of a site: the site moves only from where it stood when the step was decided, and the log says so in the same
 * statement. A site that has moved meanwhile fails it, and the transaction (ST1).
 */
export function saveSiteMove(
  tx: SiteTransaction,
  moved: SiteMoved,
  cause: { transitionId: string; by: SiteMover; reasonCode: string; note: string | undefined },
): void {
  send(
    tx,
    sql`with moved as (update sites set status = ${moved.to}, last_transition = ${moved.n}, status_note = ${moved.to === 'active' ? null : (cause.note ?? null)}, updated_at = ${tx.at}
          where site_id = ${tx.siteId} and last_transition = ${moved.n - 1} and status = ${moved.from} returning site_id),
        followed as (update site_transitions t set next_n = ${moved.n} from moved where t.site_id = moved.site_id and t.n = ${moved.n - 1})
      insert into site_transitions (site_id, n, transition_id, from_state, to_state, triggered_by, actor_kind, actor_id, reason_code, "timestamp")
      select moved.site_id, ${moved.n}, ${cause.transitionId}, ${moved.from}, ${moved.to}, ${cause.by.kind === 'system' ? 'system' : 'admin'}, ${cause.by.kind}, ${cause.by.kind === 'system' ? null : cause.by.id}::uuid, ${cause.reasonCode}, ${tx.at}
      from (select 1) one left join moved on true`,
  );
}
