import type pg from 'pg';

/**
 * Lets MikroORM's pool go of a connection that is lost while it is in use. The query builder keeps one on which a `begin`
 * or a `rollback` has failed for ever, and closing the pool would wait for it; what it gives back later is gone already.
 */
export function letGoOfLost(pool: pg.Pool): void {
  const inUse = new Set<pg.PoolClient>();
  pool.on('acquire', (client) => inUse.add(client));
  pool.on('release', (_error, client) => inUse.delete(client));
  pool.on('connect', (client) =>
    client.once('end', () => {
      if (!inUse.has(client)) return;
      const { release } = client;
      client.release = () => undefined;
      release(true);
    }),
  );
}
