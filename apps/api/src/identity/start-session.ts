import { insertSession } from '@souk/db/identity';
import type { AdminId } from '@souk/domain/shared';
import type { RequestFacts } from '../trpc/context.ts';
import { SESSION_HOURS, adminCookie, hashToken, newToken } from './session.ts';

/** Signs an account in: a new session, its row in the account's log, its cookie. */
export async function startSession(facts: RequestFacts, adminId: AdminId): Promise<void> {
  const { services, requestId, setCookie } = facts;
  const token = newToken();
  const at = services.now();
  await insertSession(services.database, {
    sessionId: services.newId(),
    adminId,
    tokenHash: hashToken(token),
    at,
    expiresAt: new Date(at.getTime() + SESSION_HOURS * 3_600_000),
    actionId: services.newId(),
    requestId,
  });
  setCookie(adminCookie(services.mode), token, { maxAgeSeconds: SESSION_HOURS * 3600 });
}
