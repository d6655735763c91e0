import type { ListQuery } from './page-data.ts';

export const HOME = '/';
export const PRODUCTS = '/products';
export const CART = '/cart';
export const CART_ITEMS = '/cart/items';
export const CHECKOUT = '/checkout';

export const productAddress = (slug: string, variantId?: string): string =>
  `/products/${encodeURIComponent(slug)}${variantId === undefined ? '' : `?variant=${encodeURIComponent(variantId)}`}`;

export const cartLineAddress = (lineId: string): string => `${CART_ITEMS}/${encodeURIComponent(lineId)}`;

/** The list with a query; what is not set does not appear, and a changed query starts at its first page. */
export function listAddress(query: ListQuery): string {
  const search = new URLSearchParams();
  if (query.q) search.set('q', query.q);
  if (query.collection) search.set('collection', query.collection);
  if (query.sort) search.set('sort', query.sort);
  if (query.inStock) search.set('inStock', '1');
  const text = search.toString();
  return text === '' ? PRODUCTS : `${PRODUCTS}?${text}`;
}
