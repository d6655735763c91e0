import type { SiteSettings, SiteTheme } from '@souk/domain/identity';
import { type Currency, currency } from '@souk/domain/shared';
import { type SiteTransaction, row, send, sql } from '../with-site.ts';

/** The settings as they stand, which version of them that is, and what of the site keeps some of them from changing. */
export type SettingsNow = {
  readonly version: number;
  readonly changedAt: Date;
  readonly settings: SiteSettings;
  readonly has: { readonly products: boolean; readonly publications: boolean };
};

/** The settings of the site. Throws when it has none, or a currency this release does not know: a site is made with both. */
export async function readSettings(tx: SiteTransaction): Promise<SettingsNow> {
  const found = await row<{
    name: string;
    locale: string;
    country: string;
    time_zone: string;
    contact_email: string | null;
    low_stock_at: number;
    theme: SiteTheme;
    currency: Currency;
    prices_include_tax: boolean;
    version: number;
    updated_at: Date;
    products: boolean;
    publications: boolean;
  }>(
    tx,
    sql`select s.name, c.locale, c.country, c.time_zone, c.contact_email, c.low_stock_at, c.theme, c.currency, c.prices_include_tax, c.version, c.updated_at,
        exists (select from products where site_id = c.site_id) as products, exists (select from publication_events where site_id = c.site_id) as publications
      from site_configurations c join sites s using (site_id) where c.site_id = ${tx.siteId}`,
  );
  const code = currency(found?.currency ?? '');
  if (!found || !code) throw new Error('the site has no settings that this release knows');
  return {
    version: found.version,
    changedAt: found.updated_at,
    settings: {
      name: found.name,
      locale: found.locale,
      country: found.country,
      timeZone: found.time_zone,
      contactEmail: found.contact_email ?? undefined,
      lowStockAt: found.low_stock_at,
      theme: found.theme,
      currency: code,
      pricesIncludeTax: found.prices_include_tax,
    },
    has: { products: found.products, publications: found.publications },
  };
}

/**
 * Holds the settings to the end of the transaction and reads them then, in one round trip. With `keys`, what rows of others
 * point to is held too: nothing is priced or published meanwhile.
 */
export async function lockSettings(tx: SiteTransaction, { keys }: { readonly keys: boolean }): Promise<SettingsNow> {
  // A statement of its own: what is read with a lock may be older than the lock.
  send(
    tx,
    keys
      ? sql`select 1 from site_configurations where site_id = ${tx.siteId} for update`
      : sql`select 1 from site_configurations where site_id = ${tx.siteId} for no key update`,
  );
  return readSettings(tx);
}

/** Writes settings that are held, as the next version of them (V1). */
export function saveSettings(tx: SiteTransaction, s: SiteSettings): void {
  send(
    tx,
    sql`update site_configurations set locale = ${s.locale}, country = ${s.country}, time_zone = ${s.timeZone}, contact_email = ${s.contactEmail ?? null}, low_stock_at = ${s.lowStockAt},
        theme = ${s.theme}, currency = ${s.currency}, prices_include_tax = ${s.pricesIncludeTax}, version = version + 1, updated_at = ${tx.at}
      where site_id = ${tx.siteId}`,
  );
  send(
    tx,
    sql`update sites set name = ${s.name}, updated_at = ${tx.at} where site_id = ${tx.siteId} and name <> ${s.name}`,
  );
}
