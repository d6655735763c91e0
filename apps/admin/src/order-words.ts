import { i18n } from './words.ts';
import type { OrderStatus } from '@souk/domain/commerce';
import type { Tone } from '@souk/ui/admin';

type StatusWords = { readonly label: string; readonly tone: Tone; readonly hollow?: true };

/** An order's state in a founder's words. */
// oxfmt-ignore
export const ORDER_STATUS_WORDS: Readonly<Record<OrderStatus, StatusWords>> = {
  draft:              { label: i18n.t('Draft'),               tone: 'neutral', hollow: true },
  pending_payment:    { label: i18n.t('Waiting for payment'), tone: 'warning' },
  payment_authorized: { label: i18n.t('Payment reserved'),    tone: 'warning' },
  payment_failed:     { label: i18n.t('Payment failed'),      tone: 'danger' },
  confirmed:          { label: i18n.t('Paid, to send'),       tone: 'accent' },
  on_hold:            { label: i18n.t('On hold'),             tone: 'warning' },
  processing:         { label: i18n.t('Being packed'),        tone: 'accent' },
  completed:          { label: i18n.t('Sent'),                tone: 'success' },
  cancelled:          { label: i18n.t('Cancelled'),           tone: 'neutral', hollow: true },
  expired:            { label: i18n.t('Expired'),             tone: 'neutral', hollow: true },
};

export const orderCount = (n: number): string => i18n.t('{n, plural, one {# order} other {# orders}}', { n });

const REASONS: Readonly<Record<string, string>> = {
  cart_checked_out: i18n.t('their cart became an order'),
  submitted: i18n.t('they finished the checkout'),
  payment_captured: i18n.t('the payment arrived in full'),
  payment_authorised: i18n.t('the amount was reserved on the card'),
  payment_failed: i18n.t('the payment was declined'),
  payment_voided: i18n.t('the reserved payment was released'),
  nothing_to_pay: i18n.t('there was nothing to pay'),
  paying_again: i18n.t('the customer tried to pay again'),
  shipped: i18n.t('the parcel was handed over'),
  time_is_over: i18n.t('it was not paid in time'),
  customer_asked: i18n.t('the customer asked for it'),
  out_of_stock: i18n.t('something is out of stock'),
  looks_like_fraud: i18n.t('it looks like fraud'),
  other: i18n.t('another reason'),
};

/** Why a step was made, in words; an unknown code is shown as it is, without its underscores. */
export const reasonWords = (code: string): string => REASONS[code] ?? code.replaceAll('_', ' ');

const STEPS: Readonly<Record<OrderStatus, string>> = {
  draft: i18n.t('Order begun'),
  pending_payment: i18n.t('Order placed'),
  payment_authorized: i18n.t('Payment reserved'),
  payment_failed: i18n.t('Payment failed'),
  confirmed: i18n.t('Paid and confirmed'),
  on_hold: i18n.t('Put on hold'),
  processing: i18n.t('Packing begun'),
  completed: i18n.t('Marked as sent'),
  cancelled: i18n.t('Cancelled'),
  expired: i18n.t('Expired'),
};

/** What a step did, in words: `Order placed`, `Payment tried again`, `Released from hold`. */
export function stepWords(from: string, to: OrderStatus): string {
  if (to === 'pending_payment' && from === 'payment_failed') return i18n.t('Payment tried again');
  if (to === 'pending_payment' && from === 'payment_authorized') return i18n.t('Reserved payment lapsed');
  if (to === 'confirmed' && from === 'on_hold') return i18n.t('Released from hold');
  if (to === 'confirmed' && from === 'processing') return i18n.t('Parcels withdrawn');
  if (to === 'processing' && from === 'completed') return i18n.t('Opened again');
  return STEPS[to];
}

const EXCEPTIONS: Readonly<Record<string, { readonly title: string; readonly advice: string }>> = {
  late: {
    title: i18n.t('Money came after the order had ended'),
    advice: i18n.t('The goods are back on the shelf. Send the money back, or ask the customer to order again.'),
  },
  overpaid: {
    title: i18n.t('More was paid than the order costs'),
    advice: i18n.t('The order is safe to send. Send the surplus back.'),
  },
  underpaid: {
    title: i18n.t('Less was paid than the order costs'),
    advice: i18n.t('Do not send it yet. Ask the customer for the rest, or send the money back.'),
  },
  wrong_currency: {
    title: i18n.t('The money came in another currency'),
    advice: i18n.t('It does not count for this order. Settle it with the payment provider.'),
  },
  wrong_mode: {
    title: i18n.t('Test money met a real order, or the other way round'),
    advice: i18n.t('It does not count for this order. Check the payment settings.'),
  },
  unexpected_authorisation: {
    title: i18n.t('Money was reserved for an order that had ended'),
    advice: i18n.t('Release it at the payment provider.'),
  },
  to_refund: {
    title: i18n.t('The order was cancelled after money came'),
    advice: i18n.t('Send the money back with the payment provider.'),
  },
};

const ACTORS: Readonly<Record<string, string>> = {
  customer: i18n.t('Customer'),
  provider: i18n.t('Payment provider'),
  system: 'Souk',
};
/** Who took a step: by name while they are a member. */
export const actorWords = ({
  actorKind,
  who,
}: {
  readonly actorKind: string;
  readonly who?: string | undefined;
}): string => who ?? ACTORS[actorKind] ?? i18n.t('a former member');

/** A payment exception in words, and what to do about it. */
export const exceptionWords = (kind: string): { readonly title: string; readonly advice: string } =>
  EXCEPTIONS[kind] ?? { title: kind.replaceAll('_', ' '), advice: i18n.t('Look at the payment with the provider.') };

const ENTRIES: Readonly<Record<string, string>> = {
  authorised: i18n.t('Amount reserved'),
  captured: i18n.t('Payment received'),
  failed: i18n.t('Payment declined'),
  voided: i18n.t('Reservation released'),
  lapsed: i18n.t('Reservation lapsed'),
  refunded: i18n.t('Money sent back'),
  refund_returned: i18n.t('Refund came back'),
  dispute_withdrawn: i18n.t('Money withdrawn for a dispute'),
  dispute_returned: i18n.t('Disputed money came back'),
  fee: i18n.t('Fee of the provider'),
};
export const entryWords = (kind: string): string => ENTRIES[kind] ?? kind.replaceAll('_', ' ');

const PAYMENTS: Readonly<Record<string, StatusWords>> = {
  created: { label: i18n.t('Begun'), tone: 'neutral', hollow: true },
  failed: { label: i18n.t('Declined'), tone: 'danger' },
  authorised: { label: i18n.t('Reserved'), tone: 'warning' },
  captured: { label: i18n.t('Received'), tone: 'success' },
  voided: { label: i18n.t('Released'), tone: 'neutral', hollow: true },
};
export const paymentWords = (status: string): StatusWords => PAYMENTS[status] ?? { label: status, tone: 'neutral' };

const MAILS: Readonly<Record<string, string>> = {
  order_confirmed: i18n.t('Confirmation e-mail'),
  order_shipped: i18n.t('Shipping e-mail'),
  order_unpaid: i18n.t('Reminder to pay'),
};
// oxfmt-ignore
const MAIL_STATES: Readonly<Record<string, { readonly label: string; readonly tone: Tone }>> = {
  queued:     { label: i18n.t('waiting to be sent'), tone: 'neutral' },
  sending:    { label: i18n.t('being sent'),         tone: 'neutral' },
  accepted:   { label: i18n.t('sent'),               tone: 'success' },
  bounced:    { label: i18n.t('came back'),          tone: 'danger' },
  complained: { label: i18n.t('reported as spam'),   tone: 'danger' },
  suppressed: { label: i18n.t('held back'),          tone: 'warning' },
  cancelled:  { label: i18n.t('not sent any more'),  tone: 'neutral' },
  dead:       { label: i18n.t('could not be sent'),  tone: 'danger' },
};

/** `Confirmation sent`. */
export const mailWords = (type: string, status: string): string =>
  i18n.t('{mail} {state}', {
    mail: MAILS[type] ?? type.replaceAll('_', ' '),
    state: MAIL_STATES[status]?.label ?? status.replaceAll('_', ' '),
  });
export const mailTone = (status: string): Tone => MAIL_STATES[status]?.tone ?? 'neutral';
