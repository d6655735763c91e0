import type pg from 'pg';
import { prepared } from '../sql.ts';
import { NO_SEAL, type SealedRow, leafHash, merkleRoot, sealOf, sealedColumns } from './seal-hash.ts';
import { openSince } from './seal-store.ts';

/** Where the log of a site first does not fit its seals, in a sentence. */
export type BrokenSeal = { readonly siteId: string; readonly message: string };

export type SealCheck = { readonly seals: number; readonly rows: number; readonly broken: readonly BrokenSeal[] };

type Seal = { n: number; prev_seal: Buffer; root: Buffer; seal: Buffer; leaf_count: number; sealed_until: string };
type Leaf = { leaf: number; action_id: string; leaf_hash: Buffer; is_there: boolean; fields: SealedRow };

/**
 * Recomputes every seal of every site from the rows themselves and names the first that does not fit: a row that was changed,
 * removed or put in afterwards, a leaf or a seal that is another. The connection is the owner's, which sees all sites; one seal
 * is in memory at a time.
 */
export async function verifySeals(owner: pg.ClientBase): Promise<SealCheck> {
  const { rows: sites } = await owner.query<{ site_id: string }>(
    'select distinct site_id from activity_seals order by 1',
  );
  const broken: BrokenSeal[] = [];
  let [seals, rows] = [0, 0];
  for (const { site_id: siteId } of sites) {
    const { rows: chain } = await owner.query<Seal>(
      'select n, prev_seal, root, seal, leaf_count, sealed_until from activity_seals where site_id = $1 order by n',
      [siteId],
    );
    let prevSeal: Buffer = NO_SEAL;
    let message: string | undefined;
    for (const [i, seal] of chain.entries()) {
      message = seal.n === i + 1 ? await faultOf(owner, siteId, seal, prevSeal) : `seal ${i + 1} is missing`;
      if (message) break;
      prevSeal = seal.seal;
      seals += 1;
      rows += seal.leaf_count;
    }
    message ??= await addedLater(owner, siteId, chain.at(-1)?.sealed_until);
    if (message) broken.push({ siteId, message });
  }
  return { seals, rows, broken };
}

async function faultOf(
  owner: pg.ClientBase,
  siteId: string,
  seal: Seal,
  prevSeal: Buffer,
): Promise<string | undefined> {
  const { rows: leaves } = await owner.query<Leaf>(
    `select s.leaf, s.action_id, s.leaf_hash, l.action_id is not null as is_there, ${prepared(sealedColumns).text} as fields
      from activity_seal_leaves s left join admin_action_logs l on l.site_id = s.site_id and l.action_id = s.action_id where s.site_id = $1 and s.n = $2 order by s.leaf`,
    [siteId, seal.n],
  );
  for (const leaf of leaves) {
    if (!leaf.is_there) return `row ${leaf.action_id} was removed after it was sealed (seal ${seal.n})`;
    if (!leafHash(leaf.fields).equals(leaf.leaf_hash))
      return `row ${leaf.action_id} was changed after it was sealed (seal ${seal.n})`;
  }
  if (leaves.length !== seal.leaf_count) return `seal ${seal.n} has ${leaves.length} of its ${seal.leaf_count} rows`;
  if (!merkleRoot(leaves.map((leaf) => leaf.leaf_hash)).equals(seal.root))
    return `seal ${seal.n} is not that of its rows`;
  if (!seal.prev_seal.equals(prevSeal)) return `seal ${seal.n} does not follow the one before it`;
  const { n, leaf_count: leafCount, root } = seal;
  return sealOf({ prevSeal, n, leafCount, root }).equals(seal.seal) ? undefined : `seal ${n} was changed`;
}

/** A row that no seal took in, of a time for which no seal takes in any more. */
async function addedLater(
  owner: pg.ClientBase,
  siteId: string,
  sealedUntil: string | undefined,
): Promise<string | undefined> {
  if (sealedUntil === undefined) return undefined;
  const { rows } = await owner.query<{ action_id: string }>(
    `select l.action_id from admin_action_logs l where l.site_id = $1 and l.action_id < $2
      and not exists (select from activity_seal_leaves s where s.site_id = l.site_id and s.action_id = l.action_id) order by l.action_id limit 1`,
    [siteId, openSince(sealedUntil)],
  );
  return rows[0] && `row ${rows[0].action_id} was put in after its time was sealed`;
}
