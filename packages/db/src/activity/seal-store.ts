import type { SiteId } from '@souk/domain/shared';
import type { Database } from '../orm.ts';
import { platformRows } from '../platform.ts';
import { type SiteTransaction, row, rows, run, sql } from '../with-site.ts';
import { leastIdAt, timeOfId } from './action-log-store.ts';
import { NO_SEAL, type SealedRow, leafHash, merkleRoot, sealOf, sealedColumns } from './seal-hash.ts';

/** Rows that one seal takes in at most. */
export const SEAL_ROWS = 5000;
const MINUTE_MS = 60_000;
/**
 * A row is sealed when it is so old that what was done at its time has been committed, or never will be; and one that comes still
 * later is let in for as long again. No request, job or statement lives so long.
 */
const SETTLED_MS = 15 * MINUTE_MS;
export const LATE_MS = 15 * MINUTE_MS;

const FIRST = '00000000-0000-0000-0000-000000000000';

/** The least id of a row that the next seal may still take in. */
export const openSince = (sealedUntil: string): string =>
  sealedUntil <= leastIdAt(new Date(LATE_MS)) ? FIRST : leastIdAt(new Date(timeOfId(sealedUntil).getTime() - LATE_MS));

/**
 * Seals what the site's log has of settled rows that no seal took in, in one transaction: the whole seal, or nothing of it.
 * Somebody else who seals the same site at the same time leaves this one with nothing to do.
 * @returns how many rows were taken in.
 */
export async function sealActivity(tx: SiteTransaction): Promise<number> {
  const last = await row<{ n: number; seal: Buffer; sealed_until: string }>(
    tx,
    sql`select n, seal, sealed_until from activity_seals where site_id = ${tx.siteId} order by n desc limit 1`,
  );
  const settled = leastIdAt(new Date(tx.at.getTime() - SETTLED_MS));
  const found = await rows<{ action_id: string; fields: SealedRow }>(
    tx,
    sql`select l.action_id, ${sealedColumns} as fields
      from admin_action_logs l where l.site_id = ${tx.siteId} and l.action_id >= ${last ? openSince(last.sealed_until) : FIRST} and l.action_id < ${settled}
        and not exists (select from activity_seal_leaves s where s.site_id = l.site_id and s.action_id = l.action_id)
      order by l.action_id limit ${SEAL_ROWS}`,
  );
  const newest = found.at(-1);
  if (!newest) return 0;
  const leaves = found.map((f) => ({ actionId: f.action_id, hash: leafHash(f.fields) }));
  const n = (last?.n ?? 0) + 1;
  const prevSeal = last?.seal ?? NO_SEAL;
  const root = merkleRoot(leaves.map((leaf) => leaf.hash));
  const made = await run(
    tx,
    sql`insert into activity_seals (site_id, n, prev_seal, root, seal, leaf_count, sealed_until, sealed_at)
      values (${tx.siteId}, ${n}, ${prevSeal}, ${root}, ${sealOf({ prevSeal, n, leafCount: leaves.length, root })}, ${leaves.length}, ${leaves.length < SEAL_ROWS ? settled : newest.action_id}, ${tx.at})
      on conflict (site_id, n) do nothing`,
  );
  if (made === 0) return 0;
  await run(
    tx,
    sql`insert into activity_seal_leaves (site_id, n, leaf, leaf_count, action_id, leaf_hash)
      select ${tx.siteId}, ${n}, leaf, ${leaves.length}, action_id, leaf_hash
      from unnest(${leaves.map((l) => l.actionId)}::uuid[], ${leaves.map((l) => l.hash)}::bytea[]) with ordinality as g (action_id, leaf_hash, leaf)`,
  );
  return leaves.length;
}

const SITES_TO_SEAL = {
  name: 'sites_to_seal',
  text: `select s.site_id from sites s
    cross join lateral (select l.action_id from admin_action_logs l where l.site_id = s.site_id order by l.action_id desc limit 1) newest
    left join lateral (select a.sealed_until, a.sealed_at from activity_seals a where a.site_id = s.site_id order by a.n desc limit 1) last on true
    where s.site_id > $1 and (last.sealed_until is null or (newest.action_id >= last.sealed_until and last.sealed_at <= $2)) order by s.site_id limit $3`,
} as const;

/** Sites whose log has gone on since their last seal, when that was made before `before`; by id, after the one that is given. */
export const sitesToSeal = async (db: Database, after: string, before: Date, limit: number): Promise<SiteId[]> =>
  (await platformRows<{ site_id: SiteId }>(db, SITES_TO_SEAL, [after, before, limit])).map((r) => r.site_id);
