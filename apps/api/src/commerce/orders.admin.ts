import { findSiteStanding, listMembers } from '@souk/db/identity';
import { countOrders, findOrder, listOrders, readDashboard, readFirstSteps } from '@souk/db/commerce';
import { listEmailsOfOrder } from '@souk/db/integrations';
import { ORDER_STATUSES, ORDER_TRANSITIONS, paymentStatus } from '@souk/domain/commerce';
import { type OrderId, id, transitionsFrom } from '@souk/domain/shared';
import { z } from 'zod';
import { adminProcedure, adminRouterOf } from '../trpc/procedures.ts';
import { notFound } from '../trpc/refusals.ts';
import { atOnce, idInput, moneyOutput, pageInput, pageOf, searchWords } from '../trpc/schemas.ts';
import { cancelOrder, fulfilOrder } from './order-actions.ts';

const status = z.enum(ORDER_STATUSES);
const mode = z.enum(['live', 'test']);

const listRow = z.strictObject({
  orderId: z.string(),
  orderNumber: z.string(),
  status,
  mode,
  total: moneyOutput,
  itemCount: z.int(),
  customerName: z.string(),
  exceptions: z.int(),
  createdAt: z.date(),
});

const plainText = (max: number) =>
  z
    .string()
    .max(max)
    .refine((text) => !/[\u0000-\u001f\u007f]/u.test(text), 'This contains characters that cannot be printed.')
    .transform((text) => text.trim());

const detail = z.strictObject({
  orderId: z.string(),
  orderNumber: z.string(),
  status,
  mode,
  version: z.int(),
  createdAt: z.date(),
  expiresAt: z.date().optional(),
  customerEmail: z.string().optional(),
  total: moneyOutput,
  totals: z.strictObject({
    items: moneyOutput,
    discount: moneyOutput,
    shipping: moneyOutput,
    taxAdded: moneyOutput,
    taxIncluded: moneyOutput,
    taxName: z.string(),
    ratePerMillion: z.int(),
    shippingName: z.string(),
  }),
  items: z.array(
    z.strictObject({
      n: z.int(),
      productId: z.string(),
      title: z.string(),
      options: z.array(z.string()),
      sku: z.string(),
      quantity: z.int(),
      price: moneyOutput,
      versionNumber: z.int(),
      slug: z.string(),
      imageHash: z.string().optional(),
    }),
  ),
  address: z
    .strictObject({
      name: z.string(),
      line1: z.string(),
      line2: z.string(),
      postalCode: z.string(),
      city: z.string(),
      country: z.string(),
      phone: z.string(),
    })
    .optional(),
  transitions: z.array(
    z.strictObject({
      n: z.int(),
      from: z.string(),
      to: status,
      triggeredBy: z.string(),
      /** What kind of actor it was, and the name of a member who is one still. */
      actorKind: z.string(),
      who: z.string().optional(),
      reasonCode: z.string(),
      timestamp: z.date(),
    }),
  ),
  payments: z.array(
    z.strictObject({
      paymentId: z.string(),
      providerName: z.string(),
      providerReference: z.string().optional(),
      status: z.string(),
      amount: moneyOutput,
      entries: z.array(z.strictObject({ kind: z.string(), amount: moneyOutput, timestamp: z.date() })),
    }),
  ),
  evidence: z.array(
    z.strictObject({ n: z.int(), kind: z.string(), amount: moneyOutput, covered: moneyOutput, timestamp: z.date() }),
  ),
  exceptions: z.array(
    z.strictObject({
      exceptionId: z.string(),
      kind: z.string(),
      amount: moneyOutput,
      status: z.string(),
      createdAt: z.date(),
    }),
  ),
  fulfilments: z.array(
    z.strictObject({
      fulfilmentId: z.string(),
      status: z.string(),
      carrier: z.string(),
      trackingNumber: z.string(),
      shippedAt: z.date().optional(),
    }),
  ),
  emails: z.array(z.strictObject({ emailType: z.string(), status: z.string(), timestamp: z.date() })),
  /** What this person may do with the order now: the names of the order's transitions. */
  transitionsAllowed: z.array(z.string()),
});

export const ordersRouter = adminRouterOf({
  list: adminProcedure('VIEW_ORDERS')
    .input(
      z.strictObject({
        status: z.array(status).max(10).optional(),
        q: searchWords.optional(),
        toCheck: z.boolean().optional(),
        ...pageInput,
      }),
    )
    .output(atOnce(z.strictObject({ rows: z.array(listRow), next: z.string().optional() })))
    .query(async ({ ctx, input }) => {
      const rows = await listOrders(ctx.services.database, ctx.site.siteId, { ...input, limit: input.limit + 1 });
      return pageOf(rows, input.limit, (row) => row.orderId);
    }),

  counts: adminProcedure('VIEW_ORDERS')
    .output(
      z.strictObject({
        /** Each up to a thousand; 1001 means more. */
        byStatus: z.partialRecord(status, z.int()),
        /** Orders with money that waits for a person. */
        toCheck: z.int(),
      }),
    )
    .query(({ ctx }) => countOrders(ctx.services.database, ctx.site.siteId)),

  get: adminProcedure('VIEW_ORDERS')
    .input(z.strictObject({ orderId: idInput }))
    .output(detail)
    .query(async ({ ctx, input }) => {
      const orderId = id<OrderId>(input.orderId);
      const [found, members] = await Promise.all([
        ctx.site.read(async (tx) => {
          const order = await findOrder(tx, { orderId });
          return order && { order, emails: await listEmailsOfOrder(tx, orderId) };
        }),
        listMembers(ctx.services.database, ctx.site.siteId),
      ]);
      if (!found) throw notFound();
      const { order, emails } = found;
      const { personId: _, ...shown } = order;
      const names = new Map<string, string>(members.map((m) => [m.adminId, m.name]));
      return {
        ...shown,
        items: order.items.map((i) => ({ ...i, options: [...i.options] })),
        transitions: order.transitions.map(({ actorId, ...t }) => ({ ...t, who: names.get(actorId ?? '') })),
        payments: order.payments.map(({ redirectUrl: _r, configId: _c, ...p }) => ({
          ...p,
          entries: [...p.entries],
          status: paymentStatus(p.entries.map((e) => e.kind as Parameters<typeof paymentStatus>[0][number])),
        })),
        evidence: [...order.evidence],
        exceptions: [...order.exceptions],
        fulfilments: [...order.fulfilments],
        emails: [...emails],
        transitionsAllowed: transitionsFrom(ORDER_TRANSITIONS, order.status, 'admin'),
      };
    }),

  fulfil: adminProcedure('MANAGE_ORDERS')
    .meta({ alone: true })
    .input(
      z.strictObject({
        orderId: idInput,
        version: z.int().min(1),
        carrier: plainText(60).default(''),
        trackingNumber: plainText(100).default(''),
      }),
    )
    .output(z.strictObject({ status }))
    .mutation(({ ctx, input }) =>
      ctx.site.write(async (tx) => {
        const { before, after } = await fulfilOrder(
          ctx.services,
          tx,
          { ...input, orderId: id<OrderId>(input.orderId) },
          { adminId: ctx.site.actor.id },
        );
        return {
          value: { status: after },
          entityType: 'order',
          entityId: input.orderId,
          before: { status: before },
          after: { status: after },
        };
      }),
    ),

  cancel: adminProcedure('MANAGE_ORDERS')
    .meta({ alone: true })
    .input(
      z.strictObject({
        orderId: idInput,
        version: z.int().min(1),
        reason: z.enum(['customer_asked', 'out_of_stock', 'looks_like_fraud', 'other']),
      }),
    )
    .output(z.strictObject({ status }))
    .mutation(({ ctx, input }) =>
      ctx.site.write(async (tx) => {
        const { before, after } = await cancelOrder(
          ctx.services,
          tx,
          { ...input, orderId: id<OrderId>(input.orderId) },
          { adminId: ctx.site.actor.id },
        );
        return {
          value: { status: after },
          entityType: 'order',
          entityId: input.orderId,
          before: { status: before },
          after: { status: after, reason: input.reason },
        };
      }),
    ),
});

export const dashboardRouter = adminRouterOf({
  get: adminProcedure('VIEW_DASHBOARD')
    .input(z.strictObject({ days: z.int().min(7).max(90).default(30) }))
    .output(
      z.strictObject({
        currency: z.string(),
        days: z.array(z.strictObject({ day: z.string(), orders: z.int(), revenue: moneyOutput })),
        before: z.strictObject({ orders: z.int(), revenue: moneyOutput }),
        waiting: z.strictObject({
          toFulfil: z.int(),
          unpaid: z.int(),
          exceptions: z.int(),
          lowStock: z.int(),
          drafts: z.int(),
        }),
        bestSellers: z.array(
          z.strictObject({ productId: z.string(), title: z.string(), pieces: z.int(), revenue: moneyOutput }),
        ),
      }),
    )
    .query(({ ctx, input }) =>
      ctx.site.read(async (tx) => {
        const d = await readDashboard(tx, input.days);
        return { ...d, days: [...d.days], bestSellers: [...d.bestSellers] };
      }),
    ),

  /** The first steps of a site, each done or not as its rows say. */
  firstSteps: adminProcedure('MANAGE_SITE_SETTINGS')
    .output(
      z.strictObject({
        hasProduct: z.boolean(),
        isOpen: z.boolean(),
        hasBeenPaid: z.boolean(),
        takesPayments: z.boolean(),
        hasOwnDomain: z.boolean(),
        /** A domain that is let go within three days, unless its record is set again. */
        domainInGrace: z.string().optional(),
      }),
    )
    .query(async ({ ctx }) => {
      const { site, services } = ctx;
      const [steps, standing] = await Promise.all([
        site.read(readFirstSteps),
        findSiteStanding(services.database, site.siteId),
      ]);
      const { sellsSomething, ...facts } = steps;
      return {
        ...facts,
        isOpen: sellsSomething && standing?.status === 'active',
        hasOwnDomain: standing?.hasOwnDomain ?? false,
        domainInGrace: standing?.domainInGrace,
      };
    }),
});
