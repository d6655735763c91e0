import type { Database } from '../orm.ts';
import { platformRows } from '../platform.ts';
import { ACCOUNT_STATEMENTS as S } from './account-statements.ts';

/**
 * Notes that whoever has this session has proved who they are, gives it another token, and logs it (I7). Undefined when the
 * session has ended, or has been given another token meanwhile; otherwise when it ends at the latest.
 */
export async function renewSession(
  db: Database,
  session: {
    sessionId: string;
    tokenHash: Buffer;
    newTokenHash: Buffer;
    at: Date;
    actionId: string;
    requestId: string;
  },
): Promise<{ expiresAt: Date } | undefined> {
  const [renewed] = await platformRows<{ expires_at: Date }>(db, S.renewSession, [
    session.sessionId,
    session.tokenHash,
    session.newTokenHash,
    session.at,
    session.actionId,
    session.requestId,
  ]);
  return renewed && { expiresAt: renewed.expires_at };
}
