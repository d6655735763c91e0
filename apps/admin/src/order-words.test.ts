import { ORDER_TRANSITIONS, orderSteps } from '@souk/domain/commerce';
import { expect, test } from 'vitest';
import { ORDER_STATUS_WORDS, exceptionWords, reasonWords, stepWords } from './order-words.ts';

test('every state an order can reach has words of its own', () => {
  const reached = new Set(Object.values(ORDER_TRANSITIONS).map((step) => step.to));
  const labels = [...reached].map((status) => ORDER_STATUS_WORDS[status].label);
  expect(new Set(labels).size).toBe(reached.size);
});

test('every step an order can make is told in words, and steps that mean different things are told differently', () => {
  for (const { from, to } of orderSteps()) expect(stepWords(from, to)).not.toMatch(/_|undefined/);
  expect(stepWords('draft', 'pending_payment')).toBe('Order placed');
  expect(stepWords('payment_failed', 'pending_payment')).toBe('Payment tried again');
  expect(stepWords('payment_authorized', 'pending_payment')).toBe('Reserved payment lapsed');
  expect(stepWords('pending_payment', 'confirmed')).toBe('Paid and confirmed');
  expect(stepWords('on_hold', 'confirmed')).toBe('Released from hold');
});

test('a reason without words is shown readably instead of not at all', () => {
  expect(reasonWords('shipped')).toBe('the parcel was handed over');
  expect(reasonWords('some_new_reason')).toBe('some new reason');
  expect(exceptionWords('brand_new').title).toBe('brand new');
});
