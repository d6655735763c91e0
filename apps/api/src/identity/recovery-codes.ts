import { createHmac, randomInt } from 'node:crypto';
import type { MasterKey } from '@souk/db';

const COUNT = 10;
/** Without letters and digits that are taken for each other. */
const SIGNS = 'abcdefghjkmnpqrstuvwxyz23456789';
const LENGTH = 10;

/** Ten codes, as they are shown once: 49 random bits each, in two halves. */
const newRecoveryCodes = (): string[] =>
  Array.from({ length: COUNT }, () => {
    const signs = Array.from({ length: LENGTH }, () => SIGNS[randomInt(SIGNS.length)]).join('');
    return `${signs.slice(0, LENGTH / 2)}-${signs.slice(LENGTH / 2)}`;
  });

/** Ten codes for an account, and what is kept of them. */
export function newCodesFor(key: MasterKey, adminId: string): { recoveryCodes: string[]; codeHashes: Buffer[] } {
  const recoveryCodes = newRecoveryCodes();
  return { recoveryCodes, codeHashes: recoveryCodes.map((code) => recoveryCodeHash(key, adminId, code)) };
}

/** What is kept of a code: a keyed hash, so that a dump alone is not enough to guess them. Hyphens, spaces and capitals are nobody's business. */
export const recoveryCodeHash = (key: MasterKey, adminId: string, code: string): Buffer =>
  createHmac('sha256', key)
    .update(`recovery code of ${adminId} ${code.normalize('NFKC').toLowerCase().replaceAll(/[\s-]/g, '')}`)
    .digest();
