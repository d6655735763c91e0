import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseUrls } from '@souk/db';
import { type TcpProxy, startTcpProxy } from './tcp-proxy.ts';

const socketOf = (url: string): { folder: string; port: string } => {
  const { hostname, port } = new URL(url);
  return { folder: decodeURIComponent(hostname), port };
};

/** A proxy before a test run's PostgreSQL, which listens on a socket, and the addresses that lead through it. */
export async function startDatabaseProxy(
  own: DatabaseUrls,
): Promise<TcpProxy & { readonly urls: (own: DatabaseUrls) => DatabaseUrls }> {
  const { folder, port } = socketOf(own.app);
  const before = mkdtempSync(join(tmpdir(), 'souk-wire-'));
  const proxy = await startTcpProxy({ path: join(folder, `.s.PGSQL.${port}`) }, join(before, `.s.PGSQL.${port}`));
  const through = (url: string): string => {
    const other = new URL(url);
    other.hostname = encodeURIComponent(before);
    return other.toString();
  };
  return {
    ...proxy,
    urls: ({ app, platform, relay }) => ({ app: through(app), platform: through(platform), relay: through(relay) }),
    close: async () => {
      await proxy.close();
      rmSync(before, { recursive: true, force: true });
    },
  };
}
