import { describe, expect, test } from 'vitest';
import { readCsvRecords } from './csv-records.ts';
import { collect, inPieces } from './test-files.ts';

async function records(text: string | Uint8Array, size = 1_000_000) {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  return (await collect(readCsvRecords(inPieces(bytes, size)))).flat();
}

const cells = async (text: string | Uint8Array, size?: number) =>
  (await records(text, size)).map((record) => record.cells);

describe('what a file may look like', () => {
  test.each([
    ['LF', 'Handle,Title\na,"A\nB"\n'],
    ['CRLF', 'Handle,Title\r\na,"A\nB"\r\n'],
    ['CR', 'Handle,Title\ra,"A\nB"\r'],
    ['mixed', 'Handle,Title\r\na,"A\nB"\n'],
    ['no last line end', 'Handle,Title\na,"A\nB"'],
    ['semicolons', 'Handle;Title\na;"A\nB"'],
    ['tabs', 'Handle\tTitle\na\t"A\nB"'],
    ['quoted header', '"Handle";"Title"\n"a";"A\nB"'],
    ['UTF-8 mark', '\uFEFFHandle,Title\na,"A\nB"'],
  ])('%s', async (_, text) => {
    for (const size of [1, 7, 1000]) {
      expect(await cells(text, size)).toEqual([
        ['Handle', 'Title'],
        ['a', 'A\nB'],
      ]);
    }
  });

  test.each([
    ['little', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['big', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
  ])('UTF-16, %s end first', async (_, encode) => {
    for (const size of [1, 3, 1000]) {
      expect(await cells(encode('Handle\tTitle\r\na\tÄ😀'), size)).toEqual([
        ['Handle', 'Title'],
        ['a', 'Ä😀'],
      ]);
    }
  });

  test('a return alone is no line end where lines end otherwise', async () => {
    expect(await cells('Handle,Title\na,b\rc\n')).toEqual([
      ['Handle', 'Title'],
      ['a', 'b\rc'],
    ]);
  });

  test.each([
    ['nothing', ''],
    ['a mark alone', '\uFEFF'],
  ])('%s', async (_, text) => {
    expect(await cells(text)).toEqual([]);
  });
});

test('rows count records, lines count line ends, blank rows too', async () => {
  const read = await records('Handle,Title\r\n\r\na,"1\r\n2\r\n3"\r\nb,x\r\n');
  expect(read.map(({ row, line, cells: [first] }) => [row, line, first])).toEqual([
    [1, 1, 'Handle'],
    [2, 2, ''],
    [3, 3, 'a'],
    [4, 6, 'b'],
  ]);
});

test('a character is not torn by the border of two pieces', async () => {
  expect(await cells('Handle,Title\nä,"日本😀"\n', 1)).toEqual([
    ['Handle', 'Title'],
    ['ä', '日本😀'],
  ]);
});

test('a cell that is not UTF-8 is given as such, alone', async () => {
  const [, row] = await cells(Buffer.from('Handle,Title,Type\ncafé,x,caf\xc3\xa9', 'latin1'));
  expect(row).toEqual([{ code: 'not_utf8', excerpt: 'caf\uFFFD' }, 'x', 'café']);
});

test('text with a mark in the middle keeps it', async () => {
  expect(await cells('Handle\n"\uFEFFa"')).toEqual([['Handle'], ['\uFEFFa']]);
});

describe('quotation marks', () => {
  test('inside a bare cell they are text', async () => {
    expect(await cells('Handle,Title\na,5" plate "x"\nb,c')).toEqual([
      ['Handle', 'Title'],
      ['a', '5" plate "x"'],
      ['b', 'c'],
    ]);
  });

  test('doubled ones are text too, also first and last', async () => {
    expect(await cells('Handle,Title\na,"""x"" y ""z"""\nb,""""\nc,""')).toEqual([
      ['Handle', 'Title'],
      ['a', '"x" y "z"'],
      ['b', '"'],
      ['c', ''],
    ]);
  });

  test.each([
    ['a,"5"" plate"x,y\nb,c', ['a', { code: 'bad_quote', excerpt: '"5"" plate"x,y\n' }]],
    ['a,"x" ,y\nb,c', ['a', { code: 'bad_quote', excerpt: '"x" ,y\n' }]],
    ['"x"y\nb,c', [{ code: 'bad_quote', excerpt: '"x"y\n' }]],
  ])('text after a closing one breaks its cell, and the next row is read: %j', async (text, broken) => {
    for (const size of [1, 1000]) {
      const [, row, next] = await cells(`Handle,Title,Type\n${text}`, size);
      expect(row?.slice(0, -1)).toEqual(broken.slice(0, -1));
      expect(row?.at(-1)).toMatchObject({ code: 'bad_quote' });
      expect(next).toEqual(['b', 'c']);
    }
  });

  test.each([
    ['to the end of the file', 'a,A\nb,"B,1\nc,C,2\n'],
    ['to a quotation mark of a later row', 'a,A\nb,"B,1\nc,"C",2\nd,D\n'],
  ])('one that is not closed ends the reading, at the row where it opens: %s', async (_, text) => {
    for (const size of [1, 1000]) {
      const read = await records(`Handle,Title\n${text}`, size);
      expect(read).toHaveLength(3);
      expect(read[2]).toMatchObject({ row: 3, line: 3, cells: [expect.anything(), { code: 'unclosed_quote' }] });
    }
  });
});
