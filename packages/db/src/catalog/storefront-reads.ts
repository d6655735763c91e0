import {
  type Currency,
  type Money,
  type ProductId,
  type SiteId,
  type VariantId,
  fromDecimal,
} from '@souk/domain/shared';
import type { Database } from '../orm.ts';
import { type HotQuery, readSite } from '../with-site.ts';

import {
  type CardJson,
  CARD_JOINS,
  type FrameRow,
  IMAGES,
  ON_SALE,
  PUBLISHED,
  type Picture,
  type ProductCard,
  type ShopFrame,
  card,
  frame,
  toCard,
  toFrame,
} from './storefront-parts.ts';

/** What a product says of itself, of the aliases p, v and asked: the slug it was asked for by, which it may have left. */
const PRODUCT_JSON = `'productId', p.product_id, 'currentSlug', case when asked.is_current then asked.slug else (select x.slug from slugs x where x.site_id = $1 and x.kind = 'product' and x.target_id = p.product_id and x.is_current) end, 'currency', p.currency, 'title', v.title, 'shortDescription', v.short_description,
      'detailedDescription', v.detailed_description, 'inclusionDetails', v.inclusion_details, 'exclusionDetails', v.exclusion_details, 'optionNames', v.option_names,
      'seoTitle', v.seo_title, 'seoDescription', v.seo_description, 'images', ${IMAGES('p', '')},
      'variants', (select json_agg(json_build_object('variantId', x.variant_id, 'options', x.options, 'sku', x.sku, 'price', x.price::text, 'compareAt', x.compare_at::text, 'imageN', x.image_n,
          'onHand', coalesce(l.on_hand, 0), 'reserved', coalesce(l.reserved, 0), 'backorderLimit', coalesce(l.backorder_limit, 0)) order by x.n)
        from product_version_variants x left join (inventory_levels l join stock_locations sl on sl.site_id = l.site_id and sl.location_id = l.location_id and sl.is_default)
          on l.site_id = x.site_id and l.variant_id = x.variant_id
        where x.site_id = v.site_id and x.version_id = v.version_id)`;
const BY_SLUG = (
  slug: string,
): string => `from slugs asked join products p on p.site_id = asked.site_id and p.product_id = asked.target_id ${PUBLISHED('p', 'v')}
    where asked.site_id = $1 and asked.kind = 'product' and asked.slug = ${slug} and ${ON_SALE}`;

const PRODUCT: HotQuery = {
  name: 'storefront_product',
  text: `select ${frame('$2')}, (select json_build_object(${PRODUCT_JSON},
      'collection', (select json_build_object('title', c.title, 'slug', cs.slug) from collection_products cp join collections c on c.site_id = cp.site_id and c.collection_id = cp.collection_id
        join slugs cs on cs.site_id = c.site_id and cs.kind = 'collection' and cs.target_id = c.collection_id and cs.is_current
        where cp.site_id = $1 and cp.product_id = p.product_id order by c.position limit 1),
      'related', (select coalesce(json_agg(${card('rp', 'rs')}), '[]'::json) from (
          select r.* from products r where r.site_id = $1 and r.status = 'published' and r.visibility = 'visible' and r.product_id <> p.product_id
            and exists (select 1 from collection_products a join collection_products b using (site_id, collection_id) where a.site_id = $1 and a.product_id = p.product_id and b.product_id = r.product_id)
          order by r.published_at desc, r.product_id limit 4) rp
        ${CARD_JOINS('rp', 'rs')}))
    ${BY_SLUG('$3')}) as product`,
};

const PRODUCT_ALONE: HotQuery = {
  name: 'product_by_slug',
  text: `select json_build_object(${PRODUCT_JSON}) as product ${BY_SLUG('$2')}`,
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

export type ProductOnSale = {
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
  readonly variants: readonly StorefrontVariant[];
};

/** A product as its page shows it: where it belongs and what goes with it. */
export type StorefrontProduct = ProductOnSale & {
  readonly collection: { readonly title: string; readonly slug: string } | undefined;
  readonly related: readonly ProductCard[];
};

type VariantJson = Omit<StorefrontVariant, 'price' | 'compareAt'> & { price: string; compareAt: string | null };
type ProductJson = Omit<ProductOnSale, 'variants'> & { currency: Currency; variants: VariantJson[] };
type ProductPageJson = ProductJson & { related: CardJson[]; collection: { title: string; slug: string } | null };

const toProduct = ({ currency: code, variants, ...p }: ProductJson): ProductOnSale => ({
  ...p,
  variants: variants.map((v) => ({
    ...v,
    price: fromDecimal(v.price, code),
    compareAt: v.compareAt === null ? undefined : fromDecimal(v.compareAt, code),
  })),
});

/** A product as buyers see it (P3), with the shop around it. One round trip; `product` is undefined when nothing is sold there. */
export async function readProduct(
  db: Database,
  siteId: SiteId,
  session: Buffer,
  slug: string,
): Promise<ShopFrame & { product: StorefrontProduct | undefined }> {
  const [r] = await readSite<FrameRow & { product: ProductPageJson | null }>(db, siteId, PRODUCT, [
    siteId,
    session,
    slug,
  ]);
  if (!r) throw new Error('a product page always has one row');
  return {
    ...toFrame(r),
    product: r.product
      ? {
          ...toProduct(r.product),
          collection: r.product.collection ?? undefined,
          related: r.product.related.map(toCard),
        }
      : undefined,
  };
}

/** The same product for another front end, without the shop around it. One round trip. */
export async function findOnSale(db: Database, siteId: SiteId, slug: string): Promise<ProductOnSale | undefined> {
  const [r] = await readSite<{ product: ProductJson }>(db, siteId, PRODUCT_ALONE, [siteId, slug]);
  return r && toProduct(r.product);
}

/** A cart with the ways to send and pay it. */
const CART_JSON = `(select json_build_object('cartId', k.cart_id, 'version', k.version, 'status', k.status, 'lines', (select coalesce(json_agg(json_build_object(
        'variantId', i.variant_id, 'productId', i.product_id, 'quantity', i.quantity, 'priceSeen', i.price_seen::text, 'slug', s.slug, 'title', coalesce(v.title, p.title), 'options', coalesce(x.options, last.options),
        'price', case when p.status = 'published' and p.visibility = 'visible' then x.price::text end,
        'available', coalesce((select sum(greatest(0, l.on_hand + l.backorder_limit - l.reserved)) from inventory_levels l where l.site_id = i.site_id and l.variant_id = i.variant_id), 0)::int,
        'image', (${IMAGES('i', 'limit 1')}) -> 0) order by i.added_at, i.variant_id), '[]'::json)
      from cart_items i cross join lateral (select p.title, p.status, p.visibility from products p where p.site_id = i.site_id and p.product_id = i.product_id limit 1) p
      cross join lateral (select x.slug from slugs x where x.site_id = i.site_id and x.kind = 'product' and x.target_id = i.product_id and x.is_current limit 1) s
      left join lateral (select v.version_id, v.title from product_versions v where v.site_id = i.site_id and v.product_id = i.product_id and v.is_published limit 1) v on true
      left join lateral (select x.options, x.price from product_version_variants x where x.site_id = i.site_id and x.version_id = v.version_id and x.variant_id = i.variant_id limit 1) x on true
      left join lateral (select o.options from product_version_variants o where o.site_id = i.site_id and o.variant_id = i.variant_id limit 1) last on true
      where i.site_id = k.site_id and i.cart_id = k.cart_id))
    from carts k where k.site_id = $1 and k.session_identifier = $2 and k.status = 'active') as cart,
    (select coalesce(json_agg(json_build_object('shippingMethodId', shipping_method_id, 'name', name, 'description', description, 'price', price::text) order by position), '[]'::json)
      from shipping_methods where site_id = $1 and is_active) as shipping,
    (select coalesce(json_agg(json_build_object('configId', config_id, 'providerName', provider_name, 'mode', mode)), '[]'::json)
      from payment_configurations where site_id = $1 and is_enabled) as payments,
    (select json_build_object('name', name, 'ratePerMillion', rate_per_million) from tax_rates where site_id = $1 and is_default) as tax`;

const CART: HotQuery = { name: 'storefront_cart', text: `select ${frame('$2')}, ${CART_JSON}` };
const CART_ALONE: HotQuery = {
  name: 'cart_alone',
  text: `select ${CART_JSON}, (select currency from site_configurations where site_id = $1) as currency`,
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

/** A session's cart and what the shop offers to send and pay it with. */
export type CartAlone = {
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

export type CartRead = ShopFrame & CartAlone;

type LineJson = Omit<CartLineRead, 'priceSeen' | 'price' | 'image'> & {
  priceSeen: string;
  price: string | null;
  image: Picture | null;
};

type CartRow = {
  cart: { cartId: string; version: number; lines: LineJson[] } | null;
  shipping: { shippingMethodId: string; name: string; description: string; price: string }[];
  payments: { configId: string; providerName: string; mode: 'live' | 'test' }[];
  tax: { name: string; ratePerMillion: number } | null;
};

const toCart = (r: CartRow, code: Currency): CartAlone => ({
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
});

/** The cart of a session with what the shop says of it now, and the shop around it. One round trip. */
export async function readCart(db: Database, siteId: SiteId, session: Buffer): Promise<CartRead> {
  const [r] = await readSite<FrameRow & CartRow>(db, siteId, CART, [siteId, session]);
  if (!r) throw new Error('a cart page always has one row');
  return { ...toFrame(r), ...toCart(r, r.shop.currency) };
}

/** The same cart for another front end, without the shop around it. One round trip. */
export async function findCart(db: Database, siteId: SiteId, session: Buffer): Promise<CartAlone> {
  const [r] = await readSite<CartRow & { currency: Currency }>(db, siteId, CART_ALONE, [siteId, session]);
  if (!r) throw new Error('a cart always has one row');
  return toCart(r, r.currency);
}

const COLLECTION_PICTURES: HotQuery = {
  name: 'storefront_collection_pictures',
  text: `select s.slug, x.picture from collections c
    join slugs s on s.site_id = c.site_id and s.kind = 'collection' and s.target_id = c.collection_id and s.is_current
    join lateral (select json_build_object('n', 1, 'hash', m.content_hash, 'alt', m.alt, 'width', m.width, 'height', m.height) as picture
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
