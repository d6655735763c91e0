import { currency, money, type Money } from '@souk/domain/shared';
import { describe, expect, it } from 'vitest';
import { formatMoney, formatTime, percentBelow } from './formats.ts';

const of = (minorUnits: number, code: string): Money => {
  const known = currency(code);
  if (!known) throw new Error(code);
  return money(minorUnits, known);
};

/** Formats separate with spaces of several widths. */
const plain = (text: string): string => text.replaceAll(/\s/g, ' ');

describe('money', () => {
  it('has as many decimals as its currency', () => {
    expect(formatMoney(of(4900, 'EUR'), 'en-IE')).toBe('€49.00');
    expect(formatMoney(of(12800, 'JPY'), 'en')).toBe('¥12,800');
    expect(plain(formatMoney(of(1250, 'KWD'), 'en'))).toBe('KWD 1.250');
  });

  it('is written the way the reader writes it', () => {
    expect(plain(formatMoney(of(129900, 'EUR'), 'de-DE'))).toBe('1.299,00 €');
  });

  it('is exact where a floating number is not', () => {
    expect(formatMoney(of(9_007_199_254_740_991, 'EUR'), 'en-IE')).toBe('€90,071,992,547,409.91');
  });
});

describe('a reduced price', () => {
  it('says whole percent, rounded down so that it never promises more', () => {
    expect(percentBelow(of(22900, 'EUR'), of(26900, 'EUR'))).toBe(14);
    expect(percentBelow(of(999, 'EUR'), of(1000, 'EUR'))).toBeUndefined();
  });

  it('is none when the price before was lower, the same, or in another currency', () => {
    expect(percentBelow(of(500, 'EUR'), of(400, 'EUR'))).toBeUndefined();
    expect(percentBelow(of(500, 'EUR'), of(500, 'EUR'))).toBeUndefined();
    expect(percentBelow(of(500, 'EUR'), of(900, 'JPY'))).toBeUndefined();
    expect(percentBelow(of(500, 'EUR'), undefined)).toBeUndefined();
  });
});

describe('a time', () => {
  it('is shown in the time zone of the shop', () => {
    expect(plain(formatTime('2026-03-14T23:30:00Z', 'en-GB', 'Asia/Tokyo'))).toContain('15 March 2026');
  });

  it('that cannot be read is shown as it came', () => {
    expect(formatTime('soon', 'en', 'UTC')).toBe('soon');
  });
});
