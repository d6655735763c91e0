import type pg from 'pg';

export type BackedUpTable = { readonly name: string; readonly columns: readonly string[] };

/** Made by migrating: what a database has applied is not copied into it. */
const MADE_BY_MIGRATING = new Set(['applied_migrations']);

/**
 * Every table with the columns that are written (generated ones make themselves), each after those it points to. What
 * waits for the commit anyway, and what points to its own table, says nothing of the order.
 */
export async function tablesInOrder(client: pg.ClientBase): Promise<BackedUpTable[]> {
  const tables = await client.query<BackedUpTable>(
    `select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relpersistence = 'p' group by c.relname order by c.relname`,
  );
  const keys = await client.query<{ from: string; to: string }>(
    `select distinct f.relname as from, t.relname as to from pg_constraint k join pg_class f on f.oid = k.conrelid join pg_class t on t.oid = k.confrelid
      where k.contype = 'f' and not k.condeferrable and k.conrelid <> k.confrelid and k.connamespace = 'public'::regnamespace`,
  );
  const waiting = new Map(tables.rows.filter((t) => !MADE_BY_MIGRATING.has(t.name)).map((t) => [t.name, t]));
  const ordered: BackedUpTable[] = [];
  while (waiting.size > 0) {
    const free = [...waiting.values()].filter(
      (table) => !keys.rows.some((key) => key.from === table.name && waiting.has(key.to)),
    );
    if (free.length === 0) throw new Error(`these tables point to each other: ${[...waiting.keys()].join(', ')}`);
    for (const table of free) waiting.delete(table.name);
    ordered.push(...free);
  }
  return ordered;
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** How a table is named in COPY, with its columns. */
export const copied = ({ name, columns }: BackedUpTable): string =>
  `public.${quoted(name)} (${columns.map(quoted).join(', ')})`;
