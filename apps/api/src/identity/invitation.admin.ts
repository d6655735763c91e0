import { findAccountBySession } from '@souk/db/identity';
import { emailAddress } from '@souk/domain/identity';
import { type AdminId, id } from '@souk/domain/shared';
import { z } from 'zod';
import { accountProcedure, adminRouterOf, publicProcedure } from '../trpc/procedures.ts';
import { Refused } from '../trpc/refusals.ts';
import { needed } from '../trpc/schemas.ts';
import { hashChosen, newPassword } from './chosen-password.ts';
import { acceptInvitation, accountExists, openInvitation } from './join-site.ts';
import { adminCookie, hashToken } from './session.ts';
import { startSession } from './start-session.ts';

const token = z.string().max(100);

/** What the holder of an invitation's link does. Whether the address has an account is told to nobody else. */
export const invitationRouter = adminRouterOf({
  look: publicProcedure
    .input(z.strictObject({ token }))
    .output(
      z.discriminatedUnion('state', [
        z.strictObject({ state: z.literal('dead') }),
        z.strictObject({
          state: z.literal('open'),
          siteName: z.string(),
          role: z.string(),
          invitedBy: z.string(),
          email: z.string(),
          hasAccount: z.boolean(),
          /** Who is signed in at this browser. */
          signedInAs: z.string().optional(),
        }),
      ]),
    )
    .query(async ({ ctx, input }) => {
      const { services, cookies } = ctx;
      const found = await openInvitation(services, input.token).catch((error: unknown) => {
        if (error instanceof Refused) return undefined;
        throw error;
      });
      if (!found) return { state: 'dead' as const };
      const session = cookies[adminCookie(services.mode)];
      const account =
        session === undefined
          ? undefined
          : await findAccountBySession(services.database, hashToken(session), services.now());
      return {
        state: 'open' as const,
        siteName: found.siteName,
        role: found.roleName,
        invitedBy: found.invitedBy,
        email: found.email,
        hasAccount: found.hasAccount,
        signedInAs: account?.email,
      };
    }),

  /** Accepts with the account that is signed in. */
  accept: accountProcedure
    .input(z.strictObject({ token }))
    .output(z.strictObject({ handle: z.string() }))
    .mutation(async ({ ctx, input }) => {
      const invitation = await openInvitation(ctx.services, input.token);
      await acceptInvitation(ctx.services, invitation, ctx.account.adminId, ctx.requestId);
      return { handle: invitation.handle };
    }),

  /** Accepts with an account that is made for it, at the address the invitation was sent to, and signs in. */
  join: publicProcedure
    .meta({ alone: true })
    .input(z.strictObject({ token, name: needed('Your name', 100), password: newPassword }))
    .output(z.strictObject({ handle: z.string() }))
    .mutation(async ({ ctx, input }) => {
      const { services, requestId } = ctx;
      // Nothing is hashed for somebody without the link.
      const invitation = await openInvitation(services, input.token);
      if (invitation.hasAccount) throw accountExists();
      const email = emailAddress(invitation.email);
      if (!email.ok) throw new Error('an invitation without an address');
      const passwordHash = await hashChosen(input.password, [input.name, invitation.email, invitation.siteName]);
      const adminId = id<AdminId>(services.newId());
      await acceptInvitation(
        services,
        invitation,
        { adminId, email: email.value, name: input.name, passwordHash },
        requestId,
      );
      await startSession(ctx, adminId);
      return { handle: invitation.handle };
    }),
});
