import { p } from '@mikro-orm/core';

/**
 * What every entity of a site starts with: `site_id` first in the primary key, and the filter that keeps a reader inside
 * the site. Row-level security, composite keys and grants (migrations) keep it so when a filter is forgotten.
 */
export const siteScoped = {
  properties: { siteId: p.uuid().primary() },
  filters: { site: { name: 'site', cond: ({ siteId }: { siteId: string }) => ({ siteId }), default: true } },
} as const;
