import type { EmailStatus } from '@souk/domain/integrations';
import type { OrderId } from '@souk/domain/shared';
import { type SiteTransaction, rows, run, sql } from '../with-site.ts';

export type EmailType =
  | 'order_confirmed'
  | 'order_shipped'
  | 'order_unpaid'
  | 'invitation'
  | 'domain_lost'
  | 'domain_released'
  | 'support_opened';

/** One row per change of a mail's status. The recipient is sealed under their key (G6). */
export async function insertEmailStatus(
  tx: SiteTransaction,
  mail: {
    dispatchId: string;
    n: number;
    /** Undefined where the mail is about no order. */
    orderId: OrderId | undefined;
    personId: string;
    emailType: EmailType;
    status: EmailStatus;
    recipientSealed: Buffer;
    detail: string;
  },
): Promise<void> {
  await run(
    tx,
    sql`insert into email_dispatch_logs (site_id, dispatch_id, n, order_id, person_id, email_type, status, recipient_sealed, detail, "timestamp")
      values (${tx.siteId}, ${mail.dispatchId}, ${mail.n}, ${mail.orderId ?? null}, ${mail.personId}, ${mail.emailType}, ${mail.status}, ${mail.recipientSealed}, ${mail.detail}, ${tx.at})`,
  );
}

/** How far a mail has come: its rows so far, and the status of the last. */
export async function emailProgress(
  tx: SiteTransaction,
  dispatchId: string,
): Promise<{ n: number; status: EmailStatus | undefined }> {
  const found = await rows<{ n: number; status: EmailStatus }>(
    tx,
    sql`select n, status from email_dispatch_logs where site_id = ${tx.siteId} and dispatch_id = ${dispatchId} order by n desc limit 1`,
  );
  return { n: found[0]?.n ?? 0, status: found[0]?.status };
}

/** The mails about an order, each with its last status. */
export async function listEmailsOfOrder(
  tx: SiteTransaction,
  orderId: OrderId,
): Promise<{ emailType: EmailType; status: EmailStatus; timestamp: Date }[]> {
  const found = await rows<{ email_type: EmailType; status: EmailStatus; timestamp: Date }>(
    tx,
    sql`select distinct on (dispatch_id) email_type, status, "timestamp" from email_dispatch_logs where site_id = ${tx.siteId} and order_id = ${orderId} order by dispatch_id, n desc`,
  );
  return found.map((f) => ({ emailType: f.email_type, status: f.status, timestamp: f.timestamp }));
}
