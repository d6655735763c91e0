import { insertSession } from '@souk/db/identity';
import { SESSION_LIMITS, deviceWords, networkWords } from '@souk/domain/identity';
import type { AdminId } from '@souk/domain/shared';
import type { RequestFacts } from '../trpc/context.ts';
import { adminCookie, hashToken, newToken } from './session.ts';
import { isTimeZone } from './site-fields.ts';

/** What a session is told apart by: words for the device, its clock, the network it came from. No more is kept of it. */
export function marksOf({ headers, address }: Pick<RequestFacts, 'headers' | 'address'>) {
  const timeZone = headers['x-souk-time-zone'] ?? '';
  return {
    device: deviceWords(headers['user-agent'] ?? ''),
    timeZone: timeZone.length <= 60 && isTimeZone(timeZone) ? timeZone : '',
    network: networkWords(address),
  };
}

/**
 * Signs an account in: a new session, its row in the account's log, its cookie. `epoch` is the account's as it was when its
 * password was right: were it changed meanwhile, the session is over before it began.
 */
export async function startSession(facts: RequestFacts, adminId: AdminId, epoch = 1): Promise<void> {
  const { services, requestId, setCookie } = facts;
  const token = newToken();
  const at = services.now();
  const hours = SESSION_LIMITS.absoluteHours;
  await insertSession(services.database, {
    sessionId: services.newId(),
    adminId,
    tokenHash: hashToken(token),
    at,
    expiresAt: new Date(at.getTime() + hours * 3_600_000),
    actionId: services.newId(),
    requestId,
    epoch,
    ...marksOf(facts),
  });
  setCookie(adminCookie(services.mode), token, { maxAgeSeconds: hours * 3600 });
}
