import type { CsvCell, CsvRecord, UnreadableCell } from '@souk/domain/catalog/product-import';
import { CsvError, parse, type Parser } from 'csv-parse';
import { findBrokenQuote, type BrokenQuote } from './broken-quote.ts';
import { detectFormat, holdsHeader, type CsvFormat } from './csv-format.ts';
import { utf8Pieces } from './utf8-pieces.ts';

/** A record beyond this is a quotation mark that was never closed: it must not pull the rest of the file into memory. */
const MAX_RECORD_BYTES = 4_000_000;
const MAX_HEAD_BYTES = 65_536;
const EXCERPT_BYTES = 400;

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenientUtf8 = new TextDecoder('utf-8', { ignoreBOM: true });

const excerptOf = (latin1: string): string => lenientUtf8.decode(Buffer.from(latin1.slice(0, EXCERPT_BYTES), 'latin1'));

/** Decodes a cell whose bytes stand as Latin-1 characters: separators and quotes are ASCII, so cells can be cut before decoding. */
function decode(cell: string): CsvCell {
  if (!/\P{ASCII}/u.test(cell)) return cell;
  try {
    return strictUtf8.decode(Buffer.from(cell, 'latin1'));
  } catch {
    return { code: 'not_utf8', excerpt: excerptOf(cell) };
  }
}

const countLineBreaks = (text: string): number => text.match(/\r\n|\n|\r/g)?.length ?? 0;

type RawRecord = { readonly record: readonly string[]; readonly raw: string };
const isRawRecord = (entry: unknown): entry is RawRecord =>
  typeof entry === 'object' && entry !== null && 'raw' in entry;

/** Gives records their row and line, and their broken cells a name. */
function recordCutter(separator: string) {
  let records: CsvRecord[] = [];
  let row = 1;
  let line = 1;
  let stopped = false;

  function add(cells: readonly CsvCell[], lines: number): void {
    records.push({ row, line, cells });
    row += 1;
    line += lines;
  }
  function addBroken({ code, index, start }: BrokenQuote, raw: string, cells: readonly CsvCell[]): void {
    const cell: UnreadableCell = { code, excerpt: excerptOf(raw.slice(start, start + EXCERPT_BYTES)) };
    add([...Array.from({ length: index }, (_, i) => cells[i] ?? ''), cell], 1);
    stopped = code === 'unclosed_quote';
  }
  return {
    isStopped: () => stopped,
    take({ record, raw }: RawRecord): void {
      if (stopped) return;
      const cells = record.map(decode);
      const broken = record.some((cell) => cell.startsWith('"')) ? findBrokenQuote(raw, separator) : undefined;
      if (broken) addBroken(broken, raw, cells);
      else
        add(
          cells,
          record.reduce((lines, cell) => lines + countLineBreaks(cell), 1),
        );
    },
    /** The parser gave up: a quotation mark is open where the file ends, or a record is beyond all measure. */
    giveUp(error: Error): void {
      if (!(error instanceof CsvError)) throw error;
      if (stopped) return;
      const raw = typeof error.raw === 'string' ? error.raw : '';
      const broken = findBrokenQuote(raw, separator);
      if (broken) addBroken(broken, raw, []);
      else add([{ code: 'too_long', excerpt: excerptOf(raw) }], 1);
      stopped = true;
    },
    batch(): readonly CsvRecord[] {
      const cut = records;
      records = [];
      return cut;
    },
  };
}

type RecordCutter = ReturnType<typeof recordCutter>;

function createParser({ separator, lineEnds }: CsvFormat, cutter: RecordCutter): Parser {
  const parser = parse({
    delimiter: separator,
    record_delimiter: [...lineEnds],
    encoding: 'latin1',
    relax_column_count: true,
    // A quotation mark inside a bare cell is text; text after a closing one is found by findBrokenQuote.
    relax_quotes: true,
    max_record_size: MAX_RECORD_BYTES,
    raw: true,
    // Taken here, as they are cut: on an error the stream would drop the records that it has not handed on yet.
    on_record: (entry: unknown) => {
      if (isRawRecord(entry)) cutter.take(entry);
      return null;
    },
  });
  // An error is also given to the write that met it; without a listener it would end the process.
  parser.on('error', () => {});
  return parser;
}

/** Resolves with the error that the parser met in these bytes, or at the end of the file (null). */
const feed = (parser: Parser, bytes: Buffer | null): Promise<Error | undefined> =>
  new Promise((resolve) => {
    const done = (error?: Error | null) => resolve(error ?? undefined);
    if (bytes === null) parser.end(done);
    else parser.write(bytes, done);
  });

/** The beginning of a file with its whole header, where that is not absurdly long. */
async function readHead(pieces: AsyncGenerator<Buffer>): Promise<Buffer> {
  let head = Buffer.alloc(0);
  while (head.length < MAX_HEAD_BYTES && !holdsHeader(head.toString('latin1'))) {
    const next = await pieces.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
  }
  return head;
}

/**
 * Cuts a CSV file into records while its bytes arrive, a batch for each piece. Rows and lines count from 1, blank rows too.
 * UTF-8 and UTF-16, commas, semicolons and tabs, and the line ends of every system are understood.
 * A cell that is not UTF-8 or whose quotes are broken is given as such; after a quotation mark without a partner, or a record
 * beyond 4 MB, nothing more is given. Throws only what `source` throws.
 */
export async function* readCsvRecords(source: AsyncIterable<Uint8Array>): AsyncGenerator<readonly CsvRecord[]> {
  const pieces = utf8Pieces(source);
  let bytes: Buffer | null = await readHead(pieces);
  const format = detectFormat(bytes.toString('latin1'));
  const cutter = recordCutter(format.separator);
  const parser = createParser(format, cutter);
  try {
    for (;;) {
      const error = await feed(parser, bytes);
      if (error) cutter.giveUp(error);
      yield cutter.batch();
      if (bytes === null || cutter.isStopped()) return;
      const next: IteratorResult<Buffer, unknown> = await pieces.next();
      bytes = next.done ? null : next.value;
    }
  } finally {
    parser.destroy();
    await pieces.return(undefined);
  }
}
