import type { TestDatabase } from '@souk/db/testing';
import { ownerRows, until } from './start-test-api.ts';

/**
 * Waits until nothing is left to do: every event is relayed, and no job waits but reminders of another hour. Jobs of
 * processes that died are made overdue, so that they are tried again now and not after their heartbeat's time.
 * @throws when something is left, or lies among the dead.
 */
export async function settled(db: Pick<TestDatabase, 'ownerUrl'>, seconds = 30): Promise<void> {
  const left = (): Promise<Record<string, unknown>[]> =>
    ownerRows(
      db,
      `select name, state::text, count(*)::int, max(retry_count) as tries from jobs.job
        where name <> 'dead' and state in ('created', 'active', 'retry') and start_after < now() + interval '5 minutes' group by name, state
       union all select 'outbox', 'waiting', count(*)::int, 0 from outbox_events where relayed_at is null having count(*) > 0
       union all select 'dead', 'dead', count(*)::int, 0 from jobs.job where name = 'dead' having count(*) > 0`,
    );
  await ownerRows(
    db,
    "update jobs.job set heartbeat_on = heartbeat_on - interval '1 minute' where state = 'active' and heartbeat_on < now() - interval '1 second'",
  );
  const before = await left();
  await until('nothing is left to do', async () => (await left()).length === 0, seconds).catch(async () => {
    throw new Error(
      `things were left: ${JSON.stringify(await left())}; ${seconds} s before: ${JSON.stringify(before)}`,
    );
  });
}
