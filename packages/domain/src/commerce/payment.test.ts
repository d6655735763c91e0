import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Currency, type OrderId, money } from '../shared/index.ts';
import { ORDER_TRANSITIONS, type OrderStatus, isTerminal } from './order-status.ts';
import { type Order, confirm, covers, transition } from './order.ts';
import { type PaymentEntryKind, type ProviderFact, outcomeOfNotice, paymentStatus } from './payment.ts';

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

const order = (status: OrderStatus, covered = 0) => ({
  status,
  mode: 'live' as const,
  total: money(2500, EUR),
  covered: money(covered, EUR),
});
const fact = (kind: ProviderFact['kind'], minorUnits = 2500, more: Partial<ProviderFact> = {}): ProviderFact => ({
  kind,
  amount: money(minorUnits, EUR),
  mode: 'live',
  ...more,
});

describe('C07 · what a notice does, state by state', () => {
  // transition, exception, whether it counts as evidence — written out, so that a change of the rule is a change of this table.
  // oxfmt-ignore
  const captured: Record<OrderStatus, [string | undefined, string | undefined]> = {
    draft:              [undefined, undefined],
    pending_payment:    ['confirm', undefined],
    payment_authorized: ['confirm', undefined],
    payment_failed:     ['confirm', undefined],
    confirmed:          [undefined, undefined],
    on_hold:            [undefined, undefined],
    processing:         [undefined, undefined],
    completed:          [undefined, undefined],
    cancelled:          [undefined, 'late'],
    expired:            [undefined, 'late'],
  };
  test.each(STATUSES)('C07 · captured in full while %s', (status) => {
    const [move, exception] = captured[status];
    expect(outcomeOfNotice(order(status), fact('captured'))).toEqual({
      record: true,
      countsAsEvidence: true,
      transition: move,
      exception,
    });
  });

  test.each(STATUSES)(
    'C07 · captured a second time while %s: surplus is held for a person, the order stays',
    (status) => {
      const outcome = outcomeOfNotice(order(status, 2500), fact('captured'));
      expect(outcome).toMatchObject({
        record: true,
        countsAsEvidence: true,
        exception: isTerminal(status) ? 'late' : 'overpaid',
      });
    },
  );

  test.each(STATUSES)('C07 · less than asked while %s is recorded and never confirms', (status) => {
    const outcome = outcomeOfNotice(order(status), fact('captured', 2499));
    expect(outcome).toEqual({
      record: true,
      countsAsEvidence: true,
      transition: undefined,
      exception: isTerminal(status) ? 'late' : 'underpaid',
    });
  });

  test('C07 · the missing rest confirms', () => {
    expect(outcomeOfNotice(order('pending_payment', 2499), fact('captured', 1)).transition).toBe('confirm');
  });

  test.each(STATUSES)('C07 · another currency or mode while %s is held for a person and is no evidence', (status) => {
    expect(outcomeOfNotice(order(status), fact('captured', 2500, { amount: money(2500, 'USD' as Currency) }))).toEqual({
      record: true,
      countsAsEvidence: false,
      transition: undefined,
      exception: 'wrong_currency',
    });
    expect(outcomeOfNotice(order(status), fact('captured', 2500, { mode: 'test' }))).toEqual({
      record: true,
      countsAsEvidence: false,
      transition: undefined,
      exception: 'wrong_mode',
    });
  });

  test.each(STATUSES)('C07 · failed while %s moves only an order that waits', (status) => {
    expect(outcomeOfNotice(order(status), fact('failed')).transition).toBe(
      status === 'pending_payment' ? 'failPayment' : undefined,
    );
  });

  test.each(STATUSES)('C07 · authorised while %s', (status) => {
    const outcome = outcomeOfNotice(order(status), fact('authorised'));
    expect(outcome.transition).toBe(status === 'pending_payment' ? 'authorizePayment' : undefined);
    expect(outcome.exception).toBe(isTerminal(status) ? 'unexpected_authorisation' : undefined);
    expect(outcome.countsAsEvidence).toBe(false);
  });

  test.each(STATUSES)('C07 · voided while %s takes back an authorisation only', (status) => {
    expect(outcomeOfNotice(order(status), fact('voided')).transition).toBe(
      status === 'payment_authorized' ? 'lapsePayment' : undefined,
    );
  });

  test.each(['failed', 'voided', 'authorised'] as const)('%s of an older payment moves nothing (C07)', (kind) => {
    for (const status of STATUSES) expect(outcomeOfNotice(order(status), fact(kind), false).transition).toBeUndefined();
  });

  test('C07 · a refusal or a lapse of another mode or currency moves nothing', () => {
    for (const other of [{ mode: 'test' as const }, { amount: money(2500, 'USD' as Currency) }]) {
      expect(outcomeOfNotice(order('pending_payment'), fact('failed', 2500, other))).toEqual({
        record: true,
        countsAsEvidence: false,
        transition: undefined,
        exception: undefined,
      });
      expect(outcomeOfNotice(order('payment_authorized'), fact('voided', 2500, other)).transition).toBeUndefined();
    }
  });

  test('C07 · pending says nothing that has to be kept', () => {
    expect(outcomeOfNotice(order('pending_payment'), fact('pending'))).toEqual({
      record: false,
      countsAsEvidence: false,
      transition: undefined,
      exception: undefined,
    });
  });

  test('C07 · what the table asks for, the order’s table allows', () => {
    for (const status of STATUSES) {
      for (const kind of ['authorised', 'captured', 'failed', 'voided'] as const) {
        const { transition: name } = outcomeOfNotice(order(status), fact(kind));
        if (name)
          expect((ORDER_TRANSITIONS[name].from as readonly string[]).includes(status), `${kind} while ${status}`).toBe(
            true,
          );
      }
    }
  });
});

test('a payment’s status is what its entries say', () => {
  const cases: [PaymentEntryKind[], string][] = [
    [[], 'created'],
    [['failed'], 'failed'],
    [['failed', 'authorised'], 'authorised'],
    [['authorised', 'voided'], 'voided'],
    [['authorised', 'captured'], 'captured'],
    [['failed', 'captured'], 'captured'],
  ];
  for (const [kinds, status] of cases) expect(paymentStatus(kinds)).toBe(status);
});

/*
 * M · random lives of an order: whatever notices come, in whatever order, beside whatever people do, an order is never
 * confirmed without being covered, never moves once it is dead, and no captured money is forgotten.
 */
test('M · random notices and commands never confirm an uncovered order nor lose money', () => {
  const steps = fc.array(
    fc.oneof(
      fc.record({
        kind: fc.constantFrom('captured', 'authorised', 'failed', 'voided', 'pending'),
        amount: fc.constantFrom(1, 1000, 2499, 2500, 4000),
        currency: fc.constantFrom('EUR', 'USD'),
        mode: fc.constantFrom('live', 'test'),
      }),
      fc.constantFrom('cancel', 'expire', 'retryPayment', 'complete', 'hold', 'release'),
    ),
    { maxLength: 25 },
  );
  fc.assert(
    fc.property(steps, (life) => {
      let now: Order = {
        orderId: '01930000-0000-7000-8000-000000000001' as OrderId,
        status: 'pending_payment',
        mode: 'live',
        revision: 1,
        lastTransition: 2,
        total: money(2500, EUR),
      };
      let covered = 0;
      let captured = 0;
      let held = 0;
      for (const step of life) {
        const before = now;
        if (typeof step === 'string') {
          const by = step === 'expire' ? 'scheduler' : step === 'retryPayment' ? 'customer' : 'admin';
          const moved = transition(now, step, by);
          if (moved.ok) now = moved.value.order;
        } else {
          const notice = fact(step.kind, step.amount, {
            amount: money(step.amount, step.currency as Currency),
            mode: step.mode,
          });
          const outcome = outcomeOfNotice({ ...now, covered: money(covered, EUR) }, notice);
          if (notice.kind === 'captured') captured += 1;
          if (outcome.countsAsEvidence) covered += notice.amount.minorUnits;
          else if (notice.kind === 'captured' && outcome.exception) held += 1;
          if (notice.kind === 'captured')
            expect(outcome.record && (outcome.countsAsEvidence || outcome.exception !== undefined)).toBe(true);
          if (outcome.transition === 'confirm') {
            const covering = covers(now, { n: 1, covered: money(covered, EUR), mode: 'live' });
            if (!covering) throw new Error('asked to confirm an order that is not covered');
            const moved = confirm(now, covering, 'webhook');
            if (!moved.ok) throw new Error('asked for a step that is not allowed');
            now = moved.value.order;
          } else if (outcome.transition) {
            const moved = transition(now, outcome.transition, 'webhook');
            if (!moved.ok) throw new Error('asked for a step that is not allowed');
            now = moved.value.order;
          }
        }
        if (isTerminal(before.status)) expect(now.status).toBe(before.status);
        if (['confirmed', 'on_hold', 'processing', 'completed'].includes(now.status))
          expect(covered).toBeGreaterThanOrEqual(2500);
        expect(now.lastTransition).toBe(before.lastTransition + (now.status === before.status ? 0 : 1));
      }
      expect(held).toBeLessThanOrEqual(captured);
    }),
    { numRuns: 500 },
  );
});
