import { describe, expect, test } from 'vitest';
import { type Currency, money } from '../shared/index.ts';
import { addedTax, computeTotals, includedTax, taxPerLine } from './pricing.ts';

const EUR = 'EUR' as Currency;
const JPY = 'JPY' as Currency;

describe('O6 · totals', () => {
  test('O6 · tax is taken once per rate and document: three lines of ¥105 at 10 % hold 29, not 30', () => {
    const line = { unitPrice: money(105, JPY), quantity: 1 };
    const totals = computeTotals({
      currency: JPY,
      lines: [line, line, line],
      shipping: money(0, JPY),
      rate: 100_000,
      pricesIncludeTax: true,
    });
    expect(totals.taxIncluded.minorUnits).toBe(29);
    expect(totals.total.minorUnits).toBe(315);
    expect(taxPerLine(totals.taxIncluded, totals.lineTotals).map((t) => t.minorUnits)).toEqual([10, 10, 9]);
  });

  test('O6 · included tax covers the shipping too, and is inside the total', () => {
    const totals = computeTotals({
      currency: EUR,
      lines: [{ unitPrice: money(20_900, EUR), quantity: 1 }],
      shipping: money(490, EUR),
      rate: 190_000,
      pricesIncludeTax: true,
    });
    expect(totals.total.minorUnits).toBe(21_390);
    expect(totals.taxIncluded.minorUnits).toBe(3415);
    expect(totals.taxAdded.minorUnits).toBe(0);
  });

  test('O6 · added tax comes on top', () => {
    const totals = computeTotals({
      currency: EUR,
      lines: [{ unitPrice: money(1000, EUR), quantity: 3 }],
      discount: money(500, EUR),
      shipping: money(490, EUR),
      rate: 190_000,
      pricesIncludeTax: false,
    });
    expect(totals.taxAdded.minorUnits).toBe(568);
    expect(totals.total.minorUnits).toBe(3000 - 500 + 490 + 568);
  });

  test.each([
    [119, 190_000, 19],
    [1, 190_000, 0],
    [100, 0, 0],
    [108, 80_000, 8],
  ])('a gross of %s at %s per million holds %s', (gross, rate, tax) => {
    expect(includedTax(money(gross, EUR), rate).minorUnits).toBe(tax);
  });

  test('half of a unit is rounded away from zero', () => {
    expect(addedTax(money(50, EUR), 10_000).minorUnits).toBe(1);
  });
});
