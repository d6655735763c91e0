import type { Sql } from '../sql.ts';
import { type SiteTransaction, row, rows, send, sql } from '../with-site.ts';

export type Actor =
  | { readonly kind: 'admin' | 'service' | 'operator' | 'support'; readonly id: string; readonly roleName: string }
  | { readonly kind: 'system'; readonly roleName: string };

export type Action = {
  readonly actionId: string;
  readonly actor: Actor;
  /** What was done, as the procedure is called: `products.publish`. */
  readonly action: string;
  readonly entityType: string;
  readonly entityId: string | undefined;
  /** Field names and values without secrets and without anybody's personal data (G6). */
  readonly before?: unknown;
  readonly after?: unknown;
  readonly requestId: string;
};

/** One row for what an admin, service or operator did to one thing, in the transaction of the deed (AU1). */
export function insertAction(tx: SiteTransaction, action: Action): void {
  const { actor } = action;
  const json = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));
  send(
    tx,
    sql`insert into admin_action_logs (site_id, action_id, actor_kind, actor_id, role_name, action, entity_type, entity_id, before, after, request_id, "timestamp")
      values (${tx.siteId}, ${action.actionId}, ${actor.kind}, ${actor.kind === 'system' ? null : actor.id}, ${actor.roleName}, ${action.action}, ${action.entityType},
        ${action.entityId ?? null}, ${json(action.before)}::jsonb, ${json(action.after)}::jsonb, ${action.requestId}, ${tx.at})`,
  );
}

export type ActionRow = {
  readonly actionId: string;
  readonly actorKind: Actor['kind'];
  readonly actorId: string | undefined;
  readonly roleName: string;
  readonly action: string;
  readonly entityType: string;
  readonly entityId: string | undefined;
  readonly before: unknown;
  readonly after: unknown;
  readonly requestId: string;
  readonly timestamp: Date;
};

/** What of the log is asked for; what is not set is not asked about. */
export type ActionFilter = {
  readonly entityId?: string | undefined;
  readonly entityType?: string | undefined;
  /** Of a person or a service; `system` is what Souk did by itself. */
  readonly actorId?: string | undefined;
  readonly action?: string | undefined;
  /** From this moment on, and before that one. */
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
};

export type ActionPage = {
  readonly rows: readonly ActionRow[];
  /** Where the next page starts; undefined at the end. */
  readonly next: string | undefined;
  /** Set where the search stopped short of a full page: there may be more before this moment. */
  readonly searchedTo: Date | undefined;
};

/** Rows of each filter that are looked through for one page of several filters together. */
const WINDOW = 400;
const FIRST = '00000000-0000-0000-0000-000000000000';
const LAST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** The least UUIDv7 of a moment: rows of the log are in the order of their ids, which are made of their time. */
export function leastIdAt(at: Date): string {
  const ms = Math.max(0, at.getTime()).toString(16).padStart(12, '0').slice(-12);
  return `${ms.slice(0, 8)}-${ms.slice(8)}-0000-0000-000000000000`;
}
/** The moment of a UUIDv7. */
export const timeOfId = (id: string): Date => new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16));

/** One thing that is asked about: the column of its index, and what it is to be. */
type Asked = { readonly column: Sql; readonly value: Sql };

const askedIn = (f: ActionFilter): Asked[] => [
  ...(f.entityId === undefined ? [] : [{ column: sql`entity_id`, value: sql`${f.entityId}::uuid` }]),
  ...(f.actorId === undefined
    ? []
    : [
        {
          column: sql`case when actor_id is null then '00000000-0000-0000-0000-000000000000'::uuid else actor_id end`,
          value: sql`${f.actorId === 'system' ? FIRST : f.actorId}::uuid`,
        },
      ]),
  ...(f.action === undefined ? [] : [{ column: sql`action`, value: sql`${f.action}::text` }]),
  ...(f.entityType === undefined ? [] : [{ column: sql`entity_type`, value: sql`${f.entityType}::text` }]),
];

/**
 * Who runs the installation has no name in a site's log, and is not found there by their account either: whoever knows its id
 * would know them by that.
 */
const byName = (f: ActionFilter): Sql => (f.actorId === undefined ? sql`true` : sql`actor_kind <> 'operator'`);

type Range = { readonly least: string; readonly below: string };

/**
 * Rows of one filter in the order of its index. It is written as a range of that index and not as an equality: only this index
 * gives the order then, so no plan, made of whatever statistics, walks the log of others to find a few rows of one.
 */
const inOrderOf = ({ column, value }: Asked, { least, below }: Range): Sql =>
  sql`(${column}, action_id) >= (${value}, ${least}::uuid) and (${column}, action_id) < (${value}, ${below}::uuid) order by ${column} desc, action_id desc`;

const columns = sql`action_id, actor_kind, actor_id, role_name, action, entity_type, entity_id, before, after, request_id, "timestamp"`;

/**
 * One page of the site's log, newest first, by key. One filter is one index. Several together look through a bounded number of
 * rows of each, and the one that reaches furthest back is believed, so a rare person with a common action is found at once;
 * what is rare only together may take several pages, which say how far they have looked.
 */
export async function listActions(
  tx: SiteTransaction,
  q: ActionFilter & { after?: string | undefined; limit: number },
): Promise<ActionPage> {
  const range: Range = {
    least: q.from ? leastIdAt(q.from) : FIRST,
    below: [q.after ?? LAST, q.to ? leastIdAt(q.to) : LAST].toSorted()[0] ?? LAST,
  };
  const asked = askedIn(q);
  const [one] = asked;
  if (asked.length > 1) return listTogether(tx, asked, byName(q), range, q.limit);
  const found = await rows<LogRow>(
    tx,
    one
      ? sql`select ${columns} from admin_action_logs where site_id = ${tx.siteId} and ${byName(q)} and ${inOrderOf(one, range)} limit ${q.limit + 1}`
      : sql`select ${columns} from admin_action_logs where site_id = ${tx.siteId} and action_id >= ${range.least} and action_id < ${range.below} order by action_id desc limit ${q.limit + 1}`,
  );
  const page = found.slice(0, q.limit).map(toAction);
  return { rows: page, next: found.length > q.limit ? page.at(-1)?.actionId : undefined, searchedTo: undefined };
}

async function listTogether(
  tx: SiteTransaction,
  asked: readonly Asked[],
  named: Sql,
  range: Range,
  limit: number,
): Promise<ActionPage> {
  const all = asked
    .map(({ column, value }) => sql`${column} = ${value}`)
    .reduce((one, other) => sql`${one} and ${other}`, named);
  const looks = await Promise.all(
    asked.map((driving) =>
      row<{ scanned: number; low: string | null; ids: string[] }>(
        tx,
        sql`with looked as materialized (select action_id, actor_kind, actor_id, action, entity_type, entity_id from admin_action_logs
            where site_id = ${tx.siteId} and ${inOrderOf(driving, range)} limit ${WINDOW})
          select (select count(*)::int from looked) as scanned, (select action_id from looked order by action_id limit 1) as low,
            array(select action_id from looked where ${all} order by action_id desc limit ${limit + 1}) as ids`,
      ),
    ),
  );
  // Whatever lies above the least row that a look has come to is known to it; one that came to its end knows everything.
  const reached = looks.flatMap((look) =>
    look ? [{ ...look, low: look.scanned < WINDOW ? FIRST : (look.low ?? FIRST) }] : [],
  );
  const best = reached.toSorted((a, b) => (a.low < b.low ? -1 : 1))[0];
  if (!best) throw new Error('the database did not answer');
  const ids = best.ids.slice(0, limit);
  const found =
    ids.length === 0
      ? []
      : await rows<LogRow>(
          tx,
          sql`select ${columns} from admin_action_logs where site_id = ${tx.siteId} and action_id = any(${ids}::uuid[]) order by action_id desc`,
        );
  const isFull = best.ids.length > limit;
  const stopsAt = !isFull && best.low !== FIRST ? best.low : undefined;
  return {
    rows: found.map(toAction),
    next: isFull ? ids.at(-1) : stopsAt,
    searchedTo: stopsAt === undefined ? undefined : timeOfId(stopsAt),
  };
}

type LogRow = {
  action_id: string;
  actor_kind: Actor['kind'];
  actor_id: string | null;
  role_name: string;
  action: string;
  entity_type: string;
  entity_id: string | null;
  before: unknown;
  after: unknown;
  request_id: string;
  timestamp: Date;
};
const toAction = (r: LogRow): ActionRow => ({
  actionId: r.action_id,
  actorKind: r.actor_kind,
  actorId: r.actor_id ?? undefined,
  roleName: r.role_name,
  action: r.action,
  entityType: r.entity_type,
  entityId: r.entity_id ?? undefined,
  before: r.before ?? undefined,
  after: r.after ?? undefined,
  requestId: r.request_id,
  timestamp: r.timestamp,
});

/** Actions that stand in the site's log, by name: from one to the next in the index, however many rows each has. */
export async function listActionNames(tx: SiteTransaction): Promise<string[]> {
  const found = await rows<{ action: string }>(
    tx,
    sql`with recursive known (action) as (
        (select action from admin_action_logs where site_id = ${tx.siteId} order by action limit 1)
        union all
        select (select l.action from admin_action_logs l where l.site_id = ${tx.siteId} and l.action > known.action order by l.action limit 1) from known where known.action is not null)
      select action from known where action is not null limit 200`,
  );
  return found.map((r) => r.action);
}
