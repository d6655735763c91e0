import type pg from 'pg';

const done: pg.QueryResult = { command: '', rowCount: 0, oid: 0, fields: [], rows: [] };
const textOf = (first: unknown): string | undefined =>
  typeof first === 'string' ? first : (first as { text?: string }).text;

/**
 * Lets a rollback on a dead connection of MikroORM's pool succeed. It fails only when its connection is dead, and the
 * server has rolled back by then. Were it told, the query builder would keep the connection for ever, and closing the pool
 * would wait for it; so it is ended, and the pool throws it away when it comes back.
 */
export function forgiveRollbacks(pool: pg.Pool): void {
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as (...all: unknown[]) => Promise<pg.QueryResult>;
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
