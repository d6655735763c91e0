import { findReset, requestReset, resetPassword } from '@souk/db/identity';
import { emailAddress } from '@souk/domain/identity';
import { z } from 'zod';
import { adminRouterOf, publicProcedure } from '../trpc/procedures.ts';
import { Refused } from '../trpc/refusals.ts';
import { LINK_MINUTES, linkToken } from './account-links.ts';
import { hashChosen, newPassword } from './chosen-password.ts';
import { hashToken } from './session.ts';
import { countTry, forgiveTries } from './sign-in-tries.ts';

const token = z.string().max(100);

const resetIsDead = (): Refused =>
  new Refused({
    code: 'link_is_dead',
    message: 'This link is not good any more. It works once, for an hour; ask for another one.',
  });

/** For those who have forgotten their password. Whether an address has an account is told to nobody. */
export const passwordResetRouter = adminRouterOf({
  /** Sends a link, if the address has an account: with the same answer, and after the same work, if it has none. */
  request: publicProcedure
    .meta({ alone: true })
    .input(z.strictObject({ email: z.string().max(300) }))
    .output(z.strictObject({ asked: z.literal(true) }))
    .mutation(async ({ ctx, input }) => {
      const { services, address, requestId } = ctx;
      const parsed = emailAddress(input.email);
      if (!parsed.ok) {
        const message = 'This does not look like an e-mail address.';
        throw new Refused({ code: 'wrong_field', message, field: 'email', fields: { email: message } });
      }
      await countTry(services, 'account mail', `account ${parsed.value}`, address);
      const at = services.now();
      const resetId = services.newId();
      await requestReset(services.database, {
        email: parsed.value,
        resetId,
        tokenHash: hashToken(linkToken(services.key, 'password reset', resetId)),
        at,
        expiresAt: new Date(at.getTime() + LINK_MINUTES.reset * 60_000),
        mailId: services.newId(),
        actionId: services.newId(),
        requestId,
      });
      return { asked: true };
    }),

  /** Whether a link is good, told to whoever holds it. */
  look: publicProcedure
    .input(z.strictObject({ token }))
    .output(
      z.discriminatedUnion('state', [
        z.strictObject({ state: z.literal('dead') }),
        z.strictObject({ state: z.literal('open'), email: z.string(), name: z.string() }),
      ]),
    )
    .query(async ({ ctx: { services }, input }) => {
      const found = await findReset(services.database, hashToken(input.token), services.now());
      return found ? { state: 'open' as const, ...found } : { state: 'dead' as const };
    }),

  /** Sets another password with a link, once. It ends every session and signs nobody in: a second factor is asked for as ever. */
  finish: publicProcedure
    .meta({ alone: true })
    .input(z.strictObject({ token, password: newPassword }))
    .output(z.strictObject({ email: z.string() }))
    .mutation(async ({ ctx, input }) => {
      const { services, requestId } = ctx;
      const tokenHash = hashToken(input.token);
      // Nothing is hashed for somebody without the link.
      const found = await findReset(services.database, tokenHash, services.now());
      if (!found) throw resetIsDead();
      const passwordHash = await hashChosen(input.password, [found.name, found.email]);
      const reset = await resetPassword(services.database, {
        tokenHash,
        at: services.now(),
        passwordHash,
        mailId: services.newId(),
        actionId: services.newId(),
        requestId,
      });
      if (!reset) throw resetIsDead();
      // Whoever guessed at the old password keeps nobody out who has proved the mailbox.
      await forgiveTries(services, `account ${reset.email}`, ctx.address);
      return reset;
    }),
});
