import { expect, test } from 'vitest';
import { SITE_COUNTRIES, ratePerMillion, taxNameOf } from './index.ts';

test('each country has a currency, and a rate in whole parts of a million', () => {
  expect(SITE_COUNTRIES.size).toBeGreaterThan(60);
  for (const country of SITE_COUNTRIES.values()) {
    expect(country.code).toMatch(/^[A-Z]{2}$/);
    expect(Number.isInteger(country.ratePerMillion) && country.ratePerMillion <= 300_000).toBe(true);
  }
  expect(SITE_COUNTRIES.get('CH')).toMatchObject({ currency: 'CHF', ratePerMillion: 81_000, pricesIncludeTax: true });
  expect(SITE_COUNTRIES.get('US')).toMatchObject({ currency: 'USD', ratePerMillion: 0, pricesIncludeTax: false });
});

test('a tax is called as the shop’s language calls it', () => {
  const [de, jp] = [SITE_COUNTRIES.get('DE'), SITE_COUNTRIES.get('JP')];
  if (!de || !jp) throw new Error('missing');
  expect([taxNameOf(de, 'de'), taxNameOf(de, 'en'), taxNameOf(jp, 'de')]).toEqual(['MwSt.', 'VAT', 'Consumption tax']);
});

test.each([
  ['19', 190_000],
  ['8.1', 81_000],
  ['25,5', 255_000],
  [' 0 ', 0],
  ['100', 1_000_000],
  ['7.7777', 77_777],
  ['100.0001', undefined],
  ['-1', undefined],
  ['1e1', undefined],
  ['19 %', undefined],
  ['7.77777', undefined],
  ['', undefined],
])('the percentage %j', (text, rate) => {
  expect(ratePerMillion(text)).toBe(rate);
});
