import { expect, test } from 'vitest';
import { publishedWords, unpublishedWords, versionWords } from './product-words.ts';

test('versions are told by what customers see and what waits', () => {
  expect(versionWords(4, 3)).toBe('live 3 · draft 4');
  expect(versionWords(3, 3)).toBe('live 3');
  expect(versionWords(1, undefined)).toBe('draft 1');
});

test('publishing says what it changed and what it left', () => {
  expect(publishedWords(12, 0)).toEqual({ title: '12 products published' });
  expect(publishedWords(1, 2)).toEqual({
    title: '1 product published',
    description: '2 products were already up to date and left unchanged.',
  });
  expect(publishedWords(0, 1).title).toBe('It was already in the shop');
  expect(unpublishedWords(2, 3).description).toBe('1 product was not in it and left unchanged.');
});
