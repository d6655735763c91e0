import type { AdminId } from '@souk/domain/shared';
import { type SiteTransaction, send, sql } from '../with-site.ts';

/** What an operator did to a site, in the transaction of the deed: the installation's own log, beside the site's (AU1). */
export function noteOperatorAction(
  tx: SiteTransaction,
  entry: { actionId: string; adminId: AdminId; action: string; requestId: string; details?: unknown },
): void {
  send(
    tx,
    sql`insert into operator_action_logs (action_id, admin_id, action, site_id, details, request_id, "timestamp")
      values (${entry.actionId}, ${entry.adminId}, ${entry.action}, ${tx.siteId}, ${JSON.stringify(entry.details ?? {})}::jsonb, ${entry.requestId}, ${tx.at})`,
  );
}
