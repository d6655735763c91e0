import { SITE_COUNTRIES, SITE_LANGUAGES, type SiteCountry, type SiteLanguage } from '@souk/domain/identity';

/** What a browser tells of where somebody is. */
export type Place = { readonly languages: readonly string[]; readonly timeZone: string };

export type SiteGuesses = {
  readonly country: string;
  readonly currency: string;
  readonly language: SiteLanguage;
  readonly timeZone: string;
  /** As a person writes it: `19`, `8.1`. */
  readonly taxPercent: string;
  readonly pricesIncludeTax: boolean;
};

/** Not every browser has it, and those that do have it under one of two names. */
type WithTimeZones = Intl.Locale & { getTimeZones?: () => string[] | undefined; timeZones?: string[] };

/** The time zones of a country, the first one first; none where the browser does not know. */
export function timeZonesOf(country: string): readonly string[] {
  const locale: WithTimeZones = new Intl.Locale('und', { region: country });
  return locale.getTimeZones?.() ?? locale.timeZones ?? [];
}

/** Where somebody is, by their clock before their language: many read English who are not at home in America. */
function countryOf({ languages, timeZone }: Place): SiteCountry | undefined {
  const ofLanguages = languages.flatMap((tag) => {
    const region = tryLocale(tag)?.region;
    return region === undefined ? [] : [region];
  });
  const candidates = [...new Set([...ofLanguages, ...SITE_COUNTRIES.keys()])].filter((code) =>
    SITE_COUNTRIES.has(code),
  );
  const here = candidates.find((code) => timeZonesOf(code).includes(timeZone)) ?? candidates[0];
  return here === undefined ? undefined : SITE_COUNTRIES.get(here);
}

function tryLocale(tag: string): Intl.Locale | undefined {
  try {
    return new Intl.Locale(tag);
  } catch {
    return undefined;
  }
}

/** What follows from a country for a site that is at home there. */
export const usualIn = ({
  currency,
  ratePerMillion,
  pricesIncludeTax,
}: SiteCountry): Pick<SiteGuesses, 'currency' | 'taxPercent' | 'pricesIncludeTax'> => ({
  currency,
  taxPercent: String(ratePerMillion / 10_000),
  pricesIncludeTax,
});

/** Good guesses for somebody's first site; they see and change them all. */
export function guessFor(place: Place): SiteGuesses {
  const country = countryOf(place) ?? SITE_COUNTRIES.get('DE');
  if (!country) throw new Error('there are no countries');
  const spoken = place.languages.map((tag) => tryLocale(tag)?.language);
  return {
    country: country.code,
    language: spoken.flatMap((code) => SITE_LANGUAGES.find((language) => language === code) ?? [])[0] ?? 'en',
    timeZone: place.timeZone,
    ...usualIn(country),
  };
}
