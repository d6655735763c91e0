import { findAccountByEmail, takeFactors } from '@souk/db/identity';
import { type LostFactorReason, emailAddress } from '@souk/domain/identity';
import type { AdminId } from '@souk/domain/shared';
import type { Services } from '../services.ts';
import { Refused } from '../trpc/refusals.ts';

const wrongEmail = (message: string): Refused =>
  new Refused({ code: 'wrong_field', message, field: 'email', fields: { email: message } });

/** Who does it, and from where. */
export type Taker = {
  readonly adminId: AdminId;
  readonly requestId: string;
  /** On a screen nobody does it for themselves: a session that was left open must not lead past a second factor. */
  readonly from: 'screen' | 'command';
};

/**
 * Lets somebody who has lost phone and codes in again with their password alone: takes their second factors and recovery codes
 * away and ends their sessions. It stands in the installation's log and in theirs, and they are told by mail.
 * @throws Refused wrong_field where the address is nobody's, one's own, or has no second factor.
 */
export async function takeFactorsBy(
  { database, newId, now }: Pick<Services, 'database' | 'newId' | 'now'>,
  { email: typed, reason }: { readonly email: string; readonly reason: LostFactorReason },
  { adminId: by, requestId, from }: Taker,
): Promise<{ adminId: AdminId; name: string }> {
  const parsed = emailAddress(typed);
  if (!parsed.ok) throw wrongEmail('This does not look like an e-mail address.');
  const account = await findAccountByEmail(database, parsed.value);
  if (!account) throw wrongEmail('Nobody signs in with this address.');
  if (from === 'screen' && account.adminId === by)
    throw wrongEmail(
      'This is you. Turn yours off on the page of your account, or ask somebody else who runs this installation.',
    );
  const isTaken = await takeFactors(database, {
    adminId: account.adminId,
    by,
    at: now(),
    actionId: newId(),
    requestId,
    details: { reason, from },
    mailId: newId(),
    accountActionId: newId(),
  });
  if (!isTaken) throw wrongEmail('This account has no second factor: its password alone signs in.');
  return { adminId: account.adminId, name: account.name };
}
