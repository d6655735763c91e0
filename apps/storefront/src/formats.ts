import { decimalsOf, toDecimal, type Money } from '@souk/domain/shared';

const numberFormats = new Map<string, Intl.NumberFormat>();

/** In the reader's format, with as many decimals as the currency has: `€49.00`, `49,00 €`, `¥12,800`. */
export function formatMoney(amount: Money, locale: string): string {
  const key = `${locale} ${amount.currency}`;
  let format = numberFormats.get(key);
  if (!format) {
    const decimals = decimalsOf(amount.currency);
    format = new Intl.NumberFormat(locale, {
      style: 'currency',
      currency: amount.currency,
      currencyDisplay: 'narrowSymbol',
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    });
    numberFormats.set(key, format);
  }
  // As a string the amount is formatted exactly, however large it is.
  return format.format(toDecimal(amount) as Intl.StringNumericLiteral);
}

/** `14 March 2026, 09:41`, in the shop's time zone; the text as it is when it is no time. */
export function formatTime(iso: string, locale: string, timeZone: string): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone }).format(time);
}

/** Whole percent a price lies below the one before, or undefined when it does not. */
export function percentBelow(price: Money, compareAt: Money | undefined): number | undefined {
  if (!compareAt || compareAt.currency !== price.currency || compareAt.minorUnits <= price.minorUnits) return undefined;
  const percent = Math.floor(((compareAt.minorUnits - price.minorUnits) * 100) / compareAt.minorUnits);
  return percent > 0 ? percent : undefined;
}
