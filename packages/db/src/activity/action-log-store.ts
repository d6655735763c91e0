import { type SiteTransaction, emOf } from '../with-site.ts';
import { AdminActionLog } from './activity-entities.ts';

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
  await emOf(tx).insert(AdminActionLog, {
    siteId: tx.siteId,
    actionId: action.actionId,
    actorKind: action.actor.kind,
    actorId: action.actor.kind === 'system' ? null : action.actor.id,
    roleName: action.actor.roleName,
    action: action.action,
    entityType: action.entityType,
    entityId: action.entityId ?? null,
    before: action.before ?? null,
    after: action.after ?? null,
    requestId: action.requestId,
    timestamp: tx.at,
  });
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
  const found = await emOf(tx).find(
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
