import { expect, test } from 'vitest';
import { imageAddress } from './image-address.ts';

test.each([
  'https://cdn.shopify.com/s/files/1/0559/photo.jpg?v=1623104890',
  'http://example.com/a.png',
  'HTTPS://EXAMPLE.COM/a.png',
  'https://example.com:443/a.png',
  'http://example.com:80/a.png#top',
  'https://xn--mnchen-3ya.de/größe.jpg',
  'https://example.com?x=1',
])('H05 · %s may be fetched', (address) => {
  expect(imageAddress(address)).toMatchObject({ ok: true, value: { value: address } });
});

test.each([
  'http://169.254.169.254/latest/meta-data/',
  'http://localhost:5432/',
  'http://localhost/',
  'http://admin.localhost/',
  'http://printer.local/a.png',
  'http://db.internal/a.png',
  'http://router.lan/',
  'http://intranet/a.png',
  'http://127.0.0.1/x.png',
  'http://127.1/x.png',
  'http://2130706433/x.png',
  'http://0x7f000001/x.png',
  'http://0x7f.0.0.0x1/x.png',
  'http://[::1]/x.png',
  'http://[::ffff:127.0.0.1]/x.png',
  'http://example.com./x.png',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'data:image/svg+xml,<svg onload=alert(1)>',
  'ftp://example.com/a.png',
  '//example.com/x.png',
  '/x.png',
  'x.png',
  'https://user:pass@example.com/x.png',
  'https://example.com@evil.example/x.png',
  'https://example.com:8080/x.png',
  'https://example.com:/x.png',
  'https://example.com\\@evil.example/x.png',
  'https://exa mple.com/x.png',
  'https://example.com/a b.png',
  'https://example.com/a\u202Eb.png',
  'https://ｅxample.com/x.png',
  'https://１２７.0.0.1/x.png',
  'https:///x.png',
  'https://-a.example/x.png',
  `https://example.com/${'a'.repeat(2048)}`,
])('H05 · %s is refused', (address) => {
  expect(imageAddress(address)).toMatchObject({ ok: false, refusal: { code: 'bad_url' } });
});

const told = (address: string): string => {
  const result = imageAddress(address);
  return result.ok ? '' : result.refusal.sentence;
};

test('the person is told what is wrong with an address', () => {
  expect(told('https://user:pass@example.com/x.png')).toContain('a user name or a password');
  expect(told('https://example.com:8080/x.png')).toContain('port “8080”');
  expect(told('http://db.internal/x.png')).toContain('private network');
  expect(told('x.png')).toContain('does not start with https://');
});
