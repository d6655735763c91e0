import { inDatabase } from '@souk/db/testing';
import { type TestApi, ownerRows } from './start-test-api.ts';

type Column = { schema: string; table: string; column: string; type: string };
const quote = (name: string): string => `"${name}"`;

/**
 * Columns of the whole database, job queue included, in which a word stands in clear. Bytes are searched as text, and every
 * column for the word in hex and in base64 of every shift.
 */
export async function sightingsOf({ db }: Pick<TestApi, 'db'>, word: string): Promise<string[]> {
  const words = [
    word,
    Buffer.from(word).toString('hex'),
    ...[0, 1, 2].map((shift) =>
      Buffer.concat([Buffer.alloc(shift), Buffer.from(word)])
        .toString('base64')
        .slice(shift === 0 ? 0 : 4, -4),
    ),
  ];
  const all = await ownerRows<Column>(
    db,
    `select n.nspname as schema, c.relname as table, a.attname as column, format_type(a.atttypid, null) as type from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
      where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and c.relkind in ('r', 'p') and not c.relispartition and a.attnum > 0 and not a.attisdropped order by 1, 2, 3`,
  );
  return inDatabase(db.ownerUrl, async (client) => {
    const found: string[] = [];
    for (const { schema, table, column, type } of all) {
      const text = type === 'bytea' ? `encode(${quote(column)}, 'escape')` : `${quote(column)}::text`;
      const { rowCount } = await client.query(
        `select 1 from ${quote(schema)}.${quote(table)} where exists (select 1 from unnest($1::text[]) w where position(lower(w) in lower(${text})) > 0) limit 1`,
        [words],
      );
      if (rowCount) found.push(`${schema === 'public' ? '' : `${schema}.`}${table}.${column}`);
    }
    return found;
  });
}
