import { listOperatorActions, listOperators, listSitesForOperator } from '@souk/db/identity';
import { LOST_FACTOR_REASONS, OPERATOR_STEPS, SITE_REASONS, operatorSteps } from '@souk/domain/identity';
import { type SiteId, id } from '@souk/domain/shared';
import { z } from 'zod';
import { adminRouterOf, operatorProcedure } from '../trpc/procedures.ts';
import { idInput, line, pageInput, pageOf, searchWords } from '../trpc/schemas.ts';
import { createSite } from './found-site.ts';
import { newSiteInput, newSiteOf } from './founding.ts';
import { takeFactorsBy } from './lost-factors.ts';
import { moveSiteBy } from './move-site.ts';
import { addOperatorBy, adminId, healthOf, healthOutput, removeOperatorBy } from './operators.ts';

const status = z.enum(['created', 'active', 'suspended', 'archived', 'purged']);

/** What operators do with the installation. None of it reads or changes what is inside a site. */
export const operatorRouter = adminRouterOf({
  /** The sites of the installation, newest first: their names and where they stand, nothing of what is in them. */
  sites: operatorProcedure
    .input(z.strictObject({ ...pageInput, q: searchWords.default(''), status: status.optional() }))
    .output(
      z.strictObject({
        rows: z.array(
          z.strictObject({
            siteId: z.string(),
            name: z.string(),
            handle: z.string(),
            status,
            note: z.string().optional(),
            lastStep: z.int(),
            steps: z.array(z.enum(OPERATOR_STEPS)),
            shopUrl: z.string(),
            madeAt: z.date(),
            members: z.int(),
          }),
        ),
        next: z.string().optional(),
      }),
    )
    .query(async ({ ctx, input }) => {
      const { services } = ctx;
      const found = await listSitesForOperator(services.database, { ...input, limit: input.limit + 1 });
      const { rows, next } = pageOf(found, input.limit, (s) => s.siteId);
      return {
        rows: rows.map(({ primaryDomain, ...s }) => ({
          ...s,
          steps: operatorSteps(s.status),
          shopUrl: services.shopOrigin(primaryDomain ?? ''),
        })),
        next,
      };
    }),

  /** Makes a further site, whose owner is who makes it. */
  createSite: operatorProcedure
    .meta({ alone: true })
    .input(newSiteInput)
    .output(z.strictObject({ handle: z.string() }))
    .mutation(async ({ ctx, input }) => {
      const { services, account, requestId } = ctx;
      const site = newSiteOf(input, services);
      await createSite(services, site, account.adminId, requestId);
      return { handle: site.handle };
    }),

  /** Closes a site to buyers, opens it again, puts it away or takes it out (ST1). */
  moveSite: operatorProcedure
    .meta({ fresh: true })
    .input(
      z.strictObject({
        siteId: idInput,
        step: z.enum(OPERATOR_STEPS),
        lastStep: z.int(),
        reason: z.enum(SITE_REASONS),
        note: line('What its people are told', 500).default(''),
      }),
    )
    .output(z.strictObject({ status, lastStep: z.int() }))
    .mutation(({ ctx, input }) =>
      moveSiteBy(ctx.services, ctx.account.adminId, { ...input, siteId: id<SiteId>(input.siteId) }, ctx.requestId),
    ),

  /** Who runs the installation. */
  operators: operatorProcedure
    .output(
      z.strictObject({
        operators: z.array(
          z.strictObject({
            adminId: z.string(),
            name: z.string(),
            email: z.string(),
            since: z.date(),
            isYou: z.boolean(),
            mayGo: z.boolean(),
          }),
        ),
      }),
    )
    .query(async ({ ctx }) => {
      const found = await listOperators(ctx.services.database);
      return {
        operators: found.map((o) => ({ ...o, isYou: o.adminId === ctx.account.adminId, mayGo: found.length > 1 })),
      };
    }),

  /** Makes somebody with an account an operator too. */
  addOperator: operatorProcedure
    .meta({ fresh: true })
    .input(z.strictObject({ email: z.string().max(1000) }))
    .output(z.strictObject({ adminId: z.string() }))
    .mutation(({ ctx, input }) =>
      addOperatorBy(ctx.services, input.email, { adminId: ctx.account.adminId, requestId: ctx.requestId }),
    ),

  /** Lets an operator go, oneself too; the last one stays (OP1). */
  removeOperator: operatorProcedure
    .meta({ fresh: true })
    .input(z.strictObject({ adminId: idInput }))
    .output(z.strictObject({ adminId: z.string() }))
    .mutation(({ ctx, input }) =>
      removeOperatorBy(ctx.services, adminId(input.adminId), {
        adminId: ctx.account.adminId,
        requestId: ctx.requestId,
      }),
    ),

  /** Lets somebody else who has lost phone and codes in again with their password alone; they are told by mail. */
  takeFactors: operatorProcedure
    .meta({ alone: true, fresh: true })
    .input(z.strictObject({ email: z.string().max(1000), reason: z.enum(LOST_FACTOR_REASONS) }))
    .output(z.strictObject({ adminId: z.string(), name: z.string() }))
    .mutation(({ ctx, input }) =>
      takeFactorsBy(ctx.services, input, {
        adminId: ctx.account.adminId,
        requestId: ctx.requestId,
        from: 'screen',
      }),
    ),

  /** What operators did, newest first. It is read and never changed. */
  log: operatorProcedure
    .input(z.strictObject(pageInput))
    .output(
      z.strictObject({
        rows: z.array(
          z.strictObject({
            actionId: z.string(),
            action: z.string(),
            reason: z.string().optional(),
            timestamp: z.date(),
            who: z.string(),
            site: z.strictObject({ name: z.string(), handle: z.string() }).optional(),
            subject: z.string().optional(),
          }),
        ),
        next: z.string().optional(),
      }),
    )
    .query(async ({ ctx, input }) => {
      const found = await listOperatorActions(ctx.services.database, { ...input, limit: input.limit + 1 });
      const { rows, next } = pageOf(found, input.limit, (row) => row.actionId);
      return { rows: rows.map(({ details, ...row }) => ({ ...row, reason: reasonIn(details) })), next };
    }),

  /** How the installation is: versions, work that waits, room on the disk. */
  health: operatorProcedure.output(healthOutput).query(({ ctx }) => healthOf(ctx.services)),
});

/** The code of a reason among the facts of a row. */
const reasonIn = (details: unknown): string | undefined =>
  typeof details === 'object' && details !== null && 'reason' in details && typeof details.reason === 'string'
    ? details.reason
    : undefined;
