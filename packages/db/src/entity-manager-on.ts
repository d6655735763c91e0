import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import type { SiteId } from '@souk/domain/shared';
import type pg from 'pg';
import { entities } from './entities.ts';

export type Entities = { readonly em: EntityManager } & typeof entities;

/** What MikroORM asks of a transaction: to run one compiled statement in it. */
type Executor = {
  executeQuery(query: { readonly sql: string; readonly parameters: readonly unknown[] }): Promise<{
    rows: unknown[];
    numAffectedRows: bigint;
  }>;
};

/**
 * An EntityManager whose statements `query` runs inside a transaction that is open already, with the filter of the site
 * set. Made only when a store asks for entities: most transactions never need one.
 */
export function entitiesOn(
  orm: MikroORM,
  siteId: SiteId,
  query: (text: string, values: unknown[]) => Promise<pg.QueryResult>,
): Entities {
  const em = orm.em.fork();
  em.setFilterParams('site', { siteId });
  const executor: Executor = {
    executeQuery: async ({ sql, parameters }) => {
      const { rows, rowCount } = await query(sql, [...parameters]);
      return { rows, numAffectedRows: BigInt(rowCount ?? 0) };
    },
  };
  em.setTransactionContext(executor);
  return { em, ...entities };
}
