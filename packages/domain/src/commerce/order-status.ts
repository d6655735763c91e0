import type { Transition, TransitionTable } from '../shared/index.ts';
import { allowedSteps } from '../shared/index.ts';

export const ORDER_STATUSES = [
  'draft',
  'pending_payment',
  'payment_authorized',
  'payment_failed',
  'confirmed',
  'on_hold',
  'processing',
  'completed',
  'cancelled',
  'expired',
] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** What may happen to an order (O1). Guards, buttons, the database's table of allowed steps and the tests read it from here. */
// oxfmt-ignore
export const ORDER_TRANSITIONS = {
  submit:           { from: ['draft'],                                                        to: 'pending_payment',    by: ['customer', 'channel', 'admin'] },
  authorizePayment: { from: ['pending_payment'],                                              to: 'payment_authorized', by: ['webhook'] },
  failPayment:      { from: ['pending_payment'],                                              to: 'payment_failed',     by: ['webhook'] },
  retryPayment:     { from: ['payment_failed'],                                               to: 'pending_payment',    by: ['customer', 'channel', 'admin'] },
  lapsePayment:     { from: ['payment_authorized'],                                           to: 'pending_payment',    by: ['webhook', 'scheduler'] },
  confirm:          { from: ['pending_payment', 'payment_failed', 'payment_authorized'],      to: 'confirmed',          by: ['webhook', 'admin', 'system'] },
  hold:             { from: ['confirmed', 'processing'],                                      to: 'on_hold',            by: ['admin', 'system'] },
  release:          { from: ['on_hold'],                                                      to: 'confirmed',          by: ['admin'] },
  process:          { from: ['confirmed', 'on_hold'],                                         to: 'processing',         by: ['admin', 'system'] },
  withdrawParcels:  { from: ['processing'],                                                   to: 'confirmed',          by: ['admin', 'system'] },
  complete:         { from: ['confirmed', 'processing'],                                      to: 'completed',          by: ['admin', 'system'] },
  reopen:           { from: ['completed'],                                                    to: 'processing',         by: ['admin'] },
  cancel:           { from: ['draft', 'pending_payment', 'payment_failed', 'payment_authorized', 'confirmed', 'on_hold', 'processing'], to: 'cancelled', by: ['admin'] },
  abandon:          { from: ['draft', 'pending_payment', 'payment_failed'],                   to: 'cancelled',          by: ['customer', 'channel'] },
  expire:           { from: ['pending_payment', 'payment_failed', 'payment_authorized'],      to: 'expired',            by: ['scheduler'] },
} as const satisfies TransitionTable<OrderStatus>;

export type OrderTransition = keyof typeof ORDER_TRANSITIONS;

/** The first log row of an order has no state before it. */
export const FIRST_STEP = { from: 'none', to: 'draft', by: ['customer', 'channel', 'admin'] } as const;

/** The rows of the database's table of allowed order steps, the first step included. */
export function orderSteps(): { from: string; to: OrderStatus; by: string }[] {
  return [
    ...FIRST_STEP.by.map((by) => ({ from: FIRST_STEP.from, to: FIRST_STEP.to, by })),
    ...allowedSteps<OrderStatus>(ORDER_TRANSITIONS),
  ];
}

/** The line of the table for one transition. */
export const orderStep = (name: OrderTransition): Transition<OrderStatus> => ORDER_TRANSITIONS[name];

/** States in which an order waits for its money. */
export const AWAITING_PAYMENT: readonly OrderStatus[] = ['pending_payment', 'payment_failed', 'payment_authorized'];

/** States of an order whose money has come and was not given up: what counts as sold. */
export const PAID: readonly OrderStatus[] = ['confirmed', 'on_hold', 'processing', 'completed'];

/** States that no step of the table leads out of. */
export const isTerminal = (status: OrderStatus): boolean => status === 'cancelled' || status === 'expired';

/** How long an unpaid order keeps its goods, in minutes, by payment method. */
export const PAYMENT_LIFETIME_MINUTES = { card: 30, bank_transfer: 7 * 24 * 60 } as const;
/** How long reserved money is waited for, in minutes: cards let go of it after about a week. */
export const AUTHORISATION_LIFETIME_MINUTES = 7 * 24 * 60;
/** How long a failed payment can be tried again, in minutes. */
export const RETRY_LIFETIME_MINUTES = 24 * 60;
