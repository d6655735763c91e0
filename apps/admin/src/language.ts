/** What the admin can be read in. The pseudo-locale is English made longer and bracketed, for tests. */
export type Language = 'en' | 'de' | 'pseudo';

export const LANGUAGES = [
  { value: 'en', label: 'English' },
  { value: 'de', label: 'Deutsch' },
] as const satisfies readonly { readonly value: Language; readonly label: string }[];

const KEY = 'souk.language';
const DIRECTION_KEY = 'souk.direction';

const isLanguage = (value: unknown): value is Language => value === 'en' || value === 'de' || value === 'pseudo';

function kept(key: string): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined;
  } catch {
    // Without storage the browser's own languages decide.
    return undefined;
  }
}

/** The first of the languages somebody reads that there are words in; English where there are in none. */
export const firstKnown = (wanted: readonly string[]): 'en' | 'de' =>
  wanted.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => tag === 'en' || tag === 'de') ?? 'en';

/** What this browser is shown: what was chosen at it, else the first of its own languages that there are words in. */
export function languageNow(): Language {
  const chosen = kept(KEY);
  return isLanguage(chosen) ? chosen : firstKnown(navigator.languages);
}

/** Which way lines run. No language of ours runs from right to left yet; tests turn it round, so that one can. */
export const directionOf = (language: Language): 'ltr' | 'rtl' =>
  language === 'pseudo' && kept(DIRECTION_KEY) === 'rtl' ? 'rtl' : 'ltr';

/**
 * Shows the admin in a language from now on. Words are read when the page begins, so it begins anew where they change.
 * Returns whether it does.
 */
export function showLanguage(language: 'en' | 'de'): boolean {
  const now = languageNow();
  if (now === language || now === 'pseudo') return false;
  try {
    localStorage.setItem(KEY, language);
  } catch {
    // Where nothing can be kept the page would begin anew for ever.
    return false;
  }
  window.location.reload();
  return true;
}

/** How numbers and dates of the language are written: as in the reader's own country, where their browser names one. */
export function localeOf(language: Language, wanted: readonly string[]): string {
  const spoken = language === 'pseudo' ? 'en' : language;
  return wanted.find((tag) => tag.toLowerCase().startsWith(spoken)) ?? (spoken === 'en' ? 'en-GB' : 'de-DE');
}

/** The locale of this page's reader, for every `Intl` format there is. */
export const readerLocale = (): string =>
  typeof document === 'undefined' ? 'en' : localeOf(languageNow(), navigator.languages);

/** A number as the reader writes it. */
export const formatNumber = (value: number, options?: Intl.NumberFormatOptions): string =>
  new Intl.NumberFormat(readerLocale(), options).format(value);
