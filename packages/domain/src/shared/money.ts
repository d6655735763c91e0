import type { Brand } from './brand.ts';

/** An ISO 4217 code whose number of decimals this project knows. */
export type Currency = Brand<string, 'Currency'>;

/** An amount in whole minor units (cents, yen). `minorUnits` is always a safe integer; it may be negative only in sums. */
export type Money = { readonly minorUnits: number; readonly currency: Currency };

/** Decimals per ISO 4217. A currency that is missing here is refused, never guessed. */
// oxfmt-ignore
const DECIMALS: Readonly<Record<string, number>> = {
  AED: 2, AUD: 2, BGN: 2, BRL: 2, CAD: 2, CHF: 2, CLP: 0, CNY: 2, COP: 2, CZK: 2, DKK: 2, EGP: 2, EUR: 2, GBP: 2, HKD: 2,
  HUF: 2, IDR: 2, ILS: 2, INR: 2, ISK: 0, JPY: 0, KES: 2, KRW: 0, KWD: 3, BHD: 3, JOD: 3, MAD: 2, MXN: 2, MYR: 2, NGN: 2,
  NOK: 2, NZD: 2, OMR: 3, PEN: 2, PHP: 2, PLN: 2, QAR: 2, RON: 2, SAR: 2, SEK: 2, SGD: 2, THB: 2, TND: 3, TRY: 2, TWD: 2,
  UAH: 2, USD: 2, VND: 0, ZAR: 2,
};

export const CURRENCIES: readonly string[] = Object.keys(DECIMALS);

/** Parses an ISO 4217 code; undefined when its decimals are not known. */
export const currency = (code: string): Currency | undefined =>
  Object.hasOwn(DECIMALS, code) ? (code as Currency) : undefined;

/** Number of decimals of a currency: 2 for EUR, 0 for JPY, 3 for KWD. */
export const decimalsOf = (code: Currency): number => DECIMALS[code] ?? 0;

/** Throws when the amount is no safe integer: a sum that overflows is a bug, not a refusal. */
export function money(minorUnits: number, code: Currency): Money {
  if (!Number.isSafeInteger(minorUnits)) throw new RangeError(`not a safe amount of minor units: ${minorUnits}`);
  return { minorUnits, currency: code };
}

export const zero = (code: Currency): Money => ({ minorUnits: 0, currency: code });

function sameCurrency(a: Money, b: Money): Currency {
  if (a.currency !== b.currency) throw new TypeError(`mixed currencies: ${a.currency} and ${b.currency}`);
  return a.currency;
}

export const add = (a: Money, b: Money): Money => money(a.minorUnits + b.minorUnits, sameCurrency(a, b));
export const subtract = (a: Money, b: Money): Money => money(a.minorUnits - b.minorUnits, sameCurrency(a, b));
export const times = (a: Money, quantity: number): Money => money(a.minorUnits * quantity, a.currency);
export const sum = (amounts: readonly Money[], code: Currency): Money => amounts.reduce(add, zero(code));

export type AmountFault = 'not_a_number' | 'negative' | 'too_many_decimals' | 'too_large';

/** The largest amount a person may type: it fits numeric(19,4) and stays a safe integer times any allowed quantity. */
export const MAX_MINOR_UNITS = 99_999_999_999;

/**
 * Reads a plain decimal such as `19.90`; never an exponent, a sign of plus, a group separator or a currency word.
 * @returns the amount, or the first fault of it.
 */
export function parseAmount(text: string, code: Currency, max: number = MAX_MINOR_UNITS): Money | AmountFault {
  const match = /^(-?)(\d{1,40})(?:\.(\d{1,40}))?$/.exec(text.trim());
  if (!match) return 'not_a_number';
  const [, sign, whole = '', fraction = ''] = match;
  const decimals = decimalsOf(code);
  if (sign === '-' && /[1-9]/.test(whole + fraction)) return 'negative';
  if (fraction.replace(/0+$/, '').length > decimals) return 'too_many_decimals';
  const minorUnits = BigInt(whole + fraction.slice(0, decimals).padEnd(decimals, '0'));
  if (minorUnits > BigInt(max)) return 'too_large';
  return money(Number(minorUnits), code);
}

/** `{1990, EUR}` → `"19.90"`: the form of the database's numeric column and of machine-readable output. */
export function toDecimal({ minorUnits, currency: code }: Money): string {
  const decimals = decimalsOf(code);
  const sign = minorUnits < 0 ? '-' : '';
  const digits = String(Math.abs(minorUnits)).padStart(decimals + 1, '0');
  return decimals === 0 ? sign + digits : `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** The inverse of `toDecimal`; reads the database's `19.9000` too. Throws on anything that is not a whole number of minor units. */
export function fromDecimal(text: string, code: Currency): Money {
  const amount = parseAmount(text.replace(/^-/, ''), code, Number.MAX_SAFE_INTEGER);
  if (typeof amount === 'string') throw new RangeError(`not an amount in ${code}: ${text} (${amount})`);
  return text.startsWith('-') ? money(0 - amount.minorUnits, code) : amount;
}

/** Half away from zero, on exact integers: `divideRounded(5, 2)` is 3, `divideRounded(-5, 2)` is -3. */
export function divideRounded(numerator: bigint, denominator: bigint): bigint {
  const negative = numerator < 0n !== denominator < 0n;
  const n = numerator < 0n ? -numerator : numerator;
  const d = denominator < 0n ? -denominator : denominator;
  const rounded = (2n * n + d) / (2n * d);
  return negative ? -rounded : rounded;
}

/**
 * Splits an amount over weights without losing a minor unit: largest remainder, ties to the earlier weight.
 * Weights are non-negative integers; when all are zero everything goes to the first.
 */
export function allocate(amount: Money, weights: readonly number[]): Money[] {
  if (weights.length === 0) return [];
  const total = weights.reduce((a, b) => a + BigInt(b), 0n);
  if (total === 0n) return weights.map((_, i) => money(i === 0 ? amount.minorUnits : 0, amount.currency));
  const all = BigInt(Math.abs(amount.minorUnits));
  const shares = weights.map((weight, i) => ({
    i,
    whole: (all * BigInt(weight)) / total,
    rest: (all * BigInt(weight)) % total,
  }));
  let left = all - shares.reduce((a, s) => a + s.whole, 0n);
  for (const share of shares.toSorted((a, b) => (a.rest === b.rest ? a.i - b.i : a.rest > b.rest ? -1 : 1))) {
    if (left === 0n) break;
    share.whole += 1n;
    left -= 1n;
  }
  return shares.map((s) => money(Math.sign(amount.minorUnits) * Number(s.whole) || 0, amount.currency));
}
