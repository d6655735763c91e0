import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedBy } from '../embedded/start-embedded.ts';
import { migrate } from '../migrate.ts';
import type { DatabaseUrls } from '../orm.ts';
import { masterKey, newMasterKey } from '../sealing.ts';
import { inDatabase } from './in-database.ts';

const TEMPLATE = 'souk_template';

/** How a test process finds the server of its run: an address pattern, the key, the template. */
export type TestServer = { readonly superuserUrl: string; readonly template: string; readonly key: string };

/**
 * Starts one PostgreSQL for a whole test run, with one migrated template database in it. A file that kills PostgreSQL starts
 * one of its own, which comes back however often that is.
 */
export async function startTestServer({
  home = mkdtempSync(join(tmpdir(), 'souk-test-')),
  isKilledOften = false,
}: { readonly home?: string; readonly isKilledOften?: boolean } = {}): Promise<{
  server: TestServer;
  home: string;
  stop(): Promise<void>;
}> {
  const embedded = await startEmbeddedBy(isKilledOften ? { restartsPerMinute: Infinity } : {}, { home });
  const superuserUrl = embedded.url({ user: 'postgres', database: 'postgres' });
  const key = newMasterKey();
  await inDatabase(superuserUrl, async (client) => {
    await client.query('create role souk_owner login createrole createdb');
    await client.query(`create database ${TEMPLATE} owner souk_owner`);
  });
  const master = masterKey(key);
  if (!master) throw new Error('a new key is always a key');
  await migrate(databaseUrl(superuserUrl, TEMPLATE, 'souk_owner'), {
    key: master,
    installationId: TEST_INSTALLATION,
    passwords: false,
  });
  return {
    server: { superuserUrl, template: TEMPLATE, key },
    home,
    stop: async () => {
      await embedded.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

const TEST_INSTALLATION = '01930000-0000-7000-8000-000000000001';

/** The same server, another database or role. */
export function databaseUrl(serverUrl: string, database: string, user: string): string {
  const url = new URL(serverUrl);
  url.username = user;
  url.pathname = `/${database}`;
  return url.toString();
}

export const servingUrls = (server: TestServer, database: string): DatabaseUrls => ({
  app: databaseUrl(server.superuserUrl, database, 'souk_app'),
  platform: databaseUrl(server.superuserUrl, database, 'souk_platform'),
  relay: databaseUrl(server.superuserUrl, database, 'souk_relay'),
});

/** Where the run's server is written down for its workers. */
export const writeServer = (file: string, server: TestServer): void =>
  writeFileSync(file, JSON.stringify(server), { mode: 0o600 });
export const readServer = (file: string): TestServer => JSON.parse(readFileSync(file, 'utf8')) as TestServer;
