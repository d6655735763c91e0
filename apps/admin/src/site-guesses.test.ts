import { expect, test } from 'vitest';
import { guessFor, timeZonesOf } from './site-guesses.ts';

test.each([
  ['a German at home', ['de-DE', 'de'], 'Europe/Berlin', 'DE', 'EUR', 'de', '19', true],
  ['an English reader in Berlin', ['en-US', 'en'], 'Europe/Berlin', 'DE', 'EUR', 'en', '19', true],
  ['an American', ['en-US'], 'America/Chicago', 'US', 'USD', 'en', '0', false],
  ['a Swiss, whose language has two countries', ['de-CH', 'fr-CH'], 'Europe/Zurich', 'CH', 'CHF', 'de', '8.1', true],
  ['a Frenchman, whose words we do not have', ['fr-FR', 'de'], 'Europe/Paris', 'FR', 'EUR', 'de', '20', true],
  ['somebody in Tokyo', ['ja'], 'Asia/Tokyo', 'JP', 'JPY', 'en', '10', true],
  ['a clock that says nothing', ['sv-SE'], 'UTC', 'SE', 'SEK', 'en', '25', true],
])('%s', (_who, languages, timeZone, country, currency, language, taxPercent, pricesIncludeTax) => {
  expect(guessFor({ languages, timeZone })).toEqual({
    country,
    currency,
    language,
    timeZone,
    taxPercent,
    pricesIncludeTax,
  });
});

test('a browser that tells nothing, or nonsense, still gives a start', () => {
  for (const languages of [[], ['not a language!']])
    expect(guessFor({ languages, timeZone: 'UTC' })).toMatchObject({ country: expect.stringMatching(/^[A-Z]{2}$/) });
  expect(timeZonesOf('DE')).toContain('Europe/Berlin');
});
