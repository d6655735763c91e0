import { expect, test } from 'vitest';
import { currency } from '../shared/index.ts';
import { type SiteSettings, changedSettings, fixedSettings, languageOf, localeAfter } from './index.ts';

const settings: SiteSettings = {
  name: 'Linden',
  locale: 'en-IE',
  country: 'DE',
  timeZone: 'Europe/Berlin',
  contactEmail: undefined,
  lowStockAt: 3,
  theme: 'aurora',
  currency: currency('EUR') ?? expect.fail(),
  pricesIncludeTax: true,
};

test.each([
  [{ products: false, publications: false }, undefined, undefined],
  [{ products: true, publications: false }, 'priced', undefined],
  [{ products: true, publications: true }, 'published', 'published'],
  // A product is never deleted; were it, what was published stays so.
  [{ products: false, publications: true }, 'published', 'published'],
])('with %j the currency is fixed because %s, the tax basis because %s', (has, code, tax) => {
  expect(fixedSettings(has)).toEqual({ currency: code, pricesIncludeTax: tax });
});

test('a locale stays as it is until language or country change', () => {
  expect(localeAfter(settings, { language: 'en', country: 'DE' })).toBe('en-IE');
  expect(localeAfter(settings, { language: 'de', country: 'DE' })).toBe('de-DE');
  expect(localeAfter(settings, { language: 'en', country: 'AT' })).toBe('en-AT');
  expect([languageOf('de-CH'), languageOf('de'), languageOf('fr-CH'), languageOf('')]).toEqual([
    'de',
    'de',
    'en',
    'en',
  ]);
});

test('a change says what was and what is, and nothing of the rest', () => {
  const after = { ...settings, name: 'Oak', contactEmail: 'hello@oak.example' };
  expect(changedSettings(settings, after)).toEqual({
    before: { name: 'Linden', contactEmail: undefined },
    after: { name: 'Oak', contactEmail: 'hello@oak.example' },
  });
  expect(changedSettings(settings, settings)).toEqual({ before: {}, after: {} });
});
