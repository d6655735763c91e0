import { z } from 'zod';
import { adminRouterOf, operatorProcedure } from '../trpc/procedures.ts';
import { createSite } from './found-site.ts';
import { newSiteInput, newSiteOf } from './founding.ts';

/** What operators do with the installation. None of it reads or changes what is inside a site. */
export const operatorRouter = adminRouterOf({
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
});
