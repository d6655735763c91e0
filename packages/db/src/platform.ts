import type pg from 'pg';
import type { Database } from './orm.ts';
import { countRoundTrip } from './round-trips.ts';

/** A prepared statement of the platform role. The closed list of them is `identity/platform-lookups.ts`. */
export async function platformRows<Row extends pg.QueryResultRow>(
  { platform }: Database,
  query: { readonly name: string; readonly text: string },
  values: readonly unknown[],
): Promise<Row[]> {
  countRoundTrip();
  return (await platform.query<Row>({ name: query.name, text: query.text, values: [...values] })).rows;
}
