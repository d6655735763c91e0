import {
  type Currency,
  type Money,
  add,
  allocate,
  divideRounded,
  money,
  subtract,
  sum,
  times,
  zero,
} from '../shared/index.ts';

/** Parts of a million: 19 % is 190 000. Rates are whole, so no float can enter a price. */
export type RatePerMillion = number;

export type PricedLine = { readonly unitPrice: Money; readonly quantity: number };

export type Totals = {
  /** Unit price × quantity, per line and in sum. */
  readonly lineTotals: readonly Money[];
  readonly items: Money;
  readonly discount: Money;
  readonly shipping: Money;
  /** Tax that comes on top of the prices; zero where prices include it. */
  readonly taxAdded: Money;
  /** Tax that is inside the total; zero where it is added. */
  readonly taxIncluded: Money;
  readonly rounding: Money;
  readonly total: Money;
};

/** Tax inside a gross amount: G·r ÷ (100 % + r), half away from zero. */
export const includedTax = (gross: Money, rate: RatePerMillion): Money =>
  money(Number(divideRounded(BigInt(gross.minorUnits) * BigInt(rate), 1_000_000n + BigInt(rate))), gross.currency);

/** Tax on top of a net amount, half away from zero. */
export const addedTax = (net: Money, rate: RatePerMillion): Money =>
  money(Number(divideRounded(BigInt(net.minorUnits) * BigInt(rate), 1_000_000n)), net.currency);

/**
 * The totals of an order (O6) in the order of computing of the money rules: lines, discount, shipping taxed as the goods,
 * tax once per rate and document.
 */
export function computeTotals(input: {
  readonly currency: Currency;
  readonly lines: readonly PricedLine[];
  readonly discount?: Money;
  readonly shipping: Money;
  readonly rate: RatePerMillion;
  readonly pricesIncludeTax: boolean;
}): Totals {
  const lineTotals = input.lines.map((line) => times(line.unitPrice, line.quantity));
  const items = sum(lineTotals, input.currency);
  const discount = input.discount ?? zero(input.currency);
  const base = add(subtract(items, discount), input.shipping);
  const taxAdded = input.pricesIncludeTax ? zero(input.currency) : addedTax(base, input.rate);
  const taxIncluded = input.pricesIncludeTax ? includedTax(base, input.rate) : zero(input.currency);
  return {
    lineTotals,
    items,
    discount,
    shipping: input.shipping,
    taxAdded,
    taxIncluded,
    rounding: zero(input.currency),
    total: add(base, taxAdded),
  };
}

/** Splits a document's tax over its lines by what each costs, without losing a minor unit. */
export const taxPerLine = (tax: Money, lineTotals: readonly Money[]): Money[] =>
  allocate(
    tax,
    lineTotals.map((line) => line.minorUnits),
  );
