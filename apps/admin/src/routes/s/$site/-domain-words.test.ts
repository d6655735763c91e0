import { expect, test } from 'vitest';
import { type Finding, pointingWords, recordWords, relativeTo } from './-domain-words.ts';

const finding = (change: Partial<Finding>): Finding => ({
  record: 'right',
  values: [],
  pointing: 'records',
  addresses: ['192.0.2.10'],
  isTaken: false,
  ...change,
});

test('what stands there instead is said, and what to do', () => {
  expect(recordWords(undefined).text).toContain('Not looked at yet');
  expect(recordWords(finding({ record: 'other', values: ['a', 'b'] })).text).toContain('says “a”, “b”');
  expect(recordWords(finding({ record: 'no_name' })).text).toContain('no such record yet');
  expect(recordWords(finding({ record: 'no_answer' })).text).toContain('did not answer');
  expect(recordWords(finding({ isTaken: true })).text).toContain('another shop here');
  expect(recordWords(finding({})).tone).toBe('success');
});

test('whether visitors arrive is said as far as it is known', () => {
  const here = { addresses: ['192.0.2.10', '2001:db8::1'], cname: 'kumo.souk.example' };
  expect(pointingWords(undefined, here)).toBeUndefined();
  expect(pointingWords(finding({ pointing: 'no_answer' }), here)).toBeUndefined();
  expect(pointingWords(finding({}), here)?.tone).toBe('success');
  expect(pointingWords(finding({ cname: 'kumo.souk.example', addresses: [] }), here)?.tone).toBe('success');
  expect(pointingWords(finding({ addresses: ['203.0.113.5', '192.0.2.10'] }), here)?.text).toContain(
    '203.0.113.5, not here',
  );
  expect(pointingWords(finding({ pointing: 'no_record', addresses: [] }), here)?.text).toContain('nowhere');
  expect(pointingWords(finding({}), { addresses: [] })?.tone).toBe('neutral');
});

test('a name is entered without the registered domain, and that itself as @', () => {
  expect(relativeTo('brand.co.uk', '_souk-challenge.shop.brand.co.uk')).toBe('_souk-challenge.shop');
  expect(relativeTo('brand.co.uk', 'brand.co.uk')).toBe('@');
  expect(relativeTo('brand.co.uk', 'xbrand.co.uk')).toBe('xbrand.co.uk');
});
