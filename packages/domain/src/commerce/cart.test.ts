import { describe, expect, test } from 'vitest';
import { type Currency, money } from '../shared/index.ts';
import { cartProblems, quantity } from './cart.ts';

const EUR = 'EUR' as Currency;

test.each([
  [1, true],
  [99, true],
  [0, 'quantity_too_small'],
  [-1, 'quantity_too_small'],
  [100, 'quantity_too_large'],
  [1e9, 'quantity_too_large'],
  [1.5, 'quantity_not_whole'],
  [Number.NaN, 'quantity_not_whole'],
  [Number.POSITIVE_INFINITY, 'quantity_not_whole'],
])('a quantity of %s', (value, expected) => {
  const parsed = quantity(value);
  expect(parsed.ok ? true : parsed.refusal.code).toBe(expected);
});

describe('C04 · what has changed since the buyer looked', () => {
  const line = { variantId: 'v', quantity: 2, priceSeen: money(1000, EUR) };
  test.each([
    [undefined, [{ variantId: 'v', code: 'not_sold_any_more' }]],
    [{ price: money(1000, EUR), available: 0 }, [{ variantId: 'v', code: 'sold_out' }]],
    [{ price: money(1000, EUR), available: 1 }, [{ variantId: 'v', code: 'only_n_left', left: 1 }]],
    [
      { price: money(1100, EUR), available: 2 },
      [{ variantId: 'v', code: 'price_changed', from: money(1000, EUR), to: money(1100, EUR) }],
    ],
    // A lower price is a change too: the total the buyer saw is another one.
    [
      { price: money(900, EUR), available: 2 },
      [{ variantId: 'v', code: 'price_changed', from: money(1000, EUR), to: money(900, EUR) }],
    ],
    [{ price: money(1000, EUR), available: 2 }, []],
  ])('C04 · %o', (now, expected) => {
    expect(cartProblems([{ ...line, now }])).toEqual(expected);
  });
});
