/** An amount in whole minor units: cents for EUR, yen for JPY. */
export type Amount = { readonly minorUnits: number; readonly currency: string };

const formats = new Map<string, Intl.NumberFormat>();

function format(locale: string, currency: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = JSON.stringify([locale, currency, options]);
  const known = formats.get(key) ?? new Intl.NumberFormat(locale, { style: 'currency', currency, ...options });
  formats.set(key, known);
  return known;
}

// ISO 4217's decimals. Intl's own are the ones a currency is usually rounded to, which are fewer for HUF, COP and IDR.
const NO_DECIMALS: ReadonlySet<string> = new Set([
  'CLP',
  'ISK',
  'JPY',
  'KRW',
  'PYG',
  'UGX',
  'VND',
  'XAF',
  'XOF',
  'XPF',
]);
const THREE_DECIMALS: ReadonlySet<string> = new Set(['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND']);

/** Decimals a currency is kept and written with: 2 for EUR, 0 for JPY, 3 for KWD. */
export const decimalsOf = (currency: string): number =>
  NO_DECIMALS.has(currency) ? 0 : THREE_DECIMALS.has(currency) ? 3 : 2;

function decimalText({ minorUnits, currency }: Amount): Intl.StringNumericLiteral {
  const decimals = decimalsOf(currency);
  const digits = String(Math.abs(minorUnits)).padStart(decimals + 1, '0');
  const text = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
  return `${minorUnits < 0 ? '-' : ''}${text}` as Intl.StringNumericLiteral;
}

/** `{123450, EUR}` → `€1,234.50` in English, `1.234,50 €` in German. Exact: no binary fraction is involved. */
export function formatMoney(amount: Amount, locale: string): string {
  const decimals = decimalsOf(amount.currency);
  return format(locale, amount.currency, { minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(
    decimalText(amount),
  );
}

/** For axes and tiles where there is little room: `€1.2K`, `¥340K`. Whole amounts below 10,000. */
export function formatMoneyShort(amount: Amount, locale: string): string {
  const whole = Math.abs(amount.minorUnits) / 10 ** decimalsOf(amount.currency);
  const options: Intl.NumberFormatOptions =
    whole >= 10_000
      ? { notation: 'compact', maximumFractionDigits: 1, minimumFractionDigits: 0 }
      : { maximumFractionDigits: 0, minimumFractionDigits: 0 };
  return format(locale, amount.currency, options).format(decimalText(amount));
}

/** Two prices as a span, one when they are the same. */
export const formatMoneyRange = (from: Amount, to: Amount, locale: string): string =>
  from.minorUnits === to.minorUnits
    ? formatMoney(from, locale)
    : `${formatMoney(from, locale)} – ${formatMoney(to, locale)}`;
