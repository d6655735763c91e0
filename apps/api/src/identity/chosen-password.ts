import { PASSWORD_WORDS, passwordFault } from '@souk/domain/identity';
import { z } from 'zod';
import { Refused } from '../trpc/refusals.ts';
import { hashPassword } from './password.ts';

/** A password somebody chooses; longer ones than it may be are refused in words. */
export const newPassword = z.string().max(4000);

/**
 * Hashes a password that somebody has chosen. `known` is what anybody knows of them.
 * @throws Refused wrong_field when it is too easily guessed; nothing is hashed then.
 */
export async function hashChosen(password: string, known: readonly string[]): Promise<string> {
  const fault = passwordFault(password, known);
  if (fault) {
    const message = PASSWORD_WORDS[fault];
    throw new Refused({ code: 'wrong_field', message, field: 'password', fields: { password: message } });
  }
  return hashPassword(password);
}
