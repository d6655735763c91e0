import { expect, test } from 'vitest';
import { columnName, countKnownColumns, PRODUCT_COLUMNS, readHeader, toldColumns } from './product-columns.ts';

const classic = Object.values(PRODUCT_COLUMNS).map(([name]) => name);
const newer = Object.values(PRODUCT_COLUMNS).map(([, name]) => name);

test.each([
  ['classic', classic],
  ['newer', newer],
])('the whole header of the %s generation is known', (_, names) => {
  const header = readHeader(names);
  expect(header.problems).toEqual([]);
  expect([...header.at.keys()].toSorted()).toEqual(Object.keys(PRODUCT_COLUMNS).toSorted());
});

test('names match in any case, with spaces around and within', () => {
  const header = readHeader([' handle ', 'TITLE', 'variant  PRICE']);
  expect(header.unusable).toBe(false);
  expect(header.columns.map((column) => column.name)).toEqual(['handle', 'TITLE', 'variant  PRICE']);
});

test('a needed column that is missing is named in both generations, with the one that may be meant', () => {
  const { problems, unusable } = readHeader(['Product Handle', 'Title', 'Price']);
  expect(unusable).toBe(true);
  expect(problems).toMatchObject([{ code: 'missing_column', column: 'Handle' }]);
  expect(problems[0]?.sentence).toContain('“URL handle”');
  expect(problems[0]?.sentence).toContain('“Product Handle”');
});

test.each([
  [['Handle', 'Title', 'Variant Price', 'variant price'], 'variant price'],
  [['Handle', 'Title', 'Variant Price', 'Price'], 'Price'],
])('a column twice is refused: %j', (names, column) => {
  expect(readHeader(names).problems).toMatchObject([{ code: 'duplicate_column', column }]);
});

test('unknown columns are named, also those with names of object prototypes and without a name', () => {
  const { problems } = readHeader(['Handle', 'Title', 'Price', '__proto__', 'constructor', '', 'toString']);
  expect(problems.map(({ code, column }) => [code, column])).toEqual([
    ['unknown_column', '__proto__'],
    ['unknown_column', 'constructor'],
    ['unknown_column', null],
    ['unknown_column', 'toString'],
  ]);
});

test('columns of the format without a place here are told as not imported, without a warning', () => {
  const header = readHeader([
    'Handle',
    'Title',
    'Price',
    'Google Shopping / MPN',
    'Price / International',
    'Cost per item',
    'Gift Card',
    'Custom',
  ]);
  expect(toldColumns(header).map((column) => column.meaning)).toEqual([
    'handle',
    'title',
    'price',
    'not_imported',
    'not_imported',
    'not_imported',
    'not_imported',
    'unknown',
  ]);
  expect(header.problems.map((problem) => problem.column)).toEqual(['Custom']);
});

test('a column that the file lacks is called as in the rest of the file', () => {
  expect(columnName(readHeader(['URL handle', 'Title', 'Price']), 'option1Name')).toBe('Option1 name');
  expect(columnName(readHeader(['Handle', 'Title', 'Price']), 'option1Name')).toBe('Option1 Name');
});

test('the number of known columns tells a header from other text', () => {
  expect(countKnownColumns(['Handle', 'Title', 'x'])).toBe(2);
});
