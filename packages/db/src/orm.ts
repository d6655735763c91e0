import type { MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';

/** PostgreSQL's type `date`. */
const DATE_OID = 1082;

/** Times are read as `Date`, days as text: a day has no time zone to be read in. A numeric comes as text: it never passes through a float. */
const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === DATE_OID ? (text: string) => text : pg.types.getTypeParser(oid, format),
};

/** How long each kind of waiting for the database may take, in milliseconds, until it is given up and said so (K02). */
export type Patience = {
  /** For a connection: all are in use, or the server lets nobody in. */
  readonly connection: number;
  readonly lock: number;
  readonly statement: number;
  /** For any answer at all. Longer than `statement`, so that the server's own word comes first while it can speak. */
  readonly answer: number;
};

const USUAL_PATIENCE: Patience = { connection: 10_000, lock: 10_000, statement: 20_000, answer: 25_000 };
/** Sweeps of what is old have nobody waiting for them. */
const RELAY_PATIENCE: Patience = { connection: 10_000, lock: 10_000, statement: 120_000, answer: 125_000 };

/** What runs or idles longer than anything here should gives its connection back: one stuck request never holds the pool. */
const session = (patience: Patience) => ({
  application_name: 'souk',
  connectionTimeoutMillis: patience.connection,
  lock_timeout: patience.lock,
  statement_timeout: patience.statement,
  query_timeout: patience.answer,
  idle_in_transaction_session_timeout: 60_000,
  keepAlive: true,
  // Prepared statements are planned once a connection. Left to itself PostgreSQL plans a page's select again and again,
  // since a plan for one limit looks cheaper than one for any: planning then costs more than reading (ADR 13).
  // Rows are reached by their keys, also while tables are too small, or too new, for their statistics to say that it pays:
  // a plan made on the first day is kept, and the table grows.
  options: '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off',
});

/** Connection addresses of the serving roles. The owner's is never among them. */
export type DatabaseUrls = { readonly app: string; readonly platform: string; readonly relay: string };

/**
 * The open database: a pool for each role. `withSite` and `readSite` use the app role's; only the closed lists of look-ups
 * and the relay's own statements use the others. The ORM maps entities inside transactions that `withSite` has opened; it is
 * loaded when a store first asks for one, since a process that serves a shop may never.
 */
export type Database = {
  readonly orm: () => Promise<MikroORM>;
  readonly app: pg.Pool;
  readonly platform: pg.Pool;
  readonly relay: pg.Pool;
  readonly urls: DatabaseUrls;
  close(): Promise<void>;
};

/** A pool whose broken connections never take the process down. */
export function openPool(url: string, max: number, patience = USUAL_PATIENCE): pg.Pool {
  // Pipelining sends a statement before the one before it is answered; PostgreSQL runs them in their order.
  const pool = new pg.Pool({
    connectionString: url,
    max,
    idleTimeoutMillis: 30_000,
    pipeline: true,
    types,
    ...session(patience),
  });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** Opens the serving connections. `poolSize` bounds those of the app role. */
export function openDatabase(
  urls: DatabaseUrls,
  { poolSize = 16, patience = {} }: { poolSize?: number; patience?: Partial<Patience> } = {},
): Database {
  const usual = { ...USUAL_PATIENCE, ...patience };
  let orm: Promise<MikroORM> | undefined;
  const app = openPool(urls.app, poolSize, usual);
  const platform = openPool(urls.platform, 8, usual);
  const relay = openPool(urls.relay, 4, { ...RELAY_PATIENCE, ...patience });
  return {
    orm: () => (orm ??= import('./open-orm.ts').then(({ openOrm }) => openOrm(urls.app))),
    app,
    platform,
    relay,
    urls,
    close: async () => {
      await Promise.all([orm?.then((opened) => opened.close(true)), app.end(), platform.end(), relay.end()]);
    },
  };
}
