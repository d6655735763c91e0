import { ROLES } from '@souk/db/testing';
import pg from 'pg';
import { type Group, type Ids, type Row, filledSite, insertRow, newIds } from './filled-site.ts';
import { type ForbiddenWrite, forbiddenWrites, secondOfItsKey } from './forbidden-writes.ts';
import { NULLABLE_COLUMNS } from './nullable-columns.ts';
import { type Catalogue, readCatalogue } from './schema-catalogue.ts';

/** What became of one guard: what refused its forbidden write, and what became of the write with the guard gone. */
export type GuardSeen = {
  readonly guard: string;
  readonly what: string;
  /** The guard that refused the write while all stood, or `accepted`. */
  readonly standing: string;
  /** `accepted` when nothing but the guard stood against it. */
  readonly gone: string;
  /** With the guard gone and those that cover it standing; absent when nothing covers it. */
  readonly covered?: string;
};

/** A guard whose test means something: it refuses, and nothing else does. */
export const isSeen = ({ guard, standing, gone, covered }: GuardSeen): boolean =>
  standing === guard && gone === 'accepted' && covered !== 'accepted';

type Attempt = ForbiddenWrite & {
  readonly guard: string;
  /** The site that is set; the group's own where nothing is said. */
  readonly inSite?: string;
  /** Changed in every row of the group: the site they all pretend to be of. */
  readonly everywhere?: Row;
  /** Guards whose kind is covered by others as a matter of course: these are out of the way while it is tried. */
  readonly aside?: readonly string[];
};

/**
 * Tries every forbidden write on a scratch database, as the role that would write it; with `taking`, each guard is then taken
 * away, to see that nothing else refused. All of it is one transaction of the superuser that is rolled back.
 */
export async function tryDatabaseGuards(
  client: pg.Client,
  { wanted = () => true, taking }: { readonly wanted?: (guard: string) => boolean; readonly taking: boolean },
): Promise<GuardSeen[]> {
  const catalogue = await readCatalogue(client);
  const [mine, other] = [newIds(), newIds()];
  const seen: GuardSeen[] = [];
  await client.query('begin');
  try {
    for (const group of filledSite(other, 'other')) {
      await client.query('set constraints all deferred');
      for (const statement of group.first ?? []) await client.query(statement);
      for (const [table, row] of group.rows) await insertRow(client, table, row);
      await client.query('set constraints all immediate');
    }
    const groups = filledSite(mine, 'mine');
    for (const [at, group] of groups.entries()) {
      const later = new Set(groups.slice(at + 1).flatMap((g) => g.rows.map(([table]) => table)));
      for (const attempt of attemptsOf(group, later, mine, other, catalogue)) {
        if (wanted(attempt.guard)) seen.push(await tryGuard(client, group, attempt, mine.site, taking));
      }
      const ended = await write(client, group, { guard: '' }, [], mine.site, 'keep');
      if (ended !== 'accepted')
        throw new Error(`the true rows of ${group.rows.map(([t]) => t).join()} are refused: ${ended}`);
    }
    for (const reach of reaches(groups)) {
      if (wanted(reach.guard)) seen.push(await tryReach(client, reach, mine.site, taking));
    }
  } finally {
    await client.query('rollback');
  }
  return seen;
}

/** The attempts on the tables of this group which no later group writes again. */
function attemptsOf(group: Group, later: ReadonlySet<string>, mine: Ids, other: Ids, { keys }: Catalogue): Attempt[] {
  const tables = [...new Set(group.rows.map(([table]) => table))];
  const foreign = keys.filter((k) => k.kind === 'f' && tables.includes(k.table)).map((k) => k.guard);
  const lines = Object.entries(forbiddenWrites(mine, other));
  const seconds = secondOfItsKey(mine, other);
  // The order, or the site, is at the row that is written last: where that one is another, or gone, it speaks too.
  const pointing = [
    ...(tables.includes('order_state_transition_logs') ? ['orders.orders_current_transition'] : []),
    ...(tables.includes('site_transitions') ? ['sites.sites_current_transition'] : []),
  ];
  const isSiteTable = (table: string): boolean => group.rows.some(([t, row]) => t === table && 'site_id' in row);
  return tables
    .filter((table) => !later.has(table))
    .flatMap((table): Attempt[] => {
      const row = lastOf(group, table);
      const primary = keys.find((k) => k.table === table && k.kind === 'p');
      const siteKey = `${table}.${table}_site_id_fkey`;
      const policy = `${table} row-level security`;
      const rest = tables.filter((t) => t !== table && isSiteTable(t)).map((t) => `${t} row-level security`);
      return [
        ...lines
          .filter(([guard]) => guard.startsWith(`${table}.`))
          .map(([guard, line]): Attempt => ({ guard, ...line })),
        {
          guard: `${table}.${table}_pkey`,
          again: seconds[table] ?? {},
          aside: [
            ...keys
              .filter(
                (k) => k.table === table && k.kind === 'u' && primary?.columns.every((c) => k.columns.includes(c)),
              )
              .map((k) => k.guard),
            ...(table === 'orders' ? foreign.filter((f) => f.startsWith('orders.orders_current')) : []),
          ],
        },
        ...Object.keys(row)
          .filter((column) => row[column] !== null && !NULLABLE_COLUMNS.has(`${table}.${column}`))
          .map((column): Attempt => ({
            guard: `${table}.${column} not null`,
            change: { [column]: null },
            aside: [
              ...(primary?.columns.includes(column) ? [primary.guard] : []),
              ...foreign,
              ...pointing,
              // An amount of no currency is never exact.
              ...(column === 'currency'
                ? keys.filter((k) => k.table === table && k.kind === 'c').map((k) => k.guard)
                : []),
              ...(column === 'site_id' && group.as === 'app' ? [policy] : []),
            ],
          })),
        ...(isSiteTable(table) && table !== 'sites'
          ? [
              {
                guard: siteKey,
                everywhere: { site_id: NO_SITE },
                inSite: NO_SITE,
                aside: [...foreign.filter((f) => f !== siteKey), ...pointing],
              },
            ]
          : []),
        ...(isSiteTable(table) && group.as === 'app'
          ? [{ guard: policy, inSite: other.site, aside: [...rest, ...pointing] }]
          : []),
      ];
    });
}

/** Platform tables whose rows the app role writes with a site, for that site alone. */
const WRITTEN_WITH_A_SITE: readonly string[] = ['sites', 'domain_mappings', 'operator_action_logs'];

const NO_SITE = '01930000-0000-7000-8000-0000000000aa';

const lastOf = (group: Group, table: string): Row => group.rows.findLast(([t]) => t === table)?.[1] ?? {};

async function tryGuard(
  client: pg.Client,
  group: Group,
  attempt: Attempt,
  site: string,
  taking: boolean,
): Promise<GuardSeen> {
  const { guard, coveredBy, aside = [] } = attempt;
  const others = [...aside, ...(coveredBy ?? [])];
  const what = wordsOf(attempt);
  if (!taking) {
    // Dropping is slow: while all stand, who covers the guard may be the one that speaks first.
    const refused = await write(client, group, attempt, [], site);
    return { guard, what, standing: others.includes(refused) ? guard : refused, gone: 'accepted' };
  }
  return {
    guard,
    what,
    standing: await write(client, group, attempt, others, site),
    gone: await write(client, group, attempt, [...others, guard], site),
    ...(coveredBy ? { covered: await write(client, group, attempt, [guard], site) } : {}),
  };
}

const wordsOf = ({ change, also, again, after, everywhere, inSite }: Attempt): string =>
  [
    change && `with ${JSON.stringify(change)}`,
    also && `and ${JSON.stringify(also)}`,
    again && `a second row with ${JSON.stringify(again)}`,
    after,
    everywhere && `in ${JSON.stringify(everywhere)}`,
    inSite && !everywhere && 'while another site is set',
  ]
    .filter(Boolean)
    .join(' ');

/** Writes the group with the attempt's changes and these guards gone; says `accepted`, or which guard refused. */
async function write(
  client: pg.Client,
  group: Group,
  attempt: Attempt,
  without: readonly string[],
  site: string,
  keep?: 'keep',
): Promise<string> {
  const table = attempt.guard.split(/[. ]/)[0] ?? '';
  const target = group.rows.findLastIndex(([t]) => t === table);
  await client.query('savepoint attempt');
  try {
    for (const guard of without) await client.query(removalOf(guard));
    await client.query('set constraints all deferred');
    for (const statement of group.first ?? []) await client.query(statement);
    if (group.as !== 'owner') await client.query(`set local role ${ROLES[group.as]}`);
    await client.query("select set_config('app.site_id', $1, true)", [attempt.inSite ?? site]);
    for (const [i, [name, row]] of group.rows.entries()) {
      const changed = {
        ...row,
        ...attempt.also?.[name],
        ...attempt.everywhere,
        ...(i === target ? attempt.change : {}),
      };
      await insertRow(client, name, changed);
      if (i === target && attempt.again) await insertRow(client, name, { ...changed, ...attempt.again });
    }
    if (attempt.after) await client.query(attempt.after);
    await client.query('set constraints all immediate');
    if (keep) await client.query('reset role');
    else await client.query('rollback to savepoint attempt');
    return 'accepted';
  } catch (error) {
    await client.query('rollback to savepoint attempt');
    if (error instanceof pg.DatabaseError) return refusalOf(error);
    throw error;
  }
}

/** The guard that an error names. */
function refusalOf({ code, table, column, constraint, message }: pg.DatabaseError): string {
  if (code === '23502') return `${table}.${column} not null`;
  if (constraint) return `${table}.${constraint}`;
  const policy = /row-level security policy(?: "\w+")? for table "(\w+)"/.exec(message)?.[1];
  return policy ? `${policy} row-level security` : `${code}: ${message}`;
}

/** The statement that takes a guard away. */
function removalOf(guard: string): string {
  if (guard.endsWith(' row-level security')) {
    const table = guard.split(' ')[0] ?? '';
    return WRITTEN_WITH_A_SITE.includes(table)
      ? `alter table ${table} disable row level security`
      : `drop policy ${table}_site on ${table}`;
  }
  const [table, name = ''] = guard.split('.');
  if (name.endsWith(' not null'))
    return `alter table ${table} alter column "${name.replace(' not null', '')}" drop not null`;
  return UNIQUE_INDEXES.test(name)
    ? `drop index ${name}`
    : `alter table ${table} drop constraint if exists "${name}" cascade`;
}

/** Partial unique indexes are no constraints and go another way. */
const UNIQUE_INDEXES =
  /_one_(primary|first|open|current|enabled|published|default|active|parcel|of_a_name|successor|per_claim)$/;

/** What a policy keeps out of a statement's reach: with the policy gone, or row-level security off, rows are touched. */
type Reach = { readonly guard: string; readonly what: string; readonly tries: string; readonly drops: string };

const reaches = (groups: readonly Group[]): Reach[] => [
  ...[...new Set(groups.filter((g) => g.as === 'app').flatMap((g) => g.rows.map(([table]) => table)))]
    .filter((table) => table === 'domain_mappings' || !WRITTEN_WITH_A_SITE.includes(table))
    .flatMap((table) => {
      const reading = {
        what: 'the rows of another site are read',
        tries: `select 1 from ${table} where site_id <> current_site_id()`,
      };
      return [
        // A platform table has no restrictive policy: its one policy for the app role is for its own site.
        ...(table === 'domain_mappings'
          ? []
          : [{ guard: `${table} policy ${table}_site`, drops: `drop policy ${table}_site on ${table}`, ...reading }]),
        {
          guard: `${table} row-level security enabled`,
          drops: `alter table ${table} disable row level security`,
          ...reading,
        },
      ];
    }),
  {
    guard: 'role_permissions policy role_permissions_owner_keeps',
    what: 'what the owner’s role holds is taken from it',
    tries: 'delete from role_permissions where is_owner',
    drops: 'drop policy role_permissions_owner_keeps on role_permissions',
  },
  {
    guard: 'support_accesses policy support_accesses_stay_ended',
    what: 'an access for support that has ended is opened again',
    tries: 'update support_accesses set updated_at = updated_at where ended_at is not null',
    drops: 'drop policy support_accesses_stay_ended on support_accesses',
  },
];

async function tryReach(
  client: pg.Client,
  { guard, what, tries, drops }: Reach,
  site: string,
  taking: boolean,
): Promise<GuardSeen> {
  const touched = async (): Promise<number> => {
    await client.query(`set local role ${ROLES.app}`);
    await client.query("select set_config('app.site_id', $1, true)", [site]);
    return (await client.query(tries)).rowCount ?? 0;
  };
  await client.query('savepoint reach');
  const standing = (await touched()) === 0 ? guard : 'accepted';
  await client.query('rollback to savepoint reach');
  if (taking) await client.query(drops);
  const gone = !taking || (await touched()) > 0 ? 'accepted' : 'nothing is touched';
  await client.query('rollback to savepoint reach');
  return { guard, what, standing, gone };
}
