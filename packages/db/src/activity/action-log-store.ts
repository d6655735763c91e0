import { type SiteTransaction, rows, run, sql } from '../with-site.ts';

export type Actor =
  | { readonly kind: 'admin' | 'service' | 'operator'; readonly id: string; readonly roleName: string }
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

/** One row for what an admin, service or operator did, in the transaction of the deed (AU1). */
export async function insertAction(tx: SiteTransaction, action: Action): Promise<void> {
  const json = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));
  await run(
    tx,
    sql`insert into admin_action_logs (site_id, action_id, actor_kind, actor_id, role_name, action, entity_type, entity_id, before, after, request_id, "timestamp")
      values (${tx.siteId}, ${action.actionId}, ${action.actor.kind}, ${action.actor.kind === 'system' ? null : action.actor.id}, ${action.actor.roleName}, ${action.action},
        ${action.entityType}, ${action.entityId ?? null}, ${json(action.before)}::jsonb, ${json(action.after)}::jsonb, ${action.requestId}, ${tx.at})`,
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
  readonly after: unknown;
  readonly timestamp: Date;
};

/** One page of the site's log, newest first, by key. */
export async function listActions(tx: SiteTransaction, q: { entityId?: string | undefined; after?: string | undefined; limit: number }): Promise<ActionRow[]> {
  const found = await rows<{ action_id: string; actor_kind: Actor['kind']; actor_id: string | null; role_name: string; action: string; entity_type: string; entity_id: string | null; after: unknown; timestamp: Date }>(
    tx,
    sql`select action_id, actor_kind, actor_id, role_name, action, entity_type, entity_id, after, "timestamp" from admin_action_logs
      where site_id = ${tx.siteId} ${q.entityId ? sql`and entity_id = ${q.entityId}` : sql``} ${q.after ? sql`and action_id < ${q.after}` : sql``}
      order by action_id desc limit ${q.limit}`,
  );
  return found.map((r) => ({
    actionId: r.action_id, actorKind: r.actor_kind, actorId: r.actor_id ?? undefined, roleName: r.role_name, action: r.action, entityType: r.entity_type,
    entityId: r.entity_id ?? undefined, after: r.after ?? undefined, timestamp: r.timestamp,
  }));
}
