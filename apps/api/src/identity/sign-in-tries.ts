import { createHmac } from 'node:crypto';
import { countSignInTries, giveBackSignInTries } from '@souk/db/identity';
import { networkOf } from '../http/visitor-address.ts';
import type { Services } from '../services.ts';
import { Refused } from '../trpc/refusals.ts';

/**
 * Guessing is slowed per account and per address (H04): ten tries are many for a person, fifty for an office. Mails that
 * anybody may ask for are few for one mailbox (B04). A site lets support in a few times an hour: each time is a mail, and
 * could be a guess at who runs the installation.
 */
const LIMITS = {
  'sign-in': { windowMinutes: 15, perAccount: 10, perAddress: 50 },
  /** Asking for a passkey tries nothing; it leaves a row until it is answered, or for five minutes. */
  'passkey question': { windowMinutes: 15, perAccount: 200, perAddress: 200 },
  'support access': { windowMinutes: 60, perAccount: 10, perAddress: 30 },
  'account mail': { windowMinutes: 60, perAccount: 5, perAddress: 30 },
} as const;

/**
 * Counts a try before it is made, in the database, so that many at once, or at several processes, are no more than many in
 * a row.
 * @throws Refused too_many_attempts, with the seconds to wait.
 */
export async function countTry(
  services: Services,
  what: keyof typeof LIMITS,
  who: string,
  address: string,
): Promise<{ giveBack: () => Promise<void> }> {
  const { database, key } = services;
  const limits = LIMITS[what];
  const counted = (whose: string): Buffer => createHmac('sha256', key).update(`${what} ${whose}`).digest();
  const [account, network] = [counted(who), counted(`address ${networkOf(address)}`)];
  const at = services.now();
  const [ofAccount, ofAddress] = await countSignInTries(database, [account, network], at, limits.windowMinutes);
  const waits = [
    ofAccount && ofAccount.tries > limits.perAccount ? ofAccount.until : at,
    ofAddress && ofAddress.tries > limits.perAddress ? ofAddress.until : at,
  ].map((until) => Math.ceil((until.getTime() - at.getTime()) / 1000));
  const seconds = Math.max(...waits);
  if (seconds > 0) {
    const minutes = Math.ceil(seconds / 60);
    throw new Refused({
      code: 'too_many_attempts',
      message: `Too many tries. Wait ${minutes === 1 ? 'a minute' : `${minutes} minutes`}, then try again.`,
      facts: { retryAfterSeconds: seconds },
    });
  }
  return { giveBack: () => giveBackSignInTries(database, account, network) };
}

/** Forgives the tries at an account: whoever has proved that it is theirs starts anew. */
export async function forgiveTries({ database, key }: Services, who: string, address: string): Promise<void> {
  const counted = (whose: string): Buffer => createHmac('sha256', key).update(`sign-in ${whose}`).digest();
  await giveBackSignInTries(database, counted(who), counted(`address ${networkOf(address)}`));
}
