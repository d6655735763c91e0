import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Currency,
  type Money,
  allocate,
  currency,
  divideRounded,
  fromDecimal,
  money,
  parseAmount,
  subtract,
  toDecimal,
} from './money.ts';

const EUR = 'EUR' as Currency;
const JPY = 'JPY' as Currency;
const KWD = 'KWD' as Currency;

describe('money', () => {
  test.each([
    ['19.90', EUR, 1990],
    ['19.9', EUR, 1990],
    ['19', EUR, 1900],
    ['19.900', EUR, 1990],
    ['0.00', EUR, 0],
    ['1200', JPY, 1200],
    ['1.234', KWD, 1234],
  ])('reads %s %s', (text, code, minorUnits) => {
    expect(parseAmount(text, code)).toEqual({ minorUnits, currency: code });
  });

  test.each([
    ['19.999', EUR, 'too_many_decimals'],
    ['1200.5', JPY, 'too_many_decimals'],
    ['-5.00', EUR, 'negative'],
    ['1e9', EUR, 'not_a_number'],
    ['0x10', EUR, 'not_a_number'],
    ['1,5', EUR, 'not_a_number'],
    ['+1', EUR, 'not_a_number'],
    ['', EUR, 'not_a_number'],
    ['99999999999999999999.99', EUR, 'too_large'],
  ])('refuses %s %s: %s', (text, code, fault) => {
    expect(parseAmount(text, code)).toBe(fault);
  });

  test('a currency whose decimals are not known is refused, also the names of an object’s own properties', () => {
    expect(currency('XXX')).toBeUndefined();
    expect(currency('toString')).toBeUndefined();
    expect(currency('__proto__')).toBeUndefined();
  });

  test('decimal text and back is the same amount', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.constantFrom(EUR, JPY, KWD), (minorUnits, code) => {
        expect(fromDecimal(toDecimal(money(minorUnits, code)), code)).toEqual(money(minorUnits, code));
      }),
    );
  });

  test('mixed currencies and unsafe sums are bugs, so they throw', () => {
    expect(() => subtract(money(1, EUR), money(1, JPY))).toThrow('mixed currencies');
    expect(() => money(0.5, EUR)).toThrow('not a safe amount');
    expect(() => money(Number.MAX_SAFE_INTEGER + 1, EUR)).toThrow('not a safe amount');
  });

  test.each([
    [5n, 2n, 3n],
    [-5n, 2n, -3n],
    [4n, 3n, 1n],
    [5n, 3n, 2n],
    [0n, 7n, 0n],
  ])('divides %s by %s, half away from zero', (n, d, expected) => {
    expect(divideRounded(n, d)).toBe(expected);
  });

  test('allocation loses nothing, and each part is within one unit of its share', () => {
    const weights = fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.integer({ min: -10_000_000, max: 10_000_000 }), weights, (minorUnits, parts) => {
        const shares = allocate(money(minorUnits, EUR), parts);
        expect(shares.reduce((sum, share: Money) => sum + share.minorUnits, 0)).toBe(minorUnits);
        const total = parts.reduce((sum, part) => sum + part, 0);
        if (total > 0)
          shares.forEach((share, i) =>
            expect(Math.abs(share.minorUnits - (minorUnits * (parts[i] ?? 0)) / total)).toBeLessThan(1),
          );
      }),
    );
  });

  test('ties of an allocation go to the earlier line', () => {
    expect(allocate(money(100, EUR), [1, 1, 1]).map((share) => share.minorUnits)).toEqual([34, 33, 33]);
  });
});
