import type { Currency } from '../../shared/money.ts';
import * as rules from './cell-rules.ts';
import { imageAddress } from './image-address.ts';
import type { ImportedImage, ImportedProduct, ImportedVariant } from './imported-product.ts';
import { IMPORT_ISSUES, quoted, shown, type ImportIssue, type ImportIssueCode, type Problem } from './import-issue.ts';
import { columnName, readHeader, type ColumnMeaning, type ImportColumn, type ProductHeader } from './product-columns.ts';
import { productHandle } from './product-handle.ts';

export const MAX_VARIANTS = 100;
export const MAX_IMAGES = 250;
export const MAX_ROWS = 500_000;
export const MAX_COLUMNS = 1_000;
export const MAX_LISTED_ISSUES = 1_000;

/** A cell whose text could not be had, with as much of it as can be shown. */
export type UnreadableCell = { readonly code: 'not_utf8' | 'bad_quote' | 'unclosed_quote'; readonly excerpt: string };

/**
 * One record of the file. `row` counts records from 1 (blank ones too), `line` is the line it starts on.
 * A record whose quotes are broken ends with its unreadable cell.
 */
export type CsvRecord = { readonly row: number; readonly line: number; readonly cells: readonly (string | UnreadableCell)[] };

export type ReadEnd = {
  readonly kind: 'end';
  /** False when reading stopped before the end of the file; the last error says why. */
  readonly complete: boolean;
  /** Rows with anything in them, the header not counted. */
  readonly rows: number;
  /** Whole and valid products, and their variants. */
  readonly products: number;
  readonly variants: number;
  /** Products kept out by an error of their own. */
  readonly refusedProducts: number;
  readonly errors: number;
  readonly warnings: number;
  /** Errors and warnings beyond the first `MAX_LISTED_ISSUES` of each, counted but not told one by one. */
  readonly unlistedIssues: number;
};

export type ReadEvent =
  | { readonly kind: 'columns'; readonly columns: readonly ImportColumn[] }
  | { readonly kind: 'product'; readonly product: ImportedProduct }
  | { readonly kind: 'issue'; readonly issue: ImportIssue }
  | ReadEnd;

/** Folds records into products. Every method gives what became known; nothing comes after the event `end`. */
export type ProductReader = {
  /** Takes the next record, the header first. */
  readonly read: (record: CsvRecord) => readonly ReadEvent[];
  /** The file is over. */
  readonly end: () => readonly ReadEvent[];
  /** Reading cannot go on for a reason outside the rows. `sentence` says why. */
  readonly stop: (problem: Problem) => readonly ReadEvent[];
};

type Slot = 1 | 2 | 3;
const SLOTS: readonly Slot[] = [1, 2, 3];

/** Cells that make a row a variant; a row without any of them adds a picture, or nothing. */
const VARIANT_CELLS = [
  'option1Value',
  'option2Value',
  'option3Value',
  'sku',
  'price',
  'compareAt',
  'quantity',
  'barcode',
] as const satisfies ColumnMeaning[];

/** Cells that count on a product's first row only. */
const PRODUCT_CELLS = [
  'descriptionHtml',
  'vendor',
  'productType',
  'tags',
  'published',
  'status',
  'seoTitle',
  'seoDescription',
] as const satisfies ColumnMeaning[];

type ProductCells = Pick<
  ImportedProduct,
  | 'descriptionHtml'
  | 'vendor'
  | 'productType'
  | 'tags'
  | 'publishedHint'
  | 'statusHint'
  | 'seoTitle'
  | 'seoDescription'
>;

type VariantRow = Omit<ImportedVariant, 'options'> & { readonly options: Readonly<Record<Slot, string>> };

/** The product being put together from adjacent rows. */
type Draft = {
  readonly handle: string;
  readonly title: string;
  readonly first: CsvRecord;
  readonly cells: ProductCells;
  readonly firstTexts: ReadonlyMap<ColumnMeaning, string>;
  readonly optionNames: Record<Slot, string>;
  readonly rowOfOptions: Map<string, number>;
  readonly variants: VariantRow[];
  readonly images: Map<string, { readonly position: number; readonly alt: string }>;
  readonly told: Set<string>;
  variantRows: number;
  lastRow: number;
  refused: boolean;
};

const EVERY_CELL_BLANK = (cell: string | UnreadableCell): boolean => typeof cell === 'string' && cell.trim() === '';

function headerFault(cells: CsvRecord['cells']): Problem | undefined {
  const texts = cells.filter((cell) => typeof cell === 'string');
  if (texts.length === cells.length && !texts.some((text) => /[\u0000-\u0008\u000E-\u001F]/.test(text))) return undefined;
  const broken = cells.find((cell) => typeof cell !== 'string' && cell.code !== 'not_utf8');
  if (broken && typeof broken !== 'string') {
    return { code: broken.code, sentence: 'A quotation mark (") in the header has no partner, or text follows it. Mend the first row.' };
  }
  const workbook = texts[0]?.startsWith('PK');
  return {
    code: 'not_utf8',
    sentence: workbook
      ? 'This is a spreadsheet, not a CSV file. Open it and save it as “CSV UTF-8”.'
      : 'This is not text in UTF-8. Save the file as “CSV UTF-8” and try again.',
  };
}

/**
 * Reads the records of a product export one by one. Kept between records: the handles and SKUs seen, and the product at hand,
 * so memory does not grow with the length of texts.
 */
export function createProductReader({ currency }: { readonly currency: Currency }): ProductReader {
  const rowOfHandle = new Map<string, number>();
  const rowOfSku = new Map<string, number>();
  const toldOnce = new Set<ColumnMeaning>();
  const count = { rows: 0, products: 0, variants: 0, refusedProducts: 0, error: 0, warning: 0, listed: 0 };
  let events: ReadEvent[] = [];
  let header: ProductHeader | undefined;
  let draft: Draft | undefined;
  let last = { row: 1, line: 1 };
  let ended = false;

  function report(place: { row: number; line: number }, column: string | null, problem: Problem, value?: string): void {
    const severity = IMPORT_ISSUES[problem.code];
    if (severity === 'error' && draft) draft.refused = true;
    count[severity] += 1;
    if (count[severity] > MAX_LISTED_ISSUES) return;
    count.listed += 1;
    const where = column === null ? `Row ${place.row}` : `Row ${place.row}, ${shown(column)}`;
    const issue: ImportIssue = {
      severity,
      code: problem.code,
      row: place.row,
      line: place.line,
      column: column === null ? null : shown(column),
      ...(value === undefined ? {} : { value: shown(value) }),
      message: `${where}: ${problem.sentence}`,
      ...(draft?.handle ? { handle: shown(draft.handle) } : {}),
    };
    events.push({ kind: 'issue', issue });
  }

  function finish(complete: boolean): void {
    ended = true;
    events.push({
      kind: 'end',
      complete,
      rows: count.rows,
      products: count.products,
      variants: count.variants,
      refusedProducts: count.refusedProducts,
      errors: count.error,
      warnings: count.warning,
      unlistedIssues: count.error + count.warning - count.listed,
    });
  }

  /** The cells of one record by meaning, and the reporting of what is wrong with them. */
  function rowOf(record: CsvRecord, head: ProductHeader) {
    /** The trimmed text; empty where the file has no such column; undefined where it could not be read (and was reported). */
    function at(meaning: ColumnMeaning): string | undefined {
      const index = head.at.get(meaning);
      const cell = index === undefined ? '' : record.cells[index];
      return typeof cell === 'string' ? cell.trim() : undefined;
    }
    const raw = (meaning: ColumnMeaning): string => {
      const cell = record.cells[head.at.get(meaning) ?? -1];
      return typeof cell === 'string' ? cell : '';
    };
    const fail = (meaning: ColumnMeaning, code: ImportIssueCode, sentence: string): void =>
      report(record, columnName(head, meaning), { code, sentence }, raw(meaning));
    /** The value of a rule; reports its notes, or its refusal. */
    function take<Value>(meaning: ColumnMeaning, result: rules.CellResult<Value>): Value | undefined {
      if (!result.ok) {
        report(record, columnName(head, meaning), result.refusal, raw(meaning));
        return undefined;
      }
      for (const note of result.value.notes) report(record, columnName(head, meaning), note, raw(meaning));
      return result.value.value;
    }
    /** Applies a rule to a cell that may stay empty. */
    function optional<Value, Empty>(meaning: ColumnMeaning, rule: (text: string) => rules.CellResult<Value>, empty: Empty): Value | Empty {
      const text = at(meaning);
      if (!text) return empty;
      return take(meaning, rule(text)) ?? empty;
    }
    const text = (meaning: keyof typeof rules.MAX_CHARACTERS & ColumnMeaning): string =>
      optional(meaning, (value) => rules.plainText(value, rules.MAX_CHARACTERS[meaning]), '');
    return { record, at, fail, take, optional, text };
  }
  type Row = ReturnType<typeof rowOf>;

  function close(): void {
    if (!draft) return;
    const { first, handle, title, variants, images, optionNames } = draft;
    if (draft.variantRows === 0 && !draft.refused && header) {
      report(first, columnName(header, 'price'), {
        code: 'missing_value',
        sentence: `No row of ${quoted(title)} has a price. Write an amount such as ${rules.exampleAmount(currency)}, or 0 if it is free.`,
      });
    }
    if (draft.refused) {
      count.refusedProducts += 1;
      draft = undefined;
      return;
    }
    const names = SLOTS.filter((slot) => optionNames[slot] !== '');
    const only = variants.length === 1 ? variants[0] : undefined;
    const plain =
      names.length === 1 &&
      only !== undefined &&
      isDefaultOption(optionNames[names[0] ?? 1], only.options[names[0] ?? 1]);
    const used = plain ? [] : names;
    for (const { imageSrc } of variants) {
      if (imageSrc !== null && !images.has(imageSrc)) images.set(imageSrc, { position: Number.MAX_SAFE_INTEGER, alt: '' });
    }
    const ordered = [...images].sort(([, a], [, b]) => a.position - b.position);
    const product: ImportedProduct = {
      handle,
      title,
      ...draft.cells,
      optionNames: used.map((slot) => optionNames[slot]),
      variants: variants.map((variant) => ({ ...variant, options: used.map((slot) => variant.options[slot]) })),
      images: ordered.map(([src, { alt }], index): ImportedImage => ({ src, position: index + 1, alt })),
      firstRow: first.row,
      lastRow: draft.lastRow,
    };
    count.products += 1;
    count.variants += variants.length;
    events.push({ kind: 'product', product });
    draft = undefined;
  }

  function open(row: Row, handle: string): void {
    close();
    const { record } = row;
    const firstTexts = new Map(PRODUCT_CELLS.map((meaning) => [meaning, row.at(meaning) ?? ''] as const));
    const started: Draft = {
      handle,
      title: '',
      first: record,
      cells: NO_PRODUCT_CELLS,
      firstTexts,
      optionNames: { 1: '', 2: '', 3: '' },
      rowOfOptions: new Map(),
      variants: [],
      images: new Map(),
      told: new Set(),
      variantRows: 0,
      lastRow: record.row,
      refused: false,
    };
    draft = started;
    const titleText = row.at('title');
    let title = '';
    if (titleText !== undefined && rules.isBlank(titleText)) {
      row.fail('title', 'missing_value', 'The title is empty. Write the name that customers should see.');
    } else title = row.text('title');
    draft = {
      ...started,
      title,
      cells: {
        descriptionHtml: row.optional('descriptionHtml', rules.html, ''),
        vendor: row.text('vendor'),
        productType: row.text('productType'),
        tags: row.optional('tags', rules.tagList, []),
        publishedHint: row.optional('published', rules.truth, null),
        statusHint: row.optional('status', rules.statusHint, null),
        seoTitle: row.text('seoTitle'),
        seoDescription: row.text('seoDescription'),
      },
      refused: started.refused,
    };
  }

  /** Finds the product that a row belongs to, or starts it. */
  function place(row: Row): void {
    const { record } = row;
    const handle = row.at('handle');
    const title = row.at('title');
    if (handle === undefined) {
      open(row, '');
      if (draft) draft.refused = true;
      return;
    }
    if (handle === '') {
      if (draft && title === '') return;
      open(row, '');
      const meant = title ? ` For ${quoted(title)} it could be ${quoted(suggestion(title))}.` : '';
      row.fail('handle', 'missing_value', `The row belongs to no product: its handle is empty.${meant}`);
      return;
    }
    if (draft?.handle === handle) {
      if (!title || sameText(title, draft.title) || draft.title === '') return;
      const { title: earlier, first } = draft;
      open(row, handle);
      row.fail(
        'handle',
        'duplicate_handle',
        `${quoted(handle)} is already the handle of ${quoted(earlier)} in row ${first.row}, and this row has another title. Give it a handle of its own.`,
      );
      return;
    }
    open(row, handle);
    if (row.take('handle', productHandle(handle)) === undefined) return;
    const earlier = rowOfHandle.get(handle);
    if (earlier === undefined) rowOfHandle.set(handle, record.row);
    else {
      row.fail(
        'handle',
        'duplicate_handle',
        `${quoted(handle)} is already the handle of the product in row ${earlier}. Move this row below it if it is the same product, else give it a handle of its own.`,
      );
    }
  }

  /** Tells once per product and column that a later row says something else than the first. */
  function checkRepeatedCells(row: Row, product: Draft): void {
    for (const meaning of PRODUCT_CELLS) {
      const text = row.at(meaning);
      const first = product.firstTexts.get(meaning) ?? '';
      if (!text || product.told.has(meaning) || sameText(text, first)) continue;
      product.told.add(meaning);
      const sentence = `${quoted(text)} is not used: for the whole product counts what its first row (${product.first.row}) says.`;
      row.fail(meaning, 'ignored_value', sentence);
    }
  }

  function readOptionNames(row: Row, product: Draft): void {
    for (const slot of SLOTS) {
      const meaning = `option${slot}Name` as const;
      const name = row.optional(meaning, (text) => rules.plainText(text, rules.MAX_CHARACTERS.optionName), '');
      const known = product.optionNames[slot];
      if (rules.isBlank(name) || sameText(name, known)) continue;
      if (known === '' && product.variantRows === 0) {
        if (SLOTS.some((other) => sameText(product.optionNames[other], name))) {
          row.fail(meaning, 'duplicate_option_name', `The product already has an option ${quoted(name)}. Give each option its own name.`);
        }
        product.optionNames[slot] = name;
        continue;
      }
      const sentence = known
        ? `This option is called ${quoted(known)} in row ${product.first.row} and ${quoted(name)} here. Use one name for the whole product.`
        : `The option ${quoted(name)} begins in the middle of the product. Name it on the first row (${product.first.row}) and give every row a value.`;
      row.fail(meaning, 'option_name_differs', sentence);
    }
  }

  /** The values of a variant's options; reports a missing name once, a missing value each time. */
  function readOptionValues(row: Row, product: Draft): Record<Slot, string> {
    const values: Record<Slot, string> = { 1: '', 2: '', 3: '' };
    for (const slot of SLOTS) {
      const meaning = `option${slot}Value` as const;
      const nameMeaning = `option${slot}Name` as const;
      const text = row.at(meaning);
      if (text === undefined || row.at(nameMeaning) === undefined) continue;
      const name = product.optionNames[slot];
      const value = row.optional(meaning, (cell) => rules.plainText(cell, rules.MAX_CHARACTERS.optionValue), '');
      if (rules.isBlank(text)) {
        if (name === '') continue;
        if (slot === 1 && isDefaultOption(name, DEFAULT_VALUE)) values[slot] = DEFAULT_VALUE;
        else row.fail(meaning, 'missing_value', `The value of ${quoted(name)} is empty. Every variant needs one.`);
      } else if (name === '') {
        if (product.told.has(nameMeaning)) continue;
        product.told.add(nameMeaning);
        row.fail(nameMeaning, 'missing_value', `The option value ${quoted(text)} has no option name. Write what it is, such as Size or Colour.`);
      } else values[slot] = value;
    }
    return values;
  }

  function readVariant(row: Row, product: Draft): void {
    const { record } = row;
    product.variantRows += 1;
    if (product.variantRows > MAX_VARIANTS) {
      if (product.variantRows > MAX_VARIANTS + 1) return;
      const sentence = `The product has more than ${MAX_VARIANTS} variants; this is one too many. Split it into two products.`;
      row.fail('option1Value', 'too_many_variants', sentence);
      return;
    }
    const options = readOptionValues(row, product);
    const key = JSON.stringify(SLOTS.map((slot) => options[slot].toLowerCase()));
    const twin = product.rowOfOptions.get(key);
    if (twin === undefined) product.rowOfOptions.set(key, record.row);
    else if (!product.refused) {
      const named = SLOTS.map((slot) => options[slot]).filter((value) => value !== '').join(' / ');
      const what = named ? `${quoted(named)} is the same variant as row ${twin}` : `Row ${twin} is the same variant without options`;
      row.fail('option1Value', 'duplicate_variant', `${what}. Change the option value or remove the row.`);
    }
    const sku = row.optional('sku', (text) => rules.articleCode(text, rules.MAX_CHARACTERS.sku), null);
    if (sku !== null) {
      const earlier = rowOfSku.get(sku);
      if (earlier === undefined) rowOfSku.set(sku, record.row);
      else {
        const sentence = `${quoted(sku)} is in row ${earlier} and in row ${record.row}. Both are imported, each with stock of its own.`;
        row.fail('sku', 'duplicate_sku', sentence);
      }
    }
    const amount = (text: string) => rules.price(text, currency);
    if (row.at('price') === '') {
      const sentence = `The price is empty. Write an amount such as ${rules.exampleAmount(currency)}, or 0 if it is free.`;
      row.fail('price', 'missing_value', sentence);
    }
    const price = row.optional('price', amount, null);
    let compareAt = row.optional('compareAt', amount, null);
    if (price && compareAt && compareAt.minorUnits <= price.minorUnits) {
      const sentence = `The price to compare with, ${quoted(row.at('compareAt') ?? '')}, is not above the price, ${quoted(row.at('price') ?? '')}. It is left out.`;
      row.fail('compareAt', 'compare_at_not_above_price', sentence);
      compareAt = null;
    }
    const rest = {
      quantity: row.optional('quantity', rules.stockQuantity, null),
      weightGrams: row.optional('weightGrams', rules.weight, null),
      barcode: row.optional('barcode', (text) => rules.articleCode(text, rules.MAX_CHARACTERS.barcode), null),
      requiresShipping: row.optional('requiresShipping', rules.truth, true),
      taxable: row.optional('taxable', rules.truth, true),
      imageSrc: row.optional('variantImage', imageAddress, null),
    };
    if (price && !product.refused) product.variants.push({ options, sku, price, compareAt, ...rest });
  }

  function readImage(row: Row, product: Draft): void {
    const src = row.optional('imageSrc', imageAddress, null);
    const alt = row.optional('imageAlt', (text) => rules.plainText(text, rules.MAX_CHARACTERS.imageAlt), '');
    if (src === null || product.images.has(src)) return;
    if (product.images.size >= MAX_IMAGES) {
      if (product.told.has('imageSrc')) return;
      product.told.add('imageSrc');
      row.fail('imageSrc', 'too_many_images', `The product has more than ${MAX_IMAGES} pictures; this is one too many. Remove some.`);
      return;
    }
    const written = row.at('imagePosition') ?? '';
    let position = product.images.size + 1;
    if (/^[1-9]\d{0,5}$/.test(written)) position = Number(written);
    else if (written !== '') {
      const sentence = `${quoted(written)} is no position such as 1 or 2. The picture keeps its place in the file.`;
      row.fail('imagePosition', 'image_position', sentence);
    }
    product.images.set(src, { position, alt });
  }

  /** Values that change how a product sells and have no place here: told once per file. */
  function checkWatched(row: Row): void {
    const watch = (meaning: ColumnMeaning, words: readonly string[], sentence: string): void => {
      if (toldOnce.has(meaning) || !words.includes(row.at(meaning)?.toLowerCase() ?? '')) return;
      toldOnce.add(meaning);
      row.fail(meaning, 'not_imported', sentence);
    };
    const policy = 'Selling on when the stock is used up is not imported. Such products can be sold while there is stock.';
    watch('inventoryPolicy', ['continue', 'true'], policy);
    watch('giftCard', ['true'], 'Gift cards are not known here. Products marked so are imported as ordinary products.');
  }

  function readHeaderRecord(record: CsvRecord): void {
    const fault = headerFault(record.cells);
    if (fault) {
      report(record, null, fault);
      finish(false);
      return;
    }
    const names = record.cells.filter((cell) => typeof cell === 'string');
    if (names.length > MAX_COLUMNS) {
      const sentence = `The file has ${names.length} columns; ${MAX_COLUMNS} are possible. Remove those that are not needed.`;
      report(record, null, { code: 'too_many_columns', sentence });
      finish(false);
      return;
    }
    header = readHeader(names);
    events.push({
      kind: 'columns',
      columns: header.columns.map(({ name, meaning }) => ({ name: shown(name), meaning })),
    });
    for (const { column, ...problem } of header.problems) report(record, column, problem);
    if (header.unusable) finish(false);
  }

  function readRow(record: CsvRecord, head: ProductHeader): void {
    count.rows += 1;
    if (count.rows > MAX_ROWS) {
      close();
      const sentence = `The file has more than ${MAX_ROWS.toLocaleString('en')} rows. Split it; the rows from here on were not read.`;
      report(record, null, { code: 'too_many_rows', sentence });
      finish(false);
      return;
    }
    const row = rowOf(record, head);
    const expected = head.columns.length;
    const tooMany = record.cells.slice(expected).some((cell) => !EVERY_CELL_BLANK(cell));
    const broken = record.cells.find((cell) => typeof cell !== 'string' && cell.code !== 'not_utf8');
    const torn = broken === undefined && (record.cells.length < expected || tooMany);
    if (broken !== undefined || torn) {
      // What stands in which column is uncertain: only a well-formed handle is believed.
      const handle = row.at('handle');
      if (!handle || !productHandle(handle).ok) open(row0(row), '');
      else if (draft?.handle !== handle) open(row0(row), handle);
    } else place(row);
    if (!draft) return;
    draft.lastRow = record.row;
    reportUnreadable(record, head);
    if (torn) {
      const sentence = `The row has ${record.cells.length} cells, the header has ${expected}. A separator or a quotation mark (") is missing or too many.`;
      report(record, null, { code: 'cell_count', sentence });
    }
    if (broken !== undefined) {
      if (typeof broken !== 'string' && broken.code === 'unclosed_quote') {
        close();
        finish(false);
      }
      return;
    }
    if (torn) return;
    const isFirst = draft.first === record;
    if (!isFirst) checkRepeatedCells(row, draft);
    readOptionNames(row, draft);
    const isVariant = VARIANT_CELLS.some((meaning) => row.at(meaning) !== '');
    const isImage = row.at('imageSrc') !== '';
    if (isVariant) readVariant(row, draft);
    if (isImage) readImage(row, draft);
    if (!isFirst && !isVariant && !isImage) {
      row.fail('handle', 'empty_row', 'The row adds neither a variant nor a picture. It is skipped.');
    }
    checkWatched(row);
  }

  function reportUnreadable(record: CsvRecord, head: ProductHeader): void {
    record.cells.forEach((cell, index) => {
      if (typeof cell === 'string') return;
      const column = head.columns[index]?.name ?? null;
      report(record, column, { code: cell.code, sentence: UNREADABLE[cell.code] }, cell.excerpt);
    });
  }

  /** What a call made known; later calls start anew. */
  function flush(): readonly ReadEvent[] {
    const made = events;
    events = [];
    return made;
  }

  return {
    read(record) {
      if (ended) return [];
      last = { row: record.row, line: record.line };
      if (record.cells.every(EVERY_CELL_BLANK)) return [];
      if (header) readRow(record, header);
      else readHeaderRecord(record);
      return flush();
    },
    end() {
      if (ended) return [];
      close();
      if (!header) {
        const sentence = 'The file is empty. Choose the CSV file that your shop exported.';
        report({ row: 1, line: 1 }, null, { code: 'empty_file', sentence });
      } else if (count.rows === 0) {
        const sentence = 'The file has a header and no products below it. There is nothing to import.';
        report({ row: 1, line: 1 }, null, { code: 'no_rows', sentence });
      }
      finish(true);
      return flush();
    },
    stop(problem) {
      if (ended) return [];
      close();
      report(last, null, problem);
      finish(false);
      return flush();
    },
  };
}
