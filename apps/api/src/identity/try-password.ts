import { type AccountWithPassword, findAccountByEmail, logAccountAction, replacePasswordHash } from '@souk/db/identity';
import type { RequestFacts } from '../trpc/context.ts';
import { decoyHash, hashPassword, isCheaper, verifyPassword } from './password.ts';
import { countTry } from './sign-in-tries.ts';

/**
 * The account at this address, if the password is its own; undefined when it is not, when there is none, or when it is
 * locked, each in the same time. Every try is counted, for whoever is meant and per address (H04), and one that fails
 * stands in the account's log under `refusedAs`.
 * @throws Refused too_many_attempts
 */
export async function tryPassword(
  { services, address, requestId }: RequestFacts,
  {
    email,
    password,
    refusedAs,
    countedAs = `account ${email}`,
  }: {
    readonly email: string;
    readonly password: string;
    readonly refusedAs: 'sign_in_refused' | 'proof_refused';
    /** Whose tries these are. Somebody with a session has a count of their own, which no stranger can use up. */
    readonly countedAs?: string;
  },
): Promise<AccountWithPassword | undefined> {
  const { database } = services;
  const tries = await countTry(services, 'sign-in', countedAs, address);
  const found = await findAccountByEmail(database, email);
  // An unknown address costs the same time as a known one.
  const right = await verifyPassword(password, found?.passwordHash ?? (await decoyHash()));
  if (!found || !right || found.status !== 'active') {
    if (found)
      await logAccountAction(database, {
        actionId: services.newId(),
        adminId: found.adminId,
        action: refusedAs,
        requestId,
        at: services.now(),
      });
    return undefined;
  }
  await tries.giveBack();
  const { adminId, passwordHash: before } = found;
  // Now is the only time at which the password is known: what was hashed when hashing cost less is hashed anew.
  if (isCheaper(before))
    services.background(
      're-hash a password',
      hashPassword(password).then((after) => replacePasswordHash(database, { adminId, before, after })),
    );
  return found;
}
