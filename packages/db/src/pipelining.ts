import type pg from 'pg';
import { countRoundTrip } from './round-trips.ts';

type Query = (...all: unknown[]) => Promise<pg.QueryResult>;
const done: pg.QueryResult = { command: '', rowCount: 0, oid: 0, fields: [], rows: [] };
const textOf = (first: unknown): string | undefined =>
  typeof first === 'string' ? first : (first as { text?: string }).text;

/**
 * Lets a rollback on a dead connection succeed. It fails only when its connection is dead, and the server has rolled back by
 * then. Were it told, the query builder would keep the connection for ever, and closing the pool would wait for it; so it is
 * ended, and the pool throws it away when it comes back.
 */
export function forgiveRollbacks(pool: pg.Pool): void {
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as Query;
    Object.assign(client, {
      query: (first: unknown, ...rest: unknown[]): Promise<pg.QueryResult> =>
        textOf(first) === 'rollback' ? query(first, ...rest).catch(() => endOf(client)) : query(first, ...rest),
    });
  });
}

function endOf(client: { end?: () => Promise<void> }): pg.QueryResult {
  client.end?.().catch(() => undefined);
  return done;
}

/**
 * Sends `begin` and the setting of the site together with the first statement of a transaction: one round trip instead of
 * three. It fails closed: when the setting fails, the statements behind it fail with "current transaction is aborted".
 */
export function pipelineTransactionStart(pool: pg.Pool): void {
  forgiveRollbacks(pool);
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as Query;
    const pipelined = (first: unknown, ...rest: unknown[]): Promise<pg.QueryResult> => {
      const text = textOf(first);
      if (text === 'begin' || text?.startsWith("select set_config('app.site_id'")) {
        query(first, ...rest).catch(() => undefined);
        return Promise.resolve(done);
      }
      countRoundTrip();
      return query(first, ...rest);
    };
    Object.assign(client, { query: pipelined });
  });
}
