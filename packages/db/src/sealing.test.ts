import { describe, expect, test } from 'vitest';
import { keyFingerprint, masterKey, newDataKey, newMasterKey, seal, unseal, unwrapDataKey } from './sealing.ts';

const key = (text = newMasterKey()) => {
  const made = masterKey(text);
  if (!made) throw new Error('a new key is a key');
  return made;
};

describe('IN3 · sealing', () => {
  test('what is sealed opens with its key and purpose', () => {
    const k = key();
    expect(unseal(k, 'a', seal(k, 'a', 'secret')).toString()).toBe('secret');
  });
  test('another key, another purpose or one changed byte opens nothing', () => {
    const k = key();
    const sealed = seal(k, 'credential site-a 1', 'secret');
    expect(() => unseal(key(), 'credential site-a 1', sealed)).toThrow();
    expect(() => unseal(k, 'credential site-b 1', sealed)).toThrow();
    for (const at of [0, 12, 28, sealed.length - 1]) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => unseal(k, 'credential site-a 1', changed), `byte ${at}`).toThrow();
    }
  });
  test('the same text twice is not the same ciphertext', () => {
    const k = key();
    expect(seal(k, 'a', 'x').equals(seal(k, 'a', 'x'))).toBe(false);
  });
  test('a data key opens only under the master key it was wrapped with', () => {
    const k = key();
    const { key: data, wrapped } = newDataKey(k, 'p');
    expect(unwrapDataKey(k, 'p', wrapped).equals(data)).toBe(true);
    expect(() => unwrapDataKey(key(), 'p', wrapped)).toThrow();
  });
});

describe('K08 · the master key', () => {
  test('is 32 bytes in base64 and nothing else', () => {
    for (const bad of [
      undefined,
      '',
      'short',
      Buffer.alloc(31).toString('base64'),
      Buffer.alloc(33).toString('base64'),
    ])
      expect(masterKey(bad)).toBeUndefined();
  });
  test('its fingerprint tells another key and is not the key', () => {
    const text = newMasterKey();
    expect(keyFingerprint(key(text))).toBe(keyFingerprint(key(text)));
    expect(keyFingerprint(key(text))).not.toBe(keyFingerprint(key()));
    expect(keyFingerprint(key(text))).not.toContain(text.slice(0, 8));
  });
});
