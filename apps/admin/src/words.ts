import { i18n } from '@lingui/core';
import { type Language, directionOf, languageNow, readerLocale } from './language.ts';

const CATALOGUES = {
  en: () => import('./words/en.po'),
  de: () => import('./words/de.po'),
  pseudo: () => import('./words/en.po?pseudo'),
} as const satisfies Record<Language, () => Promise<{ readonly messages: Record<string, string> }>>;

const inBrowser = typeof document !== 'undefined';
const language = inBrowser ? languageNow() : 'en';

/*
 * Whatever says words imports `i18n` from here, and so begins only when the catalogue is there: constants of a module may be
 * words too. Only the chosen language is loaded. Node, which runs the tests, says the English ones as they stand in the code.
 */
i18n.loadAndActivate({
  locale: language,
  locales: readerLocale(),
  messages: inBrowser ? (await CATALOGUES[language]()).messages : {},
});

if (inBrowser) {
  document.documentElement.lang = language === 'pseudo' ? 'en' : language;
  document.documentElement.dir = directionOf(language);
}

export { i18n };
