import { type SiteTransaction, entitiesOf, send, sql } from '../with-site.ts';

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
  readonly after: unknown;
  readonly timestamp: Date;
};

/** One page of the site's log, newest first, by key. */
export async function listActions(
  tx: SiteTransaction,
  q: { entityId?: string | undefined; after?: string | undefined; limit: number },
): Promise<ActionRow[]> {
  const { em, AdminActionLog } = await entitiesOf(tx);
  const found = await em.find(
    AdminActionLog,
    { ...(q.entityId ? { entityId: q.entityId } : {}), ...(q.after ? { actionId: { $lt: q.after } } : {}) },
    { orderBy: { actionId: 'desc' }, limit: q.limit },
  );
  return found.map((r) => ({
    actionId: r.actionId,
    actorKind: r.actorKind,
    actorId: r.actorId ?? undefined,
    roleName: r.roleName,
    action: r.action,
    entityType: r.entityType,
    entityId: r.entityId ?? undefined,
    after: r.after ?? undefined,
    timestamp: r.timestamp,
  }));
}
