import { p } from '@mikro-orm/postgresql';

/**
 * What every entity of a site has: `site_id` first in its primary key, and a filter that is on without being asked for, so
 * that a reader sees where the site is kept. Row-level security, composite keys and grants keep it when a filter is
 * switched off or forgotten (G1).
 *
 * Entities hold columns, not relations: keys that share `site_id` make the ORM's relations leak or go missing in several
 * ways, and the foreign keys are declared in the migrations, where the schema lint reads them.
 */
export const siteId = p.uuid().primary();

export const siteFilter = {
  site: { name: 'site', cond: (given: { siteId: string }) => ({ siteId: given.siteId }), default: true },
} as const;
