import { masterKey, newMasterKey } from '@souk/db';
import { expect, test } from 'vitest';
import { visitorAddress } from './visitor-address.ts';

const key = masterKey(newMasterKey()) ?? expect.fail('a new key is a key');
const seen = (address: string, siteId = 'a'): string =>
  visitorAddress(key, siteId, address).addressHash.toString('hex');

test('B01 · one visitor is one address, however it is written; an IPv6 line is one visitor', () => {
  expect(seen('203.0.113.7')).toBe(seen('::ffff:203.0.113.7'));
  expect(seen('2001:db8::1')).toBe(seen('2001:0DB8:0:0:ffff:1:2:3'));
  expect(seen('2001:db8:0:0:1::')).toBe(seen('2001:db8::2'));
  for (const other of ['203.0.113.8', '2001:db8:0:1::1', '2001:db9::1']) {
    expect(seen(other)).not.toBe(seen('203.0.113.7'));
    expect(seen(other)).not.toBe(seen('2001:db8::1'));
  }
});

test('B01 · what is kept says nothing of the address, and nothing that two sites could compare', () => {
  expect(seen('203.0.113.7')).toHaveLength(32);
  expect(seen('203.0.113.7', 'a')).not.toBe(seen('203.0.113.7', 'b'));
});

test('B01 · this machine’s own address is a crowd, another one is a visitor', () => {
  for (const own of ['127.0.0.1', '::1', '::ffff:127.0.0.1', ''])
    expect(visitorAddress(key, 'a', own).isCrowd).toBe(true);
  for (const other of ['127.0.0.2', '10.0.0.1', '203.0.113.7', '2001:db8::1'])
    expect(visitorAddress(key, 'a', other).isCrowd).toBe(false);
});
