import type { Money } from '../shared/index.ts';
import type { OrderMode } from './order.ts';
import { AWAITING_PAYMENT, type OrderStatus, type OrderTransition, isTerminal } from './order-status.ts';

export type PaymentEntryKind =
  | 'authorised'
  | 'captured'
  | 'failed'
  | 'voided'
  | 'lapsed'
  | 'refunded'
  | 'refund_returned'
  | 'dispute_withdrawn'
  | 'dispute_returned'
  | 'fee';

export type PaymentStatus = 'created' | 'failed' | 'authorised' | 'captured' | 'voided';

/** A payment's status is what its entries say; it is never stored. */
export function paymentStatus(kinds: readonly PaymentEntryKind[]): PaymentStatus {
  if (kinds.includes('captured')) return 'captured';
  if (kinds.includes('voided') || kinds.includes('lapsed')) return 'voided';
  if (kinds.includes('authorised')) return 'authorised';
  return kinds.includes('failed') ? 'failed' : 'created';
}

/** What a provider told us, once its signature held. Amounts are of the notice, not of the order. */
export type ProviderFact = {
  readonly kind: 'authorised' | 'captured' | 'failed' | 'voided' | 'pending';
  readonly amount: Money;
  readonly mode: OrderMode;
};

export type PaymentExceptionKind =
  | 'late'
  | 'overpaid'
  | 'underpaid'
  | 'wrong_currency'
  | 'wrong_mode'
  | 'unexpected_authorisation'
  | 'to_refund';

export type NoticeOutcome = {
  /** The fact is always recorded, unless it changes nothing at all. */
  readonly record: boolean;
  /** Money that counts for this order: it becomes payment evidence. */
  readonly countsAsEvidence: boolean;
  readonly transition:
    | Extract<OrderTransition, 'confirm' | 'authorizePayment' | 'failPayment' | 'lapsePayment'>
    | undefined;
  readonly exception: PaymentExceptionKind | undefined;
};

const nothing: NoticeOutcome = { record: false, countsAsEvidence: false, transition: undefined, exception: undefined };
const recorded: NoticeOutcome = { ...nothing, record: true };

/**
 * What a verified notice does to an order, for every state an order can be in (C07). Late, surplus or wrong money is
 * recorded and held for a person; it never fails the notice and never moves a dead order.
 * What an older payment of the order says besides captured money is only recorded: the buyer is paying with another one.
 * @param order status, currency, mode and total of the order, and what evidence has covered so far.
 */
export function outcomeOfNotice(
  order: { readonly status: OrderStatus; readonly mode: OrderMode; readonly total: Money; readonly covered: Money },
  fact: ProviderFact,
  isNewestPayment = true,
): NoticeOutcome {
  const rightKind = fact.mode === order.mode && fact.amount.currency === order.total.currency;
  if (!isNewestPayment && (fact.kind === 'failed' || fact.kind === 'voided')) return recorded;
  switch (fact.kind) {
    case 'pending':
      return nothing;
    case 'failed':
      // A refusal of play money says nothing about a real payment, nor the other way round.
      return order.status === 'pending_payment' && rightKind ? { ...recorded, transition: 'failPayment' } : recorded;
    case 'voided':
      return order.status === 'payment_authorized' && rightKind
        ? { ...recorded, transition: 'lapsePayment' }
        : recorded;
    case 'authorised': {
      if (!rightKind) return { ...recorded, exception: fact.mode === order.mode ? 'wrong_currency' : 'wrong_mode' };
      if (isTerminal(order.status)) return { ...recorded, exception: 'unexpected_authorisation' };
      const enough = fact.amount.minorUnits + order.covered.minorUnits >= order.total.minorUnits;
      return order.status === 'pending_payment' && enough && isNewestPayment
        ? { ...recorded, transition: 'authorizePayment' }
        : recorded;
    }
    case 'captured': {
      if (fact.mode !== order.mode) return { ...recorded, exception: 'wrong_mode' };
      if (fact.amount.currency !== order.total.currency) return { ...recorded, exception: 'wrong_currency' };
      const money = { ...recorded, countsAsEvidence: true };
      if (isTerminal(order.status)) return { ...money, exception: 'late' };
      const covered = order.covered.minorUnits + fact.amount.minorUnits;
      const exception =
        covered > order.total.minorUnits ? 'overpaid' : covered < order.total.minorUnits ? 'underpaid' : undefined;
      const waiting = AWAITING_PAYMENT.includes(order.status);
      return { ...money, transition: waiting && covered >= order.total.minorUnits ? 'confirm' : undefined, exception };
    }
  }
}
