import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Currency, type OrderId, type TriggeredBy, money } from '../shared/index.ts';
import {
  AWAITING_PAYMENT,
  ORDER_TRANSITIONS,
  type OrderStatus,
  type OrderTransition,
  isTerminal,
  orderSteps,
} from './order-status.ts';
import { type Order, confirm, covers, transition } from './order.ts';

const EUR = 'EUR' as Currency;
const STATUSES: readonly OrderStatus[] = [
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
];
const EVERYBODY: readonly TriggeredBy[] = ['system', 'admin', 'webhook', 'customer', 'channel', 'scheduler'];
const NAMES = Object.keys(ORDER_TRANSITIONS) as OrderTransition[];

const order = (status: OrderStatus): Order => ({
  orderId: '01930000-0000-7000-8000-000000000001' as OrderId,
  status,
  mode: 'live',
  revision: 1,
  lastTransition: 2,
  total: money(2500, EUR),
});

const evidence = (minorUnits: number, mode: 'live' | 'test' = 'live', code: Currency = EUR) => ({
  n: 1,
  covered: money(minorUnits, code),
  mode,
});

/** The table of the specification, written a second time by hand: states a state may go to. */
const SPECIFIED: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  draft: ['pending_payment', 'cancelled'],
  pending_payment: ['payment_authorized', 'payment_failed', 'confirmed', 'cancelled', 'expired'],
  payment_failed: ['pending_payment', 'confirmed', 'cancelled', 'expired'],
  payment_authorized: ['confirmed', 'pending_payment', 'cancelled', 'expired'],
  confirmed: ['on_hold', 'processing', 'completed', 'cancelled'],
  on_hold: ['confirmed', 'processing', 'cancelled'],
  processing: ['confirmed', 'on_hold', 'completed', 'cancelled'],
  completed: ['processing'],
  cancelled: [],
  expired: [],
};

describe('O1 · the order’s table', () => {
  test.each(STATUSES)('O1 · from %s an order goes where the specification says, and nowhere else', (from) => {
    const reached = new Set(
      orderSteps()
        .filter((step) => step.from === from)
        .map((step) => step.to),
    );
    expect([...reached].toSorted()).toEqual([...SPECIFIED[from]].toSorted());
  });

  test('O1 · every transition × state × trigger: allowed exactly where its row says so', () => {
    for (const name of NAMES) {
      const row = ORDER_TRANSITIONS[name];
      for (const from of STATUSES) {
        for (const by of EVERYBODY) {
          const covering = covers(order(from), evidence(2500));
          if (!covering) throw new Error('the evidence covers');
          const moved = name === 'confirm' ? confirm(order(from), covering, by) : transition(order(from), name, by);
          const allowed = (row.from as readonly string[]).includes(from) && (row.by as readonly string[]).includes(by);
          expect(moved.ok, `${name} from ${from} by ${by}`).toBe(allowed);
          if (moved.ok) {
            expect(moved.value.order).toEqual({ ...order(from), status: row.to, lastTransition: 3 });
            expect(moved.value.event).toMatchObject({ n: 3, from, to: row.to, by, revision: 1 });
          }
        }
      }
    }
  });

  test('O1 · nothing leads out of a cancelled or expired order', () => {
    for (const status of STATUSES.filter(isTerminal))
      expect(orderSteps().filter((step) => step.from === status)).toEqual([]);
  });

  test('O1 · a payment notice, a customer and a clock never fulfil, and only the clock expires', () => {
    const by = (to: OrderStatus) =>
      new Set(
        orderSteps()
          .filter((step) => step.to === to)
          .map((step) => step.by),
      );
    expect([...by('completed')].toSorted()).toEqual(['admin', 'system']);
    expect([...by('expired')]).toEqual(['scheduler']);
  });

  test('every state that waits for money can expire', () => {
    for (const status of AWAITING_PAYMENT) expect(transition(order(status), 'expire', 'scheduler').ok).toBe(true);
  });
});

describe('O2 · what covers an order', () => {
  test('O2 · exactly the total, or more', () => {
    expect(covers(order('pending_payment'), evidence(2500))).toBeDefined();
    expect(covers(order('pending_payment'), evidence(2501))).toBeDefined();
    expect(covers(order('pending_payment'), evidence(2499))).toBeUndefined();
  });
  test('O2 · another currency or another mode covers nothing', () => {
    expect(covers(order('pending_payment'), evidence(2500, 'test'))).toBeUndefined();
    expect(covers(order('pending_payment'), evidence(2500, 'live', 'USD' as Currency))).toBeUndefined();
  });
  test('O2 · the evidence goes into the log row', () => {
    const covering = covers(order('pending_payment'), evidence(2500));
    const moved = covering && confirm(order('pending_payment'), covering, 'webhook');
    expect(moved?.ok && moved.value.event.evidence).toEqual({
      n: 1,
      covered: money(2500, EUR),
      mode: 'live',
      total: money(2500, EUR),
    });
  });
});

test('M · a random walk through the order’s table goes only where the specification says, in a log without a gap', () => {
  const steps = fc.array(fc.record({ name: fc.constantFrom(...NAMES), by: fc.constantFrom(...EVERYBODY) }), {
    minLength: 10,
    maxLength: 60,
  });
  fc.assert(
    fc.property(fc.constantFrom(...STATUSES), steps, (start, walk) => {
      let now = order(start);
      for (const { name, by } of walk) {
        const covering = covers(now, evidence(2500));
        if (!covering) throw new Error('the whole total covers nothing');
        const moved = name === 'confirm' ? confirm(now, covering, by) : transition(now, name, by);
        if (!moved.ok) {
          expect(moved.refusal).toEqual({ code: 'order_transition_not_allowed', transition: name, from: now.status });
          continue;
        }
        const { event } = moved.value;
        expect(SPECIFIED[now.status]).toContain(event.to);
        expect([event.from, event.n, event.by]).toEqual([now.status, now.lastTransition + 1, by]);
        expect(moved.value.order).toEqual({ ...now, status: event.to, lastTransition: event.n });
        now = moved.value.order;
      }
    }),
  );
});
