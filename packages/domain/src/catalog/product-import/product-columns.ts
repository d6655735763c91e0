import { quoted, shown, type Problem } from './import-issue.ts';

/**
 * What each column means, with its name in the classic export, its name in the newer one, and other names seen in the wild.
 * Names are compared without case and outer spaces.
 */
// oxfmt-ignore
export const PRODUCT_COLUMNS = {
  handle:           ['Handle', 'URL handle'],
  title:            ['Title', 'Title', 'product_title'],
  descriptionHtml:  ['Body (HTML)', 'Description', 'body_html'],
  vendor:           ['Vendor', 'Vendor'],
  productType:      ['Type', 'Type', 'Product Type', 'Custom Product Type'],
  tags:             ['Tags', 'Tags'],
  published:        ['Published', 'Published on online store'],
  status:           ['Status', 'Status'],
  option1Name:      ['Option1 Name', 'Option1 name'],
  option1Value:     ['Option1 Value', 'Option1 value'],
  option2Name:      ['Option2 Name', 'Option2 name'],
  option2Value:     ['Option2 Value', 'Option2 value'],
  option3Name:      ['Option3 Name', 'Option3 name'],
  option3Value:     ['Option3 Value', 'Option3 value'],
  sku:              ['Variant SKU', 'SKU', 'variant_sku'],
  price:            ['Variant Price', 'Price', 'variant_price'],
  compareAt:        ['Variant Compare At Price', 'Compare-at price'],
  quantity:         ['Variant Inventory Qty', 'Inventory quantity'],
  inventoryPolicy:  ['Variant Inventory Policy', 'Continue selling when out of stock'],
  weightGrams:      ['Variant Grams', 'Weight value (grams)'],
  barcode:          ['Variant Barcode', 'Barcode'],
  requiresShipping: ['Variant Requires Shipping', 'Requires shipping'],
  taxable:          ['Variant Taxable', 'Charge tax'],
  giftCard:         ['Gift Card', 'Gift card'],
  imageSrc:         ['Image Src', 'Product image URL'],
  imagePosition:    ['Image Position', 'Image position'],
  imageAlt:         ['Image Alt Text', 'Image alt text'],
  variantImage:     ['Variant Image', 'Variant image URL'],
  seoTitle:         ['SEO Title', 'SEO title'],
  seoDescription:   ['SEO Description', 'SEO description'],
} as const satisfies Record<string, readonly [classic: string, newer: string, ...others: string[]]>;

export type ColumnMeaning = keyof typeof PRODUCT_COLUMNS;

/** One column of the file and what becomes of it: a meaning, known but without a place here, or unknown. */
export type ImportColumn = { readonly name: string; readonly meaning: ColumnMeaning | 'not_imported' | 'unknown' };

type HeaderProblem = Problem & { readonly column: string | null };

/** The header as read. `at` is empty of a meaning that the file has no column for. */
export type ProductHeader = {
  readonly columns: readonly ImportColumn[];
  readonly at: ReadonlyMap<ColumnMeaning, number>;
  readonly problems: readonly HeaderProblem[];
  /** Columns that nothing can be read without are missing or ambiguous. */
  readonly unusable: boolean;
};

/** Columns of the format that this import knows and has no place for. */
// oxfmt-ignore
const NOT_IMPORTED = [
  'Product Category', 'Standardized Product Type', 'Option1 Linked To', 'Option2 Linked To', 'Option3 Linked To',
  'Option1 LinkedTo', 'Option2 LinkedTo', 'Option3 LinkedTo', 'Variant Inventory Tracker', 'Inventory tracker',
  'Variant Fulfillment Service', 'Fulfillment service', 'Variant Weight', 'Variant Weight Unit', 'Weight unit for display',
  'Variant Tax Code', 'Tax code', 'Cost per item', 'Cost per item (USD)', 'Collection',
];
const NOT_IMPORTED_PREFIXES = [
  'google shopping / ',
  'price / ',
  'compare at price / ',
  'compare-at price / ',
  'included / ',
];

const REQUIRED = ['handle', 'title', 'price'] as const satisfies ColumnMeaning[];

/** Meanings whose column is looked at but whose value has no place: the person is told when it would have mattered. */
const WATCHED: ReadonlySet<ImportColumn['meaning']> = new Set(['inventoryPolicy', 'giftCard']);

const comparable = (name: string): string => name.normalize('NFC').trim().replace(/\s+/g, ' ').toLowerCase();

const isMeaning = (key: string): key is ColumnMeaning => Object.hasOwn(PRODUCT_COLUMNS, key);

const MEANING_OF_NAME: ReadonlyMap<string, ColumnMeaning> = new Map(
  Object.keys(PRODUCT_COLUMNS)
    .filter(isMeaning)
    .flatMap((meaning) => PRODUCT_COLUMNS[meaning].map((name) => [comparable(name), meaning] as const)),
);
const NOT_IMPORTED_NAMES: ReadonlySet<string> = new Set(NOT_IMPORTED.map(comparable));

function meaningOf(name: string): ImportColumn['meaning'] {
  const key = comparable(name);
  const meaning = MEANING_OF_NAME.get(key);
  if (meaning) return meaning;
  const known = NOT_IMPORTED_NAMES.has(key) || NOT_IMPORTED_PREFIXES.some((prefix) => key.startsWith(prefix));
  return known ? 'not_imported' : 'unknown';
}

/** How many of these names the format knows; tells one cell separator from another. */
export const countKnownColumns = (names: readonly string[]): number =>
  names.filter((name) => meaningOf(name) !== 'unknown').length;

/** The name of a column in the generation of this file: as the file writes it, else as an export of its kind would. */
export function columnName(header: ProductHeader, meaning: ColumnMeaning): string {
  const written = header.columns[header.at.get(meaning) ?? -1];
  if (written) return written.name;
  const handle = header.columns[header.at.get('handle') ?? -1];
  const newer = handle !== undefined && comparable(handle.name) === comparable(PRODUCT_COLUMNS.handle[1]);
  return PRODUCT_COLUMNS[meaning][newer ? 1 : 0];
}

function missing(meaning: ColumnMeaning, columns: readonly ImportColumn[]): HeaderProblem {
  const [classic, newer] = PRODUCT_COLUMNS[meaning];
  const also = newer === classic ? '' : ` (newer exports call it ${quoted(newer)})`;
  const near = columns.find((c) => c.meaning === 'unknown' && comparable(c.name).includes(comparable(classic)));
  const hint = near
    ? `If ${quoted(near.name)} is meant, rename it to ${quoted(classic)}.`
    : 'Add it, or export the products again.';
  return {
    code: 'missing_column',
    column: classic,
    sentence: `The file has no column ${quoted(classic)}${also}. ${hint} The rows were not checked.`,
  };
}

/** The unknown columns: told, never dropped in silence. */
const unknownColumns = (columns: readonly ImportColumn[]): HeaderProblem[] =>
  columns.flatMap(({ name, meaning }, index) => {
    if (meaning !== 'unknown') return [];
    const sentence = name
      ? 'This column is not known here. It is not imported; the other columns are.'
      : `Column ${index + 1} has no name. It is not imported; the other columns are.`;
    return [{ code: 'unknown_column', column: name || null, sentence }];
  });

function doubled(name: string, at: number, first: string, firstAt: number): HeaderProblem {
  const twice =
    comparable(first) === comparable(name)
      ? `The file has this column twice, as columns ${firstAt + 1} and ${at + 1}.`
      : `The columns ${quoted(first)} and ${quoted(name)} mean the same.`;
  return {
    code: 'duplicate_column',
    column: name,
    sentence: `${twice} Remove one of them. The rows were not checked.`,
  };
}

/** Reads the header row. Unknown columns are warnings; a column that is needed and missing, or there twice, ends the reading. */
export function readHeader(cells: readonly string[]): ProductHeader {
  const columns = cells.map((cell): ImportColumn => ({ name: cell.trim(), meaning: meaningOf(cell) }));
  const at = new Map<ColumnMeaning, number>();
  const errors: HeaderProblem[] = [];
  columns.forEach(({ name, meaning }, index) => {
    if (meaning === 'unknown' || meaning === 'not_imported') return;
    const earlier = at.get(meaning);
    if (earlier === undefined) at.set(meaning, index);
    else errors.push(doubled(name, index, columns[earlier]?.name ?? '', earlier));
  });
  for (const meaning of REQUIRED) if (!at.has(meaning)) errors.push(missing(meaning, columns));
  const unusable = errors.length > 0;
  return { columns, at, problems: unusable ? errors : unknownColumns(columns), unusable };
}

/** The columns as they are told to a person: a watched one is among those that are not imported. */
export const toldColumns = ({ columns }: ProductHeader): ImportColumn[] =>
  columns.map(({ name, meaning }) => ({ name: shown(name), meaning: WATCHED.has(meaning) ? 'not_imported' : meaning }));
