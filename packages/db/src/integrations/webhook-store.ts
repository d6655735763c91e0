import type { ConfigId } from '@souk/domain/shared';
import { type SiteTransaction, row, rows, run, send, sql } from '../with-site.ts';

export type VerifiedNotice = {
  readonly webhookEventId: string;
  readonly configId: ConfigId;
  readonly providerName: string;
  readonly externalEventId: string;
  readonly payloadHash: Buffer;
  readonly personId: string;
  readonly payloadSealed: Buffer;
};

/**
 * Stores a notice whose signature held, once per provider id (O3). False: it, or another of the same id, was there.
 */
export const storeNotice = async (tx: SiteTransaction, notice: VerifiedNotice): Promise<boolean> =>
  (await run(
    tx,
    sql`insert into webhook_event_logs (site_id, webhook_event_id, config_id, provider_name, external_event_id, payload_hash, person_id, payload_sealed, received_at)
      values (${tx.siteId}, ${notice.webhookEventId}, ${notice.configId}, ${notice.providerName}, ${notice.externalEventId}, ${notice.payloadHash}, ${notice.personId}, ${notice.payloadSealed}, ${tx.at})
      on conflict (site_id, config_id, external_event_id) do nothing`,
  )) === 1;

/** The notice that is kept under a provider's id, and whether it says the same as this one. */
export async function findKept(
  tx: SiteTransaction,
  notice: Pick<VerifiedNotice, 'configId' | 'externalEventId' | 'payloadHash'>,
): Promise<{ webhookEventId: string; isSame: boolean }> {
  const found = await row<{ webhook_event_id: string; payload_hash: Buffer }>(
    tx,
    sql`select webhook_event_id, payload_hash from webhook_event_logs where site_id = ${tx.siteId} and config_id = ${notice.configId} and external_event_id = ${notice.externalEventId}`,
  );
  if (!found) throw new Error('a notice was neither stored nor found');
  return { webhookEventId: found.webhook_event_id, isSame: found.payload_hash.equals(notice.payloadHash) };
}

/** A stored notice, its payload still sealed. */
export async function findNotice(
  tx: SiteTransaction,
  webhookEventId: string,
): Promise<
  | { configId: ConfigId; externalEventId: string; providerName: string; personId: string; payloadSealed: Buffer }
  | undefined
> {
  const found = await row<{
    config_id: ConfigId;
    external_event_id: string;
    provider_name: string;
    person_id: string;
    payload_sealed: Buffer;
  }>(
    tx,
    sql`select config_id, external_event_id, provider_name, person_id, payload_sealed from webhook_event_logs where site_id = ${tx.siteId} and webhook_event_id = ${webhookEventId}`,
  );
  return (
    found && {
      configId: found.config_id,
      externalEventId: found.external_event_id,
      providerName: found.provider_name,
      personId: found.person_id,
      payloadSealed: found.payload_sealed,
    }
  );
}

/** One row per try to process a notice; its status is what the last one says. */
export function insertAttempt(
  tx: SiteTransaction,
  webhookEventId: string,
  status: 'processed' | 'ignored' | 'failed',
  detail: string,
): void {
  send(
    tx,
    sql`insert into webhook_processing_attempts (site_id, webhook_event_id, n, status, detail, "timestamp")
      select ${tx.siteId}, ${webhookEventId}, coalesce(max(n), 0) + 1, ${status}, ${detail}, ${tx.at} from webhook_processing_attempts where site_id = ${tx.siteId} and webhook_event_id = ${webhookEventId}`,
  );
}

/** Every try to process a notice, in order. */
export async function listAttempts(
  tx: SiteTransaction,
  webhookEventId: string,
): Promise<{ status: 'processed' | 'ignored' | 'failed'; detail: string }[]> {
  return rows(
    tx,
    sql<{
      status: 'processed' | 'ignored' | 'failed';
      detail: string;
    }>`select status, detail from webhook_processing_attempts where site_id = ${tx.siteId} and webhook_event_id = ${webhookEventId} order by n`,
  );
}

/**
 * Marks the notice kept under a provider's id as dealt with by a consumer, in the transaction of what it does. False: it
 * had been dealt with already.
 */
export const markProcessed = async (
  tx: SiteTransaction,
  notice: Pick<VerifiedNotice, 'configId' | 'externalEventId'>,
  consumer: string,
): Promise<boolean> =>
  (await run(
    tx,
    sql`insert into processed_events (site_id, event_id, consumer, processed_at)
      select site_id, webhook_event_id, ${consumer}, ${tx.at} from webhook_event_logs
      where site_id = ${tx.siteId} and config_id = ${notice.configId} and external_event_id = ${notice.externalEventId} on conflict do nothing`,
  )) === 1;
