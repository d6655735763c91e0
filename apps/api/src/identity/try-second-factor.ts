import { noteWrongCode, useRecoveryCode, useTotpStep } from '@souk/db/identity';
import type { AdminId } from '@souk/domain/shared';
import { v5 } from 'uuid';
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

/** Whose tries these are, and what for. */
export type CodeTries = {
  /** Guesses of codes of the app, of which there are few: of the account, or of somebody who is known by more than the password. */
  readonly ofApp: string;
  /** Guesses of recovery codes, which nobody guesses: of this sign-in or session, so that nobody uses them up for the owner. */
  readonly ofRecovery: string;
  /** Whether whoever tries has shown the password just now: then the owner has to hear of it. */
  readonly isSignIn: boolean;
};

const HOUR_MS = 3_600_000;

/** The id of the one mail of a day about guesses, so that of many at once no second one is written. */
const mailOfTheDay = (adminId: AdminId, at: Date): string =>
  v5(`codes guessed ${at.toISOString().slice(0, 10)}`, adminId);

/**
 * Uses a code of the account's app, or one of its recovery codes: each works once, whoever comes with it and how often (C15).
 * Every try is counted, for whom `tries` says and per address (H04); one that is wrong stands in the account's log, and the third
 * of a sign-in is mailed to the owner.
 * @throws Refused wrong_field for a code that is not right, too_many_attempts.
 */
export async function trySecondFactor(
  { services, address, requestId }: RequestFacts,
  { adminId, secretSealed }: { readonly adminId: AdminId; readonly secretSealed: Buffer | undefined },
  typed: string,
  tries: CodeTries,
): Promise<void> {
  const { database, key, newId } = services;
  const code = typed.replaceAll(/\s/g, '');
  const isOfApp = /^\d{6}$/.test(code);
  const who = isOfApp ? tries.ofApp : tries.ofRecovery;
  await countTry(services, 'sign-in', who, address);
  const at = services.now();
  const deed = { adminId, at, actionId: newId(), requestId };
  const isRight = async (): Promise<boolean> => {
    if (isOfApp) {
      const step = secretSealed && totpStep(key, adminId, { sealed: secretSealed, code, at });
      return step !== undefined && useTotpStep(database, adminId, step);
    }
    return useRecoveryCode(database, { ...deed, codeHash: recoveryCodeHash(key, adminId, code), mailId: newId() });
  };
  if (await isRight()) return forgiveTries(services, who, address);
  await noteWrongCode(database, {
    ...deed,
    // Rows of the last hour are found by the time in their ids.
    actionId: newId(at),
    hourAgo: newId(new Date(at.getTime() - HOUR_MS)),
    mailId: tries.isSignIn ? mailOfTheDay(adminId, at) : undefined,
  });
  throw wrongCode();
}
