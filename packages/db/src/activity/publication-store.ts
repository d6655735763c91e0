import { type SiteTransaction, run, send, sql } from '../with-site.ts';

/** Writes down how versions of products moved: published, superseded, withdrawn, and by whom. One statement. */
export async function insertPublicationEvents(
  tx: SiteTransaction,
  events: readonly { id: string; product_id: string; version_id: string; from_state: string; to_state: string }[],
  by: { actorId: string | undefined; triggeredBy: string },
): Promise<void> {
  // Whether prices include the tax is held first: a row carries what holds when it is written, and keeps it so.
  send(tx, sql`select 1 from site_configurations where site_id = ${tx.siteId} for key share`);
  await run(
    tx,
    sql`insert into publication_events (site_id, publication_event_id, product_id, version_id, from_state, to_state, triggered_by, actor_id, "timestamp")
      select ${tx.siteId}, id, product_id, version_id, from_state, to_state, ${by.triggeredBy}, ${by.actorId ?? null}::uuid, ${tx.at}
      from jsonb_to_recordset(${JSON.stringify(events)}::jsonb) as e (id uuid, product_id uuid, version_id uuid, from_state text, to_state text)`,
  );
}
