import { expect, test } from 'vitest';
import { deviceWords, networkWords, clockCity } from './index.ts';

test.each([
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0', 'Firefox on Windows'],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0',
    'Edge on Windows',
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
    'Safari on Mac',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
    'Safari on iPhone',
  ],
  [
    'Mozilla/5.0 (iPad; CPU OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0.0.0 Mobile/15E148 Safari/604.1',
    'Chrome on iPad',
  ],
  [
    'Mozilla/5.0 (Linux; Android 15; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36',
    'Samsung Internet on Android',
  ],
  ['Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36', 'Chrome on ChromeOS'],
  ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/153.0.0.0 Safari/537.36', 'Chrome on Linux'],
  ['Mozilla/5.0 (PlayStation; PlayStation 5/8.00)', 'An unknown device'],
  ['', 'An unknown device'],
  [`${'A'.repeat(100_000)} Firefox/1`, 'An unknown device'],
])('H13 · %s is a device in words of ours', (userAgent, words) => {
  expect(deviceWords(userAgent)).toBe(words);
});

test('H13 · nothing a browser says of itself comes out as it went in', () => {
  for (const bad of ['<script>alert(1)</script> Firefox/1', 'Firefox/1\r\nBcc: x', '\u202eFirefox/ Windows'])
    expect(deviceWords(bad)).toMatch(/^(Firefox|A browser) on (an unknown system|Windows)$/);
});

test.each([
  ['Europe/Berlin', 'Berlin'],
  ['America/Argentina/Buenos_Aires', 'Buenos Aires'],
  ['UTC', ''],
  ['Etc/GMT+3', ''],
  ['', ''],
])('a clock at %s is "%s"', (zone, words) => {
  expect(clockCity(zone)).toBe(words);
});

test.each([
  ['203.0.113.77', '203.0.113.…'],
  ['::ffff:203.0.113.77', '203.0.113.…'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:…'],
  ['2001:db8::1', '2001:db8:…'],
  ['127.0.0.1', ''],
  ['::1', ''],
  ['', ''],
  ['not an address', ''],
])('of the address %s no more is kept than %s', (address, words) => {
  expect(networkWords(address)).toBe(words);
});
