import { useRecoveryCode, useTotpStep } from '@souk/db/identity';
import type { AdminId } from '@souk/domain/shared';
import { z } from 'zod';
import type { RequestFacts } from '../trpc/context.ts';
import { Refused } from '../trpc/refusals.ts';
import { recoveryCodeHash } from './recovery-codes.ts';
import { countTry, forgiveTries } from './sign-in-tries.ts';
import { totpStep } from './totp.ts';

/** A code of the app, or a recovery code, as somebody types it. */
export const secondFactorCode = z.string().max(100);

const wrongCode = (): Refused => {
  const message = 'This code is not right, or it was used already. Codes of the app change every half minute.';
  return new Refused({ code: 'wrong_field', message, field: 'code', fields: { code: message } });
};

/**
 * Uses a code of the account's app, or one of its recovery codes: each works once, whoever comes with it and how often (C15).
 * Every try is counted, for the account and per address (H04).
 * @throws Refused wrong_field for a code that is not right, too_many_attempts.
 */
export async function trySecondFactor(
  { services, address, requestId }: RequestFacts,
  { adminId, secretSealed }: { readonly adminId: AdminId; readonly secretSealed: Buffer | undefined },
  typed: string,
): Promise<void> {
  const { database, key } = services;
  const who = `second factor of ${adminId}`;
  await countTry(services, 'sign-in', who, address);
  const code = typed.replaceAll(/\s/g, '');
  const at = services.now();
  const isRight = async (): Promise<boolean> => {
    if (/^\d{6}$/.test(code)) {
      if (!secretSealed) return false;
      const step = totpStep(key, adminId, { sealed: secretSealed, code, at });
      return step !== undefined && useTotpStep(database, adminId, step);
    }
    return useRecoveryCode(database, {
      adminId,
      codeHash: recoveryCodeHash(key, adminId, code),
      mailId: services.newId(),
      at,
      actionId: services.newId(),
      requestId,
    });
  };
  if (!(await isRight())) throw wrongCode();
  await forgiveTries(services, who, address);
}
