import { expect, test } from 'vitest';
import { CHECKOUT_LIMITS, type CheckoutPressure, withinCheckoutLimits } from './checkout-limits.ts';

const CALM: CheckoutPressure = {
  from: 'visitor',
  site: { declined: 0, paid: 0 },
  address: { declined: 0, paid: 0 },
  waitingOrders: 0,
  paymentsOfOrder: 0,
  variants: [],
};
const answer = (change: Partial<CheckoutPressure>) => {
  const result = withinCheckoutLimits({ ...CALM, ...change });
  return result.ok ? 'may' : result.refusal;
};
const piece = (wanted: number, left: number, heldByAddress = 0) => ({
  variants: [{ variantId: 'v', wanted, left, heldByAddress }],
});

test('B01 · an address whose cards are mostly declined waits; one that pays as often does not', () => {
  expect(answer({ address: { declined: 9, paid: 0 } })).toBe('may');
  expect(answer({ address: { declined: 10, paid: 0 } })).toEqual({ code: 'too_many_declined' });
  expect(answer({ address: { declined: 10, paid: 10 } })).toBe('may');
  expect(answer({ from: 'crowd', address: { declined: 49, paid: 0 } })).toBe('may');
  expect(answer({ from: 'crowd', address: { declined: 50, paid: 0 } })).toEqual({ code: 'too_many_declined' });
});

test('B01 · while a site is tested, one declined card is enough to wait, and who had none goes on', () => {
  const site = { declined: 50, paid: 20 };
  expect(answer({ site, address: { declined: 1, paid: 0 } })).toEqual({ code: 'too_many_declined' });
  expect(answer({ site, address: { declined: 1, paid: 1 } })).toBe('may');
  expect(answer({ site })).toBe('may');
  expect(answer({ site: { declined: 50, paid: 50 }, address: { declined: 1, paid: 0 } })).toBe('may');
});

test('B01 · one order is not paid again and again, and one address does not open order after order', () => {
  expect(answer({ paymentsOfOrder: CHECKOUT_LIMITS.paymentsPerOrder })).toEqual({ code: 'too_many_payments' });
  expect(answer({ waitingOrders: 19 })).toBe('may');
  expect(answer({ waitingOrders: 20 })).toEqual({ code: 'too_many_waiting' });
  expect(answer({ from: 'crowd', waitingOrders: 100_000 })).toBe('may');
});

test('B02 · an address holds half of what is left, or the few pieces that everybody may', () => {
  expect(answer(piece(1, 1))).toBe('may');
  expect(answer(piece(5, 5))).toBe('may');
  expect(answer(piece(6, 6))).toEqual({ code: 'share_is_held', variantId: 'v', stillFree: 5 });
  expect(answer(piece(50, 100))).toBe('may');
  expect(answer(piece(51, 100))).toEqual({ code: 'share_is_held', variantId: 'v', stillFree: 50 });
  expect(answer(piece(1, 51, 49))).toBe('may');
  expect(answer(piece(1, 50, 50))).toEqual({ code: 'share_is_held', variantId: 'v', stillFree: 0 });
  expect(answer({ from: 'crowd', ...piece(1, 1, 49) })).toBe('may');
  expect(answer({ from: 'crowd', ...piece(1, 1, 50) })).toMatchObject({ code: 'share_is_held' });
});

test('B02 · however many orders of one address come one after another, they never hold more than half', () => {
  for (const stock of [10, 11, 99, 100, 1000]) {
    let held = 0;
    for (let i = 0; i < 1_000; i += 1) if (answer(piece(1, stock - held, held)) === 'may') held += 1;
    expect([stock, held]).toEqual([stock, Math.max(5, Math.floor(stock / 2))]);
  }
});
