import { insertSession, isDeviceKnown } from '@souk/db/identity';
import { SESSION_LIMITS, deviceWords, networkWords } from '@souk/domain/identity';
import type { AdminId } from '@souk/domain/shared';
import type { RequestFacts } from '../trpc/context.ts';
import { adminCookie, deviceCookie, hashToken, isToken, newToken } from './session.ts';
import { isTimeZone } from './site-fields.ts';

/** What a session is told apart by: words for the device, its clock, the network it came from. No more is kept of it. */
function marksOf({ headers, address }: Pick<RequestFacts, 'headers' | 'address'>) {
  const timeZone = headers['x-souk-time-zone'] ?? '';
  return {
    device: deviceWords(headers['user-agent'] ?? ''),
    timeZone: timeZone.length <= 60 && isTimeZone(timeZone) ? timeZone : '',
    network: networkWords(address),
    language: /^de\b/i.test(headers['accept-language'] ?? '') ? ('de' as const) : ('en' as const),
  };
}

/** How long a browser is known again, in days. */
const DEVICE_DAYS = 400;

/** What this browser says that it is known by. */
function deviceHashOf({ services, cookies }: Pick<RequestFacts, 'services' | 'cookies'>): Buffer | undefined {
  const token = cookies[deviceCookie(services.mode)];
  return isToken(token) ? hashToken(token) : undefined;
}

/** The mark of this browser, where the account at this address has signed in with it before. */
export async function knownDeviceOf(
  facts: Pick<RequestFacts, 'services' | 'cookies'>,
  email: string,
): Promise<string | undefined> {
  const device = deviceHashOf(facts);
  const isKnown = device !== undefined && (await isDeviceKnown(facts.services.database, email, device));
  return isKnown ? device.toString('hex') : undefined;
}

/** The browser's own mark, made where it has none. */
function knownDevice(facts: RequestFacts): Buffer {
  const known = deviceHashOf(facts);
  if (known) return known;
  const token = newToken();
  facts.setCookie(deviceCookie(facts.services.mode), token, { maxAgeSeconds: DEVICE_DAYS * 86_400 });
  return hashToken(token);
}

/**
 * Signs an account in: a new session, its row in the account's log, its cookie; and a mail to the account's owner when the
 * browser is one that they have not signed in at before. `epoch` is the account's as it was when its password was right:
 * were it changed meanwhile, the session is over before it began. An account that was just made needs no mail.
 */
export async function startSession(
  facts: RequestFacts,
  adminId: AdminId,
  known?: { epoch: number; isByPasskey?: boolean },
): Promise<void> {
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
    epoch: known?.epoch ?? 1,
    mailId: known && services.newId(),
    isByPasskey: known?.isByPasskey === true,
    deviceHash: knownDevice(facts),
    ...marksOf(facts),
  });
  setCookie(adminCookie(services.mode), token, { maxAgeSeconds: hours * 3600 });
}
