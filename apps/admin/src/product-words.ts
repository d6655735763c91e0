import type { Tone } from '@souk/ui/admin';

// oxfmt-ignore
export const PRODUCT_STATUS_WORDS: Readonly<Record<'draft' | 'published' | 'archived', { readonly label: string; readonly tone: Tone; readonly hollow?: true }>> = {
  draft:     { label: 'Draft',       tone: 'neutral', hollow: true },
  published: { label: 'In the shop', tone: 'success' },
  archived:  { label: 'Archived',    tone: 'neutral', hollow: true },
};

export const productCount = (n: number): string => `${n.toLocaleString()} ${n === 1 ? 'product' : 'products'}`;

/** Where a product's versions stand: `live 3 · draft 4`, `live 3`, `draft 1`. */
export function versionWords(newest: number, published: number | undefined): string {
  if (published === undefined) return `draft ${newest}`;
  return newest > published ? `live ${published} · draft ${newest}` : `live ${published}`;
}

/** What publishing did, in words: what changed and what was left as it was. */
export function publishedWords(
  published: number,
  unchanged: number,
): { readonly title: string; readonly description?: string } {
  if (published === 0)
    return {
      title: unchanged === 1 ? 'It was already in the shop' : 'All of them were already in the shop',
      description: 'Nothing was changed.',
    };
  return {
    title: `${productCount(published)} published`,
    ...(unchanged === 0
      ? {}
      : {
          description: `${productCount(unchanged)} ${unchanged === 1 ? 'was' : 'were'} already up to date and left unchanged.`,
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
      title: chosen === 1 ? 'It was not in the shop' : 'None of them was in the shop',
      description: 'Nothing was changed.',
    };
  const rest = chosen - unpublished;
  return {
    title: `${productCount(unpublished)} taken off the shop`,
    ...(rest === 0
      ? {}
      : { description: `${productCount(rest)} ${rest === 1 ? 'was' : 'were'} not in it and left unchanged.` }),
  };
}
