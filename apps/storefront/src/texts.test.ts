import { expect, it } from 'vitest';
import { texts, textsFor } from './texts.ts';

it('each language says everything', () => {
  for (const [language, all] of Object.entries(texts)) {
    expect(Object.keys(all).sort(), language).toEqual(Object.keys(texts.en).sort());
    for (const [key, text] of Object.entries(all))
      if (typeof text === 'string') expect(text.trim(), `${language}.${key}`).not.toBe('');
  }
});

it('a region reads its language, an unknown language English', () => {
  expect(textsFor('de-AT')).toBe(texts.de);
  expect(textsFor('DE')).toBe(texts.de);
  expect(textsFor('den')).toBe(texts.en);
  expect(textsFor('ja-JP')).toBe(texts.en);
});
