import { expect, test } from 'vitest';
import { slug, slugFrom } from './slug.ts';

test.each([
  ['about-us', true],
  ['a', true],
  ['snake_case', true],
  ['Upper', false],
  ['a b', false],
  ['../x', false],
  ['', false],
  ['-', false],
  ['__', false],
  ['a'.repeat(101), false],
])('C1 · the slug %s', (text, good) => {
  expect(slug(text).ok).toBe(good);
});

test.each([
  ['Über den Wolken', 'uber-den-wolken'],
  ['  Große  Straße! ', 'grosse-strasse'],
  ['Café №5', 'cafe-no5'],
  ['雲', ''],
])('%s becomes %s', (title, expected) => {
  expect(slugFrom(title)).toBe(expected);
});
