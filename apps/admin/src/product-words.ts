import { i18n } from './words.ts';
import type { Tone } from '@souk/ui/admin';

// oxfmt-ignore
export const PRODUCT_STATUS_WORDS: Readonly<Record<'draft' | 'published' | 'archived', { readonly label: string; readonly tone: Tone; readonly hollow?: true }>> = {
  draft:     { label: i18n.t('Draft'),       tone: 'neutral', hollow: true },
  published: { label: i18n.t('In the shop'), tone: 'success' },
  archived:  { label: i18n.t('Archived'),    tone: 'neutral', hollow: true },
};

export const productCount = (n: number): string => i18n.t('{n, plural, one {# product} other {# products}}', { n });

/** Where a product's versions stand: `live 3 · draft 4`, `live 3`, `draft 1`. */
export function versionWords(newest: number, published: number | undefined): string {
  if (published === undefined) return i18n.t('draft {newest}', { newest });
  return newest > published
    ? i18n.t('live {published} · draft {newest}', { published, newest })
    : i18n.t('live {published}', { published });
}

/** What publishing did, in words: what changed and what was left as it was. */
export function publishedWords(
  published: number,
  unchanged: number,
): { readonly title: string; readonly description?: string } {
  if (published === 0)
    return {
      title: unchanged === 1 ? i18n.t('It was already in the shop') : i18n.t('All of them were already in the shop'),
      description: i18n.t('Nothing was changed.'),
    };
  return {
    title: i18n.t('{n, plural, one {# product published} other {# products published}}', { n: published }),
    ...(unchanged === 0
      ? {}
      : {
          description: i18n.t(
            '{n, plural, one {# product was already up to date and left unchanged.} other {# products were already up to date and left unchanged.}}',
            { n: unchanged },
          ),
        }),
  };
}

/** What taking off the shop did. */
export function unpublishedWords(
  unpublished: number,
  chosen: number,
): { readonly title: string; readonly description?: string } {
  if (unpublished === 0)
    return {
      title: chosen === 1 ? i18n.t('It was not in the shop') : i18n.t('None of them was in the shop'),
      description: i18n.t('Nothing was changed.'),
    };
  const rest = chosen - unpublished;
  return {
    title: i18n.t('{n, plural, one {# product taken off the shop} other {# products taken off the shop}}', {
      n: unpublished,
    }),
    ...(rest === 0
      ? {}
      : {
          description: i18n.t(
            '{n, plural, one {# product was not in it and left unchanged.} other {# products were not in it and left unchanged.}}',
            { n: rest },
          ),
        }),
  };
}
