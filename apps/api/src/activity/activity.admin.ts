import { listActions } from '@souk/db/activity';
import { listMembers } from '@souk/db/identity';
import { z } from 'zod';
import { adminProcedure, adminRouterOf } from '../trpc/procedures.ts';
import { idInput, pageInput, pageOf } from '../trpc/schemas.ts';

export const activityRouter = adminRouterOf({
  list: adminProcedure('VIEW_ACTIVITY')
    .input(z.strictObject({ entityId: idInput.optional(), ...pageInput }))
    .output(
      z.strictObject({
        rows: z.array(
          z.strictObject({
            actionId: z.string(),
            who: z.string(),
            roleName: z.string(),
            action: z.string(),
            entityType: z.string(),
            entityId: z.string().optional(),
            after: z.unknown().optional(),
            timestamp: z.date(),
          }),
        ),
        next: z.string().optional(),
      }),
    )
    .query(async ({ ctx, input }) => {
      const [rows, members] = await Promise.all([
        ctx.site.read((tx) => listActions(tx, { ...input, limit: input.limit + 1 })),
        listMembers(ctx.services.database, ctx.site.siteId),
      ]);
      const names = new Map<string, string>(members.map((m) => [m.adminId, m.name]));
      const page = pageOf(rows, input.limit, (row) => row.actionId);
      return {
        rows: page.rows.map(({ actorKind, actorId, ...r }) => ({
          ...r,
          who:
            actorKind === 'system'
              ? 'Souk'
              : actorKind === 'operator'
                ? 'Whoever runs this installation'
                : (names.get(actorId ?? '') ?? (actorKind === 'service' ? 'A service' : 'A former member')),
        })),
        next: page.next,
      };
    }),
});
