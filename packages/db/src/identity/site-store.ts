import { DEFAULT_ROLES } from '@souk/domain/identity';
import { type AdminId, type Currency, currency } from '@souk/domain/shared';
import { openStock } from '../catalog/stock-store.ts';
import { openCommerce } from '../commerce/commerce-setup-store.ts';
import pg from 'pg';
import { openSite } from './site-status-store.ts';
import { type SiteTransaction, entitiesOf, run, sql } from '../with-site.ts';

export type SiteConfiguration = {
  readonly currency: Currency;
  readonly pricesIncludeTax: boolean;
  readonly locale: string;
  readonly timeZone: string;
  readonly country: string;
  readonly theme: 'aurora' | 'kumo';
  readonly contactEmail: string | undefined;
  readonly lowStockAt: number;
};

export type NewSite = SiteConfiguration & {
  readonly name: string;
  readonly handle: string;
  readonly orderPrefix: string;
  readonly domains: readonly { readonly mappingId: string; readonly domainName: string; readonly isPrimary: boolean }[];
  readonly taxRate: { readonly taxRateId: string; readonly name: string; readonly ratePerMillion: number };
  readonly locationId: string;
  readonly transitionId: string;
  /** One id per default role, in the order of DEFAULT_ROLES. */
  readonly roleIds: readonly string[];
};

/** Makes a site with its configuration, roles, first stock location, tax rate and order counter, in its own transaction. */
export async function createSite(tx: SiteTransaction, site: NewSite): Promise<void> {
  const { siteId, at } = tx;
  await run(
    tx,
    sql`insert into sites (site_id, name, status, handle, order_prefix, created_at, updated_at)
      values (${siteId}, ${site.name}, 'active', ${site.handle}, ${site.orderPrefix}, ${at}, ${at})`,
  );
  openSite(tx, site.transitionId);
  await run(
    tx,
    sql`insert into domain_mappings (mapping_id, site_id, domain_name, type, is_primary, verification_status, is_active, created_at, updated_at)
      select mapping_id, ${siteId}, domain_name, case when domain_name like '%.localhost' then 'development' else 'platform' end, is_primary, 'verified', true, ${at}, ${at}
      from jsonb_to_recordset(${JSON.stringify(site.domains.map((d) => ({ mapping_id: d.mappingId, domain_name: d.domainName, is_primary: d.isPrimary })))}::jsonb)
        as d (mapping_id uuid, domain_name text, is_primary boolean)`,
  );
  await run(
    tx,
    sql`insert into site_configurations (site_id, currency, prices_include_tax, locale, time_zone, country, theme, contact_email, storefront, ai_enabled, low_stock_at, version, created_at, updated_at)
      values (${siteId}, ${site.currency}, ${site.pricesIncludeTax}, ${site.locale}, ${site.timeZone}, ${site.country}, ${site.theme}, ${site.contactEmail ?? null}, '{}'::jsonb, false, ${site.lowStockAt}, 1, ${at}, ${at})`,
  );
  const roles = Object.entries(DEFAULT_ROLES).map(([name, role], i) => ({
    role_id: site.roleIds[i],
    role_name: name,
    description: role.description,
    permissions: role.permissions,
  }));
  await run(
    tx,
    sql`with given as (select * from jsonb_to_recordset(${JSON.stringify(roles)}::jsonb) as r (role_id uuid, role_name text, description text, permissions text[])),
      made as (insert into roles (site_id, role_id, role_name, is_owner, description) select ${siteId}, role_id, role_name, role_name = 'owner', description from given)
      insert into role_permissions (site_id, role_id, is_owner, permission_key) select ${siteId}, role_id, role_name = 'owner', unnest(permissions) from given`,
  );
  await openStock(tx, site.locationId);
  await openCommerce(tx, { ...site.taxRate, country: site.country });
}

/** Which name of a new site another one has; undefined when its transaction failed for something else. */
export function clashOfNewSite(error: unknown): 'handle' | 'order_prefix' | undefined {
  if (!(error instanceof pg.DatabaseError) || error.code !== '23505') return undefined;
  // The host of the shop follows from the handle.
  if (error.constraint === 'sites_handle_key' || error.constraint === 'domain_mappings_one_active') return 'handle';
  return error.constraint === 'sites_order_prefix_key' ? 'order_prefix' : undefined;
}

/** Whether the database reckons in this time zone: days of a site are cut there. */
export const isTimeZoneKnown = async (tx: SiteTransaction, timeZone: string): Promise<boolean> =>
  (await run(tx, sql`select 1 from pg_timezone_names where name = ${timeZone}`)) > 0;

/** Makes an account a member of the site, in the named role of it (I2, I3). */
export async function addMember(
  tx: SiteTransaction,
  member: { membershipId: string; adminId: AdminId; roleName: string },
): Promise<void> {
  const made = await run(
    tx,
    sql`insert into admin_site_memberships (site_id, membership_id, admin_id, role_id, status, created_at, updated_at)
      select ${tx.siteId}, ${member.membershipId}, ${member.adminId}, role_id, 'active', ${tx.at}, ${tx.at} from roles where site_id = ${tx.siteId} and role_name = ${member.roleName} and not is_retired`,
  );
  if (made !== 1) throw new Error(`no role named ${member.roleName}`);
}

/** The site's settings. Throws when it has none, or a currency this release does not know: a site is made with both. */
export async function getConfiguration(tx: SiteTransaction): Promise<SiteConfiguration> {
  const { em, SiteConfigurationRow } = await entitiesOf(tx);
  const found = await em.findOneOrFail(SiteConfigurationRow, { siteId: tx.siteId });
  const code = currency(found.currency);
  if (!code) throw new Error(`the site's currency ${found.currency} is not known`);
  return {
    currency: code,
    pricesIncludeTax: found.pricesIncludeTax,
    locale: found.locale,
    timeZone: found.timeZone,
    country: found.country,
    theme: found.theme,
    contactEmail: found.contactEmail ?? undefined,
    lowStockAt: found.lowStockAt,
  };
}

/** What the home page says and shows beside the products. */
export type StorefrontSetting = {
  readonly tagline?: string;
  readonly hero?: HomeBanner;
  readonly story?: HomeBanner;
  /** CSS colours of option values that are colours. */
  readonly swatches?: Readonly<Record<string, string>>;
};
export type HomeBanner = {
  readonly title: string;
  readonly text: string;
  readonly link: string;
  readonly image: { readonly hash: string; readonly alt: string; readonly width: number; readonly height: number };
};

/** Replaces what the home page says and shows. */
export async function setStorefront(tx: SiteTransaction, setting: StorefrontSetting): Promise<void> {
  await run(
    tx,
    sql`update site_configurations set storefront = ${JSON.stringify(setting)}::jsonb, version = version + 1, updated_at = ${tx.at} where site_id = ${tx.siteId}`,
  );
}
