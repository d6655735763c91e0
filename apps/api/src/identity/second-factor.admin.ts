import { beginTotp, confirmTotp, getSecondFactor, removeSecondFactor, replaceRecoveryCodes } from '@souk/db/identity';
import { z } from 'zod';
import { accountProcedure, adminRouterOf } from '../trpc/procedures.ts';
import { Refused } from '../trpc/refusals.ts';
import { newCodesFor } from './recovery-codes.ts';
import { countTry, forgiveTries } from './sign-in-tries.ts';
import { newTotpSecret, totpStep } from './totp.ts';
import { secondFactorCode } from './try-second-factor.ts';

const notSetUp = (): Refused =>
  new Refused({ code: 'second_factor_missing', message: 'Your account has no second factor. Set one up first.' });

/** A second `begin` takes the place of the first: the code of a picture that was replaced is as wrong as any other. */
const wrongCode = (): Refused => {
  const message =
    'This is not the code the app shows now. Is the clock of your phone right? If you began anew in another window, scan the picture there.';
  return new Refused({ code: 'wrong_field', message, field: 'code', fields: { code: message } });
};

const codes = z.strictObject({ recoveryCodes: z.array(z.string()) });

/** An authenticator app as the second factor of one's account, and the codes for the day it is lost. */
export const secondFactorRouter = adminRouterOf({
  get: accountProcedure
    .output(z.strictObject({ since: z.date().optional(), codesLeft: z.int() }))
    .query(async ({ ctx: { account, services } }) => {
      const { confirmedAt, codesLeft } = await getSecondFactor(services.database, account.adminId);
      return { since: confirmedAt, codesLeft };
    }),

  /** Makes a secret for an app to take over. It is asked for when signing in only after `confirm`. */
  begin: accountProcedure
    .meta({ alone: true, fresh: true })
    .output(z.strictObject({ setupKey: z.string(), uri: z.string() }))
    .mutation(async ({ ctx: { account, services } }) => {
      const { sealed, setupKey, uri } = newTotpSecret(services.key, account);
      const begun = await beginTotp(services.database, {
        authenticatorId: services.newId(),
        adminId: account.adminId,
        secretSealed: sealed,
        at: services.now(),
      });
      if (!begun)
        throw new Refused({
          code: 'second_factor_there',
          message: 'Your account has an authenticator app already. Turn it off before you set up another one.',
        });
      return { setupKey, uri };
    }),

  /**
   * Puts the app to use once it has shown a code. With the first factor of any kind come ten recovery codes, shown this once.
   */
  confirm: accountProcedure
    .meta({ alone: true, fresh: true })
    .input(z.strictObject({ code: secondFactorCode }))
    .output(codes.partial())
    .mutation(async ({ ctx, input }) => {
      const { account, services, address, requestId } = ctx;
      const who = `second factor of ${account.adminId}`;
      await countTry(services, 'sign-in', who, address);
      const { secretSealed, confirmedAt } = await getSecondFactor(services.database, account.adminId);
      if (!secretSealed || confirmedAt) throw notSetUp();
      const at = services.now();
      const code = input.code.replaceAll(/\s/g, '');
      const step = totpStep(services.key, account.adminId, { sealed: secretSealed, code, at });
      if (step === undefined) throw wrongCode();
      const { recoveryCodes, codeHashes } = newCodesFor(services.key, account.adminId);
      const confirmed = await confirmTotp(services.database, {
        adminId: account.adminId,
        step,
        codeHashes,
        sessionId: account.sessionId,
        secretSealed,
        mailId: services.newId(),
        at,
        actionId: services.newId(),
        requestId,
      });
      // Another picture was made in this moment, or the app is in use already.
      if (!confirmed) throw wrongCode();
      await forgiveTries(services, who, address);
      return confirmed.isFirst ? { recoveryCodes } : {};
    }),

  /** Makes ten new recovery codes; those before have stopped working. */
  newCodes: accountProcedure
    .meta({ alone: true, fresh: true })
    .output(codes)
    .mutation(async ({ ctx: { account, services, requestId } }) => {
      const { recoveryCodes, codeHashes } = newCodesFor(services.key, account.adminId);
      const made = await replaceRecoveryCodes(services.database, {
        adminId: account.adminId,
        codeHashes,
        mailId: services.newId(),
        at: services.now(),
        actionId: services.newId(),
        requestId,
      });
      if (!made) throw notSetUp();
      return { recoveryCodes };
    }),

  /** Takes the app away, and with the last factor the recovery codes. The owner is told by mail. */
  remove: accountProcedure
    .meta({ alone: true, fresh: true })
    .output(z.strictObject({ removed: z.literal(true) }))
    .mutation(async ({ ctx: { account, services, requestId } }) => {
      const removed = await removeSecondFactor(services.database, {
        adminId: account.adminId,
        mailId: services.newId(),
        at: services.now(),
        actionId: services.newId(),
        requestId,
      });
      if (!removed) throw notSetUp();
      return { removed: true };
    }),
});
