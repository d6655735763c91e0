import { defineEntity, p } from '@mikro-orm/postgresql';
import { siteFilter, siteId } from '../site-scoped.ts';

export const SiteConfigurationRow = defineEntity({
  name: 'SiteConfigurationRow',
  tableName: 'site_configurations',
  filters: siteFilter,
  properties: {
    siteId,
    currency: p.text(),
    pricesIncludeTax: p.boolean(),
    locale: p.text(),
    timeZone: p.text(),
    country: p.text(),
    theme: p.text().$type<'aurora' | 'kumo'>(),
    contactEmail: p.text().nullable(),
    storefront: p.json(),
    aiEnabled: p.boolean(),
    lowStockAt: p.integer(),
    requiresSecondFactor: p.boolean(),
    version: p.integer(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});
