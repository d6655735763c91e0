import { CURRENCIES, currency, decimalsOf as decimalsOfDomain } from '@souk/domain/shared';
import { decimalsOf, formatMoney, formatMoneyRange, formatMoneyShort } from '@souk/ui/admin/money-format';
import { formatExact, formatRelative } from '@souk/ui/admin/time-format';
import { describe, expect, test } from 'vitest';

describe('money', () => {
  test.each([...CURRENCIES])('%s is shown with the decimals it is kept with', (code) => {
    const known = currency(code);
    expect(known && decimalsOfDomain(known)).toBe(decimalsOf(code));
  });

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
});

describe('times', () => {
  const now = new Date('2026-11-24T12:00:00Z');
  const ago = (seconds: number): string =>
    formatRelative(new Date(now.getTime() - seconds * 1000), now, 'Europe/Berlin', 'en-GB');

  test('near times are told from now, far ones by their date', () => {
    expect(ago(3)).toBe('just now');
    expect(ago(59)).toBe('just now');
    expect(ago(60)).toBe('1 minute ago');
    expect(ago(3 * 3600)).toBe('3 hours ago');
    expect(ago(30 * 3600)).toBe('yesterday');
    expect(ago(10 * 86_400)).toBe('14 Nov');
    expect(ago(400 * 86_400)).toBe('20 Oct 2025');
  });

  test('the exact time is the site’s, and says so', () => {
    expect(formatExact(now, 'Asia/Tokyo', 'en-GB')).toBe('24 November 2026 at 21:00, Tokyo time');
  });
});
