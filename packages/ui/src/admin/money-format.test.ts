import { expect, test } from 'vitest';
import { formatMoney, formatMoneyRange, formatMoneyShort } from './money-format.ts';

test('an amount is shown exactly, in the reader’s format, with its currency', () => {
  expect(formatMoney({ minorUnits: 123_450, currency: 'EUR' }, 'en')).toBe('€1,234.50');
  expect(formatMoney({ minorUnits: 123_450, currency: 'EUR' }, 'de').replaceAll(/\s/g, ' ')).toBe('1.234,50 €');
  expect(formatMoney({ minorUnits: 5, currency: 'EUR' }, 'en')).toBe('€0.05');
  expect(formatMoney({ minorUnits: -5, currency: 'EUR' }, 'en')).toBe('-€0.05');
  expect(formatMoney({ minorUnits: 12_800, currency: 'JPY' }, 'en')).toBe('¥12,800');
  expect(formatMoney({ minorUnits: 1_299_000, currency: 'HUF' }, 'en').replaceAll(/\s/g, ' ')).toBe('HUF 12,990.00');
  expect(formatMoney({ minorUnits: 1_234, currency: 'KWD' }, 'en').replaceAll(/\s/g, ' ')).toBe('KWD 1.234');
  expect(formatMoney({ minorUnits: 9_007_199_254_740_991, currency: 'EUR' }, 'en')).toBe('€90,071,992,547,409.91');
});

test('a range of one price is that price', () => {
  const price = { minorUnits: 1990, currency: 'EUR' };
  expect(formatMoneyRange(price, price, 'en')).toBe('€19.90');
  expect(formatMoneyRange(price, { ...price, minorUnits: 2990 }, 'en')).toBe('€19.90 – €29.90');
});

test('short forms are for axes only and never invent decimals', () => {
  expect(formatMoneyShort({ minorUnits: 100_000, currency: 'EUR' }, 'en')).toBe('€1,000');
  expect(formatMoneyShort({ minorUnits: 340_000, currency: 'JPY' }, 'en')).toBe('¥340K');
});
