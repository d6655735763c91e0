import type pg from 'pg';
import { ROLES } from './roles.ts';
import {
  APPEND_ONLY,
  APP_ON_PLATFORM,
  DEFERRABLE,
  FOLLOWED_ROWS,
  OUTSIDE_GRANTS,
  PLATFORM_TABLES,
  VERSION_ROWS,
} from './schema-rules.ts';

/** One place where the database's schema breaks a rule, in a sentence. */
export type SchemaFinding = { readonly rule: string; readonly table: string; readonly message: string };

type Table = { name: string; rls: boolean; owner: string; site_not_null: boolean | null };
type Index = { table: string; name: string; first: string; primary: boolean; unique: boolean; deferrable: boolean };
type ForeignKey = {
  table: string;
  name: string;
  target: string;
  columns: string[];
  target_columns: string[];
  nullable: string[];
  on_update: string;
  on_delete: string;
  match: string;
  deferrable: boolean;
};
type Check = { table: string; definition: string };
type Policy = {
  table: string;
  name: string;
  permissive: boolean;
  roles: string[];
  command: string;
  using: string | null;
  check: string | null;
};
type Grant = { table: string; role: string; verb: string; column: string | null };

/**
 * Reads the catalogue and names everything that breaks the rules the promises stand on (G1–G6). Run in tests and, in
 * development, at boot; the connection is the owner's. An empty list is a yes.
 */
export async function lintSchema(owner: pg.ClientBase): Promise<SchemaFinding[]> {
  const c = await readCatalogue(owner);
  return [
    ...c.tables.flatMap((table) => lintTable(table, c)),
    ...c.indexes.flatMap((index) => lintIndex(index, c)),
    ...c.foreignKeys.flatMap((key) => lintForeignKey(key, c)),
    ...c.policies.flatMap(lintPolicy),
    ...c.grants.flatMap((grant) => lintGrant(grant, c)),
    ...c.others,
  ];
}

type Catalogue = Awaited<ReturnType<typeof readCatalogue>>;

const isSiteTable = (name: string, c: Catalogue): boolean =>
  c.tables.some((t) => t.name === name && t.site_not_null !== null) && !PLATFORM_TABLES.has(name);

function lintTable(table: Table, c: Catalogue): SchemaFinding[] {
  const found: SchemaFinding[] = [];
  const say = (rule: string, message: string): void => void found.push({ rule, table: table.name, message });
  if (Object.values(ROLES).some((role) => role === table.owner))
    say('G1', `is owned by ${table.owner}: row-level security does not bind an owner`);
  if (PLATFORM_TABLES.has(table.name)) return found;
  if (table.site_not_null === null) {
    say('G1', 'has no site_id and is not in the list of platform tables');
    return found;
  }
  if (!table.site_not_null) say('G1', 'has a site_id that may be NULL');
  if (!table.rls) say('G1', 'has row-level security switched off');
  const guard = c.policies.find(
    (p) =>
      p.table === table.name && !p.permissive && p.roles.length === 1 && p.roles[0] === ROLES.app && p.command === '*',
  );
  const inSite = '(site_id = current_site_id())';
  if (guard?.using !== inSite || guard.check !== inSite)
    say('G1', `has no restrictive policy to ${ROLES.app} for all commands that says ${inSite}`);
  if (!c.indexes.some((i) => i.table === table.name && i.primary)) say('G1', 'has no primary key');
  for (const column of c.numerics.filter((n) => n.table === table.name)) {
    if (column.type !== 'numeric(19,4)')
      say('money', `has ${column.name} of type ${column.type}; money is numeric(19,4)`);
    const exact = new RegExp(`is_exact_amount\\(${column.name},`);
    if (!c.checks.some((k) => k.table === table.name && exact.test(k.definition)))
      say('money', `has ${column.name} without a CHECK of its currency's decimals`);
  }
  return found;
}

function lintIndex(index: Index, c: Catalogue): SchemaFinding[] {
  if (!isSiteTable(index.table, c) || !(index.unique || index.primary)) return [];
  const found: SchemaFinding[] = [];
  if (index.first !== 'site_id')
    found.push({
      rule: 'G1',
      table: index.table,
      message: `has the unique key ${index.name} that begins with ${index.first}, not with site_id: an insert would tell of another site`,
    });
  if (index.deferrable)
    found.push({ rule: 'DDL', table: index.table, message: `has the deferrable unique key ${index.name}` });
  return found;
}

function lintForeignKey(key: ForeignKey, c: Catalogue): SchemaFinding[] {
  const found: SchemaFinding[] = [];
  const say = (rule: string, message: string): void =>
    void found.push({ rule, table: key.table, message: `${key.name}: ${message}` });
  if (key.on_update !== 'a' || key.on_delete !== 'a')
    say('G3', 'acts on its own when its target changes; every referential action is NO ACTION');
  if (key.match !== 's') say('DDL', 'is MATCH FULL');
  if (key.deferrable && !(DEFERRABLE.has(key.table) && DEFERRABLE.has(key.target)))
    say(
      'DDL',
      'is deferrable; only order, revision and log, a version and its variants, a site and its log, and delivery and the site’s currency may wait for each other',
    );
  if (
    isSiteTable(key.table, c) &&
    isSiteTable(key.target, c) &&
    (key.columns[0] !== 'site_id' || key.target_columns[0] !== 'site_id')
  )
    say('G1', `points to ${key.target} without site_id first`);
  // A NULL in a composite key switches it off, so a CHECK must say when NULL is meant. One nullable column to a platform table is just "nobody".
  if (key.columns.length > 1) {
    for (const column of key.nullable) {
      const tested = new RegExp(`\\b${column}\\b[^,)]* IS (NOT )?NULL|num_nonnulls\\([^)]*\\b${column}\\b`);
      if (
        !c.checks.some((k) => k.table === key.table && tested.test(k.definition)) &&
        !c.generated.some((g) => g.table === key.table && g.name === column)
      )
        say('DDL', `uses ${column}, which may be NULL and which no CHECK tests`);
    }
  }
  return found;
}

function lintPolicy(policy: Policy): SchemaFinding[] {
  const text = `${policy.using ?? ''} ${policy.check ?? ''}`;
  const found: SchemaFinding[] = [];
  if (/\bselect\b/i.test(text))
    found.push({ rule: 'DDL', table: policy.table, message: `has the policy ${policy.name} with a sub-select` });
  if (policy.roles.includes('public'))
    found.push({
      rule: 'G1',
      table: policy.table,
      message: `has the policy ${policy.name} for everybody; a policy names its role`,
    });
  return found;
}

function lintGrant(grant: Grant, c: Catalogue): SchemaFinding[] {
  const { table, role, verb, column } = grant;
  const say = (rule: string, message: string): SchemaFinding[] => [{ rule, table, message }];
  if (role === 'public') return say('G1', `is granted to everybody (${verb})`);
  if (!['SELECT', 'INSERT', 'UPDATE', 'DELETE'].includes(verb)) return say('G3', `grants ${verb} to ${role}`);
  if (role === ROLES.app) {
    if (PLATFORM_TABLES.has(table))
      return (APP_ON_PLATFORM.get(table) ?? []).includes(verb)
        ? []
        : say('G1', `is a platform table, and grants ${verb} to ${role}`);
    const follows = verb === 'UPDATE' && (FOLLOWED_ROWS.get(table) ?? []).includes(column ?? '');
    if (APPEND_ONLY.has(table) && verb !== 'SELECT' && verb !== 'INSERT' && !follows)
      return say('G3', `is append-only, and grants ${verb} to ${role}`);
    const version = VERSION_ROWS.get(table);
    if (version && (verb === 'DELETE' || (verb === 'UPDATE' && !version.includes(column ?? ''))))
      return say('C3', `holds versions, and grants ${verb}${column ? ` of ${column}` : ''} to ${role}`);
    if (verb === 'UPDATE' && column === null)
      return say('G3', `grants UPDATE of every column to ${role}; name the columns`);
    if (verb === 'UPDATE' && column === 'site_id') return say('G1', `grants UPDATE of site_id to ${role}`);
    return [];
  }
  if (role === ROLES.platform || role === ROLES.relay) {
    if (PLATFORM_TABLES.has(table))
      return role === ROLES.platform ? [] : say('G1', `is a platform table, and grants ${verb} to ${role}`);
    if (isSiteTable(table, c) && !(OUTSIDE_GRANTS[role].get(table) ?? []).includes(verb))
      return say('G1', `grants ${verb} to ${role}, which is not in the list of its look-ups`);
  }
  return [];
}

async function readCatalogue(owner: pg.ClientBase) {
  const q = async <Row extends pg.QueryResultRow>(text: string): Promise<Row[]> => (await owner.query<Row>(text)).rows;
  const inPublic = "n.nspname = 'public'";
  const tables =
    await q<Table>(`select c.relname as name, c.relrowsecurity as rls, pg_get_userbyid(c.relowner) as owner,
      (select a.attnotnull from pg_attribute a where a.attrelid = c.oid and a.attname = 'site_id' and not a.attisdropped) as site_not_null
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where ${inPublic} and c.relkind in ('r', 'p') order by 1`);
  const indexes =
    await q<Index>(`select t.relname as table, i.relname as name, x.indisprimary as primary, x.indisunique as unique, not x.indimmediate as deferrable,
      coalesce((select attname from pg_attribute where attrelid = t.oid and attnum = x.indkey[0]), '(expression)') as first
    from pg_index x join pg_class t on t.oid = x.indrelid join pg_class i on i.oid = x.indexrelid join pg_namespace n on n.oid = t.relnamespace where ${inPublic}`);
  const names = (key: string, relation: string): string =>
    `(select array_agg(a.attname::text order by k.o) from unnest(${key}) with ordinality as k (n, o) join pg_attribute a on a.attrelid = ${relation} and a.attnum = k.n)`;
  const foreignKeys =
    await q<ForeignKey>(`select t.relname as table, c.conname as name, r.relname as target, ${names('c.conkey', 'c.conrelid')} as columns, ${names('c.confkey', 'c.confrelid')} as target_columns,
      array(select a.attname::text from unnest(c.conkey) k join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k where not a.attnotnull) as nullable,
      c.confupdtype as on_update, c.confdeltype as on_delete, c.confmatchtype as match, c.condeferrable as deferrable
    from pg_constraint c join pg_class t on t.oid = c.conrelid join pg_class r on r.oid = c.confrelid join pg_namespace n on n.oid = t.relnamespace where ${inPublic} and c.contype = 'f'`);
  const checks = await q<Check>(
    `select t.relname as table, pg_get_constraintdef(c.oid) as definition from pg_constraint c join pg_class t on t.oid = c.conrelid join pg_namespace n on n.oid = t.relnamespace where ${inPublic} and c.contype = 'c'`,
  );
  const policies =
    await q<Policy>(`select t.relname as table, p.polname as name, p.polpermissive as permissive, p.polcmd::text as command,
      array(select case when r = 0 then 'public' else pg_get_userbyid(r)::text end from unnest(p.polroles) r) as roles, pg_get_expr(p.polqual, p.polrelid) as using, pg_get_expr(p.polwithcheck, p.polrelid) as check
    from pg_policy p join pg_class t on t.oid = p.polrelid join pg_namespace n on n.oid = t.relnamespace where ${inPublic}`);
  const grants =
    await q<Grant>(`select c.relname as table, case when g.grantee = 0 then 'public' else pg_get_userbyid(g.grantee)::text end as role, g.privilege_type as verb, null as column
      from pg_class c join pg_namespace n on n.oid = c.relnamespace cross join lateral aclexplode(c.relacl) g where ${inPublic} and c.relkind in ('r', 'p') and g.grantee <> c.relowner
    union all select c.relname, case when g.grantee = 0 then 'public' else pg_get_userbyid(g.grantee)::text end, g.privilege_type, a.attname
      from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace cross join lateral aclexplode(a.attacl) g where ${inPublic} and g.grantee <> c.relowner`);
  const numerics = await q<{
    table: string;
    name: string;
    type: string;
  }>(`select c.relname as table, a.attname as name, format_type(a.atttypid, a.atttypmod) as type
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace where ${inPublic} and c.relkind in ('r', 'p') and a.atttypid = 'numeric'::regtype and not a.attisdropped`);
  const generated = await q<{ table: string; name: string }>(
    `select c.relname as table, a.attname as name from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace where ${inPublic} and a.attgenerated = 's'`,
  );
  const others: SchemaFinding[] = [
    ...(
      await q<{ table: string; name: string }>(
        `select c.relname as table, t.tgname as name from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace where ${inPublic} and not t.tgisinternal`,
      )
    ).map((t) => ({
      rule: 'DDL',
      table: t.table,
      message: `has the trigger ${t.name}; a rule is a key, a check, a grant or a policy`,
    })),
    ...(
      await q<{ name: string }>(
        `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where ${inPublic} and c.relkind = 'S' and c.relname not like 'applied_migrations%'`,
      )
    ).map((s) => ({
      rule: 'DDL',
      table: s.name,
      message: 'is a sequence; ids are made by the application',
    })),
    ...(
      await q<{ name: string }>(
        `select p.proname as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace where ${inPublic} and p.prosecdef`,
      )
    ).map((f) => ({ rule: 'D05', table: f.name, message: 'is a SECURITY DEFINER function' })),
    ...(
      await q<{ name: string }>(
        `select p.proname as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace where ${inPublic} and p.proname = 'current_site_id' and p.provolatile <> 's'`,
      )
    ).map((f) => ({
      rule: 'G1',
      table: f.name,
      message: 'is not STABLE: a cached plan could keep another site',
    })),
  ];
  return { tables, indexes, foreignKeys, checks, policies, grants, numerics, generated, others };
}
