import {
  confirmEmailChange,
  dropEmailChange,
  findEmailChange,
  findOpenEmailChange,
  isAddressTaken,
  requestEmailChange,
} from '@souk/db/identity';
import { emailAddress } from '@souk/domain/identity';
import { z } from 'zod';
import { accountProcedure, adminRouterOf, publicProcedure } from '../trpc/procedures.ts';
import { Refused } from '../trpc/refusals.ts';
import { LINK_MINUTES, linkToken } from './account-links.ts';
import { hashToken } from './session.ts';
import { countTry } from './sign-in-tries.ts';

const token = z.string().max(100);

const wrongEmail = (message: string): Refused =>
  new Refused({ code: 'wrong_field', message, field: 'email', fields: { email: message } });

/** Another address for one's account, once it is confirmed at the old and at the new one. */
export const emailChangeRouter = adminRouterOf({
  /** The change that waits for its confirmations, if there is one. */
  get: accountProcedure
    .output(
      z.strictObject({ newEmail: z.string(), isOldConfirmed: z.boolean(), isNewConfirmed: z.boolean() }).nullable(),
    )
    .query(
      async ({ ctx: { account, services } }) =>
        (await findOpenEmailChange(services.database, account.adminId, services.now())) ?? null,
    ),

  /** Writes to both addresses. Whether the new one has an account already is told only to whoever reads its mail. */
  request: accountProcedure
    .meta({ alone: true, fresh: true })
    .input(z.strictObject({ email: z.string().max(1000) }))
    .output(z.strictObject({ newEmail: z.string() }))
    .mutation(async ({ ctx, input }) => {
      const { account, services, address, requestId } = ctx;
      const parsed = emailAddress(input.email);
      if (!parsed.ok) throw wrongEmail('This does not look like an e-mail address.');
      if (parsed.value === account.email) throw wrongEmail('This is your address already.');
      await countTry(services, 'account mail', `account ${account.email}`, address);
      await countTry(services, 'account mail', `account ${parsed.value}`, address);
      const at = services.now();
      const changeId = services.newId();
      await requestEmailChange(services.database, {
        adminId: account.adminId,
        changeId,
        newEmail: parsed.value,
        oldTokenHash: hashToken(linkToken(services.key, 'e-mail change, old address', changeId)),
        newTokenHash: hashToken(linkToken(services.key, 'e-mail change, new address', changeId)),
        at,
        expiresAt: new Date(at.getTime() + LINK_MINUTES.email * 60_000),
        mailIds: [services.newId(), services.newId()],
        actionId: services.newId(),
        requestId,
      });
      return { newEmail: parsed.value };
    }),

  drop: accountProcedure.output(z.strictObject({ dropped: z.literal(true) })).mutation(async ({ ctx }) => {
    const { account, services, requestId } = ctx;
    await dropEmailChange(services.database, {
      adminId: account.adminId,
      at: services.now(),
      actionId: services.newId(),
      requestId,
    });
    return { dropped: true };
  }),

  /** What a link confirms, told to whoever holds it. */
  look: publicProcedure
    .input(z.strictObject({ token }))
    .output(
      z.discriminatedUnion('state', [
        z.strictObject({ state: z.literal('dead') }),
        z.strictObject({
          state: z.enum(['open', 'confirmed']),
          email: z.string(),
          newEmail: z.string(),
          isOld: z.boolean(),
        }),
      ]),
    )
    .query(async ({ ctx: { services }, input }) => {
      const found = await findEmailChange(services.database, hashToken(input.token), services.now());
      if (!found) return { state: 'dead' as const };
      const { isConfirmed, ...change } = found;
      return { state: isConfirmed ? ('confirmed' as const) : ('open' as const), ...change };
    }),

  /** Confirms at one of the two addresses; with the other one it is done. */
  confirm: publicProcedure
    .meta({ alone: true })
    .input(z.strictObject({ token }))
    .output(z.strictObject({ isDone: z.boolean() }))
    .mutation(async ({ ctx, input }) => {
      const { services, requestId } = ctx;
      const confirmed = await confirmEmailChange(services.database, {
        tokenHash: hashToken(input.token),
        at: services.now(),
        actionId: services.newId(),
        requestId,
      }).catch((error: unknown) => {
        if (!isAddressTaken(error)) throw error;
        throw new Refused({ code: 'account_exists', message: 'This address has an account of its own already.' });
      });
      if (!confirmed)
        throw new Refused({
          code: 'link_is_dead',
          message: 'This link is not good any more. Ask for the change again on the page of your account.',
        });
      return confirmed;
    }),
});
