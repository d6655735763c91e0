import type { Money, OrderId, Result, TriggeredBy } from '../shared/index.ts';
import { allows, ok, refuse } from '../shared/index.ts';
import { type OrderStatus, type OrderTransition, orderStep } from './order-status.ts';

export type OrderMode = 'live' | 'test';

/** What a transition needs to know of an order. */
export type Order = {
  readonly orderId: OrderId;
  readonly status: OrderStatus;
  readonly mode: OrderMode;
  readonly revision: number;
  readonly lastTransition: number;
  readonly total: Money;
};

/** What happened: one row of the order's log. `n` numbers the rows of one order without a gap. */
export type OrderTransitioned = {
  readonly orderId: OrderId;
  readonly n: number;
  readonly name: OrderTransition;
  readonly from: OrderStatus;
  readonly to: OrderStatus;
  readonly by: TriggeredBy;
  readonly revision: number;
  /** Set on the way into confirmed: the evidence that covers the total (O2). */
  readonly evidence?: CoveringEvidence;
};

export type OrderRefusal = {
  readonly code: 'order_transition_not_allowed';
  readonly transition: OrderTransition;
  readonly from: OrderStatus;
};

export type Moved = { readonly order: Order; readonly event: OrderTransitioned };

/** Numbered evidence with the running sum of all evidence up to and with it. */
export type PaymentEvidence = { readonly n: number; readonly covered: Money; readonly mode: OrderMode };
/** Evidence that has been compared with a total and found sufficient. Only `covers` makes one. */
export type CoveringEvidence = PaymentEvidence & { readonly total: Money };

/**
 * Whether the evidence reaches the order's total (O2): same currency, same mode, at least the total.
 * @returns the proof that `confirm` asks for, or undefined.
 */
export function covers(order: Order, evidence: PaymentEvidence): CoveringEvidence | undefined {
  if (evidence.mode !== order.mode || evidence.covered.currency !== order.total.currency) return undefined;
  return evidence.covered.minorUnits >= order.total.minorUnits ? { ...evidence, total: order.total } : undefined;
}

/** Makes one step of the order's table (O1); it returns what happened, so that no step can be saved silently. */
export function transition(
  order: Order,
  name: Exclude<OrderTransition, 'confirm'>,
  by: TriggeredBy,
): Result<Moved, OrderRefusal> {
  return move(order, name, by);
}

/** Confirms an order. There is no way to call it without evidence that covers the total (O2). */
export function confirm(order: Order, evidence: CoveringEvidence, by: TriggeredBy): Result<Moved, OrderRefusal> {
  return move(order, 'confirm', by, evidence);
}

function move(
  order: Order,
  name: OrderTransition,
  by: TriggeredBy,
  evidence?: CoveringEvidence,
): Result<Moved, OrderRefusal> {
  const step = orderStep(name);
  if (!allows(step, order.status, by))
    return refuse({ code: 'order_transition_not_allowed', transition: name, from: order.status });
  const n = order.lastTransition + 1;
  return ok({
    order: { ...order, status: step.to, lastTransition: n },
    event: {
      orderId: order.orderId,
      n,
      name,
      from: order.status,
      to: step.to,
      by,
      revision: order.revision,
      ...(evidence ? { evidence } : {}),
    },
  });
}
