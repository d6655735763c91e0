import { defineEntity, p } from '@mikro-orm/postgresql';
import { siteFilter, siteId } from '../site-scoped.ts';

export const AdminActionLog = defineEntity({
  name: 'AdminActionLog',
  tableName: 'admin_action_logs',
  filters: siteFilter,
  properties: {
    siteId,
    actionId: p.uuid().primary(),
    actorKind: p.text().$type<'admin' | 'service' | 'operator' | 'support' | 'system'>(),
    actorId: p.uuid().nullable(),
    roleName: p.text(),
    action: p.text(),
    entityType: p.text(),
    entityId: p.uuid().nullable(),
    before: p.json().nullable(),
    after: p.json().nullable(),
    requestId: p.text(),
    timestamp: p.datetime(),
  },
});
