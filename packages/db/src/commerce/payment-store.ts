import type { Order, PaymentEvidence, PaymentExceptionKind, PaymentEntryKind } from '@souk/domain/commerce';
import {
  type ConfigId,
  type Currency,
  type Money,
  type OrderId,
  type PaymentId,
  type SiteId,
  add,
  fromDecimal,
  toDecimal,
} from '@souk/domain/shared';
import type { Database } from '../orm.ts';
import { type SiteTransaction, row, runAlone, send, sql } from '../with-site.ts';

export type PaymentRow = {
  readonly paymentId: PaymentId;
  readonly orderId: OrderId;
  readonly personId: string;
  readonly orderNumber: string;
  readonly configId: ConfigId;
  readonly amount: Money;
  /** The contact key of the order's person, still wrapped. */
  readonly wrappedKey: Buffer | undefined;
  readonly providerReference: string | undefined;
  readonly redirectUrl: string | undefined;
  /** Where paying leads back to; undefined for payments from before it was kept. */
  readonly returnOrigin: string | undefined;
};

/** A payment with what its provider and its order need to know of it. */
export async function findPayment(tx: SiteTransaction, paymentId: PaymentId): Promise<PaymentRow | undefined> {
  const r = await row<{
    payment_id: PaymentId;
    order_id: OrderId;
    person_id: string;
    order_number: string;
    config_id: ConfigId;
    amount: string;
    currency: Currency;
    provider_reference: string | null;
    redirect_url: string | null;
    return_origin: string | null;
    wrapped_key: Buffer | null;
  }>(
    tx,
    sql`select p.payment_id, p.order_id, o.person_id, o.order_number, p.config_id, p.amount, p.currency, p.provider_reference, p.redirect_url, p.return_origin,
        (select wrapped_key from person_keys k where k.site_id = o.site_id and k.person_id = o.person_id and k.purpose = 'contact') as wrapped_key
      from payments p join orders o on o.site_id = p.site_id and o.order_id = p.order_id where p.site_id = ${tx.siteId} and p.payment_id = ${paymentId}`,
  );
  return (
    r && {
      paymentId: r.payment_id,
      orderId: r.order_id,
      personId: r.person_id,
      orderNumber: r.order_number,
      configId: r.config_id,
      amount: fromDecimal(r.amount, r.currency),
      providerReference: r.provider_reference ?? undefined,
      redirectUrl: r.redirect_url ?? undefined,
      returnOrigin: r.return_origin ?? undefined,
      wrappedKey: r.wrapped_key ?? undefined,
    }
  );
}

/** Whether no later try to pay the order was begun. Asked after the order is locked: a new try locks it too. */
export async function isNewestPayment(
  tx: SiteTransaction,
  payment: { orderId: OrderId; paymentId: PaymentId },
): Promise<boolean> {
  const later = await row(
    tx,
    sql`select 1 from payments where site_id = ${tx.siteId} and order_id = ${payment.orderId} and payment_id > ${payment.paymentId} limit 1`,
  );
  return !later;
}

/** Another try to pay an order: a payment of its own. */
export function insertPayment(
  tx: SiteTransaction,
  p: { paymentId: PaymentId; order: Order; configId: ConfigId; providerName: string; returnOrigin: string },
): void {
  send(
    tx,
    sql`insert into payments (site_id, payment_id, order_id, config_id, provider_name, amount, currency, mode, return_origin, created_at, updated_at)
      values (${tx.siteId}, ${p.paymentId}, ${p.order.orderId}, ${p.configId}, ${p.providerName}, ${toDecimal(p.order.total)}::numeric, ${p.order.total.currency}, ${p.order.mode}, ${p.returnOrigin}, ${tx.at}, ${tx.at})`,
  );
}

/** What the provider called our payment, and where the buyer pays. Set once, by itself. One round trip. */
export async function setProviderReference(
  db: Database,
  siteId: SiteId,
  paymentId: PaymentId,
  reference: { providerReference: string; redirectUrl: string },
  at: Date,
): Promise<void> {
  await runAlone(
    db,
    siteId,
    sql`update payments set provider_reference = ${reference.providerReference}, redirect_url = ${reference.redirectUrl}, updated_at = ${at}
      where site_id = ${siteId} and payment_id = ${paymentId} and provider_reference is null`,
  );
}

export type NewEntry = {
  readonly entryId: string;
  readonly orderId: OrderId;
  readonly paymentId: PaymentId;
  readonly kind: PaymentEntryKind;
  readonly amount: Money;
  readonly mode: 'live' | 'test';
  /** The configuration both the payment and the notice belong to. */
  readonly configId: ConfigId;
  readonly webhookEventId: string;
};

/** Records a provider's verified fact. One notice makes one entry, however often it comes (O3). */
export function insertEntry(tx: SiteTransaction, e: NewEntry): void {
  send(
    tx,
    sql`insert into payment_entries (site_id, entry_id, order_id, payment_id, kind, amount, currency, mode, config_id, webhook_event_id, "timestamp")
      values (${tx.siteId}, ${e.entryId}, ${e.orderId}, ${e.paymentId}, ${e.kind}, ${toDecimal(e.amount)}::numeric, ${e.amount.currency}, ${e.mode}, ${e.configId}, ${e.webhookEventId}, ${tx.at})`,
  );
}

/** Adds captured money to what covers an order (O2): the next number of the chain, with the running sum. The order is locked. */
export function insertEvidence(
  tx: SiteTransaction,
  order: Order,
  last: PaymentEvidence,
  source: { entryId: string; amount: Money },
): PaymentEvidence {
  const next: PaymentEvidence = { n: last.n + 1, covered: add(last.covered, source.amount), mode: order.mode };
  send(
    tx,
    sql`insert into payment_evidence (site_id, order_id, n, prev_covered, amount, covered, currency, mode, kind, entry_id, entry_kind, "timestamp")
      values (${tx.siteId}, ${order.orderId}, ${next.n}, ${toDecimal(last.covered)}::numeric, ${toDecimal(source.amount)}::numeric, ${toDecimal(next.covered)}::numeric, ${order.total.currency}, ${order.mode}, 'provider_entry', ${source.entryId}, 'captured', ${tx.at})`,
  );
  return next;
}

/** Nothing was to be paid: the evidence of an order whose total is zero. */
export function insertZeroEvidence(tx: SiteTransaction, order: Order): PaymentEvidence {
  send(
    tx,
    sql`insert into payment_evidence (site_id, order_id, n, prev_covered, amount, covered, currency, mode, kind, "timestamp")
      values (${tx.siteId}, ${order.orderId}, 1, 0, 0, 0, ${order.total.currency}, ${order.mode}, 'zero_total', ${tx.at})`,
  );
  return { n: 1, covered: { minorUnits: 0, currency: order.total.currency }, mode: order.mode };
}

/** Money that does not fit waits for a person. */
export function insertException(
  tx: SiteTransaction,
  x: { exceptionId: string; orderId: OrderId; entryId: string; kind: PaymentExceptionKind; amount: Money },
): void {
  send(
    tx,
    sql`insert into payment_exceptions (site_id, exception_id, order_id, entry_id, kind, amount, currency, status, created_at, updated_at)
      values (${tx.siteId}, ${x.exceptionId}, ${x.orderId}, ${x.entryId}, ${x.kind}, ${toDecimal(x.amount)}::numeric, ${x.amount.currency}, 'open', ${tx.at}, ${tx.at})`,
  );
}

/** Money of an order that was cancelled waits for a person to send it back, beside what of it waited already. */
export function insertRefundDue(tx: SiteTransaction, x: { exceptionId: string; orderId: OrderId }): void {
  send(
    tx,
    sql`insert into payment_exceptions (site_id, exception_id, order_id, entry_id, kind, amount, currency, status, created_at, updated_at)
      select site_id, ${x.exceptionId}::uuid, order_id, entry_id, 'to_refund', covered, currency, 'open', ${tx.at}, ${tx.at}
      from payment_evidence where site_id = ${tx.siteId} and order_id = ${x.orderId} and entry_id is not null and covered > 0 order by n desc limit 1`,
  );
}
