import pg from 'pg';
import { MIGRATION_NAMES } from './migrations/names.ts';
import type { DatabaseUrls } from './orm.ts';
import { type MasterKey, keyFingerprint } from './sealing.ts';

/** One reason not to start, and how to mend it. */
export type BootFinding = { readonly code: string; readonly message: string };

/**
 * Looks at roles, settings, migrations and the key before anything is served (D08, K08). An empty list is a yes.
 * Never throws for a finding; it throws when the database cannot be reached.
 */
export async function bootChecks(urls: DatabaseUrls, key: MasterKey): Promise<BootFinding[]> {
  const findings: BootFinding[] = [];
  for (const [role, url] of Object.entries(urls))
    findings.push(...(await inRole(url, (client) => checkRole(client, role))));
  findings.push(...(await inRole(urls.platform, (client) => checkInstallation(client, key))));
  return findings;
}

async function inRole(url: string, look: (client: pg.Client) => Promise<BootFinding[]>): Promise<BootFinding[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await look(client);
  } finally {
    await client.end();
  }
}

async function checkRole(client: pg.Client, role: string): Promise<BootFinding[]> {
  const { rows } = await client.query<{
    name: string;
    superuser: boolean;
    bypass: boolean;
    owns: boolean;
    member: boolean;
    creates: boolean;
    temporary: boolean;
    database: string;
  }>(`
    select current_user as name, r.rolsuper as superuser, r.rolbypassrls as bypass,
      exists (select 1 from pg_class c where c.relowner = r.oid) as owns,
      exists (select 1 from pg_auth_members m where m.member = r.oid) as member,
      has_schema_privilege('public', 'create') as creates,
      has_database_privilege(current_database(), 'temporary') as temporary, quote_ident(current_database()) as database
    from pg_roles r where r.rolname = current_user`);
  const found = rows[0];
  if (!found) return [];
  const variable = `${role.toUpperCase()}_DATABASE_URL`;
  const findings: BootFinding[] = [];
  const add = (code: string, what: string): void => {
    findings.push({
      code,
      message: `${variable} connects as "${found.name}", ${what}. Use the role that \`npm run migrate\` made for it.`,
    });
  };
  if (found.superuser) add('role_is_superuser', 'a superuser: it would see every site');
  if (found.bypass) add('role_bypasses_row_security', 'which bypasses row-level security: it would see every site');
  if (found.owns) add('role_owns_tables', 'which owns tables: their row-level security does not bind it');
  if (found.member) add('role_has_membership', 'which is a member of another role');
  if (found.creates) add('role_may_create', 'which may create objects in the schema "public"');
  // A temporary table stands before the real one of its name in every search path.
  if (found.temporary) {
    findings.push({
      code: 'role_may_make_temporary_tables',
      message: `"${found.name}" may make temporary tables, which can stand in for real ones. Run as the database's owner: revoke temporary on database ${found.database} from public;`,
    });
  }
  const settings = await client.query<{ name: string; setting: string }>(
    "select name, setting from pg_settings where name in ('fsync', 'synchronous_commit', 'full_page_writes')",
  );
  for (const { name, setting } of settings.rows) {
    if (setting === 'off') {
      findings.push({
        code: 'unsafe_setting',
        message: `The server's setting ${name} is off for "${found.name}": a crash would lose confirmed orders. Turn it on.`,
      });
    }
  }
  return findings;
}

async function checkInstallation(client: pg.Client, key: MasterKey): Promise<BootFinding[]> {
  const exists = await client.query<{ yes: boolean }>("select to_regclass('applied_migrations') is not null as yes");
  if (!exists.rows[0]?.yes)
    return [{ code: 'migrations_pending', message: 'The database is empty. Run `npm run migrate`.' }];
  const applied = await client.query<{ name: string }>('select name from applied_migrations');
  const names = new Set(applied.rows.map((r) => r.name));
  const pending = MIGRATION_NAMES.filter((name) => !names.has(name));
  if (pending.length > 0) {
    return [
      {
        code: 'migrations_pending',
        message: `${pending.length} migration(s) have not run (${pending.join(', ')}). Run \`npm run migrate\`.`,
      },
    ];
  }
  const installation = await client.query<{ key_fingerprint: string }>('select key_fingerprint from installations');
  return installation.rows[0]?.key_fingerprint === keyFingerprint(key)
    ? []
    : [
        {
          code: 'key_mismatch',
          message:
            'SOUK_KEY is not the key this database was made with. Set the key it was made with; secrets cannot be read with another one.',
        },
      ];
}
