import { type TestDatabase, inDatabase } from '@souk/db/testing';
import { until } from './start-test-api.ts';

/**
 * Keeps calls waiting at rows of a site until all have come there, then lets them go: whatever they only read before is the
 * same for each. `hold` is a statement that locks the rows; the site is its `$1`.
 */
export async function heldBack<Answer>(
  db: TestDatabase,
  siteId: string,
  hold: string,
  calls: () => readonly Promise<Answer>[],
): Promise<Answer[]> {
  return inDatabase(db.superuserUrl, async (client) => {
    await client.query('begin');
    await client.query(hold, [siteId]);
    const under = calls();
    await until('all wait', async () => {
      // Within a transaction the activity is what it was when it was first asked for.
      await client.query('select pg_stat_clear_snapshot()');
      const { rows } = await client.query<{ waiting: number }>(
        "select count(*)::int as waiting from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
      );
      return rows[0]?.waiting === under.length;
    });
    await client.query('commit');
    return Promise.all(under);
  });
}
