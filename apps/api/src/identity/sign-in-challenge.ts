import { beginChallenge } from '@souk/db/identity';
import type { AdminId } from '@souk/domain/shared';
import type { RequestFacts } from '../trpc/context.ts';
import { Refused } from '../trpc/refusals.ts';
import { hashToken, newToken } from './session.ts';

/** How long one has for the second factor after the first, in minutes. */
const CHALLENGE_MINUTES = 10;

/** Name of the cookie of somebody who has shown the first factor. It opens nothing but the door of the second. */
export const challengeCookie = (mode: 'development' | 'production'): string =>
  mode === 'production' ? '__Host-souk-step' : 'souk-step';

/** Half a sign-in that was finished, took too long or too many codes, or is of a password that is not the account's any more. */
export const tooLate = (): Refused =>
  new Refused({
    code: 'link_is_dead',
    message:
      'That took too long, was finished already, or the code was wrong too often. Begin again with your password.',
  });

/** Remembers for a while that the password was right. */
export async function startChallenge(
  { services, setCookie }: RequestFacts,
  account: { readonly adminId: AdminId; readonly sessionEpoch: number },
): Promise<void> {
  const token = newToken();
  const at = services.now();
  await beginChallenge(services.database, {
    tokenHash: hashToken(token),
    adminId: account.adminId,
    epoch: account.sessionEpoch,
    at,
    expiresAt: new Date(at.getTime() + CHALLENGE_MINUTES * 60_000),
  });
  setCookie(challengeCookie(services.mode), token, { maxAgeSeconds: CHALLENGE_MINUTES * 60 });
}
