import { PAID } from '@souk/domain/commerce';
import { expect, test } from 'vitest';
import { parseOrdersSearch, statusesOf } from './-orders-search.ts';

test('what an address says of the list is read, its defaults are left out', () => {
  expect(parseOrdersSearch({ view: 'to-fulfil', q: ' SK-1 ', day: '2026-11-24', pages: '3' })).toEqual({
    view: 'to-fulfil',
    q: 'SK-1',
    day: '2026-11-24',
    pages: 3,
  });
  expect(parseOrdersSearch({ view: 'all', q: '  ', pages: 1 })).toEqual({});
});

test('what an address says wrongly is left out and breaks nothing', () => {
  expect(parseOrdersSearch({ view: 'everything', q: { a: 1 }, day: '2026-02-31', pages: -4 })).toEqual({});
  expect(parseOrdersSearch({ pages: '1e9' })).toEqual({});
});

test('a number typed as search stays a search', () => {
  expect(parseOrdersSearch({ q: 10234 })).toEqual({ q: '10234' });
});

test('views show their states, "all" shows every one', () => {
  expect(statusesOf(undefined)).toEqual([]);
  expect(statusesOf('unpaid')).toContain('payment_failed');
  expect(statusesOf('paid')).toBe(PAID);
});
