import { refuse } from '../../shared/result.ts';
import { accept, type CellResult } from './cell-rules.ts';
import { quoted } from './import-issue.ts';

const MAX_HANDLE_CHARACTERS = 100;

const HANDLE = /^(?=.*[a-z0-9])[a-z0-9_]+(?:-[a-z0-9_]+)*$/;

/** The handle that was likely meant, or undefined when letters would be lost. */
export function suggestHandle(text: string): string | undefined {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  if (/\P{ASCII}/u.test(plain.replace(/[\p{P}\p{S}\p{Z}]/gu, ''))) return undefined;
  const slug = plain.replace(/[^a-z0-9_]+/g, '-').replace(/^-+|-+$/g, '');
  return slug.length <= MAX_HANDLE_CHARACTERS && HANDLE.test(slug) ? slug : undefined;
}

/** The name of a product in its address: small letters a–z, digits, single hyphens between them; underscores are tolerated. */
export function productHandle(text: string): CellResult<string> {
  if (text.length > MAX_HANDLE_CHARACTERS) {
    return refuse({
      code: 'too_long',
      sentence: `The handle has more than ${MAX_HANDLE_CHARACTERS} characters. Shorten it; it becomes the product's address.`,
    });
  }
  if (HANDLE.test(text)) return accept(text);
  const meant = suggestHandle(text);
  return refuse({
    code: 'bad_handle',
    sentence: `${quoted(text)} cannot be part of an address. Use small letters a–z, digits and hyphens${meant ? `, such as ${quoted(meant)}` : ''}.`,
  });
}
