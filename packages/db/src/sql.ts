import { createHash } from 'node:crypto';

/**
 * A statement with its values apart: what is put into the template becomes a parameter, never text. A statement put into
 * another becomes part of it. `Row` is what it gives, for `rows` and `row`.
 */
export type Sql<Row = unknown> = {
  readonly strings: readonly string[];
  readonly values: readonly unknown[];
  /** Never there: it lets the type of the rows travel with the statement. */
  readonly row?: Row;
};

const made = new WeakSet<object>();

/** Writes a bound statement: sql`select … where site_id = ${siteId}`. */
export function sql<Row = unknown>(strings: TemplateStringsArray, ...values: readonly unknown[]): Sql<Row> {
  const statement: Sql<Row> = { strings, values };
  made.add(statement);
  return statement;
}

// Only what the tag has made counts as part of a statement: an object of the same shape from outside is a value.
const isSql = (value: unknown): value is Sql => typeof value === 'object' && value !== null && made.has(value);

const names = new Map<string, string>();

/** The statement as PostgreSQL takes it: prepared under a name that its text gives it, so that it is planned once. */
export function prepared(statement: Sql): { name: string; text: string; values: unknown[] } {
  const values: unknown[] = [];
  const text = textOf(statement, values);
  let name = names.get(text);
  if (!name) {
    name = `s_${createHash('sha256').update(text).digest('base64url').slice(0, 20)}`;
    names.set(text, name);
  }
  return { name, text, values };
}

function textOf({ strings, values }: Sql, into: unknown[]): string {
  let text = strings[0] ?? '';
  for (const [i, value] of values.entries()) {
    text += isSql(value) ? textOf(value, into) : `$${into.push(value)}`;
    text += strings[i + 1] ?? '';
  }
  return text;
}
