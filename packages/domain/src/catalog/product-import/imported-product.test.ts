import { expect, test } from 'vitest';
import { currency, money } from '../../shared/money.ts';
import { contentKey, type ImportedProduct, type ImportedVariant } from './imported-product.ts';

const EUR = currency('EUR') ?? expect.fail('EUR is known');
const USD = currency('USD') ?? expect.fail('USD is known');

const variant: ImportedVariant = {
  options: ['S'],
  sku: 'A',
  price: money(1000, EUR),
  compareAt: null,
  quantity: 3,
  weightGrams: 200,
  barcode: null,
  requiresShipping: true,
  taxable: true,
  imageSrc: null,
};
const product: ImportedProduct = {
  handle: 'tee',
  title: 'Tee',
  descriptionHtml: '<p>x</p>',
  vendor: 'Acme',
  productType: 'Shirt',
  tags: ['b', 'a'],
  publishedHint: true,
  statusHint: 'active',
  optionNames: ['Size'],
  variants: [variant],
  images: [],
  seoTitle: '',
  seoDescription: '',
  firstRow: 2,
  lastRow: 2,
};

test.each<[string, Partial<ImportedProduct>]>([
  ['stock', { variants: [{ ...variant, quantity: 9 }] }],
  [
    'pictures',
    {
      images: [{ src: 'https://example.com/a.jpg', position: 1, alt: '' }],
      variants: [{ ...variant, imageSrc: 'https://example.com/a.jpg' }],
    },
  ],
  ['hints', { publishedHint: null, statusHint: null }],
  ['the place in the file', { firstRow: 9, lastRow: 10 }],
  ['the order of tags', { tags: ['a', 'b'] }],
])('%s is no part of the content', (_, change) => {
  expect(contentKey({ ...product, ...change })).toBe(contentKey(product));
});

test.each<[string, Partial<ImportedProduct>]>([
  ['title', { title: 'T-shirt' }],
  ['description', { descriptionHtml: '<p>y</p>' }],
  ['vendor', { vendor: 'Other' }],
  ['type', { productType: 'Other' }],
  ['tags', { tags: ['a'] }],
  ['SEO title', { seoTitle: 'x' }],
  ['SEO description', { seoDescription: 'x' }],
  ['option names', { optionNames: ['Colour'] }],
  ['option values', { variants: [{ ...variant, options: ['M'] }] }],
  ['SKU', { variants: [{ ...variant, sku: 'B' }] }],
  ['no SKU', { variants: [{ ...variant, sku: null }] }],
  ['price', { variants: [{ ...variant, price: money(1001, EUR) }] }],
  ['currency', { variants: [{ ...variant, price: money(1000, USD) }] }],
  ['earlier price', { variants: [{ ...variant, compareAt: money(2000, EUR) }] }],
  ['weight', { variants: [{ ...variant, weightGrams: 201 }] }],
  ['barcode', { variants: [{ ...variant, barcode: '1' }] }],
  ['shipping', { variants: [{ ...variant, requiresShipping: false }] }],
  ['tax', { variants: [{ ...variant, taxable: false }] }],
  ['another variant', { variants: [variant, { ...variant, options: ['M'] }] }],
])('a change of %s is a change of the content', (_, change) => {
  expect(contentKey({ ...product, ...change })).not.toBe(contentKey(product));
});
