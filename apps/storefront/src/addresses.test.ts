import { expect, it } from 'vitest';
import { cartLineAddress, listAddress, productAddress } from './addresses.ts';

it('a list carries only what was chosen', () => {
  expect(listAddress({})).toBe('/products');
  expect(listAddress({ q: '', inStock: false, collection: undefined })).toBe('/products');
  expect(listAddress({ q: 'tea & milk', sort: 'price_asc', inStock: true })).toBe(
    '/products?q=tea+%26+milk&sort=price_asc&inStock=1',
  );
});

it('what names a product or a line cannot leave its place in the address', () => {
  expect(productAddress('../cart?x', 'a&b')).toBe('/products/..%2Fcart%3Fx?variant=a%26b');
  expect(cartLineAddress('a/b')).toBe('/cart/items/a%2Fb');
});
