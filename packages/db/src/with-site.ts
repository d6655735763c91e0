import { AsyncLocalStorage } from 'node:async_hooks';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { SiteId } from '@souk/domain/shared';
import { type ControlledTransaction, type RawBuilder, sql } from 'kysely';
import type pg from 'pg';
import type { Database } from './orm.ts';
import { countRoundTrip } from './round-trips.ts';
import { SiteQuery } from './site-query.ts';

/**
 * One open transaction of one site. It is opaque: only the stores of this package can read or write through it, and it is
 * dead when the work it was opened for is done.
 */
export type SiteTransaction = { readonly siteId: SiteId; readonly at: Date };

type Inside = { readonly em: EntityManager; readonly transaction: ControlledTransaction<unknown> };
const open = new WeakMap<SiteTransaction, Inside>();
const current = new AsyncLocalStorage<SiteTransaction>();

function inside(tx: SiteTransaction): Inside {
  const found = open.get(tx);
  if (!found) throw new Error('this transaction is over; a store was called outside its withSite');
  return found;
}

/**
 * The only way to a site's data (G1). Opens one transaction on the app role with the site as its first statement, runs the
 * work, commits; any throw rolls everything back. A nested call for the same site joins the transaction, for another site
 * it throws. `at` is the time the work is done at; it defaults to now and is an argument so that time can be told in tests.
 */
export async function withSite<Value>(
  { orm }: Database,
  siteId: SiteId,
  work: (tx: SiteTransaction) => Promise<Value>,
  at: Date = new Date(),
): Promise<Value> {
  const outer = current.getStore();
  if (outer && open.has(outer)) {
    if (outer.siteId !== siteId) throw new Error('a transaction of one site cannot reach into another site');
    return work(outer);
  }
  const em = orm.em.fork({ session: { variables: { 'app.site_id': siteId } } });
  em.setFilterParams('site', { siteId });
  return em.transactional(async (inner) => {
    const transaction = inner.getTransactionContext<ControlledTransaction<unknown>>();
    if (!transaction) throw new Error('no transaction was opened');
    const tx: SiteTransaction = Object.freeze({ siteId, at });
    open.set(tx, { em: inner, transaction });
    try {
      return await current.run(tx, () => work(tx));
    } finally {
      open.delete(tx);
    }
  });
}

/** The transaction's EntityManager, for stores of this package alone. */
export const emOf = (tx: SiteTransaction): EntityManager => inside(tx).em;

/** Rows of one bound statement inside the transaction. Values of the template are parameters, never text. */
export async function rows<Row>(tx: SiteTransaction, query: RawBuilder<Row>): Promise<Row[]> {
  return (await query.execute(inside(tx).transaction)).rows;
}

/** The first row of one bound statement, if there is one. */
export const row = async <Row>(tx: SiteTransaction, query: RawBuilder<Row>): Promise<Row | undefined> =>
  (await rows(tx, query))[0];

/** Runs one bound statement and says how many rows it touched: the answer of a conditional update. */
export async function run(tx: SiteTransaction, query: RawBuilder<unknown>): Promise<number> {
  return Number((await query.execute(inside(tx).transaction)).numAffectedRows ?? 0n);
}

export { sql };

/** A prepared select of the storefront's hot paths. `name` is unique in the project; `$1`… are its parameters. */
export type HotQuery = { readonly name: string; readonly text: string };

/** Rows of one prepared select with its site, in one round trip, on the app role: the same promise as `withSite`, for reading. */
export async function readSite<Row extends pg.QueryResultRow>(
  { hot }: Database,
  siteId: SiteId,
  query: HotQuery,
  values: readonly unknown[],
): Promise<Row[]> {
  const client = await hot.connect();
  countRoundTrip();
  let failure: Error | undefined;
  try {
    return await new Promise<Row[]>((resolve, reject) => {
      const siteQuery = new SiteQuery(
        siteId,
        { name: query.name, text: query.text, values: [...values] },
        (error, result) => {
          if (error) reject(error);
          else resolve(result.rows as Row[]);
        },
      );
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
