import type { Currency } from '../shared/index.ts';
import { SITE_LANGUAGES, type SiteLanguage } from './site-country.ts';

/** How a shop can look, until storefronts have versions of their own. */
export const SITE_THEMES = ['aurora', 'kumo'] as const;
export type SiteTheme = (typeof SITE_THEMES)[number];

/** Most pieces that the dashboard can be asked to warn at. */
export const LOW_STOCK_MAX = 100_000;

/** What people decide of a site, and may decide again. */
export type SiteSettings = {
  readonly name: string;
  /** A language that the shop's own words exist in, with the country it is spoken in: `de-AT`. */
  readonly locale: string;
  readonly country: string;
  readonly timeZone: string;
  readonly contactEmail: string | undefined;
  readonly lowStockAt: number;
  readonly theme: SiteTheme;
  readonly currency: Currency;
  readonly pricesIncludeTax: boolean;
};

/** The shop's language in a locale; English where it is one that the shop has no words in. */
export const languageOf = (locale: string): SiteLanguage =>
  SITE_LANGUAGES.find((language) => language === locale.split('-')[0]) ?? 'en';

/** The locale of a site after its language or country was chosen: as it was where neither has changed. */
export const localeAfter = (
  before: Pick<SiteSettings, 'locale' | 'country'>,
  chosen: { readonly language: SiteLanguage; readonly country: string },
): string =>
  languageOf(before.locale) === chosen.language && before.country === chosen.country
    ? before.locale
    : `${chosen.language}-${chosen.country}`;

/** Why a setting cannot change any more. */
export type FixedBecause = 'priced' | 'published';

/**
 * What of a site stays as it is. Prices are written once, in the currency of their day, so it stays with the first product;
 * buyers have seen with or without tax what was published once, so that stays with the first publication.
 */
export const fixedSettings = (has: {
  readonly products: boolean;
  readonly publications: boolean;
}): { readonly currency: FixedBecause | undefined; readonly pricesIncludeTax: FixedBecause | undefined } => ({
  currency: has.publications ? 'published' : has.products ? 'priced' : undefined,
  pricesIncludeTax: has.publications ? 'published' : undefined,
});

/** The settings that differ, as they were and as they are: what the log says of a change. */
export function changedSettings(
  before: SiteSettings,
  after: SiteSettings,
): { readonly before: Partial<SiteSettings>; readonly after: Partial<SiteSettings> } {
  const names = (Object.keys(after) as (keyof SiteSettings)[]).filter((name) => before[name] !== after[name]);
  const of = (settings: SiteSettings): Partial<SiteSettings> =>
    Object.fromEntries(names.map((name) => [name, settings[name]]));
  return { before: of(before), after: of(after) };
}
