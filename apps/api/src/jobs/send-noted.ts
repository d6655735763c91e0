import { withSite } from '@souk/db';
import { personKey, sealFor } from '@souk/db/activity';
import { type EmailType, insertEmailStatus } from '@souk/db/integrations';
import type { EmailStatus } from '@souk/domain/integrations';
import type { OrderId, SiteId } from '@souk/domain/shared';
import type { Services } from '../services.ts';
import type { Mail, Mailer } from './mailer.ts';

/** A mail on its way: whose it is, and how far it had come before this try. */
export type Dispatch = {
  readonly siteId: SiteId;
  /** The event that asked for it: a second copy is known as one. */
  readonly dispatchId: string;
  readonly emailType: EmailType;
  /** Undefined where the mail is about no order. */
  readonly orderId: OrderId | undefined;
  /** Whose key the recipient is sealed under (G6). */
  readonly personId: string;
  /** Rows of the dispatch log so far. */
  readonly n: number;
};

/**
 * Sends a mail, at least once, with a row of the dispatch log for every change of its status.
 * @throws whatever the mailer throws; the row says that the mail is dead when this was the last try.
 */
export async function sendNoted(
  services: Services,
  mailer: Mailer,
  { siteId, n, ...about }: Dispatch,
  mail: Mail,
  isLastTry: boolean,
): Promise<void> {
  const note = (at: number, status: EmailStatus, detail: string): Promise<void> =>
    withSite(
      services.database,
      siteId,
      async (tx) => {
        const recipientSealed = sealFor(await personKey(tx, services.key, about.personId), 'recipient', mail.to);
        await insertEmailStatus(tx, { ...about, n: at, status, recipientSealed, detail });
      },
      services.now(),
    );
  await note(n + 1, n === 0 ? 'queued' : 'sending', n === 0 ? '' : 'another try');
  try {
    await mailer.send(mail);
  } catch (error) {
    if (isLastTry) await note(n + 2, 'dead', 'no further try');
    throw error;
  }
  await note(n + 2, 'accepted', '');
}
