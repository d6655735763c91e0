import {
  findAccountByEmail,
  insertSession,
  listSitesOfAccount,
  logAccountAction,
  revokeSession,
} from '@souk/db/identity';
import { emailAddress } from '@souk/domain/identity';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { z } from 'zod';
import { accountProcedure, adminRouterOf, publicProcedure } from '../trpc/procedures.ts';
import { Refused } from '../trpc/refusals.ts';
import { decoyHash, verifyPassword } from './password.ts';
import { SESSION_HOURS, adminCookie, hashToken, newToken } from './session.ts';

// Guessing is slowed per account and per address (H04). A try is counted before it is made, so that many at once are no
// more than many in a row; one that succeeds is given back.
const perAccount = new RateLimiterMemory({ points: 10, duration: 15 * 60 });
const perAddress = new RateLimiterMemory({ points: 50, duration: 15 * 60 });

const wrong = (): Refused =>
  new Refused({ code: 'wrong_email_or_password', message: 'E-mail or password is not right.' });

const me = z.strictObject({ name: z.string(), email: z.string() });

export const accountRouter = adminRouterOf({
  signIn: publicProcedure
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
      const counted = await Promise.allSettled([perAccount.consume(email), perAddress.consume(ctx.address)]);
      const waits = counted.flatMap((c) =>
        c.status === 'rejected' && c.reason instanceof RateLimiterRes ? [c.reason.msBeforeNext] : [],
      );
      if (waits.length > 0) {
        const seconds = Math.ceil(Math.max(...waits) / 1000);
        const minutes = Math.ceil(seconds / 60);
        throw new Refused({
          code: 'too_many_attempts',
          message: `Too many tries. Wait ${minutes === 1 ? 'a minute' : `${minutes} minutes`}, then try again.`,
          facts: { retryAfterSeconds: seconds },
        });
      }
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
      await Promise.all([perAccount.delete(email), perAddress.reward(ctx.address)]);
      const token = newToken();
      const at = services.now();
      await insertSession(services.database, {
        sessionId: services.newId(),
        adminId: found.adminId,
        tokenHash: hashToken(token),
        at,
        expiresAt: new Date(at.getTime() + SESSION_HOURS * 3_600_000),
        actionId: services.newId(),
        requestId: ctx.requestId,
      });
      ctx.setCookie(adminCookie(services.mode), token, { maxAgeSeconds: SESSION_HOURS * 3600 });
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
