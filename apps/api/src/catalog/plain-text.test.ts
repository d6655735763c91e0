import { describe, expect, test } from 'vitest';
import { plainText } from './plain-text.ts';
import { sanitizeProductHtml } from './product-csv/sanitize-product-html.ts';

describe('the text of a description', () => {
  test.each([
    ['<p>One</p><p>Two</p>', 'One Two'],
    ['One<br />Two<br>Three', 'One Two Three'],
    ['<ul><li>red</li><li>blue</li></ul>', 'red blue'],
    ['<table><tbody><tr><td>a</td><td>b</td></tr></tbody></table>', 'a b'],
    ['so<b>me</b>thing', 'something'],
    ['fish &amp; chips &lt;3 &quot;hot&quot;', 'fish & chips <3 "hot"'],
    ['the sign &amp;lt; is written &amp;amp;lt;', 'the sign &lt; is written &amp;lt;'],
    ['<a href="https://example.org/?a=1&amp;b=&gt;">here</a>', 'here'],
    ['  many\n\n spaces\u00a0 ', 'many spaces'],
    ['', ''],
  ])('%j is %j', (html, text) => {
    expect(plainText(html, 160)).toBe(text);
  });

  test('what the sanitiser lets through has no tag left in it', () => {
    for (const html of [
      '<p title="a>b">x</p>',
      '<<b>x</b>',
      'a < b > c',
      '<a href="x>y">z</a>',
      '<script>alert(1)</script>x',
      '<p',
      'x</p>',
    ])
      expect(plainText(sanitizeProductHtml(html), 160)).toBe(
        plainText(sanitizeProductHtml(html), 160).replace(/<\/?(p|b|a|script)\b/g, ''),
      );
  });

  test('it is cut at a word, and a word that is too long is cut in itself', () => {
    expect(plainText('one two three four', 12)).toBe('one two…');
    expect(plainText('x'.repeat(20), 10)).toBe(`${'x'.repeat(9)}…`);
    expect(plainText('exactly ten', 11)).toBe('exactly ten');
    expect(plainText('茶'.repeat(8) + '🍵🍵🍵', 10)).toBe(`${'茶'.repeat(8)}…`);
  });
});
