import { expect, test } from 'vitest';
import { productHandle } from './product-handle.ts';

test.each(['mug', 'blue-mug-2', '2', 'a_b', '__proto__', 'constructor', 'x'.repeat(100)])(
  '%s is a handle',
  (handle) => {
    expect(productHandle(handle)).toMatchObject({ ok: true });
  },
);

test.each([
  ['../../etc/passwd', 'etc-passwd'],
  ['With Space', 'with-space'],
  ['UPPER', 'upper'],
  ['Café crème', 'cafe-creme'],
  ['admin?x=1#y', 'admin-x-1-y'],
  ['a--b', 'a-b'],
  ['-a', 'a'],
])('%s is refused, and %s is offered', (text, meant) => {
  const result = productHandle(text);
  expect(result).toMatchObject({ ok: false, refusal: { code: 'bad_handle' } });
  expect(result.ok ? '' : result.refusal.sentence).toContain(`such as “${meant}”`);
});

test.each(['раypal', 'マグ', '___', '%%%', '.'])('%s is refused without a guess', (text) => {
  const result = productHandle(text);
  expect(result.ok ? '' : result.refusal.sentence).not.toContain('such as');
  expect(result.ok).toBe(false);
});

test('a handle of 101 characters is too long', () => {
  expect(productHandle('x'.repeat(101))).toMatchObject({ ok: false, refusal: { code: 'too_long' } });
});
