import { type Brand, type Result, ok, refuse } from '../shared/index.ts';

/** The part of an address that names one thing of a site: lower-case words joined by hyphens. */
export type Slug = Brand<string, 'Slug'>;

export const MAX_SLUG = 100;

export const slug = (text: string): Result<Slug, 'bad_slug'> =>
  text.length <= MAX_SLUG && /^(?=.*[a-z0-9])[a-z0-9_]+(?:-+[a-z0-9_]+)*$/.test(text)
    ? ok(text as Slug)
    : refuse('bad_slug');

/** A slug made from a title: accents off, everything else that is no letter or digit becomes a hyphen. May be empty. */
export const slugFrom = (title: string): string =>
  title
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/ß/g, 'ss')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, MAX_SLUG)
    .replace(/-+$/, '');
