import type { ProductId, SiteId } from '@souk/domain/shared';
import type { Database } from '../orm.ts';
import { type HotQuery, readSite } from '../with-site.ts';
import { literalLike } from './product-store.ts';
import {
  type CardJson,
  CARD_JOINS,
  type FrameRow,
  ON_SALE,
  type ProductCard,
  SHORT_CARD_JOINS,
  type ShopFrame,
  type ShortCard,
  type ShortCardJson,
  card,
  frame,
  shortCard,
  toCard,
  toFrame,
  toShortCard,
} from './storefront-parts.ts';

/** Counts of products are exact up to here; what is more is "many": no list's work grows with the size of the shop. */
const COUNT_TO = 1000;
const COUNT_COLLECTION_TO = 200;

const counted = (most: number, from: string): string =>
  `(select count(*)::int from (select 1 from ${from} limit ${most + 1}) counted)`;

const COLLECTION_COUNTS = `(select coalesce(json_object_agg(s.slug, ${counted(
  COUNT_COLLECTION_TO,
  `collection_products cp
      cross join lateral (select 1 from products p where p.site_id = cp.site_id and p.product_id = cp.product_id and p.status = 'published' and p.visibility = 'visible' limit 1) p
      where cp.site_id = c.site_id and cp.collection_id = c.collection_id`,
)}), '{}'::json)
    from collections c join slugs s on s.site_id = c.site_id and s.kind = 'collection' and s.target_id = c.collection_id and s.is_current where c.site_id = $1) as collection_counts`;

const SORTS = {
  newest: {
    key: 'publishedAt',
    order: 'p.published_at desc, p.product_id desc',
    column: 'p.published_at',
    is: '<',
    type: 'timestamptz',
  },
  price_asc: {
    key: 'priceFrom',
    order: 'p.price_from, p.product_id',
    column: 'p.price_from',
    is: '>',
    type: 'numeric',
  },
  price_desc: {
    key: 'priceFrom',
    order: 'p.price_from desc, p.product_id desc',
    column: 'p.price_from',
    is: '<',
    type: 'numeric',
  },
} as const;

export type ListSort = keyof typeof SORTS;

export type ListWish = {
  readonly q?: string | undefined;
  readonly collection?: string | undefined;
  readonly inStock: boolean;
  readonly sort: ListSort;
  readonly after?: { readonly key: string; readonly productId: string } | undefined;
  readonly limit: number;
};

/** As a page with the shop around it, or as another front end asks for it: alone, or counted. */
type ListForm = 'page' | 'alone' | 'counted';

const texts = new Map<string, string>();

/**
 * The statement of a list and its values. Each combination of filters is a statement of its own, prepared on first use: a
 * plan for all of them at once would have to suit the one that finds nothing.
 */
export function listQuery(
  form: ListForm,
  siteId: SiteId,
  q: ListWish,
  session?: Buffer,
): { query: HotQuery; values: unknown[] } {
  const values: unknown[] = [siteId];
  const value = (given: unknown): string => `$${values.push(given)}`;
  const { order, column, is, type } = SORTS[q.sort];
  const filters = [
    ON_SALE,
    q.q && `p.search_text like ${value(literalLike(q.q))}`,
    q.collection &&
      `exists (select 1 from slugs cs join collection_products cp on cp.site_id = cs.site_id and cp.collection_id = cs.target_id
        where cs.site_id = $1 and cs.kind = 'collection' and cs.slug = ${value(q.collection)} and cp.product_id = p.product_id)`,
    q.inStock &&
      `exists (select 1 from variants x join inventory_levels l on l.site_id = x.site_id and l.variant_id = x.variant_id
        where x.site_id = $1 and x.product_id = p.product_id and l.on_hand + l.backorder_limit > l.reserved)`,
  ].filter(Boolean);
  const where = filters.join(' and ');
  const collection = q.collection ? `$${q.q ? 3 : 2}` : 'null';
  const after = q.after
    ? ` and (${column}, p.product_id) ${is} (${value(q.after.key)}::${type}, ${value(q.after.productId)}::uuid)`
    : '';
  // One more than is shown tells whether there is a next page.
  const limit = value(q.limit + 1);
  const shown = form === 'page' ? value(session) : '';
  const name = `list ${form} ${q.sort}${q.q ? ' q' : ''}${q.collection ? ' collection' : ''}${q.inStock ? ' stock' : ''}${q.after ? ' after' : ''}`;
  let text = texts.get(name);
  if (!text) {
    const [shownAs, joins] =
      form === 'page' ? [card('p', 's'), CARD_JOINS('p', 's')] : [shortCard('p', 's'), SHORT_CARD_JOINS('p', 's')];
    const products = `(select coalesce(json_agg(${shownAs} order by ${order}), '[]'::json)
      from (select p.* from products p where ${where}${after} order by ${order} limit ${limit}) p ${joins}) as products`;
    const total = `${counted(COUNT_TO, `products p where ${where}`)} as total`;
    text = {
      page: () => `select ${frame(shown)}, ${COLLECTION_COUNTS}, ${total}, ${products},
        (select json_build_object('title', c.title, 'description', c.description) from slugs cs join collections c on c.site_id = cs.site_id and c.collection_id = cs.target_id
          where cs.site_id = $1 and cs.kind = 'collection' and cs.slug = ${collection}) as collection`,
      alone: () => `select ${products}`,
      counted: () => `select ${products}, ${total}`,
    }[form]();
    texts.set(name, text);
  }
  return { query: { name, text }, values };
}

/** One page of what a shop sells. */
export type ProductList<Card> = {
  readonly products: readonly Card[];
  /** Undefined: not asked for, or more than are worth counting. */
  readonly total: number | undefined;
  /** Where the next page starts, undefined on the last. */
  readonly next: { readonly key: string; readonly productId: ProductId } | undefined;
};

export type StorefrontList = ShopFrame &
  ProductList<ProductCard> & {
    /** Products of each collection by its slug; those that have more than are worth counting are left out. */
    readonly collectionCounts: ReadonlyMap<string, number>;
    readonly collection: { readonly title: string; readonly description: string } | undefined;
  };

type ListRow<Json> = { products: Json[]; total?: number };

function toList<Json extends { productId: ProductId; publishedAt: string; priceFrom: string }, Card>(
  r: ListRow<Json>,
  q: ListWish,
  toShown: (json: Json) => Card,
): ProductList<Card> {
  const page = r.products.slice(0, q.limit);
  const last = page.at(-1);
  return {
    products: page.map(toShown),
    total: r.total === undefined || r.total > COUNT_TO ? undefined : r.total,
    next: last && r.products.length > q.limit ? { key: last[SORTS[q.sort].key], productId: last.productId } : undefined,
  };
}

/** One page of what a site sells (P3), by key, with the shop around it. One round trip. */
export async function readList(db: Database, siteId: SiteId, session: Buffer, q: ListWish): Promise<StorefrontList> {
  const { query, values } = listQuery('page', siteId, q, session);
  const [r] = await readSite<
    FrameRow &
      ListRow<CardJson> & {
        collection_counts: Record<string, number>;
        collection: { title: string; description: string } | null;
      }
  >(db, siteId, query, values);
  if (!r) throw new Error('a list always has one row');
  return {
    ...toFrame(r),
    ...toList(r, q, toCard),
    collectionCounts: new Map(Object.entries(r.collection_counts).filter(([, count]) => count <= COUNT_COLLECTION_TO)),
    collection: r.collection ?? undefined,
  };
}

/** The same list for another front end: nothing of the shop around it, counted only when asked. One round trip. */
export async function listOnSale(
  db: Database,
  siteId: SiteId,
  q: ListWish & { readonly counted: boolean },
): Promise<ProductList<ShortCard>> {
  const { query, values } = listQuery(q.counted ? 'counted' : 'alone', siteId, q);
  const [r] = await readSite<ListRow<ShortCardJson>>(db, siteId, query, values);
  if (!r) throw new Error('a list always has one row');
  return toList(r, q, toShortCard);
}
