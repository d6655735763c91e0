import type pg from 'pg';

export type Key = {
  readonly guard: string;
  readonly table: string;
  readonly name: string;
  /** Foreign key, unique, primary, check, or a unique index that is no constraint. */
  readonly kind: 'f' | 'u' | 'p' | 'c' | 'i';
  readonly columns: readonly string[];
  readonly isTarget: boolean;
};

export type Catalogue = {
  readonly keys: readonly Key[];
  /** `table.column` of every column that must have a value. */
  readonly filled: readonly string[];
  readonly policies: readonly { readonly table: string; readonly name: string; readonly guards: boolean }[];
};

const columnsOf = (numbers: string, relation: string): string =>
  `coalesce((select array_agg(a.attname::text order by k.o) from unnest(${numbers}) with ordinality k (n, o) join pg_attribute a on a.attrelid = ${relation} and a.attnum = k.n), '{}')`;

/** What the migrated schema says of its own guards; the connection is the owner's or the superuser's. */
export async function readCatalogue(client: pg.ClientBase): Promise<Catalogue> {
  const keys = await client.query<Key>(
    `select t.relname || '.' || c.conname as guard, t.relname as table, c.conname as name, c.contype::text as kind, ${columnsOf('c.conkey', 'c.conrelid')} as columns,
        exists (select 1 from pg_constraint f where f.contype = 'f' and f.conindid = c.conindid and f.oid <> c.oid) and c.contype in ('u', 'p') as "isTarget"
      from pg_constraint c join pg_class t on t.oid = c.conrelid where c.connamespace = 'public'::regnamespace and c.contype in ('f', 'u', 'p', 'c')
    union all
    select t.relname || '.' || i.relname, t.relname, i.relname, 'i', ${columnsOf('x.indkey::int2[]', 'x.indrelid')}, false
      from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class t on t.oid = x.indrelid
      where i.relnamespace = 'public'::regnamespace and x.indisunique and not exists (select 1 from pg_constraint c where c.conindid = x.indexrelid and c.contype in ('u', 'p'))
    order by 1`,
  );
  const filled = await client.query<{ column: string }>(
    `select t.relname || '.' || a.attname as column from pg_attribute a join pg_class t on t.oid = a.attrelid
      where t.relnamespace = 'public'::regnamespace and t.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped and a.attnotnull order by 1`,
  );
  const policies = await client.query<Catalogue['policies'][number]>(
    `select tablename as table, policyname as name, permissive = 'RESTRICTIVE' or (with_check is not null and with_check <> 'true') as guards from pg_policies where schemaname = 'public' order by 1, 2`,
  );
  return { keys: keys.rows, filled: filled.rows.map((r) => r.column), policies: policies.rows };
}
