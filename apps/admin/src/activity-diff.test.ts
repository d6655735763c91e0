import { expect, test } from 'vitest';
import { changesOf, shownOf, wordChanges } from './activity-diff.ts';

test('what changed comes first, what stayed the same is left out', () => {
  expect(
    changesOf(
      { title: 'Lamp', price: { amount: '10.00', currency: 'EUR' }, status: 'published' },
      { version: 2, title: 'Lamp', price: { amount: '12.50', currency: 'EUR' }, status: 'published' },
    ),
  ).toEqual([
    {
      name: 'price',
      before: { kind: 'money', amount: '10.00', currency: 'EUR' },
      after: { kind: 'money', amount: '12.50', currency: 'EUR' },
    },
    { name: 'version', before: { kind: 'none' }, after: { kind: 'text', text: '2' } },
  ]);
  expect(changesOf(undefined, undefined)).toEqual([]);
  expect(changesOf('x', ['y'])).toEqual([]);
});

test('a value is shown as people read it', () => {
  expect([true, ['a', 'b'], [], null, 3, { deep: 1 }, ''].map(shownOf)).toEqual([
    { kind: 'text', text: 'yes' },
    { kind: 'text', text: 'a, b' },
    { kind: 'none' },
    { kind: 'none' },
    { kind: 'text', text: '3' },
    { kind: 'text', text: '{"deep":1}' },
    { kind: 'none' },
  ]);
});

test('a text is compared word by word, and both sides can be read out of it', () => {
  expect(wordChanges('a warm small lamp', 'a warm large lamp')).toEqual([
    { text: 'a warm ', is: 'same' },
    { text: 'small ', is: 'gone' },
    { text: 'large ', is: 'new' },
    { text: 'lamp', is: 'same' },
  ]);
  for (const [before, after] of [
    ['', 'new words'],
    ['old words', ''],
    ['one two three', 'three two one'],
    ['x '.repeat(500), 'y'],
  ] as const) {
    const found = wordChanges(before, after);
    expect(
      found
        .filter((s) => s.is !== 'new')
        .map((s) => s.text)
        .join(''),
    ).toBe(before);
    expect(
      found
        .filter((s) => s.is !== 'gone')
        .map((s) => s.text)
        .join(''),
    ).toBe(after);
  }
});
