import type { SessionRenewal } from '@souk/db/identity';
import type { RequestFacts } from '../trpc/context.ts';
import { notSignedIn } from '../trpc/procedures.ts';
import { adminCookie, hashToken, newToken } from './session.ts';

/**
 * Does something for which the session of this request gets another token, so that one which somebody else may have seen
 * opens nothing afterwards: a proof (I7), a change of password.
 * @throws Refused not_signed_in when the session has ended meanwhile.
 */
export async function withNewToken(
  { services, requestId, cookies, setCookie }: RequestFacts,
  sessionId: string,
  change: (session: SessionRenewal) => Promise<{ expiresAt: Date } | undefined>,
): Promise<void> {
  const name = adminCookie(services.mode);
  const token = newToken();
  const at = services.now();
  const renewed = await change({
    sessionId,
    tokenHash: hashToken(cookies[name] ?? ''),
    newTokenHash: hashToken(token),
    at,
    actionId: services.newId(),
    requestId,
  });
  if (!renewed) throw notSignedIn();
  setCookie(name, token, { maxAgeSeconds: Math.ceil((renewed.expiresAt.getTime() - at.getTime()) / 1000) });
}
