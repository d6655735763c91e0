import { defineEntity, p } from '@mikro-orm/postgresql';
import { siteFilter, siteId } from '../site-scoped.ts';

export const MediaRow = defineEntity({
  name: 'MediaRow',
  tableName: 'media',
  filters: siteFilter,
  properties: {
    siteId,
    mediaId: p.uuid().primary(),
    status: p.text().$type<'waiting' | 'ready' | 'failed'>(),
    sourceUrl: p.text().nullable(),
    contentHash: p.text().nullable(),
    mimeType: p.text().nullable(),
    width: p.integer().nullable(),
    height: p.integer().nullable(),
    alt: p.text(),
    failure: p.text().nullable(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});
