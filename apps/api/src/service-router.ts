import { findOrder, listOrders } from '@souk/db/commerce';
import { listProducts } from '@souk/db/catalog';
import { type OrderId, id } from '@souk/domain/shared';
import { z } from 'zod';
import { serviceProcedure, serviceRouterOf } from './trpc/procedures.ts';
import { notFound } from './trpc/refusals.ts';
import { idInput, moneyOutput, pageInput, pageOf } from './trpc/schemas.ts';

const order = z.strictObject({
  orderId: z.string(),
  orderNumber: z.string(),
  status: z.string(),
  mode: z.string(),
  total: moneyOutput,
  createdAt: z.date(),
});

/** What internal services call with an API key of one site. */
export const serviceRouter = serviceRouterOf({
  products: serviceRouterOf({
    list: serviceProcedure('VIEW_PRODUCTS')
      .input(z.strictObject(pageInput))
      .output(
        z.strictObject({
          rows: z.array(
            z.strictObject({
              productId: z.string(),
              title: z.string(),
              slug: z.string(),
              status: z.string(),
              priceFrom: moneyOutput,
              onHand: z.int(),
            }),
          ),
          next: z.string().optional(),
        }),
      )
      .query(async ({ ctx, input }) => {
        const rows = await listProducts(ctx.services.database, ctx.site.siteId, { ...input, limit: input.limit + 1 });
        const page = pageOf(rows, input.limit, (row) => row.productId);
        return {
          rows: page.rows.map(({ productId, title, slug, status, priceFrom, onHand }) => ({
            productId,
            title,
            slug,
            status,
            priceFrom,
            onHand,
          })),
          next: page.next,
        };
      }),
  }),
  orders: serviceRouterOf({
    list: serviceProcedure('VIEW_ORDERS')
      .input(z.strictObject(pageInput))
      .output(z.strictObject({ rows: z.array(order), next: z.string().optional() }))
      .query(async ({ ctx, input }) => {
        const rows = await listOrders(ctx.services.database, ctx.site.siteId, { ...input, limit: input.limit + 1 });
        const page = pageOf(rows, input.limit, (row) => row.orderId);
        return {
          rows: page.rows.map(({ orderId, orderNumber, status, mode, total, createdAt }) => ({
            orderId,
            orderNumber,
            status,
            mode,
            total,
            createdAt,
          })),
          next: page.next,
        };
      }),
    get: serviceProcedure('VIEW_ORDERS')
      .input(z.strictObject({ orderId: idInput }))
      .output(
        z.strictObject({
          ...order.shape,
          items: z.array(
            z.strictObject({
              title: z.string(),
              options: z.array(z.string()),
              sku: z.string(),
              quantity: z.int(),
              price: moneyOutput,
            }),
          ),
        }),
      )
      .query(({ ctx, input }) =>
        ctx.site.read(async (tx) => {
          const found = await findOrder(tx, { orderId: id<OrderId>(input.orderId) });
          if (!found) throw notFound();
          const { orderId, orderNumber, status, mode, total, createdAt } = found;
          return {
            orderId,
            orderNumber,
            status,
            mode,
            total,
            createdAt,
            items: found.items.map(({ title, options, sku, quantity, price }) => ({
              title,
              options: [...options],
              sku,
              quantity,
              price,
            })),
          };
        }),
      ),
  }),
});

export type ServiceRouter = typeof serviceRouter;
