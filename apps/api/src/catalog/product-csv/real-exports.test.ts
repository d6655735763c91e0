import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ImportedProduct, ReadEvent } from '@souk/domain/catalog/product-import';
import { describe, expect, test } from 'vitest';
import { readProductCsv } from './read-product-csv.ts';
import { sanitizeProductHtml } from './sanitize-product-html.ts';
import { collect, EUR } from './test-files.ts';

const ROOT = join(import.meta.dirname, '../../../../..');
const EXPORTS = join(ROOT, '../shared/data/products');
const missing = !existsSync(EXPORTS);
if (missing) console.warn(`The real product exports are not tested: there is no folder ${EXPORTS}.`);

async function read(path: string) {
  const events: ReadEvent[] = await collect(
    readProductCsv(createReadStream(path), { currency: EUR, sanitizeHtml: sanitizeProductHtml }),
  );
  const issues = events.flatMap((event) => (event.kind === 'issue' ? [event.issue] : []));
  return {
    products: events.flatMap((event): ImportedProduct[] => (event.kind === 'product' ? [event.product] : [])),
    codes: issues.map(({ row, column, code }) => [row, column, code]),
    end: events.at(-1),
  };
}

describe.skipIf(missing)('real exports', () => {
  test('packt-home-garden.csv · 20 products, 21 variants, nothing to complain of', async () => {
    const { products, codes, end } = await read(join(EXPORTS, 'packt-home-garden.csv'));
    expect(codes).toEqual([]);
    expect(end).toMatchObject({ complete: true, products: 20, variants: 21 });
    expect(products.every((product) => product.images.length > 0 && product.statusHint === 'active')).toBe(true);
    const gloves = products.find((product) => product.handle === 'gardening-gloves');
    expect(gloves).toMatchObject({
      optionNames: ['Color'],
      variants: [
        { options: ['Green'], price: { minorUnits: 999 }, quantity: 1 },
        { options: ['Yellow'], price: { minorUnits: 1599 }, quantity: 3 },
      ],
      images: [{ position: 1 }, { position: 2 }],
    });
    expect(products.find((product) => product.handle === 'black-armchairs')?.descriptionHtml).toMatch(
      /^<h6>[^]*<\/p>$/,
    );
  });

  test('shopify-template-2022.csv · the option Title keeps its own values', async () => {
    const { products, codes, end } = await read(join(EXPORTS, 'shopify-template-2022.csv'));
    expect(codes).toEqual([]);
    expect(end).toMatchObject({ products: 3, variants: 5 });
    expect(products[0]).toMatchObject({ optionNames: ['Title'], productType: 'Shirts' });
    expect(products[0]?.variants.map((variant) => variant.options[0])).toEqual([
      'Lithograph - Height: 9" x Width: 12"',
      'Small',
      'Medium',
    ]);
    expect(products.map((product) => product.statusHint)).toEqual(['active', 'draft', 'archived']);
  });

  test('shopify-new-headers.csv · the newer generation, a row of a picture, a price of 0', async () => {
    const { products, codes, end } = await read(join(EXPORTS, 'shopify-new-headers.csv'));
    expect(codes).toEqual([[4, 'Continue selling when out of stock', 'not_imported']]);
    expect(end).toMatchObject({ products: 2, variants: 4 });
    expect(products[0]).toMatchObject({ optionNames: ['Colour', 'Size'], images: [{}, {}, { alt: 'Collar' }] });
    expect(products[1]).toMatchObject({
      optionNames: [],
      variants: [{ price: { minorUnits: 0 }, requiresShipping: false, taxable: false }],
    });
  });

  test('option-linked-to.csv · the newer option columns do no harm', async () => {
    const { products, codes } = await read(join(EXPORTS, 'option-linked-to.csv'));
    expect(codes).toEqual([]);
    expect(products[0]?.variants.map((variant) => variant.options)).toEqual([
      ['Red', 'Large'],
      ['Blue', 'Medium'],
    ]);
  });

  test.each(['exported-products-comma.csv', 'exported-products-semicolon.csv', 'invalid-prices.csv'])(
    'medusa/%s · another format is told by its columns',
    async (file) => {
      const { products, codes, end } = await read(join(EXPORTS, 'medusa', file));
      expect(products).toEqual([]);
      expect(codes).toEqual([
        [1, 'Handle', 'missing_column'],
        [1, 'Title', 'missing_column'],
        [1, 'Variant Price', 'missing_column'],
      ]);
      expect(end).toMatchObject({ complete: false, fileErrors: 3 });
    },
  );
});

test('example-export.csv · the example for newcomers can be imported whole, with its three warnings', async () => {
  const { products, codes, end } = await read(join(ROOT, 'packages/testing/fixtures/example-export.csv'));
  expect(codes).toEqual([
    [9, 'Variant SKU', 'duplicate_sku'],
    [11, 'Variant Inventory Qty', 'quantity_negative'],
    [13, 'Variant Compare At Price', 'compare_at_not_above_price'],
  ]);
  expect(end).toMatchObject({ complete: true, products: 12, variants: 25, errors: 0 });
  expect(products.flatMap((product) => product.images)).toEqual([]);
});
