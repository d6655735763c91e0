import { createHash } from 'node:crypto';
import { sql } from '../sql.ts';

/**
 * The fields of a log row in the order in which they are sealed, each as text or null: times in UTC with microseconds, JSON as
 * PostgreSQL writes `jsonb`. The order and the forms never change; a field that comes later is sealed under another prefix.
 */
export type SealedRow = readonly (string | null)[];

const LEAF = Buffer.from([0]);
const NODE = Buffer.from([1]);
const SEAL = Buffer.from([2]);
const hash = (...parts: readonly Uint8Array[]): Buffer => {
  const h = createHash('sha256');
  for (const part of parts) h.update(part);
  return h.digest();
};

/** Null is a zero byte; a text is a one, its length in four bytes, and its UTF-8: no two rows are written alike. */
function encoded(row: SealedRow): Buffer {
  return Buffer.concat(
    row.map((field) => {
      if (field === null) return Buffer.from([0]);
      const text = Buffer.from(field, 'utf8');
      const head = Buffer.alloc(5);
      head[0] = 1;
      head.writeUInt32BE(text.length, 1);
      return Buffer.concat([head, text]);
    }),
  );
}

export const leafHash = (row: SealedRow): Buffer => hash(LEAF, encoded(row));

/** The root of a Merkle tree as RFC 6962 builds it: leaves and nodes under prefixes of their own, split at the largest power of two. */
export function merkleRoot(leaves: readonly Uint8Array[]): Buffer {
  const [only] = leaves;
  if (only === undefined) throw new Error('a seal of no rows');
  if (leaves.length === 1) return Buffer.from(only);
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return hash(NODE, merkleRoot(leaves.slice(0, k)), merkleRoot(leaves.slice(k)));
}

/** What the first seal of a site follows. */
export const NO_SEAL = Buffer.alloc(32);

/** A seal says which one it follows, its number, how many rows it takes in, and their root. */
export function sealOf(s: { prevSeal: Uint8Array; n: number; leafCount: number; root: Uint8Array }): Buffer {
  const numbers = Buffer.alloc(16);
  numbers.writeBigUInt64BE(BigInt(s.n), 0);
  numbers.writeBigUInt64BE(BigInt(s.leafCount), 8);
  return hash(SEAL, s.prevSeal, numbers, s.root);
}

/** The columns of a sealed row, for a select from `admin_action_logs l`. */
export const sealedColumns = sql`array[l.site_id::text, l.action_id::text, l.actor_kind, l.actor_id::text, l.role_name, l.action, l.entity_type, l.entity_id::text,
  l.before::text, l.after::text, l.request_id, to_char(l."timestamp" at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')]`;
