import { expect, test } from 'vitest';
import {
  amountOf,
  consequenceWords,
  fileErrorWords,
  inReadingOrder,
  outcomeWords,
  refusedProducts,
} from './import-words.ts';

const issue = (severity: 'error' | 'warning', row: number, handle?: string) => ({
  severity,
  row,
  column: 'Variant Price',
  message: `row ${row}`,
  ...(handle === undefined ? {} : { handle }),
});

test('errors come first, then the order of the file', () => {
  expect(inReadingOrder([issue('warning', 2), issue('error', 9), issue('error', 4)]).map((i) => i.row)).toEqual([
    4, 9, 2,
  ]);
});

test('every refused product is named once, also one whose errors are no longer listed; remarks refuse nothing', () => {
  expect(
    refusedProducts(
      ['lamp', 'chair'],
      [issue('error', 4, 'lamp'), issue('error', 5, 'lamp'), issue('warning', 6, 'vase'), issue('error', 7)],
    ),
  ).toEqual([
    { handle: 'lamp', errors: 2, first: 'row 4' },
    { handle: 'chair', errors: 0 },
  ]);
});

test('an error without a product is one of the file', () => {
  expect(fileErrorWords([issue('error', 4, 'lamp'), issue('error', 1), issue('warning', 2)])).toBe('row 1');
  expect(fileErrorWords([issue('error', 4, 'lamp')])).toContain('more errors');
});

test.each([
  [{ newProducts: 20, changedProducts: 0, sameProducts: 0 }, '20 products were added as drafts'],
  [
    { newProducts: 1, changedProducts: 2, sameProducts: 1 },
    '1 product was added as a draft, 2 products got a new version, 1 product was already here, unchanged',
  ],
  [{ newProducts: 0, changedProducts: 0, sameProducts: 20 }, 'Everything is already here, unchanged'],
])('an import comes to %o', (done, words) => {
  expect(outcomeWords(done)).toBe(words);
});

test('what an import would do is said before, and only what it would do', () => {
  expect(consequenceWords({ newProducts: 3, changedProducts: 0 })).toMatch(/^New ones become drafts\. Customers/);
  expect(consequenceWords({ newProducts: 0, changedProducts: 1 })).toMatch(/^Changed ones get a new version/);
});

test('a price in words is read exactly, anything else is left alone', () => {
  expect(amountOf('69.99 EUR')).toEqual({ minorUnits: 6999, currency: 'EUR' });
  expect(amountOf('12800 JPY')).toEqual({ minorUnits: 12_800, currency: 'JPY' });
  expect(amountOf('from 3')).toBeUndefined();
});
