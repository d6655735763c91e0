import pg from 'pg';
import type { Database } from '../orm.ts';
import { LOOK_CHANNEL } from './outbox-store.ts';

/** Listens for "look" on a connection of its own, and connects again when it is lost. */
export function listenForLook(db: Database, onLook: () => void): { stop(): Promise<void> } {
  let client: pg.Client | undefined;
  let stopped = false;
  const connect = async (): Promise<void> => {
    if (stopped) return;
    const next = new pg.Client({ connectionString: db.urls.relay, connectionTimeoutMillis: 10_000, keepAlive: true });
    const again = (): void => {
      if (client === next) {
        client = undefined;
        setTimeout(() => void connect(), 500).unref();
      }
    };
    next.on('error', again);
    next.on('end', again);
    next.on('notification', onLook);
    client = next;
    try {
      await next.connect();
      await next.query(`listen ${LOOK_CHANNEL}`);
      onLook();
    } catch {
      again();
    }
  };
  void connect();
  return {
    stop: async () => {
      stopped = true;
      await client?.end().catch(() => undefined);
    },
  };
}
