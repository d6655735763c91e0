import { mixesScripts } from '@souk/domain/identity';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDomainName } from './domain-names.ts';

const services = {
  adminOrigin: new URL('https://admin.souk.example'),
  apiOrigin: new URL('https://api.another.example'),
  sandboxOrigin: undefined,
};
const read = (text: string): string => {
  const made = parseDomainName(text, services);
  return made.ok ? made.value : `(${made.refusal})`;
};

describe('I1 · a name is folded to one form', () => {
  test.each([
    ['shop.example', 'shop.example'],
    ['  SHOP.Example. ', 'shop.example'],
    ['https://www.shop.example/products?x=1#y', 'www.shop.example'],
    ['HTTP://shop.example', 'shop.example'],
    ['BÜCHER.example', 'xn--bcher-kva.example'],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
    ['XN--BCHER-KVA.example', 'xn--bcher-kva.example'],
    ['faß.example', 'xn--fa-hia.example'],
    ['münchen。example', 'xn--mnchen-3ya.example'],
    ['ｓｈｏｐ．example', 'shop.example'],
    ['a.co.uk', 'a.co.uk'],
    ['another.example', 'another.example'],
    ['souk.example.org', 'souk.example.org'],
    ['notsouk.example', 'notsouk.example'],
    ['name.github.io', 'name.github.io'],
    ['b\u00fccher.example', 'xn--bcher-kva.example'],
    ['bu\u0308cher.example', 'xn--bcher-kva.example'],
  ])('%j is %s', (text, name) => expect(read(text)).toBe(name));

  test('folding a folded name changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        const once = parseDomainName(`${text}.example`, services);
        if (once.ok) expect(read(once.value)).toBe(once.value);
      }),
      { numRuns: 2000 },
    );
  });
});

test.each([
  ['', '(missing)'],
  ['  ', '(missing)'],
  ['https://', '(missing)'],
  ['127.0.0.1', '(ip_address)'],
  ['127.1', '(ip_address)'],
  ['0x7f.1', '(ip_address)'],
  ['１２７.0.0.1', '(ip_address)'],
  ['[::1]', '(ip_address)'],
  ['2001:db8::1', '(ip_address)'],
  ['2130706433', '(ip_address)'],
  ['shop', '(single_label)'],
  ['com', '(single_label)'],
  ['рф', '(single_label)'],
  ['co.uk', '(public_suffix)'],
  ['github.io', '(public_suffix)'],
  ['shop.localhost', '(reserved)'],
  ['localhost', '(reserved)'],
  ['printer.local', '(reserved)'],
  ['1.0.0.127.in-addr.arpa', '(reserved)'],
  ['abc.onion', '(reserved)'],
  ['souk.example', '(ours)'],
  ['admin.souk.example', '(ours)'],
  ['api.another.example', '(ours)'],
  ['x.api.another.example', '(ours)'],
  ['admin.ѕouk.example'.replace('ѕ', 's'), '(ours)'],
  ['myshopify.com', '(public_suffix)'],
  ['KUMO.souk.example.', '(ours)'],
  ['shop.example:8080', '(not_a_name)'],
  ['me@shop.example', '(not_a_name)'],
  ['shop .example', '(not_a_name)'],
  ['sh%6fp.example', '(not_a_name)'],
  ['_dmarc.shop.example', '(not_a_name)'],
  ['*.shop.example', '(not_a_name)'],
  ['shop..example', '(not_a_name)'],
  ['.shop.example', '(not_a_name)'],
  ['shop.example..', '(not_a_name)'],
  ['-shop.example', '(not_a_name)'],
  ['shop-.example', '(not_a_name)'],
  ['ab--cd.example', '(not_a_name)'],
  ['xn--iñ.example', '(not_a_name)'],
  ['shop\u0000.example', '(not_a_name)'],
  ['sh\u202eop.example', '(not_a_name)'],
  ['sh\u200bop.example', '(not_a_name)'],
  ["shop'--.example", '(not_a_name)'],
  ['shop,other.example', '(not_a_name)'],
  [`${'a'.repeat(64)}.example`, '(too_long)'],
  [`${'a.'.repeat(120)}example`, '(too_long)'],
])('%j is refused as %s', (text, refusal) => expect(read(text)).toBe(refusal));

describe('L03 · scripts that nobody writes together are seen', () => {
  test.each([
    ['аpple.example', true],
    ['pаypal.example', true],
    ['gοοgle.example', true],
    ['кοτ.example', true],
    ['apple.example', false],
    ['пример.рф', false],
    ['пример.example', false],
    ['bücher.example', false],
    ['日本語abc.example', false],
    ['ソニー株式会社.example', false],
    ['한국.example', false],
    ['123-456.example', false],
  ])('%s: %s', (name, mixed) => expect(mixesScripts(name)).toBe(mixed));
});
