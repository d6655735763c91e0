import type { Currency } from '../../shared/money.ts';
import * as rules from './cell-rules.ts';
import { readImage } from './image-row.ts';
import type { ImportedProduct } from './imported-product.ts';
import { IMPORT_ISSUES, quoted, shown, type ImportIssue, type Problem } from './import-issue.ts';
import {
  columnName,
  readHeader,
  toldColumns,
  type ColumnMeaning,
  type ImportColumn,
  type ProductHeader,
} from './product-columns.ts';
import { checkRepeatedCells, readProductCells } from './product-cells.ts';
import { newDraft, toProduct, type ProductDraft } from './product-draft.ts';
import { productHandle, suggestHandle } from './product-handle.ts';
import {
  productRow,
  type CsvCell,
  type CsvRecord,
  type ProductRow,
  type Report,
  type UnreadableCell,
} from './product-row.ts';
import { isVariantRow, readOptionNames, readVariant } from './variant-row.ts';

export const MAX_ROWS = 500_000;
const MAX_COLUMNS = 1_000;
export const MAX_LISTED_ISSUES = 1_000;

export type ReadEnd = {
  readonly kind: 'end';
  /** False when reading stopped before the end of the file; the last error says why, and nothing of the file may be imported. */
  readonly complete: boolean;
  /** Rows with anything in them, the header not counted. */
  readonly rows: number;
  /** Whole and valid products, and their variants. */
  readonly products: number;
  readonly variants: number;
  /** Products kept out by an error of their own; those with a handle were told as `refused`. */
  readonly refusedProducts: number;
  readonly errors: number;
  /** Those of the errors that belong to no named product: leaving products out does not cure them. */
  readonly fileErrors: number;
  readonly warnings: number;
  /** Errors and warnings beyond the first `MAX_LISTED_ISSUES` of each: counted, not told one by one. */
  readonly unlistedIssues: number;
};

export type ReadEvent =
  | { readonly kind: 'columns'; readonly columns: readonly ImportColumn[] }
  | { readonly kind: 'product'; readonly product: ImportedProduct }
  | { readonly kind: 'refused'; readonly product: RefusedProduct }
  | { readonly kind: 'issue'; readonly issue: ImportIssue }
  | ReadEnd;

/** A product that errors keep out, so that a person can choose to import the rest. `handle` is the one its issues carry. */
export type RefusedProduct = {
  readonly handle: string;
  readonly title: string;
  readonly firstRow: number;
  readonly lastRow: number;
};

/** Folds records into products. Every call gives what became known by it; nothing comes after the event `end`. */
export type ProductReader = {
  /** Takes the next record, the header first. */
  readonly read: (record: CsvRecord) => readonly ReadEvent[];
  /** The file is over. */
  readonly end: () => readonly ReadEvent[];
  /** Reading cannot go on, for a reason outside the rows. */
  readonly stop: (problem: Problem) => readonly ReadEvent[];
};

const UNREADABLE: Readonly<Record<UnreadableCell['code'], string>> = {
  not_utf8: 'The text is not UTF-8, so some letters cannot be told. Save the file as “CSV UTF-8” and try again.',
  too_long: 'The row goes on for more than 4 MB. It and the rows below were not checked.',
  bad_quote:
    'There is text after the closing quotation mark ("). A quotation mark inside a text is written twice (""). The rest of the row was not checked.',
  unclosed_quote:
    'The text begins with a quotation mark (") that is not closed where the text ends. Close it or remove it. The rows below were not checked.',
};

const isBlankCell = (cell: CsvCell): boolean => typeof cell === 'string' && cell.trim() === '';

/** The first cell whose quotes are broken: what follows it in its row cannot be trusted. */
const brokenCell = (cells: readonly CsvCell[]): UnreadableCell | undefined =>
  cells.filter((cell) => typeof cell !== 'string').find((cell) => cell.code !== 'not_utf8');

/** Why the header row cannot be one, or undefined. */
function headerFault(cells: readonly CsvCell[]): Problem | undefined {
  const broken = brokenCell(cells);
  if (broken) {
    const sentence = 'A quotation mark (") in the header has no partner, or text follows it. Mend the first row.';
    return { code: broken.code, sentence };
  }
  const texts = cells.filter((cell) => typeof cell === 'string');
  if (texts.length === cells.length && texts.every((text) => rules.findControlCharacter(text) === undefined)) {
    if (cells.length <= MAX_COLUMNS) return undefined;
    const sentence = `The file has ${cells.length} columns; ${MAX_COLUMNS} are possible. Remove those that are not needed.`;
    return { code: 'too_many_columns', sentence };
  }
  const sentence = texts[0]?.startsWith('PK\u0003')
    ? 'This is a spreadsheet, not a CSV file. Open it and save it as “CSV UTF-8”.'
    : 'This is not a text in UTF-8. Save the file as “CSV UTF-8” and try again.';
  return { code: 'not_utf8', sentence };
}

/**
 * Reads the records of a product export one by one; amounts are in `currency`. A product is given when its rows are over and
 * nothing in them is refused. Kept between records: the handles and SKUs seen and the product at hand, never the file.
 */
export function createProductReader({ currency }: { readonly currency: Currency }): ProductReader {
  const rowOfHandle = new Map<string, number>();
  const rowOfSku = new Map<string, number>();
  const toldOnce = new Set<ColumnMeaning>();
  const count = {
    rows: 0,
    products: 0,
    variants: 0,
    refusedProducts: 0,
    error: 0,
    fileErrors: 0,
    warning: 0,
    listed: 0,
  };
  let events: ReadEvent[] = [];
  let header: ProductHeader | undefined;
  let draft: ProductDraft | undefined;
  let last = { row: 1, line: 1 };
  let ended = false;

  const report: Report = ({ row, line }, column, { code, sentence }, value) => {
    const severity = IMPORT_ISSUES[code];
    if (severity === 'error') {
      if (draft) draft.refused = true;
      if (!draft?.handle) count.fileErrors += 1;
    }
    count[severity] += 1;
    // What ends the reading is always told.
    if (count[severity] > MAX_LISTED_ISSUES && !ended) return;
    count.listed += 1;
    const name = column === null ? null : shown(column);
    const issue: ImportIssue = {
      severity,
      code,
      row,
      line,
      column: name,
      ...(value === undefined ? {} : { value: shown(value) }),
      message: `Row ${row}${name === null ? '' : `, ${name}`}: ${sentence}`,
      ...(draft?.handle ? { handle: shown(draft.handle) } : {}),
    };
    events.push({ kind: 'issue', issue });
  };

  function finish(complete: boolean): void {
    ended = true;
    draft = undefined;
    events.push({
      kind: 'end',
      complete,
      rows: count.rows,
      products: count.products,
      variants: count.variants,
      refusedProducts: count.refusedProducts,
      errors: count.error,
      fileErrors: count.fileErrors,
      warnings: count.warning,
      unlistedIssues: count.error + count.warning - count.listed,
    });
  }

  /** Reading ends here: the product at hand may be cut off, so it is dropped. */
  function breakOff(place: { row: number; line: number }, problem: Problem): void {
    ended = true;
    draft = undefined;
    report(place, null, problem);
    finish(false);
  }

  /** The rows of the product at hand are over. */
  function close(): void {
    if (!draft) return;
    if (draft.variantRows === 0 && !draft.refused && header) {
      const amount = rules.exampleAmount(currency);
      const sentence = `No row of ${quoted(draft.texts.title)} has a price. Write an amount such as ${amount}, or 0 if it is free.`;
      report(draft.first, columnName(header, 'price'), { code: 'missing_value', sentence });
    }
    if (draft.refused) {
      const { handle, texts, first, lastRow } = draft;
      count.refusedProducts += 1;
      if (handle) {
        const product = { handle: shown(handle), title: shown(texts.title), firstRow: first.row, lastRow };
        events.push({ kind: 'refused', product });
      }
    } else {
      count.products += 1;
      count.variants += draft.variants.length;
      events.push({ kind: 'product', product: toProduct(draft) });
    }
    draft = undefined;
  }

  function open(handle: string, record: CsvRecord): ProductDraft {
    close();
    draft = newDraft(handle, record);
    return draft;
  }

  /** The product that a row belongs to; a new one when it begins here. */
  function productOf(row: ProductRow): ProductDraft {
    const handle = row.at('handle');
    const title = row.at('title');
    if (handle === undefined) return open('', row.record);
    if (handle === '') {
      if (draft && title === '') return draft;
      const nameless = open('', row.record);
      const meant = suggestHandle(title ?? '');
      const hint = meant ? ` Write one, such as ${quoted(meant)}.` : ' Write the handle of its product.';
      row.fail('handle', 'missing_value', `The handle is empty, and no product above can own this row.${hint}`);
      return nameless;
    }
    if (draft?.handle === handle) {
      const { first, texts } = draft;
      if (!title || texts.title === '' || rules.sameText(title, texts.title)) return draft;
      const twin = open(handle, row.record);
      const sentence = `${quoted(handle)} is the handle of ${quoted(texts.title)} in row ${first.row}, and this row has another title. Give it a handle of its own.`;
      row.fail('handle', 'duplicate_handle', sentence);
      return twin;
    }
    const started = open(handle, row.record);
    if (row.take('handle', productHandle(handle)) === undefined) return started;
    const earlier = rowOfHandle.get(handle);
    if (earlier === undefined) {
      rowOfHandle.set(handle, row.record.row);
      return started;
    }
    const sentence = `${quoted(handle)} is the handle of the product in row ${earlier}. If this is the same product, move the row up to it; if not, give it a handle of its own.`;
    row.fail('handle', 'duplicate_handle', sentence);
    return started;
  }

  /** Where columns may have shifted, only a well-formed handle is believed. */
  function productOfTornRow(row: ProductRow): ProductDraft {
    const handle = row.at('handle') ?? '';
    if (!productHandle(handle).ok) return open('', row.record);
    if (draft?.handle === handle) return draft;
    if (!rowOfHandle.has(handle)) rowOfHandle.set(handle, row.record.row);
    return open(handle, row.record);
  }

  /** Values that change how a product sells and have no place here: said once per file. */
  function checkWatchedCells(row: ProductRow): void {
    const watch = (meaning: ColumnMeaning, words: readonly string[], sentence: string): void => {
      if (toldOnce.has(meaning) || !words.includes(row.at(meaning)?.toLowerCase() ?? '')) return;
      toldOnce.add(meaning);
      row.fail(meaning, 'not_imported', sentence);
    };
    const policy =
      'Selling on after the stock is used up is not imported, here and in rows below: products sell while there is stock.';
    watch('inventoryPolicy', ['continue', 'true'], policy);
    watch(
      'giftCard',
      ['true'],
      'Gift cards are not known here: this product, and others marked so, are imported as ordinary ones.',
    );
  }

  function readHeaderRecord(record: CsvRecord): void {
    const fault = headerFault(record.cells);
    if (fault) {
      breakOff(record, fault);
      return;
    }
    header = readHeader(record.cells.filter((cell) => typeof cell === 'string'));
    events.push({ kind: 'columns', columns: toldColumns(header) });
    for (const problem of header.problems) report(record, problem.column, problem);
    if (header.unusable) finish(false);
  }

  function reportUnreadable(record: CsvRecord, { columns }: ProductHeader): void {
    record.cells.forEach((cell, index) => {
      if (typeof cell === 'string') return;
      report(record, columns[index]?.name ?? null, { code: cell.code, sentence: UNREADABLE[cell.code] }, cell.excerpt);
    });
  }

  /** A row whose cells do not stand under their columns: its product is refused, its other cells are not looked at. */
  function readTornRow(row: ProductRow, head: ProductHeader): void {
    const product = productOfTornRow(row);
    product.lastRow = row.record.row;
    const broken = brokenCell(row.record.cells);
    if (broken && broken.code !== 'bad_quote') ended = true;
    reportUnreadable(row.record, head);
    if (!broken) {
      const { length } = row.record.cells;
      const sentence = `The row has ${length} cells where the header has ${head.columns.length}. A separator or a quotation mark (") is missing or one too many. The row was not checked further.`;
      report(row.record, null, { code: 'cell_count', sentence });
    } else if (ended) finish(false);
  }

  function readRow(record: CsvRecord, head: ProductHeader): void {
    count.rows += 1;
    if (count.rows > MAX_ROWS) {
      const sentence = `The file has more than ${MAX_ROWS.toLocaleString('en')} rows. Split it: from here on it was not read.`;
      breakOff(record, { code: 'too_many_rows', sentence });
      return;
    }
    const row = productRow(record, head, report);
    const expected = head.columns.length;
    const fits = record.cells.length >= expected && record.cells.slice(expected).every(isBlankCell);
    if (!fits || brokenCell(record.cells)) {
      readTornRow(row, head);
      return;
    }
    const product = productOf(row);
    const isFirst = product.first === record;
    product.lastRow = record.row;
    reportUnreadable(record, head);
    if (isFirst) readProductCells(row, product);
    else checkRepeatedCells(row, product);
    readOptionNames(row, product);
    const isVariant = isVariantRow(row);
    const isImage = row.at('imageSrc') !== '';
    if (isVariant) readVariant(row, product, { currency, rowOfSku });
    if (isImage) readImage(row, product);
    if (!isFirst && !isVariant && !isImage) {
      row.fail('handle', 'empty_row', 'The row adds neither a variant nor a picture. It is skipped.');
    }
    checkWatchedCells(row);
  }

  function told(): readonly ReadEvent[] {
    const made = events;
    events = [];
    return made;
  }

  return {
    read(record) {
      if (ended) return [];
      last = { row: record.row, line: record.line };
      if (record.cells.every(isBlankCell)) return [];
      if (header) readRow(record, header);
      else readHeaderRecord(record);
      return told();
    },
    end() {
      if (ended) return [];
      close();
      const top = { row: 1, line: 1 };
      if (!header) {
        const sentence = 'The file is empty. Choose the CSV file that your shop exported.';
        report(top, null, { code: 'empty_file', sentence });
      } else if (count.rows === 0) {
        const sentence = 'The file has a header and no products below it. There is nothing to import.';
        report(top, null, { code: 'no_rows', sentence });
      }
      finish(true);
      return told();
    },
    stop(problem) {
      if (ended) return [];
      breakOff(last, problem);
      return told();
    },
  };
}
