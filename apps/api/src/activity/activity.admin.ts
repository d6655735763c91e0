import { listActionNames, listActions } from '@souk/db/activity';
import { listMembers } from '@souk/db/identity';
import { z } from 'zod';
import { adminProcedure, adminRouterOf } from '../trpc/procedures.ts';
import { pageInput } from '../trpc/schemas.ts';
import { EXPORT_FORMATS, exportTicket, peopleOfLog } from './activity-export.ts';
import { activityFilter, filterOf } from './activity-filter.ts';

export const activityRouter = adminRouterOf({
  /** One page of the log, newest first. `searchedTo`: so far back was looked, and there may be more before. */
  list: adminProcedure('VIEW_ACTIVITY')
    .input(z.strictObject({ ...activityFilter, ...pageInput }))
    .output(
      z.strictObject({
        rows: z.array(
          z.strictObject({
            actionId: z.string(),
            who: z.string(),
            /** The name of the person it was done to: removed, given another role, let in. */
            whom: z.string().optional(),
            roleName: z.string(),
            /** Done by support, let in by an owner (SA1). */
            isSupport: z.boolean(),
            action: z.string(),
            entityType: z.string(),
            entityId: z.string().optional(),
            before: z.unknown().optional(),
            after: z.unknown().optional(),
            timestamp: z.date(),
          }),
        ),
        next: z.string().optional(),
        searchedTo: z.date().optional(),
      }),
    )
    .query(async ({ ctx, input: { after, limit, ...filter } }) => {
      const [page, people] = await Promise.all([
        ctx.site.read((tx) => listActions(tx, { ...filterOf(filter), after, limit })),
        peopleOfLog(ctx.services, ctx.site.siteId),
      ]);
      return {
        rows: page.rows.map(({ actorKind, actorId, requestId: _, ...r }) => ({
          ...r,
          who: people.who({ actorKind, actorId }),
          whom: people.whom(r),
          isSupport: actorKind === 'support',
        })),
        next: page.next,
        searchedTo: page.searchedTo,
      };
    }),

  /** By whom and by what the log can be asked: people past and present, and actions that stand in it. */
  filters: adminProcedure('VIEW_ACTIVITY')
    .output(
      z.strictObject({
        people: z.array(z.strictObject({ id: z.string(), name: z.string() })),
        actions: z.array(z.string()),
      }),
    )
    .query(async ({ ctx }) => {
      const [members, actions] = await Promise.all([
        listMembers(ctx.services.database, ctx.site.siteId),
        ctx.site.read(listActionNames),
      ]);
      return {
        people: [
          ...members.map((m) => ({ id: m.adminId as string, name: m.name })),
          { id: 'system', name: 'Souk itself' },
        ],
        actions,
      };
    }),

  /** Makes a download of what is asked for. It names people, so it wants a fresh proof, and stands in the log itself (I7). */
  export: adminProcedure('VIEW_ACTIVITY')
    .meta({ fresh: true, support: 'never' })
    .input(z.strictObject({ ...activityFilter, format: z.enum(EXPORT_FORMATS) }))
    .output(z.strictObject({ href: z.string() }))
    .mutation(({ ctx: { site, services }, input: { format, ...filter } }) =>
      site.write(async (tx) => {
        const holder = { siteId: site.siteId, adminId: site.actor.id, format };
        const ticket = exportTicket(services.key, holder, filter, tx.at);
        return {
          value: { href: `/s/${site.handle}/downloads/activity.${format}?ticket=${ticket}` },
          entityType: 'activity',
          after: { format, ...filter },
        };
      }),
    ),
});
