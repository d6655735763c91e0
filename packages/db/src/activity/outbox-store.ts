import type { SiteId } from '@souk/domain/shared';
import type { Database } from '../orm.ts';
import { type SiteTransaction, row, rows, send, sql } from '../with-site.ts';

export type OutboxKind =
  | 'order.submitted'
  | 'order.moved'
  | 'order.confirmed'
  | 'order.fulfilled'
  | 'notice.received'
  | 'products.published'
  | 'product.imported'
  | 'media.wanted'
  | 'media.settled'
  | 'import.wanted'
  | 'import.moved'
  | 'invitation.wanted'
  | 'team.changed'
  | 'support.opened'
  | 'support.ended'
  | 'domains.changed'
  | 'domain.lost'
  | 'domain.released';

/** One row in the transaction of the deed: everything that follows from it starts here. It carries ids and nothing else. */
export function insertOutbox(
  tx: SiteTransaction,
  events: readonly { eventId: string; kind: OutboxKind; entityId: string }[],
): void {
  if (events.length === 0) return;
  send(
    tx,
    sql`insert into outbox_events (site_id, event_id, kind, entity_id, created_at)
      select ${tx.siteId}, event_id, kind, entity_id, ${tx.at}
      from jsonb_to_recordset(${JSON.stringify(events.map((e) => ({ event_id: e.eventId, kind: e.kind, entity_id: e.entityId })))}::jsonb) as e (event_id uuid, kind text, entity_id uuid)`,
  );
}

export type RelayedEvent = {
  readonly siteId: SiteId;
  readonly eventId: string;
  readonly kind: OutboxKind;
  readonly entityId: string;
  readonly createdAt: Date;
};

const RELAY_LOCK = 7_268_502;
/** The most events that are moved in one transaction. */
export const RELAY_BATCH = 500;
/** The channel on which the relay says "look"; it never says at what. */
export const LOOK_CHANNEL = 'souk_look';

/**
 * Moves one batch of waiting events: `enqueue` puts them into the job queue in the relay's own transaction, then they are
 * marked and every listener is told to look. One relay works at a time, so `relayed_at` only grows.
 * @returns how many were moved; 0 also when another relay is at work.
 */
export async function relayBatch(
  db: Database,
  enqueue: (
    events: readonly RelayedEvent[],
    executeSql: (text: string, values?: unknown[]) => Promise<{ rows: unknown[] }>,
  ) => Promise<void>,
  limit = RELAY_BATCH,
): Promise<number> {
  const client = await db.relay.connect();
  let failure: Error | undefined;
  try {
    await client.query('begin');
    const { rows: lock } = await client.query<{ got: boolean }>('select pg_try_advisory_xact_lock($1) as got', [
      RELAY_LOCK,
    ]);
    if (!lock[0]?.got) {
      await client.query('rollback');
      return 0;
    }
    const { rows: waiting } = await client.query<{
      site_id: SiteId;
      event_id: string;
      kind: OutboxKind;
      entity_id: string;
      created_at: Date;
    }>({
      name: 'outbox_waiting',
      text: 'select site_id, event_id, kind, entity_id, created_at from outbox_events where relayed_at is null order by created_at limit $1 for update skip locked',
      values: [limit],
    });
    if (waiting.length > 0) {
      await enqueue(
        waiting.map((w) => ({
          siteId: w.site_id,
          eventId: w.event_id,
          kind: w.kind,
          entityId: w.entity_id,
          createdAt: w.created_at,
        })),
        (text, values) => client.query(text, values),
      );
      await client.query({
        name: 'outbox_relayed',
        text: 'update outbox_events set relayed_at = clock_timestamp() where event_id = any($1::uuid[]) and relayed_at is null',
        values: [waiting.map((w) => w.event_id)],
      });
      await client.query(`notify ${LOOK_CHANNEL}`);
    }
    await client.query('commit');
    return waiting.length;
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    client.release(failure);
  }
}

/** Forgets events that every screen has long been told of. */
export async function sweepRelayed(db: Database, at: Date): Promise<void> {
  await db.relay.query("delete from outbox_events where relayed_at < $1::timestamptz - interval '24 hours'", [at]);
}

/** Orders whose time is over, across sites: the relay sees their ids and nothing else of them. */
export async function dueOrders(db: Database, at: Date, limit = 100): Promise<{ siteId: SiteId; orderId: string }[]> {
  const { rows: due } = await db.relay.query<{ site_id: SiteId; order_id: string }>({
    name: 'orders_due',
    text: 'select site_id, order_id from orders where expires_at <= $1 order by expires_at limit $2',
    values: [at, limit],
  });
  return due.map((d) => ({ siteId: d.site_id, orderId: d.order_id }));
}

/**
 * Payments that were begun before `before` and never heard back from the provider: a crash between two steps left them.
 * Twenty of each site, whichever: those that can never be begun keep no other waiting.
 */
export async function paymentsWithoutReference(
  db: Database,
  before: Date,
): Promise<{ siteId: SiteId; paymentId: string }[]> {
  const { rows: found } = await db.relay.query<{ site_id: SiteId; payment_id: string }>({
    name: 'payments_without_reference',
    text: `select site_id, payment_id from (
        select site_id, payment_id, row_number() over (partition by site_id order by random()) as turn from payments
        where provider_reference is null and created_at < $1 and created_at > $1::timestamptz - interval '1 day'
      ) as waiting where turn <= 20 limit 1000`,
    values: [before],
  });
  return found.map((p) => ({ siteId: p.site_id, paymentId: p.payment_id }));
}

/** A place in the row of a site's relayed events: the exact time, which a JavaScript date cannot hold, and the event. */
export type EventPlace = { readonly relayedAt: string; readonly eventId: string };

/** The place of a moment: after all that was relayed until then. */
export const eventPlace = (at: Date): EventPlace => ({
  relayedAt: at.toISOString(),
  eventId: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
});

/**
 * The place of this moment by the database's clock, which `relayed_at` is written by too: that of the process may be minutes
 * away from it (K02).
 */
export async function placeNow(tx: SiteTransaction): Promise<EventPlace> {
  const found = await row<{ at: string }>(tx, sql`select clock_timestamp()::text as at`);
  return { ...eventPlace(new Date()), ...(found ? { relayedAt: found.at } : {}) };
}

/** What happened in the site since a place, for a live screen: kinds and ids, each once, 200 at most. `until` is where the next look starts. */
export async function eventsSince(
  tx: SiteTransaction,
  since: EventPlace,
): Promise<{ events: { kind: OutboxKind; entityId: string }[]; until: EventPlace; more: boolean }> {
  const limit = 200;
  const found = await rows<{ kind: OutboxKind; entity_id: string; event_id: string; relayed_at: string }>(
    tx,
    sql`select kind, entity_id, event_id, relayed_at::text as relayed_at from outbox_events
      where site_id = ${tx.siteId} and relayed_at is not null and (relayed_at, event_id) > (${since.relayedAt}::timestamptz, ${since.eventId}::uuid)
      order by outbox_events.relayed_at, event_id limit ${limit}`,
  );
  const last = found.at(-1);
  return {
    events: found.map((f) => ({ kind: f.kind, entityId: f.entity_id })),
    until: last ? { relayedAt: last.relayed_at, eventId: last.event_id } : since,
    more: found.length === limit,
  };
}
