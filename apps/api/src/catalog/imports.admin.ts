import { insertOutbox } from '@souk/db/activity';
import { findImport, listImports } from '@souk/db/catalog';
import { z } from 'zod';
import { adminProcedure, adminRouterOf } from '../trpc/procedures.ts';
import { Refused, notFound } from '../trpc/refusals.ts';
import { idInput } from '../trpc/schemas.ts';
import { MAX_LEFT_OUT, applyImport, cancelImport } from './product-import.ts';

const issue = z.strictObject({
  severity: z.enum(['error', 'warning']),
  code: z.string(),
  row: z.int(),
  line: z.int(),
  column: z.string().nullable(),
  value: z.string().optional(),
  message: z.string(),
  handle: z.string().optional(),
});

/** What a look at the file found, before anything is written. */
export const importSummary = z.strictObject({
  rows: z.int(),
  products: z.int(),
  variants: z.int(),
  newProducts: z.int(),
  changedProducts: z.int(),
  sameProducts: z.int(),
  pictures: z.int(),
  errors: z.int(),
  warnings: z.int(),
  columns: z.array(z.strictObject({ name: z.string(), meaning: z.string() })),
  issues: z.array(issue),
  issuesLeftOut: z.int(),
  /** Products that their errors keep out; leaving all of them out by name lets the rest in, unless the file itself is broken. */
  refusedHandles: z.array(z.string()),
  fileErrors: z.int(),
  complete: z.boolean(),
  sample: z.array(
    z.strictObject({
      handle: z.string(),
      title: z.string(),
      variants: z.int(),
      price: z.string(),
      change: z.enum(['new', 'changed', 'same']),
    }),
  ),
});
export type ImportSummary = z.infer<typeof importSummary>;

const importView = z.strictObject({
  importId: z.string(),
  fileName: z.string(),
  byteSize: z.number(),
  status: z.enum(['checking', 'ready', 'refused', 'applying', 'applied', 'cancelled', 'failed']),
  progressDone: z.number(),
  progressTotal: z.number(),
  summary: importSummary.partial(),
  excludedHandles: z.array(z.string()),
  createdAt: z.date(),
  updatedAt: z.date(),
});

export const importsRouter = adminRouterOf({
  list: adminProcedure('MANAGE_PRODUCTS')
    .output(
      z.array(
        z.strictObject({
          importId: z.string(),
          fileName: z.string(),
          status: z.string(),
          products: z.int(),
          createdAt: z.date(),
        }),
      ),
    )
    .query(({ ctx }) =>
      ctx.site.read(async (tx) =>
        (await listImports(tx)).map((i) => ({
          importId: i.importId,
          fileName: i.fileName,
          status: i.status,
          products: Number(i.summary.products ?? 0),
          createdAt: i.createdAt,
        })),
      ),
    ),

  get: adminProcedure('MANAGE_PRODUCTS')
    .input(z.strictObject({ importId: idInput }))
    .output(importView)
    .query(({ ctx, input }) =>
      ctx.site.read(async (tx) => {
        const found = await findImport(tx, input.importId);
        if (!found) throw notFound();
        const { createdBy: _, cancelRequested: __, ...view } = found;
        return {
          ...view,
          summary: importSummary.partial().parse(view.summary),
          excludedHandles: [...view.excludedHandles],
        };
      }),
    ),

  /** Writes what the preview showed, all or nothing; products left out are named by the person. */
  start: adminProcedure('MANAGE_PRODUCTS')
    .meta({ alone: true })
    .input(
      z.strictObject({
        importId: idInput,
        excludedHandles: z
          .array(
            z
              .string()
              .max(300)
              .regex(/^[^\u0000]*$/, 'This is not a handle.'),
          )
          .max(MAX_LEFT_OUT)
          .default([]),
      }),
    )
    .output(z.strictObject({ started: z.literal(true) }))
    .mutation(({ ctx, input }) =>
      ctx.site.write(async (tx) => {
        const ok = await applyImport.begin(tx, input.importId, input.excludedHandles);
        if (ok === 'not_found') throw notFound();
        if (ok === 'not_ready') {
          throw new Refused({
            code: 'import_not_ready',
            message:
              'This file cannot be imported as it is: it still has errors, or it has been imported already. Look at its report.',
          });
        }
        insertOutbox(tx, [{ eventId: ctx.services.newId(tx.at), kind: 'import.wanted', entityId: input.importId }]);
        return {
          value: { started: true as const },
          entityType: 'product_import',
          entityId: input.importId,
          after: { excluded: input.excludedHandles.length },
        };
      }),
    ),

  cancel: adminProcedure('MANAGE_PRODUCTS')
    .input(z.strictObject({ importId: idInput }))
    .output(z.strictObject({ cancelled: z.boolean() }))
    .mutation(({ ctx, input }) =>
      ctx.site.write(async (tx) => {
        const cancelled = await cancelImport(ctx.services, tx, input.importId);
        if (!cancelled && !(await findImport(tx, input.importId))) throw notFound();
        return { value: { cancelled }, entityType: 'product_import', entityId: input.importId };
      }),
    ),
});
