export type IssueSeverity = 'error' | 'warning';

/** Every code an import can report. An error keeps its product out; a warning says what will be done instead. */
// oxfmt-ignore
export const IMPORT_ISSUES = {
  // the file
  empty_file: 'error', no_rows: 'error', not_utf8: 'error', file_too_large: 'error', too_many_rows: 'error',
  missing_column: 'error', duplicate_column: 'error', too_many_columns: 'error', unknown_column: 'warning',
  // a row
  cell_count: 'error', unclosed_quote: 'error', bad_quote: 'error', empty_row: 'warning',
  // any cell
  missing_value: 'error', control_character: 'error', too_long: 'error', not_allowed: 'error',
  bidi_override: 'warning', damaged_text: 'warning', ignored_value: 'warning', not_imported: 'warning',
  // a product
  bad_handle: 'error', duplicate_handle: 'error', too_many_tags: 'error', too_many_images: 'error', too_many_variants: 'error',
  option_name_differs: 'error', duplicate_option_name: 'error', duplicate_variant: 'error', duplicate_sku: 'warning',
  // amounts, numbers and addresses
  not_a_number: 'error', price_negative: 'error', too_many_decimals: 'error', price_too_large: 'error',
  compare_at_not_above_price: 'warning',
  not_an_integer: 'error', quantity_too_large: 'error', quantity_negative: 'warning',
  weight_negative: 'error', weight_too_large: 'error', weight_rounded: 'warning',
  bad_url: 'error', image_position: 'warning',
} as const satisfies Record<string, IssueSeverity>;

export type ImportIssueCode = keyof typeof IMPORT_ISSUES;

/** One thing to tell the person who imports. `row` counts as a spreadsheet does (the header is row 1), `line` as a text editor does. */
export type ImportIssue = {
  readonly severity: IssueSeverity;
  readonly code: ImportIssueCode;
  readonly row: number;
  readonly line: number;
  /** The column as the file names it; null when the whole row or file is meant. */
  readonly column: string | null;
  /** The cell as it stands in the file, at most 80 characters, safe to show. */
  readonly value?: string;
  /** Plain words: what is wrong, and what to do or what will happen. */
  readonly message: string;
  /** The product that this issue belongs to, by the handle in the file; absent when it belongs to none. */
  readonly handle?: string;
};

/** What a rule found wrong with one cell; the reader adds the place. */
export type Problem = { readonly code: ImportIssueCode; readonly sentence: string };

const SHOWN_CHARACTERS = 80;

/** A value from the file made safe to show: control and direction characters visible, at most 80 characters. */
export function shown(text: string): string {
  const start = text.slice(0, 2 * (SHOWN_CHARACTERS + 1));
  const characters = Array.from(start.toWellFormed());
  const short =
    characters.length > SHOWN_CHARACTERS
      ? `${characters.slice(0, SHOWN_CHARACTERS - 1).join('')}…`
      : characters.join('');
  return short.replace(/[\p{Cc}\u200B\u202A-\u202E\u2066-\u2069\uFEFF]/gu, (hidden) =>
    hidden < ' ' ? String.fromCharCode(0x2400 + hidden.charCodeAt(0)) : '\uFFFD',
  );
}

/** `shown`, in quotation marks, for the middle of a sentence. */
export const quoted = (text: string): string => `“${shown(text)}”`;
