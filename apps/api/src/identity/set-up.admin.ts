import { findSetUpState } from '@souk/db/identity';
import { z } from 'zod';
import { adminRouterOf, publicProcedure } from '../trpc/procedures.ts';
import { foundingInput, foundingOf } from './founding.ts';
import { hashToken } from './session.ts';
import { linkIsDead, setUpInstallation } from './set-up.ts';
import { startSession } from './start-session.ts';

export const setUpRouter = adminRouterOf({
  /** Whether the link is the one that makes the first account: open, dead, or everything is done already. */
  look: publicProcedure
    .input(z.strictObject({ token: z.string().max(100).optional() }))
    .output(z.strictObject({ state: z.enum(['open', 'dead', 'done']) }))
    .query(async ({ ctx, input }) => {
      const { database, now } = ctx.services;
      const { isSetUp, isOpen } = await findSetUpState(database, hashToken(input.token ?? ''), now());
      return { state: isSetUp ? 'done' : isOpen ? 'open' : 'dead' };
    }),

  /** Makes the first account and the first site, and signs in. */
  finish: publicProcedure
    .meta({ alone: true })
    .input(foundingInput)
    .output(z.strictObject({ handle: z.string() }))
    .mutation(async ({ ctx, input }) => {
      const { services } = ctx;
      // Nothing is hashed for somebody without the link.
      const { isOpen } = await findSetUpState(services.database, hashToken(input.token), services.now());
      if (!isOpen) throw linkIsDead();
      const founding = foundingOf(input, services);
      const adminId = await setUpInstallation(services, founding, ctx.requestId);
      await startSession(ctx, adminId);
      return { handle: founding.site.handle };
    }),
});
