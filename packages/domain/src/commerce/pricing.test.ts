import fc from 'fast-check';
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

describe('M · the laws of totals', () => {
  const line = fc.record({
    unitPrice: fc.integer({ min: 0, max: 5_000_000 }),
    quantity: fc.integer({ min: 1, max: 99 }),
  });
  const basket = fc.record({
    lines: fc.array(line, { minLength: 1, maxLength: 12 }),
    shipping: fc.integer({ min: 0, max: 100_000 }),
    off: fc.integer({ min: 0, max: 100 }),
    rate: fc.oneof(
      fc.constantFrom(0, 50_000, 70_000, 190_000, 255_000, 1_000_000),
      fc.integer({ min: 0, max: 1_000_000 }),
    ),
    pricesIncludeTax: fc.boolean(),
    code: fc.constantFrom('EUR', 'JPY', 'KWD'),
  });
  type Basket = typeof basket extends fc.Arbitrary<infer Value> ? Value : never;
  const totalsOf = ({ lines, shipping, off, rate, pricesIncludeTax, code }: Basket) => {
    const currency = code as Currency;
    const items = lines.reduce((sum, l) => sum + l.unitPrice * l.quantity, 0);
    return computeTotals({
      currency,
      lines: lines.map((l) => ({ unitPrice: money(l.unitPrice, currency), quantity: l.quantity })),
      discount: money(Math.floor((items * off) / 100), currency),
      shipping: money(shipping, currency),
      rate,
      pricesIncludeTax,
    });
  };

  test('M · the total is its parts, and the tax is the nearest whole unit, half away from zero', () => {
    fc.assert(
      fc.property(basket, (b) => {
        const t = totalsOf(b);
        const base = t.items.minorUnits - t.discount.minorUnits + t.shipping.minorUnits;
        expect(t.items.minorUnits).toBe(t.lineTotals.reduce((sum, l) => sum + l.minorUnits, 0));
        expect(t.total.minorUnits).toBe(base + t.taxAdded.minorUnits);
        expect(b.pricesIncludeTax ? t.taxAdded.minorUnits : t.taxIncluded.minorUnits).toBe(0);
        // tax · whole − base · rate, doubled, lies in (−whole, whole]: nearest, and a half goes up.
        const whole = BigInt(b.pricesIncludeTax ? 1_000_000 + b.rate : 1_000_000);
        const tax = BigInt(b.pricesIncludeTax ? t.taxIncluded.minorUnits : t.taxAdded.minorUnits);
        const miss = 2n * (tax * whole - BigInt(base) * BigInt(b.rate));
        expect(miss > -whole && miss <= whole).toBe(true);
        expect(t.rounding.minorUnits).toBe(0);
      }),
    );
  });

  test('M · neither the order of the lines nor how pieces are spread over them changes what is paid', () => {
    fc.assert(
      fc.property(basket, (b) => {
        const { total } = totalsOf(b);
        expect(totalsOf({ ...b, lines: b.lines.toReversed() }).total).toEqual(total);
        const split = b.lines.flatMap((l) =>
          l.quantity > 1
            ? [
                { ...l, quantity: 1 },
                { ...l, quantity: l.quantity - 1 },
              ]
            : [l],
        );
        expect(totalsOf({ ...b, lines: split }).total).toEqual(total);
      }),
    );
  });
});
