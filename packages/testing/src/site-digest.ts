import { type TestApi, ownerRows } from './start-test-api.ts';

const siteTables = (db: TestApi['db'], type: 'any' | 'uuid'): Promise<{ table: string; column: string }[]> =>
  ownerRows(
    db,
    `select c.relname as table, a.attname as column from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_attribute s on s.attrelid = c.oid and s.attname = 'site_id' and not s.attisdropped
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and a.attnum > 0 and not a.attisdropped
        and ($1 = 'any' and a.attname = 'site_id' or a.atttypid::regtype::text = $1) order by 1, 2`,
    [type],
  );

/** One hash per table of all rows a site has: equal before and after means untouched. */
export async function siteDigest({ db }: Pick<TestApi, 'db'>, siteId: string): Promise<Record<string, string | null>> {
  const tables = await siteTables(db, 'any');
  const [found] = await ownerRows<Record<string, string | null>>(
    db,
    `select ${tables.map(({ table }) => `(select md5(string_agg(t::text, '' order by t::text)) from "${table}" t where site_id = $1) as "${table}"`).join(', ')}`,
    [siteId],
  );
  return found ?? {};
}

/** Ids a site has, by the name of their column: some of each kind, newest first. */
export async function siteIds({ db }: Pick<TestApi, 'db'>, siteId: string): Promise<Record<string, string[]>> {
  const columns = await siteTables(db, 'uuid');
  const found = await ownerRows<{ column: string; value: string }>(
    db,
    columns
      .map(
        ({ table, column }) =>
          `(select distinct '${column}' as column, "${column}"::text as value from "${table}" where site_id = $1 and "${column}" is not null order by 2 desc limit 6)`,
      )
      .join(' union '),
    [siteId],
  );
  const ids: Record<string, string[]> = {};
  for (const { column, value } of found) (ids[column] ??= []).push(value);
  return ids;
}
