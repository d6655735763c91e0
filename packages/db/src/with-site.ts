import { AsyncLocalStorage } from 'node:async_hooks';
import type { SiteId } from '@souk/domain/shared';
import pg from 'pg';
import type { Entities } from './entity-manager-on.ts';
import type { Database } from './orm.ts';
import { countRoundTrip } from './round-trips.ts';
import { SiteQuery } from './site-query.ts';
import { type Sql, prepared, sql } from './sql.ts';

/**
 * One open transaction of one site. It is opaque: only the stores of this package can read or write through it, and it is
 * dead when the work it was opened for is done.
 */
export type SiteTransaction = { readonly siteId: SiteId; readonly at: Date };

type Inside = {
  readonly client: pg.PoolClient;
  readonly loadEntities: () => Promise<Entities>;
  entities: Promise<Entities> | undefined;
  /** Statements on their way that somebody waits for; the first of them makes a round trip, the others ride along. */
  waiting: number;
  /** Statements that nobody waits for before the commit. */
  sent: Promise<void>[];
  /** What went wrong first. All that follows in the transaction fails with it. */
  failure: Error | undefined;
};
const open = new WeakMap<SiteTransaction, Inside>();
const current = new AsyncLocalStorage<SiteTransaction>();

function inside(tx: SiteTransaction): Inside {
  const found = open.get(tx);
  if (!found) throw new Error('this transaction is over; a store was called outside its withSite');
  return found;
}

const SET_SITE = { name: 'open_site', text: "select set_config('app.site_id', $1, true)" };

/**
 * The only way to a site's data (G1). Opens one transaction on the app role with the site as its first statement, runs the
 * work, commits; any throw rolls everything back. A nested call for the same site joins the transaction, for another site
 * it throws. `at` is the time the work is done at; it defaults to now and is an argument so that time can be told in tests.
 */
export async function withSite<Value>(
  { app, orm }: Database,
  siteId: SiteId,
  work: (tx: SiteTransaction) => Promise<Value>,
  at: Date = new Date(),
): Promise<Value> {
  const outer = current.getStore();
  if (outer && open.has(outer)) {
    if (outer.siteId !== siteId) throw new Error('a transaction of one site cannot reach into another site');
    return work(outer);
  }
  const client = await app.connect();
  const tx: SiteTransaction = Object.freeze({ siteId, at });
  const state: Inside = {
    client,
    loadEntities: async () =>
      (await import('./entity-manager-on.ts')).entitiesOn(await orm(), siteId, async (text, values) =>
        wait(inside(tx), client.query(text, values)),
      ),
    entities: undefined,
    waiting: 0,
    sent: [],
    failure: undefined,
  };
  open.set(tx, state);
  // Begin and site travel with the first statement of the work. They fail closed: were one refused, no statement behind it
  // would have a site, and none is believed.
  inOneWrite(client);
  later(state, { text: 'begin' });
  later(state, { ...SET_SITE, values: [siteId] });
  try {
    const value = await workIn(tx, work);
    await commit(state);
    client.release();
    return value;
  } catch (error) {
    await rollback(state);
    throw state.failure ?? error;
  }
}

/** Runs the work. Whatever it left behind finds the transaction over, while that still waits for its commit or rollback. */
async function workIn<Value>(tx: SiteTransaction, work: (tx: SiteTransaction) => Promise<Value>): Promise<Value> {
  try {
    return await current.run(tx, () => work(tx));
  } finally {
    open.delete(tx);
  }
}

/** The socket under a client; pg does not type it. */
type Wire = { readonly connection: { readonly stream: { cork(): void; uncork(): void } } };

/** Lets what is sent until the end of this turn leave in one write: the server is woken once, and reads it all. */
function inOneWrite(client: pg.PoolClient): void {
  const { stream } = (client as unknown as Wire).connection;
  stream.cork();
  process.nextTick(() => stream.uncork());
}

/** Sends what nobody waits for yet and notes its failure: at once when the driver cannot send it, else when it is answered. */
function later(state: Inside, query: pg.QueryConfig): void {
  state.sent.push(
    new Promise((done) => {
      state.client.query(query, (error: Error | null) => {
        if (error) state.failure ??= error;
        done();
      });
    }),
  );
}

async function commit(state: Inside): Promise<void> {
  // What the driver could not send never reached the server, which would commit all the rest.
  if (state.failure) throw state.failure;
  inOneWrite(state.client);
  const committed = wait(state, state.client.query('commit'));
  await Promise.all(state.sent);
  const { command } = await committed;
  // PostgreSQL answers the commit of a transaction that has failed with a rollback, and calls that a success.
  if (command !== 'COMMIT') throw state.failure ?? new Error('the transaction was rolled back');
}

async function rollback(state: Inside): Promise<void> {
  // Nothing that was sent may still be on its way when the connection goes to somebody else.
  await Promise.all(state.sent);
  try {
    await state.client.query('rollback');
    // What did not fail at the server may have left a prepared statement that only one side knows of.
    state.client.release(state.failure instanceof pg.DatabaseError ? undefined : state.failure);
  } catch (error) {
    // A rollback fails only when its connection is dead, and the server has rolled back by then.
    state.client.release(error instanceof Error ? error : true);
  }
}

async function wait<Result>(state: Inside, statement: Promise<Result>): Promise<Result> {
  if (state.waiting === 0) countRoundTrip();
  state.waiting += 1;
  try {
    const result = await statement;
    // Had the transaction not begun, this was answered outside of it.
    if (state.failure) throw state.failure;
    return result;
  } catch (error) {
    throw (state.failure ??= error instanceof Error ? error : new Error(String(error)));
  } finally {
    state.waiting -= 1;
  }
}

/** The transaction's EntityManager and the entities it knows, for stores of this package alone. */
export function entitiesOf(tx: SiteTransaction): Promise<Entities> {
  const state = inside(tx);
  return (state.entities ??= state.loadEntities());
}

const execute = <Row extends pg.QueryResultRow>(tx: SiteTransaction, query: Sql): Promise<pg.QueryResult<Row>> => {
  const state = inside(tx);
  inOneWrite(state.client);
  return wait(state, state.client.query<Row>(prepared(query)));
};

/** Rows of one bound statement inside the transaction. Statements asked for together, in one `Promise.all`, are one round trip. */
export async function rows<Row>(tx: SiteTransaction, query: Sql<Row>): Promise<Row[]> {
  return (await execute(tx, query)).rows as Row[];
}

/** The first row of one bound statement, if there is one. */
export const row = async <Row>(tx: SiteTransaction, query: Sql<Row>): Promise<Row | undefined> =>
  (await rows(tx, query))[0];

/** Runs one bound statement and says how many rows it touched: the answer of a conditional update. */
export async function run(tx: SiteTransaction, query: Sql): Promise<number> {
  return (await execute(tx, query)).rowCount ?? 0;
}

/**
 * Sends a statement that can only succeed or fail: it travels with the next one that is waited for, or with the commit.
 * When it fails the transaction fails, and its error is what the caller of `withSite` gets.
 */
export function send(tx: SiteTransaction, query: Sql): void {
  const state = inside(tx);
  inOneWrite(state.client);
  later(state, prepared(query));
}

export { sql };

/** A prepared select of the storefront's hot paths. `name` is unique in the project; `$1`… are its parameters. */
export type HotQuery = { readonly name: string; readonly text: string };

/** Rows of one prepared select with its site, in one round trip, on the app role: the same promise as `withSite`, for reading. */
export const readSite = <Row extends pg.QueryResultRow>(
  db: Database,
  siteId: SiteId,
  query: HotQuery,
  values: readonly unknown[],
): Promise<Row[]> => inOneBatch<Row>(db, siteId, { ...query, values: [...values] }).then((result) => result.rows);

/** Rows of one bound statement with its site, in one round trip: for a read that stands alone. */
export const readAlone = <Row extends pg.QueryResultRow>(
  db: Database,
  siteId: SiteId,
  query: Sql<Row>,
): Promise<Row[]> => inOneBatch<Row>(db, siteId, prepared(query)).then((result) => result.rows);

/** One bound statement with its site, in one round trip and a transaction of its own: for a change that stands alone. Says how many rows it touched. */
export const runAlone = async (db: Database, siteId: SiteId, query: Sql): Promise<number> =>
  (await inOneBatch(db, siteId, prepared(query))).rowCount ?? 0;

async function inOneBatch<Row extends pg.QueryResultRow>(
  { app }: Database,
  siteId: SiteId,
  query: { name: string; text: string; values: unknown[] },
): Promise<pg.QueryResult<Row>> {
  const client = await app.connect();
  countRoundTrip();
  let failure: Error | undefined;
  try {
    return await new Promise<pg.QueryResult<Row>>((resolve, reject) => {
      const siteQuery = new SiteQuery(siteId, query, (error, result) => {
        if (error) reject(error);
        else resolve(result as pg.QueryResult<Row>);
      });
      // pg takes any object that can submit itself.
      client.query(siteQuery as unknown as pg.Submittable);
    });
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    // A connection that saw an error is thrown away, so that no half-read answer can reach the next request.
    client.release(failure);
  }
}
