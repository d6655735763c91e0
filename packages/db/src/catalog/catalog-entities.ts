import { defineEntity, p } from '@mikro-orm/postgresql';
import { siteFilter, siteId } from '../site-scoped.ts';

export type ImportStatus = 'checking' | 'ready' | 'refused' | 'applying' | 'applied' | 'cancelled' | 'failed';

export const ProductImportRow = defineEntity({
  name: 'ProductImportRow',
  tableName: 'product_imports',
  filters: siteFilter,
  properties: {
    siteId,
    importId: p.uuid().primary(),
    fileName: p.text(),
    byteSize: p.bigint('number'),
    status: p.text().$type<ImportStatus>(),
    createdBy: p.uuid(),
    progressDone: p.bigint('number'),
    progressTotal: p.bigint('number'),
    summary: p.json().$type<Readonly<Record<string, unknown>>>(),
    cancelRequested: p.boolean(),
    excludedHandles: p.array(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});
