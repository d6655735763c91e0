import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import type { Brand } from '@souk/domain/shared';

/** 32 bytes that wrap every other key of an installation. */
export type MasterKey = Brand<Uint8Array, 'MasterKey'>;

/** Reads `SOUK_KEY`: 32 bytes in base64. Undefined when it is anything else. */
export function masterKey(text: string | undefined): MasterKey | undefined {
  const bytes = Buffer.from(text ?? '', 'base64');
  return bytes.length === 32 ? (new Uint8Array(bytes) as MasterKey) : undefined;
}

/** A new `SOUK_KEY`, as text. */
export const newMasterKey = (): string => randomBytes(32).toString('base64');

/** What the database remembers of the key: enough to tell another key, useless to find it. */
export const keyFingerprint = (key: MasterKey): string =>
  Buffer.from(hkdfSync('sha256', key, 'souk', 'fingerprint', 16)).toString('hex');

/** For what is random already (tokens) or no secret (bodies); passwords have a hash of their own. */
export const sha256 = (text: string | Uint8Array): Buffer => createHash('sha256').update(text).digest();

/** AES-256-GCM; the purpose is authenticated, so a ciphertext cannot be moved to another place. Layout: nonce 12 · tag 16 · text. */
export function seal(key: Uint8Array, purpose: string, plain: string | Uint8Array): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(purpose));
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

/** The inverse of `seal`. Throws when key, purpose or a byte is another. */
export function unseal(key: Uint8Array, purpose: string, sealed: Uint8Array): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12)).setAAD(Buffer.from(purpose));
  decipher.setAuthTag(sealed.subarray(12, 28));
  return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]);
}

/** A fresh data key and its wrapped form, for envelope encryption under the master key. */
export function newDataKey(master: MasterKey, purpose: string): { key: Buffer; wrapped: Buffer } {
  const key = randomBytes(32);
  return { key, wrapped: seal(master, purpose, key) };
}

/** The inverse of `newDataKey`'s wrapping. Throws when master key or purpose is another. */
export const unwrapDataKey = (master: MasterKey, purpose: string, wrapped: Uint8Array): Buffer =>
  unseal(master, purpose, wrapped);
