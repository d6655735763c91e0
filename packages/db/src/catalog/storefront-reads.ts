import {
  type Currency,
  type Money,
  type ProductId,
  type SiteId,
  type VariantId,
  fromDecimal,
} from '@souk/domain/shared';
import type { StorefrontSetting } from '../identity/site-store.ts';
import type { Database } from '../orm.ts';
import { literalLike } from './product-store.ts';
import { type HotQuery, readSite } from '../with-site.ts';

/*
 * The storefront's reads: one prepared statement and one round trip a page, whatever it shows. $1 is the site, $2 the
 * cart's session; the answer is one row of JSON columns, so that nothing is fetched row by row.
 */

const FRAME = `
  (select jsonb_build_object('currency', currency, 'pricesIncludeTax', prices_include_tax, 'locale', locale, 'timeZone', time_zone, 'country', country,
    'theme', theme, 'contactEmail', contact_email, 'storefront', storefront, 'lowStockAt', low_stock_at,
    'mode', case when exists (select 1 from payment_configurations where site_id = $1 and is_enabled and mode = 'live') then 'live' else 'test' end) from site_configurations where site_id = $1) as shop,
  (select coalesce(jsonb_agg(jsonb_build_object('title', c.title, 'slug', s.slug, 'count', (select count(*) from collection_products cp join products p
      on p.site_id = cp.site_id and p.product_id = cp.product_id where cp.site_id = c.site_id and cp.collection_id = c.collection_id and p.status = 'published' and p.visibility = 'visible'))
      order by c.position), '[]'::jsonb)
    from collections c join slugs s on s.site_id = c.site_id and s.kind = 'collection' and s.target_id = c.collection_id and s.is_current where c.site_id = $1) as collections,
  (select coalesce(sum(i.quantity), 0)::int from carts k join cart_items i using (site_id, cart_id) where k.site_id = $1 and k.session_identifier = $2 and k.status = 'active') as cart_count`;

const IMAGES = (alias: string, limit: string): string => `
  (select coalesce(jsonb_agg(x.m order by x.n), '[]'::jsonb) from (select pm.n, jsonb_build_object('n', pm.n, 'hash', m.content_hash, 'alt', m.alt, 'width', m.width, 'height', m.height) as m
    from product_media pm join media m on m.site_id = pm.site_id and m.media_id = pm.media_id and m.status = 'ready'
    where pm.site_id = ${alias}.site_id and pm.product_id = ${alias}.product_id order by pm.n ${limit}) x)`;

/** One product of a list as JSON, of the aliases of its product, published version and current slug. */
const card = (
  p: string,
  v: string,
  s: string,
): string => `jsonb_build_object('productId', ${p}.product_id, 'slug', ${s}.slug, 'title', ${v}.title, 'shortDescription', ${v}.short_description, 'priceFrom', ${p}.price_from::text, 'priceTo', ${p}.price_to::text,
  'compareAt', (select max(x.compare_at)::text from product_version_variants x where x.site_id = ${v}.site_id and x.version_id = ${v}.version_id and x.price = ${p}.price_from),
  'available', (select coalesce(sum(greatest(0, l.on_hand + l.backorder_limit - l.reserved)), 0)::int from product_version_variants x
    join inventory_levels l on l.site_id = x.site_id and l.variant_id = x.variant_id where x.site_id = ${v}.site_id and x.version_id = ${v}.version_id),
  'publishedAt', ${p}.published_at, 'images', ${IMAGES(p, 'limit 2')})`;

const CARD_JOINS = `join product_versions v on v.site_id = p.site_id and v.product_id = p.product_id and v.is_published
  join slugs s on s.site_id = p.site_id and s.kind = 'product' and s.target_id = p.product_id and s.is_current`;

const ON_SALE = `p.site_id = $1 and p.status = 'published' and p.visibility = 'visible'`;
const FILTERED = `${ON_SALE} and ($3::text is null or p.search_text like $3)
  and ($4::text is null or exists (select 1 from slugs cs join collection_products cp on cp.site_id = cs.site_id and cp.collection_id = cs.target_id
    where cs.site_id = $1 and cs.kind = 'collection' and cs.slug = $4 and cp.product_id = p.product_id))
  and (not $5::boolean or exists (select 1 from variants x join inventory_levels l on l.site_id = x.site_id and l.variant_id = x.variant_id
    where x.site_id = $1 and x.product_id = p.product_id and l.on_hand + l.backorder_limit > l.reserved))`;

const listQuery = (name: string, key: string, order: string, after: string): HotQuery => ({
  name: `storefront_list_${name}`,
  text: `select ${FRAME},
    (select count(*)::int from products p where ${FILTERED}) as total,
    (select coalesce(jsonb_agg(${card('p', 'v', 's')} order by ${order}), '[]'::jsonb)
      from (select p.* from products p where ${FILTERED} and ($6::text is null or ${after}) order by ${order} limit $8) p ${CARD_JOINS}) as products,
    (select jsonb_build_object('title', c.title, 'description', c.description) from slugs cs join collections c on c.site_id = cs.site_id and c.collection_id = cs.target_id
      where cs.site_id = $1 and cs.kind = 'collection' and cs.slug = $4) as collection, '${key}' as key`,
});

export const LISTS = {
  newest: listQuery(
    'newest',
    'publishedAt',
    'p.published_at desc, p.product_id desc',
    '(p.published_at, p.product_id) < ($6::timestamptz, $7::uuid)',
  ),
  price_asc: listQuery(
    'price_asc',
    'priceFrom',
    'p.price_from, p.product_id',
    '(p.price_from, p.product_id) > ($6::numeric, $7::uuid)',
  ),
  price_desc: listQuery(
    'price_desc',
    'priceFrom',
    'p.price_from desc, p.product_id desc',
    '(p.price_from, p.product_id) < ($6::numeric, $7::uuid)',
  ),
} as const;

export type ListSort = keyof typeof LISTS;

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
  readonly collections: readonly { readonly title: string; readonly slug: string; readonly count: number }[];
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

type CardJson = {
  productId: ProductId;
  slug: string;
  title: string;
  shortDescription: string;
  priceFrom: string;
  priceTo: string;
  compareAt: string | null;
  available: number;
  publishedAt: string;
  images: Picture[];
};

const toCard = (c: CardJson, code: Currency): ProductCard => ({
  productId: c.productId,
  slug: c.slug,
  title: c.title,
  shortDescription: c.shortDescription,
  priceFrom: fromDecimal(c.priceFrom, code),
  priceTo: fromDecimal(c.priceTo, code),
  compareAt: c.compareAt === null ? undefined : fromDecimal(c.compareAt, code),
  available: c.available,
  images: c.images,
});

type FrameRow = { shop: ShopFrame['shop']; collections: ShopFrame['collections'][number][]; cart_count: number };
const toFrame = (r: FrameRow): ShopFrame => ({ shop: r.shop, collections: r.collections, cartCount: r.cart_count });

export type StorefrontList = ShopFrame & {
  readonly products: readonly ProductCard[];
  readonly total: number;
  readonly collection: { readonly title: string; readonly description: string } | undefined;
  /** Where the next page starts, undefined on the last. */
  readonly next: { readonly key: string; readonly productId: ProductId } | undefined;
};

/** One page of what a site sells (P3), by key. One round trip. */
export async function readList(
  db: Database,
  siteId: SiteId,
  session: Buffer,
  q: {
    q?: string | undefined;
    collection?: string | undefined;
    inStock: boolean;
    sort: ListSort;
    after?: { key: string; productId: string } | undefined;
    limit: number;
  },
): Promise<StorefrontList> {
  const [r] = await readSite<
    FrameRow & {
      total: number;
      products: CardJson[];
      collection: { title: string; description: string } | null;
      key: 'publishedAt' | 'priceFrom';
    }
  >(db, siteId, LISTS[q.sort], [
    siteId,
    session,
    q.q ? literalLike(q.q) : null,
    q.collection ?? null,
    q.inStock,
    q.after?.key ?? null,
    q.after?.productId ?? null,
    q.limit + 1,
  ]);
  if (!r) throw new Error('a list always has one row');
  const page = r.products.slice(0, q.limit);
  const last = page.at(-1);
  return {
    ...toFrame(r),
    products: page.map((c) => toCard(c, r.shop.currency)),
    total: r.total,
    collection: r.collection ?? undefined,
    next: last && r.products.length > q.limit ? { key: last[r.key], productId: last.productId } : undefined,
  };
}

const FRAME_ONLY: HotQuery = { name: 'storefront_frame', text: `select ${FRAME}` };

/** What every page of the shop shows around its content. One round trip. */
export async function readFrame(db: Database, siteId: SiteId, session: Buffer): Promise<ShopFrame> {
  const [r] = await readSite<FrameRow>(db, siteId, FRAME_ONLY, [siteId, session]);
  if (!r) throw new Error('a frame always has one row');
  return toFrame(r);
}

const PRODUCT: HotQuery = {
  name: 'storefront_product',
  text: `select ${FRAME}, (select jsonb_build_object('productId', p.product_id, 'currentSlug', s.slug, 'title', v.title, 'shortDescription', v.short_description,
      'detailedDescription', v.detailed_description, 'inclusionDetails', v.inclusion_details, 'exclusionDetails', v.exclusion_details, 'optionNames', v.option_names,
      'seoTitle', v.seo_title, 'seoDescription', v.seo_description, 'images', ${IMAGES('p', '')},
      'collection', (select jsonb_build_object('title', c.title, 'slug', cs.slug) from collection_products cp join collections c on c.site_id = cp.site_id and c.collection_id = cp.collection_id
        join slugs cs on cs.site_id = c.site_id and cs.kind = 'collection' and cs.target_id = c.collection_id and cs.is_current
        where cp.site_id = $1 and cp.product_id = p.product_id order by c.position limit 1),
      'variants', (select jsonb_agg(jsonb_build_object('variantId', x.variant_id, 'options', x.options, 'sku', x.sku, 'price', x.price::text, 'compareAt', x.compare_at::text, 'imageN', x.image_n,
          'onHand', coalesce(l.on_hand, 0), 'reserved', coalesce(l.reserved, 0), 'backorderLimit', coalesce(l.backorder_limit, 0)) order by x.n)
        from product_version_variants x left join (inventory_levels l join stock_locations sl on sl.site_id = l.site_id and sl.location_id = l.location_id and sl.is_default)
          on l.site_id = x.site_id and l.variant_id = x.variant_id
        where x.site_id = v.site_id and x.version_id = v.version_id),
      'related', (select coalesce(jsonb_agg(${card('rp', 'rv', 'rs')}), '[]'::jsonb) from (
          select r.* from products r where r.site_id = $1 and r.status = 'published' and r.visibility = 'visible' and r.product_id <> p.product_id
            and exists (select 1 from collection_products a join collection_products b using (site_id, collection_id) where a.site_id = $1 and a.product_id = p.product_id and b.product_id = r.product_id)
          order by r.published_at desc, r.product_id limit 4) rp
        join product_versions rv on rv.site_id = rp.site_id and rv.product_id = rp.product_id and rv.is_published
        join slugs rs on rs.site_id = rp.site_id and rs.kind = 'product' and rs.target_id = rp.product_id and rs.is_current))
    from slugs asked join products p on p.site_id = asked.site_id and p.product_id = asked.target_id ${CARD_JOINS}
    where asked.site_id = $1 and asked.kind = 'product' and asked.slug = $3 and ${ON_SALE}) as product`,
};

export type StorefrontVariant = {
  readonly variantId: VariantId;
  readonly options: readonly string[];
  readonly sku: string;
  readonly price: Money;
  readonly compareAt: Money | undefined;
  readonly imageN: number;
  readonly onHand: number;
  readonly reserved: number;
  readonly backorderLimit: number;
};

export type StorefrontProduct = {
  readonly productId: ProductId;
  /** Another than the one asked for when the product has moved. */
  readonly currentSlug: string;
  readonly title: string;
  readonly shortDescription: string;
  readonly detailedDescription: string;
  readonly inclusionDetails: string;
  readonly exclusionDetails: string;
  readonly optionNames: readonly string[];
  readonly seoTitle: string;
  readonly seoDescription: string;
  readonly images: readonly Picture[];
  readonly collection: { readonly title: string; readonly slug: string } | undefined;
  readonly variants: readonly StorefrontVariant[];
  readonly related: readonly ProductCard[];
};

type VariantJson = Omit<StorefrontVariant, 'price' | 'compareAt'> & { price: string; compareAt: string | null };
type ProductJson = Omit<StorefrontProduct, 'variants' | 'related' | 'collection'> & {
  variants: VariantJson[];
  related: CardJson[];
  collection: { title: string; slug: string } | null;
};

/** A product as buyers see it (P3), with the shop around it. One round trip; `product` is undefined when nothing is sold there. */
export async function readProduct(
  db: Database,
  siteId: SiteId,
  session: Buffer,
  slug: string,
): Promise<ShopFrame & { product: StorefrontProduct | undefined }> {
  const [r] = await readSite<FrameRow & { product: ProductJson | null }>(db, siteId, PRODUCT, [siteId, session, slug]);
  if (!r) throw new Error('a product page always has one row');
  const code = r.shop.currency;
  return {
    ...toFrame(r),
    product: r.product
      ? {
          ...r.product,
          collection: r.product.collection ?? undefined,
          variants: r.product.variants.map((v) => ({
            ...v,
            price: fromDecimal(v.price, code),
            compareAt: v.compareAt === null ? undefined : fromDecimal(v.compareAt, code),
          })),
          related: r.product.related.map((c) => toCard(c, code)),
        }
      : undefined,
  };
}

const CART: HotQuery = {
  name: 'storefront_cart',
  text: `select ${FRAME}, (select jsonb_build_object('cartId', k.cart_id, 'version', k.version, 'status', k.status, 'lines', (select coalesce(jsonb_agg(jsonb_build_object(
        'variantId', i.variant_id, 'productId', i.product_id, 'quantity', i.quantity, 'priceSeen', i.price_seen::text, 'slug', s.slug, 'title', coalesce(v.title, p.title), 'options', coalesce(x.options, last.options),
        'price', case when p.status = 'published' and p.visibility = 'visible' then x.price::text end,
        'available', coalesce((select sum(greatest(0, l.on_hand + l.backorder_limit - l.reserved)) from inventory_levels l where l.site_id = i.site_id and l.variant_id = i.variant_id), 0)::int,
        'image', (${IMAGES('i', 'limit 1')}) -> 0) order by i.added_at, i.variant_id), '[]'::jsonb)
      from cart_items i join products p on p.site_id = i.site_id and p.product_id = i.product_id
      join slugs s on s.site_id = p.site_id and s.kind = 'product' and s.target_id = p.product_id and s.is_current
      left join product_versions v on v.site_id = p.site_id and v.product_id = p.product_id and v.is_published
      left join product_version_variants x on x.site_id = v.site_id and x.version_id = v.version_id and x.variant_id = i.variant_id
      left join lateral (select o.options from product_version_variants o where o.site_id = i.site_id and o.variant_id = i.variant_id limit 1) last on true
      where i.site_id = k.site_id and i.cart_id = k.cart_id))
    from carts k where k.site_id = $1 and k.session_identifier = $2 and k.status = 'active') as cart,
    (select coalesce(jsonb_agg(jsonb_build_object('shippingMethodId', shipping_method_id, 'name', name, 'description', description, 'price', price::text) order by position), '[]'::jsonb)
      from shipping_methods where site_id = $1 and is_active) as shipping,
    (select coalesce(jsonb_agg(jsonb_build_object('configId', config_id, 'providerName', provider_name, 'mode', mode)), '[]'::jsonb)
      from payment_configurations where site_id = $1 and is_enabled) as payments,
    (select jsonb_build_object('name', name, 'ratePerMillion', rate_per_million) from tax_rates where site_id = $1 and is_default) as tax`,
};

export type CartLineRead = {
  readonly variantId: VariantId;
  readonly productId: ProductId;
  readonly quantity: number;
  readonly priceSeen: Money;
  readonly slug: string;
  readonly title: string;
  readonly options: readonly string[];
  /** Undefined: not sold any more. */
  readonly price: Money | undefined;
  readonly available: number;
  readonly image: Picture | undefined;
};

export type CartRead = ShopFrame & {
  readonly cart:
    | { readonly cartId: string; readonly version: number; readonly lines: readonly CartLineRead[] }
    | undefined;
  readonly shipping: readonly {
    readonly shippingMethodId: string;
    readonly name: string;
    readonly description: string;
    readonly price: Money;
  }[];
  readonly payments: readonly {
    readonly configId: string;
    readonly providerName: string;
    readonly mode: 'live' | 'test';
  }[];
  readonly tax: { readonly name: string; readonly ratePerMillion: number };
};

type LineJson = Omit<CartLineRead, 'priceSeen' | 'price' | 'image'> & {
  priceSeen: string;
  price: string | null;
  image: Picture | null;
};

/** The cart of a session with what the shop says of it now, and the ways to ship and pay. One round trip. */
export async function readCart(db: Database, siteId: SiteId, session: Buffer): Promise<CartRead> {
  const [r] = await readSite<
    FrameRow & {
      cart: { cartId: string; version: number; lines: LineJson[] } | null;
      shipping: { shippingMethodId: string; name: string; description: string; price: string }[];
      payments: { configId: string; providerName: string; mode: 'live' | 'test' }[];
      tax: { name: string; ratePerMillion: number } | null;
    }
  >(db, siteId, CART, [siteId, session]);
  if (!r) throw new Error('a cart page always has one row');
  const code = r.shop.currency;
  return {
    ...toFrame(r),
    cart: r.cart
      ? {
          cartId: r.cart.cartId,
          version: r.cart.version,
          lines: r.cart.lines.map((l) => ({
            ...l,
            priceSeen: fromDecimal(l.priceSeen, code),
            price: l.price === null ? undefined : fromDecimal(l.price, code),
            image: l.image ?? undefined,
          })),
        }
      : undefined,
    shipping: r.shipping.map((s) => ({ ...s, price: fromDecimal(s.price, code) })),
    payments: r.payments,
    tax: r.tax ?? { name: 'Tax', ratePerMillion: 0 },
  };
}

const COLLECTION_PICTURES: HotQuery = {
  name: 'storefront_collection_pictures',
  text: `select s.slug, x.picture from collections c
    join slugs s on s.site_id = c.site_id and s.kind = 'collection' and s.target_id = c.collection_id and s.is_current
    join lateral (select jsonb_build_object('n', 1, 'hash', m.content_hash, 'alt', m.alt, 'width', m.width, 'height', m.height) as picture
      from collection_products cp join products p on p.site_id = cp.site_id and p.product_id = cp.product_id and p.status = 'published' and p.visibility = 'visible'
      join product_media pm on pm.site_id = p.site_id and pm.product_id = p.product_id and pm.n = 1
      join media m on m.site_id = pm.site_id and m.media_id = pm.media_id and m.status = 'ready'
      where cp.site_id = c.site_id and cp.collection_id = c.collection_id order by cp.position, cp.product_id limit 1) x on true
    where c.site_id = $1`,
};

/** The first picture of each collection, by its slug: what the home page shows beside its name. One round trip. */
export async function readCollectionPictures(db: Database, siteId: SiteId): Promise<Map<string, Picture>> {
  const found = await readSite<{ slug: string; picture: Picture }>(db, siteId, COLLECTION_PICTURES, [siteId]);
  return new Map(found.map((f) => [f.slug, f.picture]));
}
