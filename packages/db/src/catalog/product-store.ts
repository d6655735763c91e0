import { type ProductContent, type ProductStatus, contentText, lowestPrice } from '@souk/domain/catalog';
import {
  type Currency,
  MOST_COUNTED,
  type Money,
  type ProductId,
  type SiteId,
  type VariantId,
  type VersionId,
  fromDecimal,
  toDecimal,
} from '@souk/domain/shared';
import { insertPublicationEvents } from '../activity/publication-store.ts';
import { type NewMedia, insertMedia } from '../content/media-store.ts';
import { insertSlugs } from '../content/slug-store.ts';
import type { Database } from '../orm.ts';
import { sha256 } from '../sealing.ts';
import { type SiteTransaction, readAlone, row, rows, run, send, sql } from '../with-site.ts';

/** A version to be written, with the ids the application made for it. */
export type NewVersion = {
  readonly productId: ProductId;
  readonly versionId: VersionId;
  readonly versionNumber: number;
  readonly content: ProductContent;
  /** One per variant of the content, in its order: the stable identities, new or kept. */
  readonly variantIds: readonly VariantId[];
  /** Set for a new product: its address, and pieces in stock by variant. */
  readonly isNew?: { readonly slug: string; readonly stock: readonly number[] };
};

/** Equal contents have equal hashes: how an import knows that nothing has changed. */
export const contentHash = (content: ProductContent): string => sha256(contentText(content)).toString('hex');

const amount = (money: Money | undefined): string | null => (money ? toDecimal(money) : null);

/**
 * Writes versions, and products where they are new, set by set: the number of statements does not grow with the number of
 * products. Nothing is published by it. Stock of new products is opened at the default location.
 */
export async function insertVersions(
  tx: SiteTransaction,
  versions: readonly NewVersion[],
  by: string | undefined,
): Promise<void> {
  if (versions.length === 0) return;
  const { siteId, at } = tx;
  const fresh = versions.filter((v) => v.isNew);
  if (fresh.length > 0) {
    const products = fresh.map(({ productId, content }) => ({
      product_id: productId,
      title: content.title,
      short_description: content.shortDescription,
      currency: lowestPrice(content).currency,
      price: toDecimal(lowestPrice(content)),
      search_text: searchText(content),
    }));
    await run(
      tx,
      sql`insert into products (site_id, product_id, title, short_description, visibility, status, currency, price_from, price_to, search_text, version, created_at, updated_at)
        select ${siteId}, product_id, title, short_description, 'visible', 'draft', currency, price, price, search_text, 1, ${at}, ${at}
        from jsonb_to_recordset(${JSON.stringify(products)}::jsonb)
          as g (product_id uuid, title text, short_description text, currency text, price numeric, search_text text)`,
    );
    await insertSlugs(
      tx,
      'product',
      fresh.flatMap(({ productId, isNew }) => (isNew ? [{ slug: isNew.slug, targetId: productId }] : [])),
    );
  }
  const newVariants = versions.flatMap((v) =>
    v.variantIds.map((variantId, i) => ({
      product_id: v.productId,
      variant_id: variantId,
      stock: v.isNew?.stock[i] ?? 0,
    })),
  );
  await run(
    tx,
    sql`with given as (select * from jsonb_to_recordset(${JSON.stringify(newVariants)}::jsonb) as g (product_id uuid, variant_id uuid, stock integer)),
      made as (insert into variants (site_id, variant_id, product_id, created_at) select ${siteId}, variant_id, product_id, ${at} from given
        on conflict (site_id, variant_id) do nothing returning variant_id),
      place as (select location_id from stock_locations where site_id = ${siteId} and is_default),
      moved as (insert into inventory_movements (site_id, variant_id, location_id, n, prev_on_hand, delta, on_hand, kind, actor_id, "timestamp")
        select ${siteId}, variant_id, location_id, 1, 0, stock, stock, 'opened', ${by ?? null}::uuid, ${at} from given join made using (variant_id), place)
      insert into inventory_levels (site_id, variant_id, location_id, on_hand, reserved, backorder_limit, last_movement, updated_at)
        select ${siteId}, variant_id, location_id, stock, 0, 0, 1, ${at} from given join made using (variant_id), place`,
  );
  const content = versions.map(({ productId, versionId, versionNumber, content: c }) => ({
    product_id: productId,
    version_id: versionId,
    version_number: versionNumber,
    title: c.title,
    short_description: c.shortDescription,
    detailed_description: c.detailedDescription,
    inclusion_details: c.inclusionDetails,
    exclusion_details: c.exclusionDetails,
    price_amount: toDecimal(lowestPrice(c)),
    currency: lowestPrice(c).currency,
    option_names: c.optionNames,
    vendor: c.vendor,
    product_type: c.productType,
    tags: c.tags,
    seo_title: c.seoTitle,
    seo_description: c.seoDescription,
    content_hash: contentHash(c),
    variant_count: c.variants.length,
  }));
  const variants = versions.flatMap(({ productId, versionId, content: c, variantIds }) =>
    c.variants.map((v, i) => ({
      product_id: productId,
      version_id: versionId,
      n: i + 1,
      variant_count: c.variants.length,
      variant_id: variantIds[i],
      options: v.options,
      sku: v.sku,
      price: toDecimal(v.price),
      compare_at: amount(v.compareAt),
      currency: v.price.currency,
      weight_grams: v.weightGrams,
      barcode: v.barcode,
      image_n: v.imageN,
    })),
  );
  await run(
    tx,
    sql`with made as (insert into product_versions (site_id, product_id, version_id, version_number, title, short_description, detailed_description, inclusion_details,
        exclusion_details, price_amount, currency, option_names, vendor, product_type, tags, seo_title, seo_description, content_hash, variant_count, is_published, created_by, created_at)
      select ${siteId}, product_id, version_id, version_number, title, short_description, detailed_description, inclusion_details, exclusion_details, price_amount, currency,
        option_names, vendor, product_type, tags, seo_title, seo_description, content_hash, variant_count, false, ${by ?? null}::uuid, ${at}
      from jsonb_to_recordset(${JSON.stringify(content)}::jsonb) as v (product_id uuid, version_id uuid, version_number integer, title text, short_description text,
        detailed_description text, inclusion_details text, exclusion_details text, price_amount numeric, currency text, option_names text[], vendor text, product_type text,
        tags text[], seo_title text, seo_description text, content_hash text, variant_count integer))
      insert into product_version_variants (site_id, product_id, version_id, n, variant_count, variant_id, options, sku, price, compare_at, currency, weight_grams, barcode, image_n)
      select ${siteId}, product_id, version_id, n, variant_count, variant_id, options, sku, price, compare_at, currency, weight_grams, barcode, image_n
      from jsonb_to_recordset(${JSON.stringify(variants)}::jsonb) as v (product_id uuid, version_id uuid, n integer, variant_count integer, variant_id uuid, options text[], sku text,
        price numeric, compare_at numeric, currency text, weight_grams integer, barcode text, image_n integer)`,
  );
}

/** What the storefront's search looks through: lower case, compatibility forms folded. */
export const searchText = (content: ProductContent): string =>
  [
    content.title,
    content.shortDescription,
    content.vendor,
    content.productType,
    ...content.tags,
    ...content.variants.map((v) => v.sku),
  ]
    .join(' ')
    .normalize('NFKC')
    .toLowerCase();

export type Publication = {
  readonly productId: ProductId;
  readonly versionId: VersionId;
  readonly versionNumber: number;
  /** What the shop says of the product, before and after. */
  readonly before: Shown;
  readonly after: Shown;
};

/** What of a product is seen from outside, as a log tells it. */
export type Shown = {
  readonly status: string;
  readonly title: string;
  /** Decimals in the site's currency; the same where all variants cost the same. */
  readonly priceFrom: string;
  readonly priceTo: string;
  readonly currency: Currency;
};

/**
 * Publishes the newest version of each product (C2, P1): the published one steps down first, then the new one steps up,
 * and the product's projections follow. Products that show it already, or are archived, are left as they are.
 * @returns what was published, in no particular order.
 */
export async function publishNewest(
  tx: SiteTransaction,
  productIds: readonly ProductId[],
  by: { actorId: string | undefined; triggeredBy: 'admin' | 'system' },
  newId: () => string,
): Promise<Publication[]> {
  const { siteId, at } = tx;
  // The products' rows are the queue: two publications of one product wait for each other here. The lock is a statement of
  // its own, because what is read with a lock may be older than the lock.
  send(
    tx,
    sql`select 1 from products where site_id = ${siteId} and product_id = any(${[...productIds]}::uuid[]) order by product_id for update`,
  );
  const newest = await rows<{
    product_id: ProductId;
    version_id: VersionId;
    version_number: number;
    published: VersionId | null;
    status: string;
    title: string;
    price_from: string;
    price_to: string;
    currency: Currency;
  }>(
    tx,
    sql`select distinct on (v.product_id) v.product_id, v.version_id, v.version_number, q.status, q.title, q.price_from, q.price_to, q.currency,
        (select p.version_id from product_versions p where p.site_id = ${siteId} and p.product_id = v.product_id and p.is_published) as published
      from products q join product_versions v on v.site_id = ${siteId} and v.product_id = q.product_id
      where q.site_id = ${siteId} and q.product_id = any(${[...productIds]}::uuid[]) and q.status <> 'archived' order by v.product_id, v.version_number desc`,
  );
  const changed = newest.filter((v) => v.published !== v.version_id);
  if (changed.length === 0) return [];
  const versionIds = changed.map((v) => v.version_id);
  const superseded = changed.flatMap((v) => (v.published ? [v.published] : []));
  if (superseded.length > 0) {
    await run(
      tx,
      sql`update product_versions set is_published = false where site_id = ${siteId} and version_id = any(${superseded}::uuid[])`,
    );
  }
  await run(
    tx,
    sql`update product_versions set is_published = true where site_id = ${siteId} and version_id = any(${versionIds}::uuid[])`,
  );
  const shown = await rows<{ product_id: ProductId; title: string; price_from: string; price_to: string }>(
    tx,
    sql`update products p set title = v.title, short_description = v.short_description, status = 'published', price_from = x.low, price_to = x.high,
        search_text = lower(normalize(concat_ws(' ', v.title, v.short_description, v.vendor, v.product_type, array_to_string(v.tags, ' '), x.skus), NFKC)),
        published_at = coalesce(p.published_at, ${at}), version = p.version + 1, updated_at = ${at}
      from product_versions v
      join lateral (select min(price) as low, max(price) as high, string_agg(sku, ' ') as skus from product_version_variants where site_id = v.site_id and version_id = v.version_id) x on true
      where p.site_id = ${siteId} and v.site_id = ${siteId} and v.version_id = any(${versionIds}::uuid[]) and p.product_id = v.product_id
      returning p.product_id, p.title, p.price_from, p.price_to`,
  );
  const now = new Map(shown.map((p) => [p.product_id, p]));
  const events = changed.flatMap((v) => [
    ...(v.published
      ? [
          {
            id: newId(),
            product_id: v.product_id,
            version_id: v.published,
            from_state: 'published',
            to_state: 'superseded',
          },
        ]
      : []),
    { id: newId(), product_id: v.product_id, version_id: v.version_id, from_state: 'draft', to_state: 'published' },
  ]);
  await insertPublicationEvents(tx, events, by);
  return changed.map((v) => {
    const before: Shown = {
      status: v.status,
      title: v.title,
      priceFrom: v.price_from,
      priceTo: v.price_to,
      currency: v.currency,
    };
    const after = now.get(v.product_id);
    return {
      productId: v.product_id,
      versionId: v.version_id,
      versionNumber: v.version_number,
      before,
      after: after
        ? { ...before, status: 'published', title: after.title, priceFrom: after.price_from, priceTo: after.price_to }
        : before,
    };
  });
}

/** Takes products off the shop: their published version is withdrawn, the product is a draft again. */
export async function unpublish(
  tx: SiteTransaction,
  productIds: readonly ProductId[],
  by: { actorId: string | undefined; triggeredBy: 'admin' | 'system' },
  newId: () => string,
): Promise<ProductId[]> {
  const { siteId, at } = tx;
  await rows(
    tx,
    sql`select 1 from products where site_id = ${siteId} and product_id = any(${[...productIds]}::uuid[]) order by product_id for update`,
  );
  const withdrawn = await rows<{ product_id: ProductId; version_id: VersionId }>(
    tx,
    sql`update product_versions set is_published = false where site_id = ${siteId} and product_id = any(${[...productIds]}::uuid[]) and is_published returning product_id, version_id`,
  );
  if (withdrawn.length === 0) return [];
  await run(
    tx,
    sql`update products set status = 'draft', version = version + 1, updated_at = ${at} where site_id = ${siteId} and product_id = any(${withdrawn.map((w) => w.product_id)}::uuid[])`,
  );
  await insertPublicationEvents(
    tx,
    withdrawn.map((w) => ({
      id: newId(),
      product_id: w.product_id,
      version_id: w.version_id,
      from_state: 'published',
      to_state: 'withdrawn',
    })),
    by,
  );
  return withdrawn.map((w) => w.product_id);
}

/** What a row of the admin's product list shows. */
export type ProductListRow = {
  readonly productId: ProductId;
  readonly title: string;
  readonly slug: string;
  readonly status: ProductStatus;
  readonly priceFrom: Money;
  readonly priceTo: Money;
  readonly onHand: number;
  readonly reserved: number;
  readonly variantCount: number;
  readonly newestVersion: number;
  readonly publishedVersion: number | undefined;
  readonly imageHash: string | undefined;
  readonly updatedAt: Date;
};

export type ProductFilter = { readonly status?: ProductStatus | undefined; readonly q?: string | undefined };

/** Escapes what LIKE would read as a pattern: a person's text is never one (B06). */
export const literalLike = (text: string): string =>
  `%${text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\\%_]/g, '\\$&')}%`;

const matching = (siteId: SiteId, { status, q }: ProductFilter) =>
  sql`p.site_id = ${siteId} ${status ? sql`and p.status = ${status}` : sql``} ${q ? sql`and p.search_text like ${literalLike(q)}` : sql``}`;

/** One page of the admin's products, newest first, by key: page 1 and page 5,000 cost the same. One statement. */
export async function listProducts(
  db: Database,
  siteId: SiteId,
  filter: ProductFilter & { after?: string | undefined; limit: number },
): Promise<ProductListRow[]> {
  const found = await readAlone<{
    product_id: ProductId;
    title: string;
    slug: string;
    status: ProductStatus;
    currency: Currency;
    price_from: string;
    price_to: string;
    on_hand: number;
    reserved: number;
    variant_count: number;
    newest: number;
    published: number | null;
    image_hash: string | null;
    updated_at: Date;
  }>(
    db,
    siteId,
    sql`select p.product_id, coalesce(w.title, p.title) as title, s.slug, p.status, p.currency, p.price_from, p.price_to, l.on_hand, l.reserved, w.variant_count,
        w.version_number as newest, u.version_number as published, m.content_hash as image_hash, p.updated_at
      from (select * from products p where ${matching(siteId, filter)} ${filter.after ? sql`and p.product_id < ${filter.after}` : sql``} order by p.product_id desc limit ${filter.limit}) p
      left join lateral (select slug from slugs s where s.site_id = p.site_id and s.kind = 'product' and s.target_id = p.product_id and s.is_current limit 1) s on true
      left join lateral (select title, version_number, variant_count from product_versions where site_id = p.site_id and product_id = p.product_id order by version_number desc limit 1) w on true
      left join lateral (select version_number from product_versions u where u.site_id = p.site_id and u.product_id = p.product_id and u.is_published limit 1) u on true
      left join lateral (select coalesce(sum(on_hand), 0)::int as on_hand, coalesce(sum(reserved), 0)::int as reserved from inventory_levels l
        join variants v on v.site_id = l.site_id and v.variant_id = l.variant_id where v.site_id = p.site_id and v.product_id = p.product_id) l on true
      left join lateral (select m.content_hash from product_media pm join media m on m.site_id = pm.site_id and m.media_id = pm.media_id and m.status = 'ready'
        where pm.site_id = p.site_id and pm.product_id = p.product_id and pm.n = 1 limit 1) m on true
      order by p.product_id desc`,
  );
  return found.map((r) => ({
    productId: r.product_id,
    title: r.title,
    slug: r.slug,
    status: r.status,
    priceFrom: fromDecimal(r.price_from, r.currency),
    priceTo: fromDecimal(r.price_to, r.currency),
    onHand: r.on_hand,
    reserved: r.reserved,
    variantCount: r.variant_count,
    newestVersion: r.newest,
    publishedVersion: r.published ?? undefined,
    imageHash: r.image_hash ?? undefined,
    updatedAt: r.updated_at,
  }));
}

/** How many products each status has, for tabs, each up to `MOST_COUNTED` and one more. One statement. */
export async function countProducts(
  db: Database,
  siteId: SiteId,
  q: string | undefined,
): Promise<Record<ProductStatus, number>> {
  const found = await readAlone<{ status: ProductStatus; count: number }>(
    db,
    siteId,
    sql`select s.status, (select count(*)::int from (select 1 from products p where ${matching(siteId, { q })} and p.status = s.status limit ${MOST_COUNTED + 1}) counted) as count
      from unnest(${['draft', 'published', 'archived']}::text[]) as s (status)`,
  );
  const counts: Record<ProductStatus, number> = { draft: 0, published: 0, archived: 0 };
  for (const { status, count } of found) counts[status] = count;
  return counts;
}

export type VersionSummary = {
  readonly versionId: VersionId;
  readonly versionNumber: number;
  readonly isPublished: boolean;
  readonly createdAt: Date;
  readonly createdBy: string | undefined;
};

export type ProductDetail = {
  readonly productId: ProductId;
  readonly slug: string;
  readonly status: ProductStatus;
  readonly version: number;
  readonly versions: readonly VersionSummary[];
  /** The newest version's content with its variants' identities and stock. */
  readonly content: ProductContent;
  readonly variants: readonly { readonly variantId: VariantId; readonly onHand: number; readonly reserved: number }[];
  readonly media: readonly {
    readonly mediaId: string;
    readonly status: 'waiting' | 'ready' | 'failed';
    readonly contentHash: string | undefined;
    readonly alt: string;
    readonly failure: string | undefined;
    readonly sourceUrl: string | undefined;
    readonly width: number | undefined;
    readonly height: number | undefined;
  }[];
};

/** Everything the admin's product page shows, or undefined. Four statements whatever the product holds. */
export async function findProduct(tx: SiteTransaction, productId: ProductId): Promise<ProductDetail | undefined> {
  const head = await row<{ slug: string; status: ProductStatus; version: number }>(
    tx,
    sql`select s.slug, p.status, p.version from products p join slugs s on s.site_id = p.site_id and s.kind = 'product' and s.target_id = p.product_id and s.is_current
      where p.site_id = ${tx.siteId} and p.product_id = ${productId}`,
  );
  if (!head) return undefined;
  const versions = await rows<{
    version_id: VersionId;
    version_number: number;
    is_published: boolean;
    created_at: Date;
    created_by: string | null;
    title: string;
    short_description: string;
    detailed_description: string;
    inclusion_details: string;
    exclusion_details: string;
    option_names: string[];
    vendor: string;
    product_type: string;
    tags: string[];
    seo_title: string;
    seo_description: string;
    currency: Currency;
  }>(
    tx,
    sql`select v.version_id, v.version_number, v.is_published, v.created_at, v.created_by, v.title, v.short_description, v.detailed_description, v.inclusion_details, v.exclusion_details,
        v.option_names, v.vendor, v.product_type, v.tags, v.seo_title, v.seo_description, v.currency
      from product_versions v where v.site_id = ${tx.siteId} and v.product_id = ${productId} order by v.version_number desc limit 50`,
  );
  const newest = versions[0];
  if (!newest) return undefined;
  const variants = await rows<{
    variant_id: VariantId;
    options: string[];
    sku: string;
    price: string;
    compare_at: string | null;
    weight_grams: number;
    barcode: string;
    image_n: number;
    on_hand: number;
    reserved: number;
  }>(
    tx,
    sql`select x.variant_id, x.options, x.sku, x.price, x.compare_at, x.weight_grams, x.barcode, x.image_n, coalesce(l.on_hand, 0) as on_hand, coalesce(l.reserved, 0) as reserved
      from product_version_variants x
      left join lateral (select sum(on_hand)::int as on_hand, sum(reserved)::int as reserved from inventory_levels where site_id = x.site_id and variant_id = x.variant_id) l on true
      where x.site_id = ${tx.siteId} and x.version_id = ${newest.version_id} order by x.n`,
  );
  const media = await rows<{
    media_id: string;
    status: 'waiting' | 'ready' | 'failed';
    content_hash: string | null;
    alt: string;
    failure: string | null;
    source_url: string | null;
    width: number | null;
    height: number | null;
  }>(
    tx,
    sql`select m.media_id, m.status, m.content_hash, m.alt, m.failure, m.source_url, m.width, m.height from product_media pm join media m on m.site_id = pm.site_id and m.media_id = pm.media_id
      where pm.site_id = ${tx.siteId} and pm.product_id = ${productId} order by pm.n`,
  );
  const code = newest.currency;
  return {
    productId,
    slug: head.slug,
    status: head.status,
    version: head.version,
    versions: versions.map((v) => ({
      versionId: v.version_id,
      versionNumber: v.version_number,
      isPublished: v.is_published,
      createdAt: v.created_at,
      createdBy: v.created_by ?? undefined,
    })),
    content: {
      title: newest.title,
      shortDescription: newest.short_description,
      detailedDescription: newest.detailed_description,
      inclusionDetails: newest.inclusion_details,
      exclusionDetails: newest.exclusion_details,
      optionNames: newest.option_names,
      vendor: newest.vendor,
      productType: newest.product_type,
      tags: newest.tags,
      seoTitle: newest.seo_title,
      seoDescription: newest.seo_description,
      variants: variants.map((x) => ({
        options: x.options,
        sku: x.sku,
        price: fromDecimal(x.price, code),
        compareAt: x.compare_at === null ? undefined : fromDecimal(x.compare_at, code),
        weightGrams: x.weight_grams,
        barcode: x.barcode,
        imageN: x.image_n,
      })),
    },
    variants: variants.map((x) => ({ variantId: x.variant_id, onHand: x.on_hand, reserved: x.reserved })),
    media: media.map((m) => ({
      mediaId: m.media_id,
      status: m.status,
      contentHash: m.content_hash ?? undefined,
      alt: m.alt,
      failure: m.failure ?? undefined,
      sourceUrl: m.source_url ?? undefined,
      width: m.width ?? undefined,
      height: m.height ?? undefined,
    })),
  };
}

/** What an importer needs of a product that exists: its newest version, and the identity every option values ever had. */
export type ExistingProduct = {
  readonly productId: ProductId;
  readonly newestVersion: number;
  readonly contentHash: string;
  readonly variants: readonly { readonly variantId: VariantId; readonly options: readonly string[] }[];
};

/**
 * Existing products by address, for a whole batch in one statement. An import into an empty shop has it planned while the
 * tables are empty, when one index costs what any other does, and the plan is kept while they grow: so `offset 0` holds the
 * order of the joins, and the order asked for is that of the one index that finds a version's variants without reading the rest.
 */
export async function findProductsBySlug(
  tx: SiteTransaction,
  slugs: readonly string[],
): Promise<Map<string, ExistingProduct>> {
  const found = await rows<{
    slug: string;
    product_id: ProductId;
    version_number: number;
    content_hash: string;
    variants: { variant_id: VariantId; options: string[] }[];
  }>(
    tx,
    sql`select s.slug, s.target_id as product_id, w.version_number, w.content_hash, x.variants
      from slugs s
      join lateral (select version_id, version_number, content_hash from product_versions where site_id = s.site_id and product_id = s.target_id order by version_number desc limit 1) w on true
      join lateral (select jsonb_agg(jsonb_build_object('variant_id', variant_id, 'options', options)) as variants
        from (select distinct on (pv.options) pv.options, pv.variant_id
          from (select version_id, version_number from product_versions where site_id = s.site_id and product_id = s.target_id offset 0) v
            cross join lateral (select options, variant_id from product_version_variants where site_id = s.site_id and version_id = v.version_id order by options offset 0) pv
          order by pv.options, v.version_number desc) newest) x on true
      where s.site_id = ${tx.siteId} and s.kind = 'product' and s.slug = any(${[...slugs]}::text[])`,
  );
  return new Map(
    found.map((r) => [
      r.slug,
      {
        productId: r.product_id,
        newestVersion: r.version_number,
        contentHash: r.content_hash,
        variants: r.variants.map((v) => ({ variantId: v.variant_id, options: v.options })),
      },
    ]),
  );
}

/** Links pictures to products, in order. Media rows are written as `waiting` when they still have to be fetched. */
export async function insertProductMedia(
  tx: SiteTransaction,
  pictures: readonly (NewMedia & { readonly productId: ProductId; readonly n: number })[],
): Promise<void> {
  if (pictures.length === 0) return;
  await insertMedia(tx, pictures);
  const links = pictures.map((p) => ({ product_id: p.productId, n: p.n, media_id: p.mediaId }));
  await run(
    tx,
    sql`insert into product_media (site_id, product_id, n, media_id)
      select ${tx.siteId}, product_id, n, media_id
      from jsonb_to_recordset(${JSON.stringify(links)}::jsonb) as g (product_id uuid, n integer, media_id uuid)`,
  );
}

/** The addresses products' pictures came from, and the place of the last picture of each. */
export async function findSourceUrls(
  tx: SiteTransaction,
  productIds: readonly ProductId[],
): Promise<Map<ProductId, { urls: Set<string>; last: number }>> {
  const found = await rows<{ product_id: ProductId; urls: (string | null)[]; last: number }>(
    tx,
    sql`select pm.product_id, array_agg(m.source_url) as urls, max(pm.n) as last from product_media pm join media m on m.site_id = pm.site_id and m.media_id = pm.media_id
      where pm.site_id = ${tx.siteId} and pm.product_id = any(${[...productIds]}::uuid[]) group by pm.product_id`,
  );
  return new Map(found.map((f) => [f.product_id, { urls: new Set(f.urls.filter((u) => u !== null)), last: f.last }]));
}
