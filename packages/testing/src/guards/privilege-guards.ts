import { ROLES } from '@souk/db/testing';
import pg from 'pg';
import type { GuardSeen } from './database-guards.ts';
import { MAY_DO, type ServingRole } from './may-do.ts';

type Table = { readonly name: string; readonly columns: readonly string[] };

const VERBS = ['select', 'insert', 'update', 'delete', 'truncate'] as const;
type Verb = (typeof VERBS)[number];

/** The columns a list lets a role use with a verb: all, none, or the named ones. */
function allowed(role: ServingRole, table: Table, verb: Verb): readonly string[] {
  const found = new RegExp(`(?:^|, )${verb}(?: \\(([^)]*)\\))?(?:,|$)`).exec(MAY_DO[role][table.name] ?? '');
  if (!found) return [];
  return found[1]?.split(', ') ?? table.columns;
}

/** A statement that needs the verb on these columns and touches no row. */
const using = (verb: Verb, table: string, columns: readonly string[]): string => {
  const names = columns.map((c) => `"${c}"`);
  return {
    select: `select ${names.join(', ')} from ${table} where false`,
    insert: `insert into ${table} (${names.join(', ')}) select ${names.map(() => 'null').join(', ')} where false`,
    update: `update ${table} set ${names.map((n) => `${n} = null`).join(', ')} where false`,
    delete: `delete from ${table} where false`,
    truncate: `truncate ${table} cascade`,
  }[verb];
};

async function refused(client: pg.Client, text: string): Promise<string | undefined> {
  await client.query('savepoint privilege');
  try {
    await client.query(text);
    return undefined;
  } catch (error) {
    if (error instanceof pg.DatabaseError) return error.code === '42501' ? 'denied' : `${error.code}: ${error.message}`;
    throw error;
  } finally {
    await client.query('rollback to savepoint privilege');
  }
}

/**
 * Everything that `MAY_DO` does not list, tried by each serving role on each table there is, column by column; and what is
 * listed, tried too. With `taking`, the missing privilege is then given, to see that nothing else refused.
 */
export async function tryPrivileges(client: pg.Client, { taking }: { readonly taking: boolean }): Promise<GuardSeen[]> {
  const { rows: tables } = await client.query<Table>(
    `select c.relname as name, (select array_agg(a.attname::text order by a.attnum) from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns
      from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by 1`,
  );
  const seen: GuardSeen[] = [];
  await client.query('begin');
  try {
    for (const role of Object.keys(MAY_DO) as ServingRole[]) {
      for (const table of tables) {
        for (const verb of VERBS) {
          const may = allowed(role, table, verb);
          const columns = verb === 'select' || verb === 'update' ? table.columns : table.columns.slice(0, 1);
          const forbidden = columns.filter((c) => !may.includes(c));
          const guard = `${role} may not ${verb} ${table.name}`;
          await client.query('savepoint verb');
          await client.query(`set local role ${ROLES[role]}`);
          if (may.length > 0) {
            const refusal = await refused(client, using(verb, table.name, may));
            if (refusal)
              seen.push({ guard: `${role} may ${verb} ${table.name}`, what: '', standing: refusal, gone: refusal });
          }
          const open: string[] = [];
          for (const column of forbidden)
            if ((await refused(client, using(verb, table.name, [column]))) !== 'denied') open.push(column);
          let gone = 'accepted';
          if (taking && forbidden.length > 0) {
            await client.query('reset role');
            await client.query(
              `grant ${verb}${verb === 'truncate' ? ' on all tables in schema public' : ` on ${table.name}`} to ${ROLES[role]}`,
            );
            await client.query(`set local role ${ROLES[role]}`);
            gone = (await refused(client, using(verb, table.name, forbidden))) ?? 'accepted';
          }
          await client.query('rollback to savepoint verb');
          if (forbidden.length > 0)
            seen.push({
              guard,
              what: forbidden.join(', '),
              standing: open.length > 0 ? `open: ${open.join(', ')}` : guard,
              gone,
            });
        }
      }
    }
    for (const way of WAYS) seen.push(await tryWay(client, way, taking));
  } finally {
    await client.query('rollback');
  }
  return seen;
}

type Way = { readonly guard: string; readonly opens: string; readonly tries: string };

/** What a role is not, and may not make: each with what would open it. */
const WAYS: readonly Way[] = (Object.keys(MAY_DO) as ServingRole[]).flatMap((name): Way[] => {
  const role = ROLES[name];
  return [
    {
      guard: `${name} makes no tables`,
      opens: `grant create on schema public to ${role}`,
      tries: 'create table t (x int)',
    },
    { guard: `${name} makes no roles`, opens: `alter role ${role} createrole`, tries: 'create role sneak' },
    {
      guard: `${name} is no superuser`,
      opens: `alter role ${role} superuser`,
      tries: "select pg_read_file('PG_VERSION')",
    },
    {
      guard: `${name} owns no table`,
      opens: `alter table orders owner to ${role}`,
      tries: 'alter table orders disable row level security',
    },
    {
      guard: `${name} does not bypass row-level security`,
      opens: `alter role ${role} bypassrls; grant select on shipping_methods to ${role}`,
      tries: `set local row_security = off; select 1 from shipping_methods`,
    },
  ];
});

async function tryWay(client: pg.Client, { guard, opens, tries }: Way, taking: boolean): Promise<GuardSeen> {
  const role = ROLES[guard.split(' ')[0] as ServingRole];
  await client.query('savepoint way');
  await client.query(`set local role ${role}`);
  const standing = (await refused(client, tries)) === 'denied' ? guard : 'accepted';
  let gone = 'accepted';
  if (taking) {
    await client.query('reset role');
    await client.query(opens);
    await client.query(`set local role ${role}`);
    gone = (await refused(client, tries)) ?? 'accepted';
  }
  await client.query('rollback to savepoint way');
  return { guard, what: tries, standing, gone };
}
