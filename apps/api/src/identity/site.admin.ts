import { findSiteById, getConfiguration, listOpenSupport, readStatusReason } from '@souk/db/identity';
import { z } from 'zod';
import { adminProcedure, adminRouterOf } from '../trpc/procedures.ts';
import { changeSettings, settingsInput, settingsOf, settingsOutput } from './site-settings.ts';

export const siteRouter = adminRouterOf({
  /** The site one is in: how its money and time are shown, and what one may do here. */
  get: adminProcedure('any')
    .output(
      z.strictObject({
        name: z.string(),
        handle: z.string(),
        role: z.string(),
        permissions: z.array(z.string()),
        currency: z.string(),
        locale: z.string(),
        timeZone: z.string(),
        pricesIncludeTax: z.boolean(),
        shopUrl: z.string(),
        lowStockAt: z.int(),
        isCopy: z.boolean(),
        /** Who of support may be in the site now: everybody who works there sees it (SA1). */
        support: z.array(
          z.strictObject({
            supportId: z.string(),
            name: z.string(),
            reason: z.string(),
            openedBy: z.string(),
            until: z.date(),
            isYou: z.boolean(),
          }),
        ),
        /** Why the site is closed to buyers and nothing can be changed; absent while it is open. */
        closed: z
          .strictObject({ status: z.string(), reason: z.string(), note: z.string().optional(), since: z.date() })
          .optional(),
      }),
    )
    .query(async ({ ctx }) => {
      const { site, services } = ctx;
      const [config, found, support] = await Promise.all([
        site.read(async (tx) => {
          const [settings, reason] = await Promise.all([getConfiguration(tx), readStatusReason(tx)]);
          return { ...settings, reason };
        }),
        findSiteById(services.database, site.siteId),
        listOpenSupport(services.database, site.siteId, services.now()),
      ]);
      return {
        name: site.siteName,
        handle: site.handle,
        role: site.actor.roleName,
        permissions: [...site.actor.permissions],
        currency: config.currency,
        locale: config.locale,
        timeZone: config.timeZone,
        pricesIncludeTax: config.pricesIncludeTax,
        shopUrl: services.shopOrigin(found?.primaryDomain ?? ''),
        lowStockAt: config.lowStockAt,
        isCopy: services.isCopy,
        support: support.map((access) => ({
          supportId: access.supportId,
          name: access.name,
          reason: access.reason,
          openedBy: access.openedBy,
          until: access.until,
          isYou: site.actor.kind === 'support' && access.supporterId === site.actor.id,
        })),
        closed:
          found && found.status !== 'active' && config.reason ? { status: found.status, ...config.reason } : undefined,
      };
    }),

  /** What can be decided of the site, as it stands, and what cannot change any more. */
  settings: adminProcedure('MANAGE_SITE_SETTINGS')
    .output(settingsOutput)
    .query(({ ctx }) => settingsOf(ctx.site)),

  /** Changes what can be decided of the site; whoever saved meanwhile is not overwritten (V1). */
  update: adminProcedure('MANAGE_SITE_SETTINGS')
    .input(settingsInput)
    .output(z.strictObject({ version: z.int() }))
    .mutation(({ ctx, input }) => changeSettings(ctx.services, ctx.site, input)),
});
