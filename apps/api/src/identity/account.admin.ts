import { findAccountByEmail, listSitesOfAccount, logAccountAction, revokeSession } from '@souk/db/identity';
import { emailAddress } from '@souk/domain/identity';
import { z } from 'zod';
import { accountProcedure, adminRouterOf, publicProcedure } from '../trpc/procedures.ts';
import { Refused } from '../trpc/refusals.ts';
import { decoyHash, verifyPassword } from './password.ts';
import { beginSignIn } from './sign-in-tries.ts';
import { adminCookie, hashToken } from './session.ts';
import { startSession } from './start-session.ts';

const wrong = (): Refused =>
  new Refused({ code: 'wrong_email_or_password', message: 'E-mail or password is not right.' });

const me = z.strictObject({ name: z.string(), email: z.string() });

export const accountRouter = adminRouterOf({
  signIn: publicProcedure
    .meta({ alone: true })
    .input(
      z.strictObject({
        email: z.string().max(300),
        password: z.string().min(1, 'Enter your password.').max(1000, 'This is longer than any password here.'),
      }),
    )
    .output(me)
    .mutation(async ({ ctx, input }) => {
      const { services } = ctx;
      const parsed = emailAddress(input.email);
      // What is no address is nobody's; it is counted and answered as an unknown one.
      const email = parsed.ok ? parsed.value : `not an address: ${hashToken(input.email).toString('hex')}`;
      const tries = await beginSignIn(services, email, ctx.address);
      const found = await findAccountByEmail(services.database, email);
      // An unknown address costs the same time as a known one.
      const right = await verifyPassword(input.password, found?.passwordHash ?? (await decoyHash()));
      if (!found || !right || found.status !== 'active') {
        if (found)
          await logAccountAction(services.database, {
            actionId: services.newId(),
            adminId: found.adminId,
            action: 'sign_in_refused',
            requestId: ctx.requestId,
            at: services.now(),
          });
        throw wrong();
      }
      await tries.giveBack();
      await startSession(ctx, found.adminId);
      return { name: found.name, email: found.email };
    }),

  signOut: accountProcedure.output(z.strictObject({ signedOut: z.literal(true) })).mutation(async ({ ctx }) => {
    const { services } = ctx;
    const cookie = adminCookie(services.mode);
    await revokeSession(
      services.database,
      hashToken(ctx.cookies[cookie] ?? ''),
      services.now(),
      services.newId(),
      ctx.requestId,
    );
    ctx.setCookie(cookie, '', { maxAgeSeconds: 0 });
    return { signedOut: true };
  }),

  me: accountProcedure
    .output(
      z.strictObject({
        ...me.shape,
        sites: z.array(
          z.strictObject({
            name: z.string(),
            handle: z.string(),
            status: z.string(),
            role: z.string(),
            shopUrl: z.string(),
          }),
        ),
      }),
    )
    .query(async ({ ctx }) => {
      const sites = await listSitesOfAccount(ctx.services.database, ctx.account.adminId);
      return {
        name: ctx.account.name,
        email: ctx.account.email,
        sites: sites.map((s) => ({
          name: s.name,
          handle: s.handle,
          status: s.status,
          role: s.roleName,
          shopUrl: ctx.services.shopOrigin(s.primaryDomain ?? ''),
        })),
      };
    }),
});
