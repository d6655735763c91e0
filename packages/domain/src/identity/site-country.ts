import { type Currency, currency } from '../shared/index.ts';

/** What is usual where a site is at home: good guesses for its first day, all of them changeable. */
export type SiteCountry = {
  /** ISO 3166-1. */
  readonly code: string;
  readonly currency: Currency;
  /** The usual rate of tax on goods, in parts of a million; zero where there is no single one. */
  readonly ratePerMillion: number;
  /** Whether prices are usually shown with the tax in them. */
  readonly pricesIncludeTax: boolean;
  readonly taxName: string;
};

/** Country, currency, percent of the usual tax, and what it is called where that is not VAT. As of 2026. */
// oxfmt-ignore
const USUAL: readonly (readonly [code: string, currency: string, percent: number, taxName?: string])[] = [
  ['AE', 'AED', 5],     ['AT', 'EUR', 20],    ['AU', 'AUD', 10, 'GST'], ['BE', 'EUR', 21],   ['BG', 'EUR', 20],          ['BH', 'BHD', 10],
  ['CA', 'CAD', 5, 'GST'], ['CH', 'CHF', 8.1], ['CL', 'CLP', 19],       ['CN', 'CNY', 13],   ['CO', 'COP', 19],          ['CY', 'EUR', 19],
  ['CZ', 'CZK', 21],    ['DE', 'EUR', 19],    ['DK', 'DKK', 25],        ['EE', 'EUR', 24],   ['EG', 'EGP', 14],          ['ES', 'EUR', 21],
  ['FI', 'EUR', 25.5],  ['FR', 'EUR', 20],    ['GB', 'GBP', 20],        ['GR', 'EUR', 24],   ['HK', 'HKD', 0, 'Tax'],    ['HR', 'EUR', 25],
  ['HU', 'HUF', 27],    ['ID', 'IDR', 11],    ['IE', 'EUR', 23],        ['IL', 'ILS', 18],   ['IN', 'INR', 18, 'GST'],   ['IS', 'ISK', 24],
  ['IT', 'EUR', 22],    ['JO', 'JOD', 16, 'GST'], ['JP', 'JPY', 10, 'Consumption tax'], ['KE', 'KES', 16], ['KR', 'KRW', 10], ['KW', 'KWD', 0, 'Tax'],
  ['LI', 'CHF', 8.1],   ['LT', 'EUR', 21],    ['LU', 'EUR', 17],        ['LV', 'EUR', 21],   ['MA', 'MAD', 20],          ['MT', 'EUR', 18],
  ['MX', 'MXN', 16],    ['MY', 'MYR', 0, 'Tax'], ['NG', 'NGN', 7.5],    ['NL', 'EUR', 21],   ['NO', 'NOK', 25],          ['NZ', 'NZD', 15, 'GST'],
  ['OM', 'OMR', 5],     ['PE', 'PEN', 18, 'IGV'], ['PH', 'PHP', 12],    ['PL', 'PLN', 23],   ['PT', 'EUR', 23],          ['RO', 'RON', 21],
  ['SA', 'SAR', 15],    ['SE', 'SEK', 25],    ['SG', 'SGD', 9, 'GST'],  ['SI', 'EUR', 22],   ['SK', 'EUR', 23],          ['TN', 'TND', 19],
  ['TR', 'TRY', 20],    ['TW', 'TWD', 5],     ['UA', 'UAH', 20],        ['US', 'USD', 0, 'Sales tax'], ['VN', 'VND', 10], ['ZA', 'ZAR', 15],
];

/** Where tax comes on top of the prices that are shown. */
const ADDED = new Set(['US', 'CA']);

/** Every country a site can be at home in, by code. */
export const SITE_COUNTRIES: ReadonlyMap<string, SiteCountry> = new Map(
  USUAL.map(([code, currencyCode, percent, taxName = 'VAT']) => {
    const known = currency(currencyCode);
    if (!known) throw new Error(`the currency ${currencyCode} is not known`);
    return [
      code,
      {
        code,
        currency: known,
        ratePerMillion: Math.round(percent * 10_000),
        pricesIncludeTax: !ADDED.has(code),
        taxName,
      },
    ];
  }),
);

/** Languages that the shop's own words exist in. */
export const SITE_LANGUAGES = ['en', 'de'] as const;
export type SiteLanguage = (typeof SITE_LANGUAGES)[number];

/** What the tax is called in the shop's language. */
export const taxNameOf = (country: SiteCountry, language: SiteLanguage): string =>
  language === 'de' && country.taxName === 'VAT' ? 'MwSt.' : country.taxName;

/** Reads a percentage such as `19` or `8.1` into parts of a million; undefined when it is none, or over 100. */
export function ratePerMillion(percent: string): number | undefined {
  const match = /^(\d{1,3})(?:[.,](\d{1,4}))?$/.exec(percent.trim());
  if (!match) return undefined;
  const [, whole = '', fraction = ''] = match;
  const rate = Number(whole) * 10_000 + Number(fraction.padEnd(4, '0'));
  return rate <= 1_000_000 ? rate : undefined;
}
