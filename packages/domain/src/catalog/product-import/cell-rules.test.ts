import { describe, expect, test } from 'vitest';
import { articleCode, isBlank, plainText, sameText, statusHint, stockQuantity, tagList, weight } from './cell-rules.ts';

const valueOf = (result: ReturnType<typeof plainText>): string =>
  result.ok ? result.value.value : result.refusal.code;

describe('texts', () => {
  test.each(['', ' \t', '\u200B\u200B', '\uFEFF', '\u2060\u00AD', '\u2800', '\u200E'])('%j shows nothing', (text) => {
    expect(isBlank(text)).toBe(true);
  });

  test.each(['a', '.', '👩‍👩‍👧', '0'])('%j shows something', (text) => {
    expect(isBlank(text)).toBe(false);
  });

  test('a limit counts characters, not code units', () => {
    expect(valueOf(plainText('😀'.repeat(3), 3))).toBe('😀😀😀');
    expect(valueOf(plainText('😀'.repeat(4), 3))).toBe('too_long');
  });

  test('joined emoji stay whole', () => {
    expect(valueOf(plainText('👩‍👩‍👧‍👦', 20))).toBe('👩‍👩‍👧‍👦');
  });

  test('text that lost letters is imported and told', () => {
    expect(plainText('Caf\uFFFD', 20)).toMatchObject({ ok: true, value: { notes: [{ code: 'damaged_text' }] } });
  });

  test('texts are the same whatever their case, spaces and composition', () => {
    expect(sameText('Café  au lait', 'CAFE\u0301 au lait ')).toBe(true);
    expect(sameText('Cafe', 'Café')).toBe(false);
  });
});

test('an article code keeps what a formula would lose, but not the apostrophe of a spreadsheet', () => {
  expect(valueOf(articleCode("'0123", 20))).toBe('0123');
  expect(valueOf(articleCode("'tis", 20))).toBe("'tis");
  expect(valueOf(articleCode('-2+3', 20))).toBe('-2+3');
});

test('tags are a list without blanks and repetitions', () => {
  expect(tagList('Red, red ,, Blue,\u200B')).toMatchObject({ ok: true, value: { value: ['Red', 'Blue'] } });
});

test.each([
  ['0', 0],
  ['-0', 0],
  ['007', 7],
  ['1000000000', 1_000_000_000],
])('a stock of %s is %d', (text, quantity) => {
  expect(stockQuantity(text)).toEqual({ ok: true, value: { value: quantity, notes: [] } });
});

test.each(['1e9', '0x10', '+5', '1 000', '5.0', ' 5', 'NaN', '٥'])('a stock of %j is no whole number', (text) => {
  expect(stockQuantity(text)).toMatchObject({ ok: false, refusal: { code: 'not_an_integer' } });
});

test.each([
  ['0.0', 0, []],
  ['250', 250, []],
  ['12.5', 13, ['weight_rounded']],
])('a weight of %s is %d g', (text, grams, notes) => {
  expect(weight(text)).toMatchObject({ ok: true, value: { value: grams, notes: notes.map((code) => ({ code })) } });
});

test('a status is a hint in any case; an unlisted product is taken as a draft, and told', () => {
  expect(statusHint('ACTIVE')).toMatchObject({ ok: true, value: { value: 'active', notes: [] } });
  expect(statusHint('unlisted')).toMatchObject({
    ok: true,
    value: { value: 'draft', notes: [{ code: 'ignored_value' }] },
  });
});
