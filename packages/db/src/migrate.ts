import { randomBytes } from 'node:crypto';
import { Migrator } from '@mikro-orm/migrations';
import { MikroORM } from '@mikro-orm/postgresql';
import { orderSteps } from '@souk/domain/commerce';
import { PERMISSIONS, siteSteps } from '@souk/domain/identity';
import pg from 'pg';
import { PgBoss } from 'pg-boss';
import { migrations } from './migrations/index.ts';
import type { DatabaseUrls } from './orm.ts';
import { letGoOfLost } from './let-go-of-lost.ts';
import { JOB_SCHEMA, queues } from './queues.ts';
import { ROLES, type ServingRole } from './roles.ts';
import { type MasterKey, keyFingerprint } from './sealing.ts';

/** Any number the project alone uses: two processes that migrate take turns. */
const MIGRATION_LOCK = 7_268_501;

/** The owner may not create roles: an administrator has to run this SQL once. */
export class RolesMissing extends Error {
  readonly sql: string;
  constructor(sql: string) {
    super(
      'The database user may not create roles. Ask an administrator to run the SQL below once, then run this command again.',
    );
    this.sql = sql;
  }
}

/** A serving role exists, made by somebody else or by an installation whose notes are lost: its password is not known here. */
export class RoleUnknown extends Error {
  constructor(name: string, role: ServingRole) {
    super(
      `The role ${name} exists on this server, but its password is not known here. Set ${role.toUpperCase()}_DATABASE_URL to its address; if nothing uses it any more, an administrator can give it a new password: alter role ${name} password '…'`,
    );
  }
}

/** The database belongs to another key, or this one is lost. */
export class KeyMismatch extends Error {
  constructor() {
    super(
      'SOUK_KEY is not the key this database was made with. Set the key it was made with; secrets cannot be read with another one.',
    );
  }
}

export type Migrated = { readonly applied: readonly string[]; readonly urls: DatabaseUrls };

/**
 * Brings a database to this release: roles, tables, job queue, grants. Safe to kill and to run again, and safe to run
 * from two processes at once. Each migration is one transaction.
 * @param ownerUrl connection of the owner; it is used here and never to serve.
 * @param known addresses of the serving roles that exist already; missing ones are made, with a new password.
 */
export async function migrate(
  ownerUrl: string,
  {
    key,
    installationId,
    known = {},
    passwords = true,
  }: {
    readonly key: MasterKey;
    readonly installationId: string;
    readonly known?: Partial<DatabaseUrls>;
    /** False where a private socket already tells who connects. */
    readonly passwords?: boolean;
  },
): Promise<Migrated> {
  const owner = new pg.Client({ connectionString: ownerUrl });
  // A connection that is lost fails the statement under way; it must not end the process as well.
  owner.on('error', () => undefined);
  await owner.connect();
  try {
    await owner.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const urls = await ensureRoles(owner, ownerUrl, known, passwords);
    const applied = await runMigrations(ownerUrl);
    await migrateJobs(ownerUrl);
    await applyGrantsAndReferences(owner, key, installationId);
    return { applied, urls };
  } finally {
    await owner.end();
  }
}

async function ensureRoles(
  owner: pg.Client,
  ownerUrl: string,
  known: Partial<DatabaseUrls>,
  passwords: boolean,
): Promise<DatabaseUrls> {
  const names = Object.values(ROLES);
  const existing = new Set(
    (await owner.query<{ rolname: string }>('select rolname from pg_roles where rolname = any($1)', [names])).rows.map(
      (r) => r.rolname,
    ),
  );
  const made: Partial<Record<ServingRole, string>> = { ...known };
  for (const role of Object.keys(ROLES) as ServingRole[]) {
    const name = ROLES[role];
    if (existing.has(name) && (known[role] || !passwords)) {
      made[role] ??= urlFor(ownerUrl, name);
      continue;
    }
    // Another installation on this server may live by that password: it is never changed behind its back.
    if (existing.has(name)) throw new RoleUnknown(name, role);
    const password = passwords ? randomBytes(24).toString('base64url') : undefined;
    // The password is base64url, so it needs no escaping inside quotes.
    const login = password ? `login password '${password}'` : 'login';
    try {
      await owner.query(`create role ${name} ${login}`);
    } catch (error) {
      if (error instanceof pg.DatabaseError && error.code === '42501') throw new RolesMissing(rolesSql());
      // Two databases of one server may be migrated at once: the other one made it.
      if (!(error instanceof pg.DatabaseError && (error.code === '42710' || error.code === '23505'))) throw error;
    }
    made[role] = urlFor(ownerUrl, name, password);
  }
  return { app: made.app ?? '', platform: made.platform ?? '', relay: made.relay ?? '' };
}

const rolesSql = (): string =>
  Object.values(ROLES)
    .map((name) => `create role ${name} login password '…';`)
    .join('\n') + '\n-- then set APP_DATABASE_URL, PLATFORM_DATABASE_URL and RELAY_DATABASE_URL to their addresses';

function urlFor(ownerUrl: string, user: string, password?: string): string {
  const url = new URL(ownerUrl);
  url.username = user;
  url.password = password ?? '';
  return url.toString();
}

/** Applies migrations that are still to come: those named, or all. Each is one transaction. @returns their names. */
export async function runMigrations(ownerUrl: string, only?: readonly string[]): Promise<string[]> {
  const orm = await MikroORM.init({
    clientUrl: ownerUrl,
    entities: [],
    discovery: { warnWhenNoEntities: false },
    ensureDatabase: false,
    extensions: [Migrator],
    pool: { min: 0, max: 2 },
    driverOptions: { onPoolCreated: letGoOfLost },
    logger: () => undefined,
    migrations: { migrationsList: migrations, allOrNothing: false, snapshot: false, tableName: 'applied_migrations' },
  });
  try {
    return (await orm.migrator.up(only ? { migrations: [...only] } : {})).map((migration) => migration.name);
  } finally {
    await orm.close(true);
  }
}

async function migrateJobs(ownerUrl: string): Promise<void> {
  const boss = new PgBoss({
    connectionString: ownerUrl,
    schema: JOB_SCHEMA,
    supervise: false,
    schedule: false,
    max: 2,
  });
  boss.on('error', () => undefined);
  await boss.start();
  try {
    for (const { name, options } of queues) {
      if (await boss.getQueue(name)) await boss.updateQueue(name, options);
      else await boss.createQueue(name, options);
    }
  } finally {
    await boss.stop({ graceful: false });
  }
}

async function applyGrantsAndReferences(owner: pg.Client, key: MasterKey, installationId: string): Promise<void> {
  const { rows } = await owner.query<{ database: string }>('select current_database() as database');
  const database = owner.escapeIdentifier(rows[0]?.database ?? '');
  await owner.query(`revoke temporary on database ${database} from public`);
  await owner.query(`grant usage on schema ${JOB_SCHEMA} to ${ROLES.relay}`);
  await owner.query(`grant select, insert, update, delete on all tables in schema ${JOB_SCHEMA} to ${ROLES.relay}`);
  await owner.query(`grant execute on all functions in schema ${JOB_SCHEMA} to ${ROLES.relay}`);
  await owner.query(`grant select on applied_migrations to ${ROLES.platform}`);
  for (const [permission, description] of Object.entries(PERMISSIONS)) {
    await owner.query(
      'insert into permissions values ($1, $2) on conflict (permission_key) do update set description = excluded.description',
      [permission, description],
    );
  }
  for (const [table, steps] of [
    ['order_transitions_allowed', orderSteps()],
    ['site_transitions_allowed', siteSteps()],
  ] as const)
    await owner.query(
      `insert into ${table} select * from unnest($1::text[], $2::text[], $3::text[]) on conflict do nothing`,
      [steps.map((s) => s.from), steps.map((s) => s.to), steps.map((s) => s.by)],
    );
  const fingerprint = keyFingerprint(key);
  await owner.query(
    'insert into installations (installation_id, key_fingerprint, created_at) values ($1, $2, now()) on conflict do nothing',
    [installationId, fingerprint],
  );
  const stored = await owner.query<{ key_fingerprint: string }>('select key_fingerprint from installations');
  if (stored.rows[0]?.key_fingerprint !== fingerprint) throw new KeyMismatch();
  // Plans cached while the tables were empty stay slow until someone counts the rows.
  await owner.query('analyze');
}
