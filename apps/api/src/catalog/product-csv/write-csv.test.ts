import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { issuesToCsv, writeCsvCell } from './write-csv.ts';

test.each([
  ["=cmd|'/c calc'!A1", "'=cmd|'/c calc'!A1"],
  ['+1+1', "'+1+1"],
  ['-2+3', "'-2+3"],
  ['@SUM(1+1)', "'@SUM(1+1)"],
  ['\t=1+1', '"\'\t=1+1"'],
  ['\r=1+1', '"\'\r=1+1"'],
  ['=1,2', '"\'=1,2"'],
  ['="a"', '"\'=""a"""'],
])('H03 · a spreadsheet does not run %j', (text, cell) => {
  expect(writeCsvCell(text)).toBe(cell);
});

test.each([
  ['plain', 'plain'],
  ['a, b', '"a, b"'],
  ['a;b', '"a;b"'],
  ['5" plate', '"5"" plate"'],
  ['two\nlines', '"two\nlines"'],
  [' a ', '" a "'],
  ['', ''],
])('%j is written as %s', (text, cell) => {
  expect(writeCsvCell(text)).toBe(cell);
});

test('the report is a CSV file that spreadsheets read as UTF-8', () => {
  const csv = issuesToCsv([
    {
      severity: 'error',
      code: 'price_negative',
      row: 7,
      line: 8,
      column: 'Variant Price',
      value: '-1',
      message: 'Row 7, Variant Price: “-1” is below zero.',
      handle: 'mug',
    },
    { severity: 'warning', code: 'unknown_column', row: 1, line: 1, column: '=x', message: 'Row 1, =x: not known' },
  ]);
  expect(csv.startsWith('\uFEFF')).toBe(true);
  expect(parse(csv, { bom: true, record_delimiter: '\r\n' })).toEqual([
    ['Severity', 'Row', 'Line', 'Column', 'Product', 'Value', 'Message', 'Code'],
    ['error', '7', '8', 'Variant Price', 'mug', "'-1", 'Row 7, Variant Price: “-1” is below zero.', 'price_negative'],
    ['warning', '1', '1', "'=x", '', '', 'Row 1, =x: not known', 'unknown_column'],
  ]);
});
