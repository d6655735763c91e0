import { listSitesOfAccount, revokeSession } from '@souk/db/identity';
import { emailAddress } from '@souk/domain/identity';
import { z } from 'zod';
import { accountProcedure, adminRouterOf, publicProcedure } from '../trpc/procedures.ts';
import { Refused } from '../trpc/refusals.ts';
import { renewProof } from './renew-proof.ts';
import { adminCookie, hashToken } from './session.ts';
import { startSession } from './start-session.ts';
import { tryPassword } from './try-password.ts';

const wrong = (): Refused =>
  new Refused({ code: 'wrong_email_or_password', message: 'E-mail or password is not right.' });

const password = z.string().min(1, 'Enter your password.').max(1000, 'This is longer than any password here.');

const me = z.strictObject({ name: z.string(), email: z.string() });

export const accountRouter = adminRouterOf({
  signIn: publicProcedure
    .meta({ alone: true })
    .input(z.strictObject({ email: z.string().max(300), password }))
    .output(me)
    .mutation(async ({ ctx, input }) => {
      const parsed = emailAddress(input.email);
      // What is no address is nobody's; it is counted and answered as an unknown one.
      const email = parsed.ok ? parsed.value : `not an address: ${hashToken(input.email).toString('hex')}`;
      const found = await tryPassword(ctx, { email, password: input.password, refusedAs: 'sign_in_refused' });
      if (!found) throw wrong();
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

  /** Proves anew who one is, for what is dangerous (I7). The session goes on with another token. */
  prove: accountProcedure
    .meta({ alone: true })
    .input(z.strictObject({ password }))
    .output(z.strictObject({ proved: z.literal(true) }))
    .mutation(async ({ ctx, input }) => {
      const { email, sessionId } = ctx.account;
      const found = await tryPassword(ctx, {
        email,
        password: input.password,
        refusedAs: 'proof_refused',
        countedAs: `session ${sessionId}`,
      });
      if (!found) {
        const message = 'This is not your password.';
        throw new Refused({ code: 'wrong_field', message, field: 'password', fields: { password: message } });
      }
      await renewProof(ctx, sessionId);
      return { proved: true };
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
