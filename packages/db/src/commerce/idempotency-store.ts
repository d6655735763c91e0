import type { Database } from '../orm.ts';
import { type SiteTransaction, row, send, sql } from '../with-site.ts';

export type IdempotencyKey = {
  readonly principal: string;
  readonly procedure: string;
  readonly key: string;
  readonly bodyHash: Buffer;
};

/** What was answered to this key before, or that it was used for something else, or nothing. */
export async function findAnswer<Answer>(
  tx: SiteTransaction,
  key: IdempotencyKey,
): Promise<{ answer: Answer } | 'other_body' | undefined> {
  const found = await row<{ body_hash: Buffer; response: Answer }>(
    tx,
    sql`select body_hash, response from idempotency_keys where site_id = ${tx.siteId} and principal = ${key.principal} and procedure = ${key.procedure} and key = ${key.key}`,
  );
  if (!found) return undefined;
  return found.body_hash.equals(key.bodyHash) ? { answer: found.response } : 'other_body';
}

/** Keeps the answer for 24 hours, in the transaction of the effect. A second use at the same moment fails on the key. */
export function keepAnswer(tx: SiteTransaction, key: IdempotencyKey, answer: unknown): void {
  send(
    tx,
    sql`insert into idempotency_keys (site_id, principal, procedure, key, body_hash, response, created_at, expires_at)
      values (${tx.siteId}, ${key.principal}, ${key.procedure}, ${key.key}, ${key.bodyHash}, ${JSON.stringify(answer)}::jsonb, ${tx.at}, ${new Date(tx.at.getTime() + 86_400_000)})`,
  );
}

/** Forgets answers that nobody can ask for any more, across sites: the relay may do that and nothing else with them. */
export async function sweepAnswers(db: Database, at: Date): Promise<void> {
  await db.relay.query('delete from idempotency_keys where expires_at < $1', [at]);
}
