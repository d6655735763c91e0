import { Migration } from '@mikro-orm/migrations';
import { ROLES } from '../roles.ts';
import { foreignKey } from './ddl.ts';

/**
 * A site's settings can be changed by its people, and what buyers have seen cannot. A publication carries whether prices
 * included the tax, by key: after the first one the setting has a row that points to it. The currency is pointed to by
 * every product already; what delivery costs moves with it, and so its key waits for the commit.
 */
export class SiteSettings extends Migration {
  override up(): void {
    for (const statement of [
      'alter table site_configurations add constraint site_configurations_tax_basis unique (site_id, prices_include_tax)',
      // The default of what a publication carries: one that writes no such column still points to what holds in its site.
      `create function current_prices_include_tax() returns boolean language sql stable
        as $$ select prices_include_tax from site_configurations where site_id = current_site_id() $$`,
      'alter table publication_events add column prices_include_tax boolean null',
      'update publication_events e set prices_include_tax = c.prices_include_tax from site_configurations c where c.site_id = e.site_id',
      `alter table publication_events alter column prices_include_tax set not null,
        alter column prices_include_tax set default current_prices_include_tax()`,
      `alter table publication_events add constraint publication_events_tax_basis ${foreignKey('site_id, prices_include_tax', 'site_configurations (site_id, prices_include_tax)')}`,
      'alter table shipping_methods drop constraint shipping_methods_site_id_currency_fkey',
      `alter table shipping_methods add constraint shipping_methods_site_id_currency_fkey ${foreignKey('site_id, currency', 'site_configurations (site_id, currency)', { deferred: true })}`,
      `grant update (currency, prices_include_tax) on site_configurations to ${ROLES.app}`,
      `grant update (currency) on shipping_methods to ${ROLES.app}`,
      `grant update (locale) on slugs to ${ROLES.app}`,
      // A site's own name, and its own row alone.
      `grant select (site_id, name), update (name, updated_at) on sites to ${ROLES.app}`,
      `create policy sites_own_read on sites for select to ${ROLES.app} using (site_id = current_site_id())`,
      `create policy sites_own_change on sites for update to ${ROLES.app} using (site_id = current_site_id()) with check (site_id = current_site_id())`,
    ])
      this.addSql(statement);
  }
}
