import { expect, test } from 'vitest';
import { available, stockState } from './stock.ts';

test.each([
  [{ onHand: 10, reserved: 0, backorderLimit: 0 }, 10, 'in_stock'],
  [{ onHand: 10, reserved: 7, backorderLimit: 0 }, 3, 'low'],
  [{ onHand: 10, reserved: 10, backorderLimit: 0 }, 0, 'out'],
  [{ onHand: 10, reserved: 10, backorderLimit: 5 }, 5, 'backorder'],
  [{ onHand: 0, reserved: 0, backorderLimit: 0 }, 0, 'out'],
])('O5 · %o leaves %s: %s', (level, left, state) => {
  expect(available(level)).toBe(left);
  expect(stockState(level, 3)).toBe(state);
});
