import { type Currency, type Money, type ProductId, type SiteId, fromDecimal } from '@souk/domain/shared';
import type { StorefrontSetting } from '../identity/site-store.ts';
import type { Database } from '../orm.ts';
import { type HotQuery, readSite } from '../with-site.ts';

/*
 * The storefront's reads: one prepared statement and one round trip a page, whatever it shows. $1 is
 * the site; the answer is one row of JSON columns, so that nothing is fetched row by row. Nothing is counted
 * further than it is shown: no statement's work grows with the size of the shop.
 */

/** What every page shows around its content; `session` is the parameter that holds the cart's session. */
export const frame = (session: string): string => `
  (select json_build_object('currency', currency, 'pricesIncludeTax', prices_include_tax, 'locale', locale, 'timeZone', time_zone, 'country', country,
    'theme', theme, 'contactEmail', contact_email, 'storefront', storefront, 'lowStockAt', low_stock_at,
    'mode', case when exists (select 1 from payment_configurations where site_id = $1 and is_enabled and mode = 'live') then 'live' else 'test' end) from site_configurations where site_id = $1) as shop,
  (select coalesce(json_agg(json_build_object('title', c.title, 'slug', s.slug) order by c.position), '[]'::json)
    from collections c join slugs s on s.site_id = c.site_id and s.kind = 'collection' and s.target_id = c.collection_id and s.is_current where c.site_id = $1
      and exists (select 1 from collection_products cp
        cross join lateral (select 1 from products p where p.site_id = cp.site_id and p.product_id = cp.product_id and p.status = 'published' and p.visibility = 'visible' limit 1) p
        where cp.site_id = c.site_id and cp.collection_id = c.collection_id)) as collections,
  (select coalesce(sum(i.quantity), 0)::int from carts k join cart_items i using (site_id, cart_id) where k.site_id = $1 and k.session_identifier = ${session} and k.status = 'active') as cart_count`;

export const IMAGES = (alias: string, limit: string): string => `
  (select coalesce(json_agg(x.m order by x.n), '[]'::json) from (select pm.n, json_build_object('n', pm.n, 'hash', m.content_hash, 'alt', m.alt, 'width', m.width, 'height', m.height) as m
    from product_media pm join media m on m.site_id = pm.site_id and m.media_id = pm.media_id and m.status = 'ready'
    where pm.site_id = ${alias}.site_id and pm.product_id = ${alias}.product_id order by pm.n ${limit}) x)`;

/**
 * One product of a list as JSON, of the aliases of its product, slug and stock. Its title and short description are those of
 * its published version (C3).
 */
export const card = (
  p: string,
  s: string,
): string => `json_build_object('productId', ${p}.product_id, 'slug', ${s}.slug, 'title', ${p}.title, 'shortDescription', ${p}.short_description, 'currency', ${p}.currency, 'priceFrom', ${p}.price_from::text, 'priceTo', ${p}.price_to::text,
  'compareAt', ${s}_stock.compare_at::text, 'available', ${s}_stock.available,
  'publishedAt', ${p}.published_at, 'images', ${IMAGES(p, 'limit 2')})`;

/** Current slug of each product of `p`, looked up one by one (see `PUBLISHED`). */
const CURRENT_SLUG = (p: string, s: string): string => `
  cross join lateral (select x.slug from slugs x where x.site_id = $1 and x.kind = 'product' and x.target_id = ${p}.product_id and x.is_current limit 1) ${s}`;

/**
 * Published version of the product `p`. Looked up through its key: as a plain join the planner, whose guesses row-level
 * security makes small, would rather read the table whole.
 */
export const PUBLISHED = (p: string, v: string): string => `
  cross join lateral (select * from product_versions x where x.site_id = $1 and x.product_id = ${p}.product_id and x.is_published limit 1) ${v}`;

/** All that `card` shows of each product of `p`. */
export const CARD_JOINS = (p: string, s: string): string => `${CURRENT_SLUG(p, s)}
  cross join lateral (select max(x.compare_at) filter (where x.price = ${p}.price_from) as compare_at, coalesce(sum(greatest(0, l.on_hand + l.backorder_limit - l.reserved)), 0)::int as available
    from (select version_id from product_versions v where v.site_id = ${p}.site_id and v.product_id = ${p}.product_id and v.is_published limit 1) v
    join product_version_variants x on x.site_id = ${p}.site_id and x.version_id = v.version_id
    left join inventory_levels l on l.site_id = ${p}.site_id and l.variant_id = x.variant_id) ${s}_stock`;

/** A product of a list as other front ends get it: what it is, what it costs, what is left, its first picture. */
export const shortCard = (
  p: string,
  s: string,
): string => `json_build_object('productId', ${p}.product_id, 'slug', ${s}.slug, 'title', ${p}.title, 'shortDescription', ${p}.short_description, 'currency', ${p}.currency, 'priceFrom', ${p}.price_from::text, 'priceTo', ${p}.price_to::text,
  'available', ${s}_stock.available, 'publishedAt', ${p}.published_at,
  'image', (select m.content_hash from product_media pm join media m on m.site_id = pm.site_id and m.media_id = pm.media_id and m.status = 'ready'
    where pm.site_id = $1 and pm.product_id = ${p}.product_id order by pm.n limit 1))`;

/** All that `shortCard` shows of each product of `p`. */
export const SHORT_CARD_JOINS = (p: string, s: string): string => `${CURRENT_SLUG(p, s)}
  cross join lateral (select coalesce(sum(greatest(0, l.on_hand + l.backorder_limit - l.reserved)), 0)::int as available
    from (select version_id from product_versions v where v.site_id = $1 and v.product_id = ${p}.product_id and v.is_published limit 1) v
    join product_version_variants x on x.site_id = $1 and x.version_id = v.version_id
    join inventory_levels l on l.site_id = $1 and l.variant_id = x.variant_id) ${s}_stock`;

export const ON_SALE = `p.site_id = $1 and p.status = 'published' and p.visibility = 'visible'`;

export type ShopFrame = {
  readonly shop: {
    readonly currency: Currency;
    readonly pricesIncludeTax: boolean;
    readonly locale: string;
    readonly timeZone: string;
    readonly country: string;
    readonly theme: 'aurora' | 'kumo';
    readonly contactEmail: string | null;
    readonly storefront: StorefrontSetting;
    readonly lowStockAt: number;
    /** `live` as soon as one way of paying takes real money. */
    readonly mode: 'live' | 'test';
  };
  /** Those that sell something. */
  readonly collections: readonly { readonly title: string; readonly slug: string }[];
  readonly cartCount: number;
};

export type Picture = {
  readonly n: number;
  readonly hash: string;
  readonly alt: string;
  readonly width: number;
  readonly height: number;
};

export type ProductCard = {
  readonly productId: ProductId;
  readonly slug: string;
  readonly title: string;
  readonly shortDescription: string;
  readonly priceFrom: Money;
  readonly priceTo: Money;
  readonly compareAt: Money | undefined;
  readonly available: number;
  readonly images: readonly Picture[];
};

export type ShortCard = {
  readonly productId: ProductId;
  readonly slug: string;
  readonly title: string;
  readonly shortDescription: string;
  readonly priceFrom: Money;
  readonly priceTo: Money;
  readonly available: number;
  /** Hash of the first picture's content. */
  readonly image: string | undefined;
};

export type ShortCardJson = Omit<CardJson, 'compareAt' | 'images'> & { image: string | null };

export const toShortCard = (c: ShortCardJson): ShortCard => ({
  productId: c.productId,
  slug: c.slug,
  title: c.title,
  shortDescription: c.shortDescription,
  priceFrom: fromDecimal(c.priceFrom, c.currency),
  priceTo: fromDecimal(c.priceTo, c.currency),
  available: c.available,
  image: c.image ?? undefined,
});

export type CardJson = {
  productId: ProductId;
  slug: string;
  title: string;
  shortDescription: string;
  currency: Currency;
  priceFrom: string;
  priceTo: string;
  compareAt: string | null;
  available: number;
  publishedAt: string;
  images: Picture[];
};

export const toCard = (c: CardJson): ProductCard => ({
  productId: c.productId,
  slug: c.slug,
  title: c.title,
  shortDescription: c.shortDescription,
  priceFrom: fromDecimal(c.priceFrom, c.currency),
  priceTo: fromDecimal(c.priceTo, c.currency),
  compareAt: c.compareAt === null ? undefined : fromDecimal(c.compareAt, c.currency),
  available: c.available,
  images: c.images,
});

export type FrameRow = { shop: ShopFrame['shop']; collections: ShopFrame['collections'][number][]; cart_count: number };
export const toFrame = (r: FrameRow): ShopFrame => ({
  shop: r.shop,
  collections: r.collections,
  cartCount: r.cart_count,
});

const FRAME_ONLY: HotQuery = { name: 'storefront_frame', text: `select ${frame('$2')}` };

/** What every page of the shop shows around its content. One round trip. */
export async function readFrame(db: Database, siteId: SiteId, session: Buffer): Promise<ShopFrame> {
  const [r] = await readSite<FrameRow>(db, siteId, FRAME_ONLY, [siteId, session]);
  if (!r) throw new Error('a frame always has one row');
  return toFrame(r);
}
