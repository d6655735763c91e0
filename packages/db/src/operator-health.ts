import type { Database } from './orm.ts';
import { MIGRATION_NAMES } from './migrations/names.ts';
import { JOB_SCHEMA, queues } from './queues.ts';

/** How the installation's database is, in figures that are of no site. */
export type DatabaseHealth = {
  readonly version: string;
  /** Migrations of this release, and how many of them have not run. */
  readonly schema: { readonly newest: string; readonly missing: number };
  readonly bytes: number;
  /** Events that wait for the relay, and since when the oldest does. */
  readonly outbox: { readonly waiting: number; readonly oldest: Date | undefined };
  /** Jobs of each queue: those to be done, those at work, and those that were given up. */
  readonly queues: readonly {
    readonly name: string;
    readonly waiting: number;
    readonly active: number;
    readonly failed: number;
  }[];
};

/** Asks the database how it is: one statement of each of the two roles that have no site. */
export async function readDatabaseHealth(db: Database): Promise<DatabaseHealth> {
  const [ofDatabase, outbox, jobs] = await Promise.all([
    db.platform.query<{ version: string; names: string[]; bytes: string }>({
      name: 'health_of_database',
      text: "select current_setting('server_version') as version, array(select name from applied_migrations) as names, pg_database_size(current_database())::text as bytes",
    }),
    db.relay.query<{ waiting: number; oldest: Date | null }>({
      name: 'health_of_outbox',
      text: 'select count(*)::int as waiting, min(created_at) as oldest from outbox_events where relayed_at is null',
    }),
    db.relay.query<{ name: string; waiting: number; active: number; failed: number }>({
      name: 'health_of_jobs',
      text: `select name, count(*) filter (where state in ('created', 'retry'))::int as waiting, count(*) filter (where state = 'active')::int as active, count(*) filter (where state = 'failed')::int as failed
        from ${JOB_SCHEMA}.job where name = any($1::text[]) group by name`,
      values: [queues.map((queue) => queue.name)],
    }),
  ]);
  const [database] = ofDatabase.rows;
  const names = new Set(database?.names);
  const found = new Map(jobs.rows.map((row) => [row.name, row]));
  return {
    version: database?.version ?? '',
    schema: {
      newest: MIGRATION_NAMES.at(-1) ?? '',
      missing: MIGRATION_NAMES.filter((name) => !names.has(name)).length,
    },
    bytes: Number(database?.bytes ?? 0),
    outbox: { waiting: outbox.rows[0]?.waiting ?? 0, oldest: outbox.rows[0]?.oldest ?? undefined },
    queues: queues.map(({ name }) => found.get(name) ?? { name, waiting: 0, active: 0, failed: 0 }),
  };
}
