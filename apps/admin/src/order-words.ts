import type { OrderStatus } from '@souk/domain/commerce';
import type { Tone } from '@souk/ui/admin';

type StatusWords = { readonly label: string; readonly tone: Tone; readonly hollow?: true };

/** An order's state in a founder's words. */
// oxfmt-ignore
export const ORDER_STATUS_WORDS: Readonly<Record<OrderStatus, StatusWords>> = {
  draft:              { label: 'Draft',               tone: 'neutral', hollow: true },
  pending_payment:    { label: 'Waiting for payment', tone: 'warning' },
  payment_authorized: { label: 'Payment reserved',    tone: 'warning' },
  payment_failed:     { label: 'Payment failed',      tone: 'danger' },
  confirmed:          { label: 'Paid, to send',       tone: 'accent' },
  on_hold:            { label: 'On hold',             tone: 'warning' },
  processing:         { label: 'Being packed',        tone: 'accent' },
  completed:          { label: 'Sent',                tone: 'success' },
  cancelled:          { label: 'Cancelled',           tone: 'neutral', hollow: true },
  expired:            { label: 'Expired',             tone: 'neutral', hollow: true },
};

const REASONS: Readonly<Record<string, string>> = {
  cart_checked_out: 'their cart became an order',
  submitted: 'they finished the checkout',
  payment_captured: 'the payment arrived in full',
  payment_authorised: 'the amount was reserved on the card',
  payment_failed: 'the payment was declined',
  payment_voided: 'the reserved payment was released',
  nothing_to_pay: 'there was nothing to pay',
  paying_again: 'the customer tried to pay again',
  shipped: 'the parcel was handed over',
  time_is_over: 'it was not paid in time',
  customer_asked: 'the customer asked for it',
  out_of_stock: 'something is out of stock',
  looks_like_fraud: 'it looks like fraud',
  other: 'another reason',
};

/** Why a step was made, in words; an unknown code is shown as it is, without its underscores. */
export const reasonWords = (code: string): string => REASONS[code] ?? code.replaceAll('_', ' ');

const STEPS: Readonly<Record<OrderStatus, string>> = {
  draft: 'Order begun',
  pending_payment: 'Order placed',
  payment_authorized: 'Payment reserved',
  payment_failed: 'Payment failed',
  confirmed: 'Paid and confirmed',
  on_hold: 'Put on hold',
  processing: 'Packing begun',
  completed: 'Marked as sent',
  cancelled: 'Cancelled',
  expired: 'Expired',
};

/** What a step did, in words: `Order placed`, `Payment tried again`, `Released from hold`. */
export function stepWords(from: string, to: OrderStatus): string {
  if (to === 'pending_payment' && from === 'payment_failed') return 'Payment tried again';
  if (to === 'pending_payment' && from === 'payment_authorized') return 'Reserved payment lapsed';
  if (to === 'confirmed' && from === 'on_hold') return 'Released from hold';
  if (to === 'confirmed' && from === 'processing') return 'Parcels withdrawn';
  if (to === 'processing' && from === 'completed') return 'Opened again';
  return STEPS[to];
}

const EXCEPTIONS: Readonly<Record<string, { readonly title: string; readonly advice: string }>> = {
  late: {
    title: 'Money came after the order had ended',
    advice: 'The goods are back on the shelf. Send the money back, or ask the customer to order again.',
  },
  overpaid: {
    title: 'More was paid than the order costs',
    advice: 'The order is safe to send. Send the surplus back.',
  },
  underpaid: {
    title: 'Less was paid than the order costs',
    advice: 'Do not send it yet. Ask the customer for the rest, or send the money back.',
  },
  wrong_currency: {
    title: 'The money came in another currency',
    advice: 'It does not count for this order. Settle it with the payment provider.',
  },
  wrong_mode: {
    title: 'Test money met a real order, or the other way round',
    advice: 'It does not count for this order. Check the payment settings.',
  },
  unexpected_authorisation: {
    title: 'Money was reserved for an order that had ended',
    advice: 'Release it at the payment provider.',
  },
  to_refund: {
    title: 'The order was cancelled after money came',
    advice: 'Send the money back with the payment provider.',
  },
};

/** A payment exception in words, and what to do about it. */
export const exceptionWords = (kind: string): { readonly title: string; readonly advice: string } =>
  EXCEPTIONS[kind] ?? { title: kind.replaceAll('_', ' '), advice: 'Look at the payment with the provider.' };

const ENTRIES: Readonly<Record<string, string>> = {
  authorised: 'Amount reserved',
  captured: 'Payment received',
  failed: 'Payment declined',
  voided: 'Reservation released',
  lapsed: 'Reservation lapsed',
  refunded: 'Money sent back',
  refund_returned: 'Refund came back',
  dispute_withdrawn: 'Money withdrawn for a dispute',
  dispute_returned: 'Disputed money came back',
  fee: 'Fee of the provider',
};
export const entryWords = (kind: string): string => ENTRIES[kind] ?? kind.replaceAll('_', ' ');

const PAYMENTS: Readonly<Record<string, StatusWords>> = {
  created: { label: 'Begun', tone: 'neutral', hollow: true },
  failed: { label: 'Declined', tone: 'danger' },
  authorised: { label: 'Reserved', tone: 'warning' },
  captured: { label: 'Received', tone: 'success' },
  voided: { label: 'Released', tone: 'neutral', hollow: true },
};
export const paymentWords = (status: string): StatusWords => PAYMENTS[status] ?? { label: status, tone: 'neutral' };

const MAILS: Readonly<Record<string, string>> = {
  order_confirmed: 'Confirmation e-mail',
  order_shipped: 'Shipping e-mail',
  order_unpaid: 'Reminder to pay',
};
// oxfmt-ignore
const MAIL_STATES: Readonly<Record<string, { readonly label: string; readonly tone: Tone }>> = {
  queued:     { label: 'waiting to be sent', tone: 'neutral' },
  sending:    { label: 'being sent',         tone: 'neutral' },
  accepted:   { label: 'sent',               tone: 'success' },
  bounced:    { label: 'came back',          tone: 'danger' },
  complained: { label: 'reported as spam',   tone: 'danger' },
  suppressed: { label: 'held back',          tone: 'warning' },
  cancelled:  { label: 'not sent any more',  tone: 'neutral' },
  dead:       { label: 'could not be sent',  tone: 'danger' },
};

/** `Confirmation sent`. */
export const mailWords = (type: string, status: string): string =>
  `${MAILS[type] ?? type.replaceAll('_', ' ')} ${MAIL_STATES[status]?.label ?? status.replaceAll('_', ' ')}`;
export const mailTone = (status: string): Tone => MAIL_STATES[status]?.tone ?? 'neutral';
