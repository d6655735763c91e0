import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Environment, readEnvironment } from '@souk/api/env';
import { type DatabaseUrls, newMasterKey } from '@souk/db';
import { type EmbeddedServer, findRunning, startEmbedded } from '@souk/db/embedded';
import { migrate } from '@souk/db/migrate';
import pg from 'pg';
import { v7 } from 'uuid';

/** What `npm run migrate` remembers beside an external database: the addresses of the roles it made. */
type Known = { readonly installationId: string; readonly key?: string; readonly urls?: Partial<DatabaseUrls> };

const OWNER = 'souk_owner';
const DATABASE = 'souk';

/** Why a command does not go on, in words that say what to do; it is shown without a stack. */
export class Stop extends Error {}

export const checkout = join(import.meta.dirname, '..');

/** Writes a file only its owner can read, whole or not at all. */
export function writePrivate(file: string, text: string): void {
  writeFileSync(`${file}.part`, text, { mode: 0o600 });
  chmodSync(`${file}.part`, 0o600);
  renameSync(`${file}.part`, file);
}

export const readJson = <Value>(file: string): Value | undefined =>
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Value) : undefined;

/** The folder of this installation's state: absolute, or inside the checkout. */
export const homeFolder = (): string => resolve(checkout, process.env.SOUK_HOME ?? '.souk');

/** Reads the configuration, making the folder and, in development, the master key on the first run. */
export function openInstallation(): {
  environment: Environment;
  installation: Known;
  remember(change: Partial<Known>): void;
} {
  const home = homeFolder();
  const file = join(home, 'installation.json');
  let known = readJson<Known>(file);
  const production = process.env.SOUK_MODE === 'production';
  if (!known && !production) {
    mkdirSync(home, { recursive: true, mode: 0o700 });
    known = { installationId: v7(), key: newMasterKey() };
    writePrivate(file, JSON.stringify(known, undefined, 2));
  }
  const environment = readEnvironment(process.env, { checkout, generatedKey: known?.key });
  if (!known) {
    mkdirSync(home, { recursive: true, mode: 0o700 });
    known = { installationId: v7() };
    writePrivate(file, JSON.stringify(known, undefined, 2));
  }
  let current = known;
  return {
    environment,
    installation: known,
    remember: (change) => {
      current = { ...current, ...change };
      writePrivate(file, JSON.stringify(current, undefined, 2));
    },
  };
}

export type OpenDatabaseServer = {
  /** The owner's address; undefined where only serving addresses are configured. */
  readonly ownerUrl: string | undefined;
  readonly embedded: EmbeddedServer | undefined;
  readonly usesPasswords: boolean;
  stop(): Promise<void>;
};

/** The database server of this installation: the configured one, else the embedded one, started when it does not run. */
export async function openServer(home: string, { mayStart = true } = {}): Promise<OpenDatabaseServer> {
  if (process.env.DATABASE_URL || process.env.APP_DATABASE_URL) {
    return {
      ownerUrl: process.env.DATABASE_URL,
      embedded: undefined,
      usesPasswords: true,
      stop: async () => undefined,
    };
  }
  const running = findRunning({ home });
  // One that a killed start left behind is ended, and started again by whoever needs it.
  if (running && !running.isOrphan)
    return {
      ownerUrl: running.url({ user: OWNER, database: DATABASE }),
      embedded: undefined,
      usesPasswords: false,
      stop: async () => undefined,
    };
  if (!mayStart) throw new Stop('Souk is not running here. Start it with: npm start');
  const embedded = await startEmbedded({ home, log: (line) => void process.stderr.write(`${line}\n`) });
  await makeOwner(embedded.url({ user: 'postgres', database: 'postgres' }));
  return {
    ownerUrl: embedded.url({ user: OWNER, database: DATABASE }),
    embedded,
    usesPasswords: false,
    stop: () => embedded.stop(),
  };
}

async function makeOwner(superuserUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ role: boolean; database: boolean }>(
      'select exists (select 1 from pg_roles where rolname = $1) as role, exists (select 1 from pg_database where datname = $2) as database',
      [OWNER, DATABASE],
    );
    if (!rows[0]?.role) await client.query(`create role ${OWNER} login createrole createdb`);
    if (!rows[0]?.database) await client.query(`create database ${DATABASE} owner ${OWNER}`);
  } finally {
    await client.end();
  }
}

/** Addresses given in the environment win over those that migrating made. */
export const configuredUrls = (): Partial<DatabaseUrls> => ({
  ...(process.env.APP_DATABASE_URL ? { app: process.env.APP_DATABASE_URL } : {}),
  ...(process.env.PLATFORM_DATABASE_URL ? { platform: process.env.PLATFORM_DATABASE_URL } : {}),
  ...(process.env.RELAY_DATABASE_URL ? { relay: process.env.RELAY_DATABASE_URL } : {}),
});

/** Remembered logins, at the database that the owner's address names now: it may be another one than last time. */
function sameDatabase(urls: Partial<DatabaseUrls>, ownerUrl: string): Partial<DatabaseUrls> {
  return Object.fromEntries(
    Object.entries(urls).map(([role, text]) => {
      const [url, login] = [new URL(ownerUrl), new URL(text)];
      url.username = login.username;
      url.password = login.password;
      return [role, url.toString()];
    }),
  );
}

/** Migrates with the owner's connection and remembers the addresses of the roles. */
export async function migrateInstallation(
  server: OpenDatabaseServer,
  opened: ReturnType<typeof openInstallation>,
): Promise<{ applied: readonly string[]; urls: DatabaseUrls }> {
  if (!server.ownerUrl)
    throw new Stop("DATABASE_URL is missing. Set it to the connection of the database's owner to migrate.");
  const remembered = server.usesPasswords ? sameDatabase(opened.installation.urls ?? {}, server.ownerUrl) : {};
  const known = { ...remembered, ...configuredUrls() };
  const { applied, urls } = await migrate(server.ownerUrl, {
    key: opened.environment.key,
    installationId: opened.installation.installationId,
    known,
    passwords: server.usesPasswords,
  });
  if (server.usesPasswords) opened.remember({ urls });
  return { applied, urls };
}
