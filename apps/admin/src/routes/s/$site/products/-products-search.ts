import { i18n } from '../../../../words.ts';
export const PRODUCT_VIEWS = [
  { status: undefined, label: i18n.t('All') },
  { status: 'published', label: i18n.t('In the shop') },
  { status: 'draft', label: i18n.t('Drafts') },
  { status: 'archived', label: i18n.t('Archived') },
] as const;

export type ProductStatus = 'published' | 'draft' | 'archived';

/** The whole state of the products list, as its address holds it. */
export type ProductsSearch = { readonly status?: ProductStatus; readonly q?: string; readonly pages?: number };

/** Reads an address that anybody may have typed: what it does not understand it leaves out. */
export function parseProductsSearch(raw: Readonly<Record<string, unknown>>): ProductsSearch {
  const status = PRODUCT_VIEWS.find((view) => view.status !== undefined && view.status === raw['status'])?.status;
  // A title of digits alone arrives as a number.
  const q = typeof raw['q'] === 'string' || typeof raw['q'] === 'number' ? String(raw['q']).trim().slice(0, 200) : '';
  const pages = Number(raw['pages']);
  return {
    ...(status === undefined ? {} : { status }),
    ...(q === '' ? {} : { q }),
    ...(Number.isInteger(pages) && pages > 1 && pages <= 20 ? { pages } : {}),
  };
}
