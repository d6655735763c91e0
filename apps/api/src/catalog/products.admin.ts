import { type Shown, countProducts, findProduct, listProducts, publishNewest, unpublish } from '@souk/db/catalog';
import { insertOutbox } from '@souk/db/activity';
import { type ProductId, fromDecimal, id, toDecimal } from '@souk/domain/shared';
import { z } from 'zod';
import { adminProcedure, adminRouterOf } from '../trpc/procedures.ts';
import { notFound } from '../trpc/refusals.ts';
import { idInput, moneyOutput, pageInput, pageOf, searchWords } from '../trpc/schemas.ts';

const status = z.enum(['draft', 'published', 'archived']);
const productIds = z.strictObject({
  productIds: z.array(idInput).min(1, 'Choose at least one product.').max(500, 'Choose 500 products at most.'),
});

const listRow = z.strictObject({
  productId: z.string(),
  title: z.string(),
  slug: z.string(),
  status,
  priceFrom: moneyOutput,
  priceTo: moneyOutput,
  onHand: z.int(),
  reserved: z.int(),
  variantCount: z.int(),
  newestVersion: z.int(),
  publishedVersion: z.int().optional(),
  imageHash: z.string().optional(),
  updatedAt: z.date(),
});

const variant = z.strictObject({
  variantId: z.string(),
  options: z.array(z.string()),
  sku: z.string(),
  price: moneyOutput,
  compareAt: moneyOutput.optional(),
  weightGrams: z.int(),
  barcode: z.string(),
  onHand: z.int(),
  reserved: z.int(),
});

/** What the log says of a product: its price is an amount, which a screen writes in the reader's way. */
const logged = ({ priceFrom, priceTo, currency, ...rest }: Shown) => {
  const money = (amount: string) => ({ amount: toDecimal(fromDecimal(amount, currency)), currency });
  return {
    ...rest,
    ...(priceFrom === priceTo
      ? { price: money(priceFrom) }
      : { lowestPrice: money(priceFrom), highestPrice: money(priceTo) }),
  };
};

export const productsRouter = adminRouterOf({
  list: adminProcedure('VIEW_PRODUCTS')
    .input(z.strictObject({ status: status.optional(), q: searchWords.optional(), ...pageInput }))
    .output(
      z.strictObject({
        rows: z.array(listRow),
        next: z.string().optional(),
      }),
    )
    .query(async ({ ctx, input }) => {
      const rows = await listProducts(ctx.services.database, ctx.site.siteId, { ...input, limit: input.limit + 1 });
      return pageOf(rows, input.limit, (row) => row.productId);
    }),

  counts: adminProcedure('VIEW_PRODUCTS')
    .input(z.strictObject({ q: searchWords.optional() }))
    /** Each up to a thousand; 1001 means more. */
    .output(z.strictObject({ draft: z.int(), published: z.int(), archived: z.int() }))
    .query(({ ctx, input }) => countProducts(ctx.services.database, ctx.site.siteId, input.q)),

  get: adminProcedure('VIEW_PRODUCTS')
    .input(z.strictObject({ productId: idInput }))
    .output(
      z.strictObject({
        productId: z.string(),
        slug: z.string(),
        status,
        version: z.int(),
        title: z.string(),
        shortDescription: z.string(),
        detailedDescription: z.string(),
        inclusionDetails: z.string(),
        exclusionDetails: z.string(),
        optionNames: z.array(z.string()),
        vendor: z.string(),
        productType: z.string(),
        tags: z.array(z.string()),
        seoTitle: z.string(),
        seoDescription: z.string(),
        variants: z.array(variant),
        versions: z.array(
          z.strictObject({
            versionId: z.string(),
            versionNumber: z.int(),
            isPublished: z.boolean(),
            createdAt: z.date(),
          }),
        ),
        media: z.array(
          z.strictObject({
            mediaId: z.string(),
            status: z.enum(['waiting', 'ready', 'failed']),
            contentHash: z.string().optional(),
            alt: z.string(),
            failure: z.string().optional(),
            sourceUrl: z.string().optional(),
          }),
        ),
      }),
    )
    .query(({ ctx, input }) =>
      ctx.site.read(async (tx) => {
        const found = await findProduct(tx, id<ProductId>(input.productId));
        if (!found) throw notFound();
        const { variants: contentVariants, ...content } = found.content;
        return {
          productId: found.productId,
          slug: found.slug,
          status: found.status,
          version: found.version,
          ...content,
          optionNames: [...content.optionNames],
          tags: [...content.tags],
          variants: contentVariants.map(({ imageN: _, ...v }, i) => ({
            ...v,
            options: [...v.options],
            variantId: found.variants[i]?.variantId ?? '',
            onHand: found.variants[i]?.onHand ?? 0,
            reserved: found.variants[i]?.reserved ?? 0,
          })),
          versions: found.versions.map(({ createdBy: _, ...v }) => v),
          media: found.media.map(({ width: _w, height: _h, ...m }) => m),
        };
      }),
    ),

  /** Publishes the newest version of each; those already shown are left alone. */
  publish: adminProcedure('MANAGE_PRODUCTS')
    .input(productIds)
    .output(
      z.strictObject({
        published: z.array(z.strictObject({ productId: z.string(), versionNumber: z.int() })),
        unchanged: z.int(),
      }),
    )
    .mutation(({ ctx, input }) =>
      ctx.site.write(async (tx) => {
        const ids = [...new Set(input.productIds)].map((text) => id<ProductId>(text));
        const newId = (): string => ctx.services.newId(tx.at);
        const done = await publishNewest(tx, ids, { actorId: ctx.site.actor.id, triggeredBy: 'admin' }, newId);
        insertOutbox(
          tx,
          done.map((d) => ({ eventId: newId(), kind: 'products.published' as const, entityId: d.productId })),
        );
        const published = done.map(({ productId, versionNumber }) => ({ productId, versionNumber }));
        return {
          value: { published, unchanged: ids.length - done.length },
          entityType: 'product',
          // What the site does not have is not named in its log. A row for each: "who changed this price?" is asked of one.
          things: done.map((d) => ({
            entityId: d.productId,
            before: logged(d.before),
            after: { version: d.versionNumber, ...logged(d.after) },
          })),
        };
      }),
    ),

  unpublish: adminProcedure('MANAGE_PRODUCTS')
    .input(productIds)
    .output(z.strictObject({ unpublished: z.array(z.string()) }))
    .mutation(({ ctx, input }) =>
      ctx.site.write(async (tx) => {
        const ids = [...new Set(input.productIds)].map((text) => id<ProductId>(text));
        const newId = (): string => ctx.services.newId(tx.at);
        const unpublished = await unpublish(tx, ids, { actorId: ctx.site.actor.id, triggeredBy: 'admin' }, newId);
        insertOutbox(
          tx,
          unpublished.map((productId) => ({
            eventId: newId(),
            kind: 'products.published' as const,
            entityId: productId,
          })),
        );
        return {
          value: { unpublished },
          entityType: 'product',
          things: unpublished.map((productId) => ({
            entityId: productId,
            before: { status: 'published' },
            after: { status: 'draft' },
          })),
        };
      }),
    ),
});
