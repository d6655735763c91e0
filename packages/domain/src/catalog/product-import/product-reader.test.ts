import { describe, expect, test } from 'vitest';
import { currency } from '../../shared/money.ts';
import { createProductReader, MAX_LISTED_ISSUES, MAX_ROWS, type ReadEnd, type ReadEvent } from './product-reader.ts';
import type { CsvCell, CsvRecord } from './product-row.ts';
import type { ImportedProduct } from './imported-product.ts';
import type { ImportIssue } from './import-issue.ts';
import { MAX_IMAGES } from './image-row.ts';

const EUR = currency('EUR') ?? expect.fail('EUR is known');
const JPY = currency('JPY') ?? expect.fail('JPY is known');

// oxfmt-ignore
const HEADER = [
  'Handle', 'Title', 'Body (HTML)', 'Vendor', 'Type', 'Tags', 'Published', 'Option1 Name', 'Option1 Value', 'Option2 Name', 'Option2 Value',
  'Variant SKU', 'Variant Grams', 'Variant Inventory Qty', 'Variant Inventory Policy', 'Variant Price', 'Variant Compare At Price',
  'Variant Requires Shipping', 'Variant Barcode', 'Image Src', 'Image Position', 'Image Alt Text', 'Gift Card', 'Variant Image', 'Status',
] as const;
type Cells = Partial<Record<(typeof HEADER)[number], CsvCell>>;

type Reading = { products: ImportedProduct[]; issues: ImportIssue[]; refused: string[]; end: ReadEnd };

function collect(events: Iterable<ReadEvent>): Reading {
  const products: ImportedProduct[] = [];
  const issues: ImportIssue[] = [];
  const refused: string[] = [];
  let end: ReadEnd | undefined;
  for (const event of events) {
    if (event.kind === 'product') products.push(event.product);
    else if (event.kind === 'issue') issues.push(event.issue);
    else if (event.kind === 'refused') refused.push(event.product.handle);
    else if (event.kind === 'end') end = event;
  }
  return { products, issues, refused, end: end ?? expect.fail('reading has an end') };
}

/** Records as they come from a file without line breaks in cells. */
function readRecords(rows: Iterable<readonly CsvCell[]>, code = EUR): Reading {
  const reader = createProductReader({ currency: code });
  function* events(): Generator<ReadEvent> {
    let row = 0;
    for (const cells of rows) {
      row += 1;
      const record: CsvRecord = { row, line: row, cells };
      yield* reader.read(record);
    }
    yield* reader.end();
  }
  return collect(events());
}

const read = (rows: readonly Cells[], code = EUR): Reading =>
  readRecords([HEADER, ...rows.map((row) => HEADER.map((name) => row[name] ?? ''))], code);

const codes = (reading: Reading): string[] =>
  reading.issues.map(({ row, column, code }) => `${row} ${column ?? '-'} ${code}`);

const mug = { Handle: 'mug', Title: 'Mug', 'Variant Price': '10.00' } satisfies Cells;
const tee = {
  Handle: 'tee',
  Title: 'Tee',
  'Option1 Name': 'Size',
  'Option1 Value': 'S',
  'Variant Price': '10.00',
} satisfies Cells;

const variants = (n: number): Cells[] =>
  Array.from({ length: n }, (_, i) => ({
    ...(i === 0 ? tee : { Handle: 'tee', 'Variant Price': '1' }),
    'Option1 Value': `S${i}`,
  }));

const pictures = (n: number): Cells[] =>
  Array.from({ length: n }, (_, i) => ({ ...(i === 0 ? mug : {}), 'Image Src': `https://example.com/${i}.jpg` }));

function* tooManyRows(): Generator<CsvCell[]> {
  yield ['Handle', 'Title', 'Price'];
  for (let i = 0; i <= MAX_ROWS; i += 1) yield ['mug', '', 'x'];
}

describe('rows become products', () => {
  test('a product without options has one variant with no option', () => {
    const { products, end } = read([{ ...mug, 'Option1 Name': 'Title', 'Option1 Value': 'Default Title' }]);
    expect(products[0]).toMatchObject({ handle: 'mug', optionNames: [], firstRow: 2, lastRow: 2 });
    expect(products[0]?.variants).toEqual([
      {
        options: [],
        sku: null,
        price: { minorUnits: 1000, currency: 'EUR' },
        compareAt: null,
        quantity: null,
        weightGrams: null,
        barcode: null,
        requiresShipping: true,
        taxable: true,
        imageSrc: null,
      },
    ]);
    expect(end).toMatchObject({ complete: true, rows: 1, products: 1, variants: 1, errors: 0, warnings: 0 });
  });

  test('the option Title with a value of its own is an option', () => {
    const { products } = read([{ ...mug, 'Option1 Name': 'Title', 'Option1 Value': 'Jeans, W32H34' }]);
    expect(products[0]).toMatchObject({ optionNames: ['Title'], variants: [{ options: ['Jeans, W32H34'] }] });
  });

  test('option names are inherited, with the handle repeated or left blank', () => {
    const first = { ...tee, 'Option2 Name': 'Colour', 'Option2 Value': 'Red' };
    const { products, issues } = read([
      first,
      { Handle: 'tee', 'Option1 Value': 'M', 'Option2 Value': 'Red', 'Variant Price': '11' },
      { 'Option1 Value': 'M', 'Option2 Value': 'Blue', 'Variant Price': '12' },
    ]);
    expect(issues).toEqual([]);
    expect(products).toHaveLength(1);
    expect(products[0]?.optionNames).toEqual(['Size', 'Colour']);
    expect(products[0]?.variants.map((variant) => variant.options)).toEqual([
      ['S', 'Red'],
      ['M', 'Red'],
      ['M', 'Blue'],
    ]);
    expect(products[0]).toMatchObject({ firstRow: 2, lastRow: 4 });
  });

  test('a first row may hold the title alone and the variants follow', () => {
    const { products, issues } = read([
      { Handle: 'tee', Title: 'Tee' },
      { Handle: 'tee', 'Option1 Name': 'Size', 'Option1 Value': 'S', 'Variant Price': '10' },
      { Handle: 'tee', 'Option1 Value': 'M', 'Variant Price': '10' },
    ]);
    expect(issues).toEqual([]);
    expect(products[0]).toMatchObject({
      title: 'Tee',
      optionNames: ['Size'],
      variants: [{ options: ['S'] }, { options: ['M'] }],
    });
  });

  test('a row of a picture alone adds no variant; pictures stand in their order and once', () => {
    const { products, issues } = read([
      { ...mug, 'Image Src': 'https://example.com/b.jpg', 'Image Position': '2', 'Image Alt Text': 'Back' },
      { Handle: 'mug', 'Image Src': 'https://example.com/a.jpg', 'Image Position': '1' },
      { 'Image Src': 'https://example.com/b.jpg' },
    ]);
    expect(issues).toEqual([]);
    expect(products[0]?.variants).toHaveLength(1);
    expect(products[0]?.images).toEqual([
      { src: 'https://example.com/a.jpg', position: 1, alt: '' },
      { src: 'https://example.com/b.jpg', position: 2, alt: 'Back' },
    ]);
  });

  test("a variant's picture is one of the product's", () => {
    const { products } = read([
      {
        ...mug,
        'Variant Image': 'https://example.com/v.jpg',
        'Image Src': 'https://example.com/a.jpg',
        'Image Position': '7',
      },
    ]);
    expect(products[0]?.variants[0]?.imageSrc).toBe('https://example.com/v.jpg');
    expect(products[0]?.images.map((image) => image.src)).toEqual([
      'https://example.com/a.jpg',
      'https://example.com/v.jpg',
    ]);
  });

  test('blank rows are skipped, also inside a product, and counted as rows of the file', () => {
    const { products, issues, end } = read([tee, {}, { 'Option1 Value': 'M', 'Variant Price': 'x' }, {}]);
    expect(products).toEqual([]);
    expect(issues.map((issue) => issue.row)).toEqual([4]);
    expect(end.rows).toBe(2);
  });

  test('blank cells beyond the header are no fault', () => {
    const { products } = readRecords([
      ['Handle', 'Title', 'Price'],
      ['mug', 'Mug', '1', '', ' '],
    ]);
    expect(products).toHaveLength(1);
  });

  test('an amount has the decimals of the currency', () => {
    expect(read([{ ...mug, 'Variant Price': '1990' }], JPY).products[0]?.variants[0]?.price).toEqual({
      minorUnits: 1990,
      currency: 'JPY',
    });
    expect(read([{ ...mug, 'Variant Price': '19.90' }], JPY).issues).toMatchObject([
      { code: 'too_many_decimals', row: 2 },
    ]);
  });

  test('texts are trimmed, composed and of one line; HTML is left as it is', () => {
    const { products } = read([
      { ...mug, Title: '\tCafe\u0301\nau lait ', 'Body (HTML)': '<p>a</p>\n<p>\u0338b</p>', Tags: 'a, B,,a , b' },
    ]);
    expect(products[0]).toMatchObject({
      title: 'Caf\u00e9 au lait',
      descriptionHtml: '<p>a</p>\n<p>\u0338b</p>',
      tags: ['a', 'B'],
    });
  });
});

describe('what is imported with a warning', () => {
  test('a SKU twice: both are imported, both rows are named', () => {
    const { products, issues } = read([
      { ...mug, 'Variant SKU': 'A' },
      { ...mug, Handle: 'cup', Title: 'Cup', 'Variant SKU': 'A' },
    ]);
    expect(products.map((product) => product.variants[0]?.sku)).toEqual(['A', 'A']);
    expect(issues).toMatchObject([
      { severity: 'warning', code: 'duplicate_sku', row: 3, column: 'Variant SKU', value: 'A', handle: 'cup' },
    ]);
    expect(issues[0]?.message).toBe(
      'Row 3, Variant SKU: “A” stands in row 2 and in row 3. Both are imported, each with stock of its own.',
    );
  });

  test('stock below zero becomes zero', () => {
    const { products, issues } = read([{ ...mug, 'Variant Inventory Qty': '-3' }]);
    expect(products[0]?.variants[0]?.quantity).toBe(0);
    expect(issues[0]?.message).toBe(
      'Row 2, Variant Inventory Qty: “-3” is below zero (oversold). The stock is set to 0.',
    );
  });

  test.each(['10.00', '9.99', '0'])('an earlier price of %s beside a price of 10.00 is left out', (before) => {
    const { products, issues } = read([{ ...mug, 'Variant Compare At Price': before }]);
    expect(products[0]?.variants[0]?.compareAt).toBeNull();
    expect(issues).toMatchObject([{ severity: 'warning', code: 'compare_at_not_above_price', row: 2 }]);
  });

  test('an earlier price above the price is kept', () => {
    const { products, issues } = read([{ ...mug, 'Variant Compare At Price': '10.01' }]);
    expect(products[0]?.variants[0]?.compareAt?.minorUnits).toBe(1001);
    expect(issues).toEqual([]);
  });

  test('direction overrides are taken out of every text', () => {
    const { products, issues } = read([
      { ...mug, Title: 'a\u202Eb', 'Body (HTML)': '<p>\u2066x\u2069</p>', Vendor: '\u202DV' },
    ]);
    expect(products[0]).toMatchObject({ title: 'ab', descriptionHtml: '<p>x</p>', vendor: 'V' });
    expect(issues.map((issue) => issue.code)).toEqual(['bidi_override', 'bidi_override', 'bidi_override']);
    expect(issues.map((issue) => issue.message + issue.value).join('')).not.toMatch(/[\u202A-\u202E\u2066-\u2069]/);
  });

  test('a later row that contradicts the first is not used, and told once', () => {
    const { products, issues } = read([
      { ...tee, Vendor: 'Acme' },
      { Handle: 'tee', Vendor: 'Other', 'Option1 Value': 'M', 'Variant Price': '1' },
      { Handle: 'tee', Vendor: 'Third', 'Option1 Value': 'L', 'Variant Price': '1' },
    ]);
    expect(products[0]?.vendor).toBe('Acme');
    expect(issues).toMatchObject([{ code: 'ignored_value', row: 3, column: 'Vendor' }]);
  });

  test('a later row may repeat the first, in other case', () => {
    const repeated = { ...tee, Vendor: 'Acme', Published: 'TRUE', 'Body (HTML)': '<p>a</p>' };
    const { products, issues } = read([repeated, { ...repeated, Published: 'true', 'Option1 Value': 'M' }]);
    expect(products[0]?.variants).toHaveLength(2);
    expect(issues).toEqual([]);
  });

  test('a row that adds nothing is skipped', () => {
    expect(codes(read([mug, { Handle: 'mug' }]))).toEqual(['3 Handle empty_row']);
  });

  test('a position that is none keeps the order of the file', () => {
    const { products, issues } = read([
      { ...mug, 'Image Src': 'https://example.com/a.jpg', 'Image Position': 'first' },
      { 'Image Src': 'https://example.com/b.jpg', 'Image Position': '2' },
    ]);
    expect(products[0]?.images.map((image) => image.src)).toEqual([
      'https://example.com/a.jpg',
      'https://example.com/b.jpg',
    ]);
    expect(issues).toMatchObject([{ severity: 'warning', code: 'image_position', row: 2 }]);
  });

  test('selling without stock and gift cards are told once per file', () => {
    const special = { 'Variant Inventory Policy': 'CONTINUE', 'Gift Card': 'TRUE' };
    const { issues } = read([
      { ...mug, ...special },
      { ...mug, ...special, Handle: 'cup', Title: 'Cup' },
    ]);
    expect(issues.map(({ row, column, code }) => [row, column, code])).toEqual([
      [2, 'Variant Inventory Policy', 'not_imported'],
      [2, 'Gift Card', 'not_imported'],
    ]);
  });
});

describe('what keeps a product out', () => {
  test.each<[string, Cells, string]>([
    ['no title', { Title: ' \u200B' }, 'Title missing_value'],
    ['a title too long', { Title: 'x'.repeat(256) }, 'Title too_long'],
    ['a control character', { Vendor: 'a\u0000b' }, 'Vendor control_character'],
    ['a control character of Latin-1', { Title: 'a\u0085b' }, 'Title control_character'],
    ['no price', { 'Variant Price': '', 'Variant SKU': 'A' }, 'Variant Price missing_value'],
    ['no variant at all', { 'Variant Price': '' }, 'Variant Price missing_value'],
    ['a price below zero', { 'Variant Price': '-0.01' }, 'Variant Price price_negative'],
    ['a price with an exponent', { 'Variant Price': '1e9' }, 'Variant Price not_a_number'],
    ['a price with a comma', { 'Variant Price': '19,90' }, 'Variant Price not_a_number'],
    ['a price too precise', { 'Variant Price': '19.999' }, 'Variant Price too_many_decimals'],
    ['a price too large', { 'Variant Price': '9999999999.99' }, 'Variant Price price_too_large'],
    ['an earlier price below zero', { 'Variant Compare At Price': '-1' }, 'Variant Compare At Price price_negative'],
    ['half a piece', { 'Variant Inventory Qty': '1.5' }, 'Variant Inventory Qty not_an_integer'],
    ['too many pieces', { 'Variant Inventory Qty': '1000000001' }, 'Variant Inventory Qty quantity_too_large'],
    ['a weight below zero', { 'Variant Grams': '-1' }, 'Variant Grams weight_negative'],
    ['a weight in words', { 'Variant Grams': 'heavy' }, 'Variant Grams not_a_number'],
    ['a weight too large', { 'Variant Grams': '1e30' }, 'Variant Grams not_a_number'],
    ['a weight of a ship', { 'Variant Grams': '1000000001' }, 'Variant Grams weight_too_large'],
    ['a SKU too long', { 'Variant SKU': 'x'.repeat(65) }, 'Variant SKU too_long'],
    [
      'an option value too long',
      { 'Option1 Name': 'Size', 'Option1 Value': 'x'.repeat(101) },
      'Option1 Value too_long',
    ],
    ['an option value without a name', { 'Option1 Value': 'Large' }, 'Option1 Name missing_value'],
    ['an option name without a value', { 'Option1 Name': 'Size' }, 'Option1 Value missing_value'],
    [
      'two options of one name',
      { 'Option1 Name': 'Size', 'Option1 Value': 'S', 'Option2 Name': 'size', 'Option2 Value': 'S' },
      'Option2 Name duplicate_option_name',
    ],
    ['a status that is none', { Status: 'live' }, 'Status not_allowed'],
    ['a truth that is none', { Published: 'maybe' }, 'Published not_allowed'],
    [
      'shipping that is no truth',
      { 'Variant Requires Shipping': 'sometimes' },
      'Variant Requires Shipping not_allowed',
    ],
    ['an address that must not be fetched', { 'Image Src': 'http://127.0.0.1/' }, 'Image Src bad_url'],
    ["a variant's address that must not be fetched", { 'Variant Image': 'http://localhost/' }, 'Variant Image bad_url'],
    ['too many tags', { Tags: Array.from({ length: 251 }, (_, i) => `t${i}`).join() }, 'Tags too_many_tags'],
    ['a body too long', { 'Body (HTML)': 'x'.repeat(100_001) }, 'Body (HTML) too_long'],
    ['a cell that is not UTF-8', { Title: { code: 'not_utf8', excerpt: 'Caf\uFFFD' } }, 'Title not_utf8'],
  ])('%s', (_, cells, expected) => {
    const reading = read([
      { ...mug, ...cells },
      { ...mug, Handle: 'good', Title: 'Good' },
    ]);
    expect(codes(reading)).toEqual([`2 ${expected}`]);
    expect(reading.issues[0]).toMatchObject({ severity: 'error', handle: 'mug', line: 2 });
    expect(reading.products.map((product) => product.handle)).toEqual(['good']);
    expect(reading.refused).toEqual(['mug']);
    expect(reading.end).toMatchObject({ complete: true, products: 1, refusedProducts: 1, errors: 1, fileErrors: 0 });
  });

  test('limits are reached without a refusal', () => {
    const { issues, products } = read([
      {
        ...mug,
        Handle: 'h'.repeat(100),
        Title: '😀'.repeat(255),
        'Body (HTML)': 'x'.repeat(100_000),
        'Variant SKU': 'x'.repeat(64),
        'Variant Price': '999999999.99',
      },
    ]);
    expect(issues).toEqual([]);
    expect(products).toHaveLength(1);
  });

  test('all errors of a row and of all rows are told in one answer', () => {
    const reading = read([
      { ...mug, Title: '', 'Variant Price': 'ten', 'Variant Inventory Qty': 'many', Status: 'live' },
      { ...mug, Handle: 'B', Title: 'B' },
    ]);
    expect(codes(reading)).toEqual([
      '2 Title missing_value',
      '2 Status not_allowed',
      '2 Variant Price not_a_number',
      '2 Variant Inventory Qty not_an_integer',
      '3 Handle bad_handle',
    ]);
  });

  test('an error in a later row keeps the whole product out', () => {
    const { products, refused } = read([tee, { Handle: 'tee', 'Option1 Value': 'M', 'Variant Price': 'x' }]);
    expect(products).toEqual([]);
    expect(refused).toEqual(['tee']);
  });

  test('two variants with the same option values, in any case', () => {
    const reading = read([tee, { Handle: 'tee', 'Option1 Value': 's', 'Variant Price': '1' }]);
    expect(codes(reading)).toEqual(['3 Option1 Value duplicate_variant']);
  });

  test('two variants without options', () => {
    expect(codes(read([mug, { Handle: 'mug', 'Variant Price': '1' }]))).toEqual(['3 Option1 Value duplicate_variant']);
  });

  test('an option that changes its name, or begins late', () => {
    const m = { Handle: 'tee', 'Option1 Value': 'M', 'Variant Price': '1' };
    expect(codes(read([tee, { ...m, 'Option1 Name': 'Colour' }]))).toEqual(['3 Option1 Name option_name_differs']);
    expect(codes(read([tee, { ...m, 'Option2 Name': 'Colour', 'Option2 Value': 'Red' }]))).toContain(
      '3 Option2 Name option_name_differs',
    );
    expect(codes(read([tee, { ...m, 'Option1 Name': 'SIZE' }]))).toEqual([]);
  });

  test('a missing option name is told once per product', () => {
    const nameless = { ...mug, 'Option1 Value': 'S' };
    expect(codes(read([nameless, { Handle: 'mug', 'Option1 Value': 'M', 'Variant Price': '1' }]))).toEqual([
      '2 Option1 Name missing_value',
    ]);
  });

  test('the 101st variant is named once; 100 are imported', () => {
    expect(read(variants(100)).products[0]?.variants).toHaveLength(100);
    const reading = read(variants(103));
    expect(codes(reading)).toEqual(['102 Option1 Value too_many_variants']);
    expect(reading.products).toEqual([]);
  });

  test('too many pictures are named once', () => {
    expect(read(pictures(MAX_IMAGES)).products[0]?.images).toHaveLength(MAX_IMAGES);
    expect(codes(read(pictures(MAX_IMAGES + 2)))).toEqual([`${MAX_IMAGES + 2} Image Src too_many_images`]);
  });
});

describe('handles', () => {
  test('a handle that comes back later is refused, and the first row named', () => {
    const reading = read([mug, { ...mug, Handle: 'cup', Title: 'Cup' }, { ...mug, Title: 'Red mug' }]);
    expect(codes(reading)).toEqual(['4 Handle duplicate_handle']);
    expect(reading.issues[0]?.message).toContain('row 2');
    expect(reading.products.map((product) => product.title)).toEqual(['Mug', 'Cup']);
    expect(reading.refused).toEqual(['mug']);
  });

  test('rows of one product that lie apart are refused too: they cannot be joined while reading', () => {
    const reading = read([
      tee,
      mug,
      { Handle: 'tee', 'Option1 Name': 'Size', 'Option1 Value': 'M', 'Variant Price': '1' },
    ]);
    expect(codes(reading)).toContain('4 Handle duplicate_handle');
  });

  test('the next row with the same handle and another title is refused', () => {
    const reading = read([mug, { ...mug, Title: 'Red mug' }]);
    expect(codes(reading)).toEqual(['3 Handle duplicate_handle']);
    expect(reading.products).toHaveLength(1);
  });

  test('the next row with the same handle and title is the same product, whatever the composition of its letters', () => {
    const reading = read([
      { ...tee, Title: 'Café' },
      { ...tee, Title: 'Cafe\u0301 ', 'Option1 Value': 'M' },
    ]);
    expect(reading.products[0]?.variants).toHaveLength(2);
    expect(reading.issues).toEqual([]);
  });

  test('a row without handle and title before any product belongs to none', () => {
    const reading = read([{ 'Option1 Value': 'L', 'Variant Price': '1' }, mug]);
    expect(codes(reading)).toEqual(['2 Handle missing_value']);
    expect(reading.issues[0]).not.toHaveProperty('handle');
    expect(reading.end).toMatchObject({ products: 1, refusedProducts: 1, fileErrors: 1 });
  });

  test('a title without a handle starts a product that is refused, with the handle it could have', () => {
    const reading = read([
      mug,
      { Title: 'Blue Mug', 'Variant Price': '1' },
      { 'Image Src': 'https://example.com/b.jpg' },
    ]);
    expect(codes(reading)).toEqual(['3 Handle missing_value']);
    expect(reading.issues[0]?.message).toContain('“blue-mug”');
    expect(reading.products[0]?.images).toEqual([]);
  });

  test('names of object prototypes are names like others', () => {
    const reading = read(
      ['__proto__', 'constructor'].map((Handle) => ({ ...mug, Handle, Title: Handle, 'Variant SKU': 'toString' })),
    );
    expect(reading.products.map((product) => product.handle)).toEqual(['__proto__', 'constructor']);
    expect(codes(reading)).toEqual(['3 Variant SKU duplicate_sku']);
  });
});

describe('rows that are torn', () => {
  const header = ['Handle', 'Title', 'Variant Price'];

  test('too few and too many cells: the product is out, the others stay', () => {
    const reading = readRecords([header, ['a', 'A'], ['b', 'B', '1', 'x'], ['c', 'C', '1']]);
    expect(codes(reading)).toEqual(['2 - cell_count', '3 - cell_count']);
    expect(reading.issues.map((issue) => issue.handle)).toEqual(['a', 'b']);
    expect(reading.products.map((product) => product.handle)).toEqual(['c']);
  });

  test('a torn row spoils the product it continues', () => {
    const reading = readRecords([header, ['a', 'A', '1'], ['a', 'x'], ['c', 'C', '1']]);
    expect(reading.refused).toEqual(['a']);
    expect(reading.products.map((product) => product.handle)).toEqual(['c']);
  });

  test('a torn row without a believable handle belongs to the file', () => {
    const reading = readRecords([header, ['<p>no</p>', 'x']]);
    expect(reading.end).toMatchObject({ fileErrors: 1, refusedProducts: 1 });
    expect(reading.refused).toEqual([]);
  });

  test('after a closing quotation mark with text behind it, reading goes on in the next row', () => {
    const reading = readRecords([header, ['a', { code: 'bad_quote', excerpt: '"5" x' }], ['c', 'C', '1']]);
    expect(codes(reading)).toEqual(['2 Title bad_quote']);
    expect(reading.issues[0]).toMatchObject({ handle: 'a', value: '"5" x' });
    expect(reading.end).toMatchObject({ complete: true, products: 1 });
  });

  test('a quotation mark that never closes ends the reading', () => {
    const reading = readRecords([
      header,
      ['a', 'A', '1'],
      ['b', { code: 'unclosed_quote', excerpt: '"B' }],
      ['c', 'C', '1'],
    ]);
    expect(codes(reading)).toEqual(['3 Title unclosed_quote']);
    expect(reading.end).toMatchObject({ complete: false, rows: 2, errors: 1 });
  });

  test('a cell that is not UTF-8 does not hide the other errors of its row', () => {
    const reading = readRecords([header, ['a', { code: 'not_utf8', excerpt: '\uFFFD' }, 'x']]);
    expect(codes(reading)).toEqual(['2 Title not_utf8', '2 Variant Price not_a_number']);
  });

  test('a handle that is not UTF-8 is one error, and belongs to the file', () => {
    const reading = readRecords([header, [{ code: 'not_utf8', excerpt: '\uFFFD' }, '', '1']]);
    expect(codes(reading)).toEqual(['2 Handle not_utf8']);
    expect(reading.end.fileErrors).toBe(1);
  });
});

describe('the file as a whole', () => {
  test('nothing in it', () => {
    expect(codes(readRecords([]))).toEqual(['1 - empty_file']);
    expect(codes(readRecords([['', ' '], ['']]))).toEqual(['1 - empty_file']);
  });

  test('a header and no rows', () => {
    expect(codes(read([]))).toEqual(['1 - no_rows']);
  });

  test('a header that is no text', () => {
    const picture = readRecords([[{ code: 'not_utf8', excerpt: '\uFFFDPNG' }]]);
    expect(picture.issues).toMatchObject([{ code: 'not_utf8', row: 1, column: null }]);
    expect(picture.end.complete).toBe(false);
    const workbook = readRecords([['PK\u0003\u0004\u0014'], ['x']]);
    expect(workbook.issues).toHaveLength(1);
    expect(workbook.issues[0]?.message).toContain('spreadsheet');
  });

  test('too many columns and too many rows end the reading', () => {
    expect(codes(readRecords([Array.from({ length: 1001 }, (_, i) => `c${i}`)]))).toEqual(['1 - too_many_columns']);
    const reading = readRecords(tooManyRows());
    expect(reading.issues.at(-1)).toMatchObject({ code: 'too_many_rows', row: MAX_ROWS + 2 });
    expect(reading.end).toMatchObject({ complete: false, rows: MAX_ROWS + 1 });
  });

  test('issues are listed up to a limit, errors and warnings apart, and the rest is counted', () => {
    const bad = { ...mug, 'Variant Price': 'x' };
    const rows = Array.from({ length: MAX_LISTED_ISSUES + 5 }, (_, i) => ({
      ...bad,
      Handle: `m${i}`,
      'Variant Inventory Qty': '-1',
    }));
    const reading = read(rows);
    expect(reading.issues.filter((issue) => issue.severity === 'error')).toHaveLength(MAX_LISTED_ISSUES);
    expect(reading.end).toMatchObject({
      errors: MAX_LISTED_ISSUES + 5,
      warnings: MAX_LISTED_ISSUES + 5,
      unlistedIssues: 10,
    });
    expect(reading.refused).toHaveLength(MAX_LISTED_ISSUES + 5);
  });

  test('a reason from outside ends the reading at the last row read', () => {
    const reader = createProductReader({ currency: EUR });
    const events = [
      ...reader.read({ row: 1, line: 1, cells: ['Handle', 'Title', 'Price'] }),
      ...reader.read({ row: 2, line: 2, cells: ['a', 'A', '1'] }),
      ...reader.stop({ code: 'file_too_large', sentence: 'Too large.' }),
    ];
    const { issues, products, end } = collect(events);
    expect(issues).toMatchObject([{ code: 'file_too_large', row: 2, column: null, message: 'Row 2: Too large.' }]);
    expect(products).toEqual([]);
    expect(end.complete).toBe(false);
    expect(reader.read({ row: 3, line: 3, cells: ['b', 'B', '1'] })).toEqual([]);
    expect(reader.end()).toEqual([]);
  });

  test('what ends the reading is told beyond the limit too', () => {
    const reader = createProductReader({ currency: EUR });
    reader.read({ row: 1, line: 1, cells: ['Handle', 'Title', 'Price'] });
    for (let row = 2; row < MAX_LISTED_ISSUES + 10; row += 1)
      reader.read({ row, line: row, cells: [`m${row}`, 'M', 'x'] });
    const { issues } = collect(reader.stop({ code: 'file_too_large', sentence: 'Too large.' }));
    expect(issues).toMatchObject([{ code: 'file_too_large' }]);
  });

  test('a value is shown whole up to 80 characters, and safe', () => {
    const { issues } = read([
      { ...mug, 'Variant Price': 'x'.repeat(81) },
      { ...mug, Handle: 'b', 'Variant Price': 'a\nb\u202E' },
    ]);
    expect(issues.map((issue) => issue.value)).toEqual([`${'x'.repeat(79)}…`, 'a␊b\uFFFD']);
  });
});
