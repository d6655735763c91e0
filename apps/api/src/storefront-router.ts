import { findCart, findOnSale, listOnSale } from '@souk/db/catalog';
import { available } from '@souk/domain/catalog';
import { z } from 'zod';
import { checkoutInput, uuid } from './commerce/checkout.input.ts';
import { submitOrder } from './commerce/checkout.ts';
import { NO_CART, cartSession } from './identity/session.ts';
import { storefrontProcedure, storefrontRouterOf } from './trpc/procedures.ts';
import { Refused, notFound } from './trpc/refusals.ts';
import { atOnce, moneyOutput, searchWords } from './trpc/schemas.ts';
import type { StorefrontContext } from './trpc/context.ts';
import { readCursor, writeCursor } from './storefront-html/shop-pages.ts';

const sessionOf = (ctx: StorefrontContext): Buffer => cartSession(ctx.cookies, ctx.services.mode, ctx.site.handle);

const card = z.strictObject({
  productId: z.string(),
  slug: z.string(),
  title: z.string(),
  shortDescription: z.string(),
  priceFrom: moneyOutput,
  priceTo: moneyOutput,
  available: z.int(),
  image: z.string().optional(),
});

const stock = z.strictObject({ available: z.int() });

/** What a shop's own pages, and other front ends of it, can call on its host. The same functions as the server-rendered shop. */
export const storefrontRouter = storefrontRouterOf({
  products: storefrontRouterOf({
    list: storefrontProcedure
      .input(
        atOnce(
          z.strictObject({
            q: searchWords.optional(),
            collection: z
              .string()
              .regex(/^[a-z0-9_-]{1,100}$/, 'This is not a collection.')
              .optional(),
            inStock: z.boolean().default(false),
            sort: z.enum(['newest', 'price_asc', 'price_desc']).default('newest'),
            after: z.string().max(200).optional(),
            limit: z.int().min(1).max(100).default(20),
            /** Whether `total` is wanted; it is left out when there are more than a thousand. */
            counted: z.boolean().default(false),
          }),
        ),
      )
      .output(
        atOnce(z.strictObject({ products: z.array(card), total: z.int().optional(), next: z.string().optional() })),
      )
      .query(async ({ ctx, input }) => {
        const list = await listOnSale(ctx.services.database, ctx.site.siteId, {
          ...input,
          after: readCursor(input.after, input.sort),
        });
        return {
          products: list.products.map((p) => ({ ...p, image: p.image && `/media/${p.image}/640.webp` })),
          total: list.total,
          next: list.next && writeCursor(list.next),
        };
      }),

    get: storefrontProcedure
      .input(atOnce(z.strictObject({ slug: z.string().regex(/^[a-z0-9_-]{1,100}$/, 'This is not a product.') })))
      .output(
        atOnce(
          z.strictObject({
            productId: z.string(),
            slug: z.string(),
            title: z.string(),
            shortDescription: z.string(),
            detailedDescription: z.string(),
            inclusionDetails: z.string(),
            exclusionDetails: z.string(),
            optionNames: z.array(z.string()),
            images: z.array(z.strictObject({ url: z.string(), alt: z.string() })),
            variants: z.array(
              z.strictObject({
                variantId: z.string(),
                options: z.array(z.string()),
                sku: z.string(),
                price: moneyOutput,
                compareAt: moneyOutput.optional(),
                ...stock.shape,
              }),
            ),
          }),
        ),
      )
      .query(async ({ ctx, input }) => {
        const product = await findOnSale(ctx.services.database, ctx.site.siteId, input.slug);
        if (!product) throw notFound();
        return {
          productId: product.productId,
          slug: product.currentSlug,
          title: product.title,
          shortDescription: product.shortDescription,
          detailedDescription: product.detailedDescription,
          inclusionDetails: product.inclusionDetails,
          exclusionDetails: product.exclusionDetails,
          optionNames: [...product.optionNames],
          images: product.images.map((i) => ({ url: `/media/${i.hash}/960.webp`, alt: i.alt })),
          variants: product.variants.map((v) => ({
            variantId: v.variantId,
            options: [...v.options],
            sku: v.sku,
            price: v.price,
            compareAt: v.compareAt,
            available: available(v),
          })),
        };
      }),
  }),

  cart: storefrontRouterOf({
    get: storefrontProcedure
      .output(
        atOnce(
          z.strictObject({
            lines: z.array(
              z.strictObject({
                variantId: z.string(),
                title: z.string(),
                options: z.array(z.string()),
                quantity: z.int(),
                price: moneyOutput.optional(),
                ...stock.shape,
              }),
            ),
            shipping: z.array(z.strictObject({ shippingMethodId: z.string(), name: z.string(), price: moneyOutput })),
            payments: z.array(
              z.strictObject({ configId: z.string(), providerName: z.string(), mode: z.enum(['live', 'test']) }),
            ),
          }),
        ),
      )
      .query(async ({ ctx }) => {
        const read = await findCart(ctx.services.database, ctx.site.siteId, sessionOf(ctx));
        return {
          lines: (read.cart?.lines ?? []).map((l) => ({
            variantId: l.variantId,
            title: l.title,
            options: [...l.options],
            quantity: l.quantity,
            price: l.price,
            available: l.available,
          })),
          shipping: read.shipping.map(({ shippingMethodId, name, price }) => ({ shippingMethodId, name, price })),
          payments: [...read.payments],
        };
      }),
  }),

  checkout: storefrontRouterOf({
    submit: storefrontProcedure
      .meta({ alone: true })
      .input(atOnce(checkoutInput))
      .output(atOnce(z.strictObject({ orderId: uuid(), orderPath: z.string(), redirectUrl: z.string().optional() })))
      .mutation(async ({ ctx, input }) => {
        const session = sessionOf(ctx);
        if (session === NO_CART) throw new Refused({ code: 'cart_empty', message: 'Your cart is empty.' });
        const placed = await submitOrder(ctx.services, ctx.site, session, input, ctx.address);
        return { orderId: placed.orderId, orderPath: `/orders/${placed.token}`, redirectUrl: placed.redirectUrl };
      }),
  }),
});

export type StorefrontRouter = typeof storefrontRouter;
