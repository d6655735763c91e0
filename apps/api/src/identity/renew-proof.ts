import { renewSession } from '@souk/db/identity';
import type { RequestFacts } from '../trpc/context.ts';
import { notSignedIn } from '../trpc/procedures.ts';
import { adminCookie, hashToken, newToken } from './session.ts';

/**
 * Whoever has this session has proved who they are: what is dangerous is open to it for a while (I7). The session goes on
 * with another token, so that one which somebody else may have seen opens nothing afterwards.
 * @throws Refused not_signed_in when the session has ended meanwhile.
 */
export async function renewProof(facts: RequestFacts, sessionId: string): Promise<void> {
  const { services, requestId, cookies, setCookie } = facts;
  const name = adminCookie(services.mode);
  const token = newToken();
  const at = services.now();
  const renewed = await renewSession(services.database, {
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
