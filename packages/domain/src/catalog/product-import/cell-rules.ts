import {
  decimalsOf,
  MAX_MINOR_UNITS,
  money,
  parseAmount,
  toDecimal,
  type Currency,
  type Money,
} from '../../shared/money.ts';
import { ok, refuse, type Result } from '../../shared/result.ts';
import { quoted, type ImportIssueCode, type Problem } from './import-issue.ts';

/** A cell's value with what the person should know about it, or the reason why it is refused. */
export type CellResult<Value> = Result<{ readonly value: Value; readonly notes: readonly Problem[] }, Problem>;

const NO_NOTES: readonly Problem[] = [];

export const accept = <Value>(value: Value, notes: readonly Problem[] = NO_NOTES): CellResult<Value> =>
  ok({ value, notes });

/** The longest text of each kind, in characters. */
export const MAX_CHARACTERS = {
  title: 255,
  descriptionHtml: 100_000,
  vendor: 255,
  productType: 255,
  tag: 255,
  optionName: 100,
  optionValue: 100,
  sku: 64,
  barcode: 64,
  imageAlt: 1_000,
  seoTitle: 255,
  seoDescription: 5_000,
} as const;

const PLAIN_ASCII = /^[\u0020-\u007E]*$/;
const CONTROL = /[^\P{Cc}\t\n\r]/u;
const DIRECTION_OVERRIDES = /[\u202A-\u202E\u2066-\u2069]/g;
const INVISIBLE = /^[\p{Default_Ignorable_Code_Point}\p{White_Space}\p{Cf}\u2800]*$/u;

/** The first control character that is no tab or line break, or undefined. */
export const findControlCharacter = (text: string): string | undefined => CONTROL.exec(text)?.[0];

/** True for text in which nothing can be seen: empty, spaces, zero-width characters. */
export const isBlank = (text: string): boolean => INVISIBLE.test(text);

const comparable = (text: string): string =>
  text.normalize('NFC').replace(DIRECTION_OVERRIDES, '').replace(/\s+/g, ' ').trim().toLowerCase();

/** True when two texts differ at most in case, spaces, accents' composition or direction marks. */
export const sameText = (a: string, b: string): boolean => a === b || comparable(a) === comparable(b);

function isLonger(text: string, limit: number): boolean {
  if (text.length <= limit) return false;
  let characters = 0;
  for (const _ of text) if (++characters > limit) return true;
  return false;
}

function clean(text: string, limit: number, normalise: (text: string) => string): CellResult<string> {
  const trimmed = text.trim();
  if (PLAIN_ASCII.test(trimmed) && trimmed.length <= limit) return accept(trimmed);
  const control = findControlCharacter(trimmed);
  if (control !== undefined) {
    const code = control.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0');
    return refuse({
      code: 'control_character',
      sentence: `${quoted(text)} holds an invisible control character (code ${code}). Delete it and type the text again.`,
    });
  }
  const directed = trimmed.replace(DIRECTION_OVERRIDES, '');
  const value = normalise(directed).trim();
  if (isLonger(value, limit)) {
    return refuse({
      code: 'too_long',
      sentence: `The text has more than ${limit.toLocaleString('en')} characters. Shorten it; nothing is cut off on its own.`,
    });
  }
  const notes: Problem[] = [];
  if (directed !== trimmed) {
    notes.push({
      code: 'bidi_override',
      sentence: `${quoted(text)} holds invisible characters that turn the direction of text around. They are left out.`,
    });
  }
  if (value.includes('\uFFFD')) {
    notes.push({
      code: 'damaged_text',
      sentence: `${quoted(text)} holds the sign � where letters were lost before this file was made. It is imported as it is.`,
    });
  }
  return accept(value, notes);
}

/** Text of one line: outer spaces and line breaks removed, letters in composed form (NFC), direction overrides left out. */
export const plainText = (text: string, limit: number): CellResult<string> =>
  clean(text, limit, (value) => value.normalize('NFC').replace(/[\t\n\r\u2028\u2029]+/g, ' '));

/** HTML as it stands, still to be sanitised. Not normalised: composing characters could swallow a tag's bracket. */
export const html = (text: string): CellResult<string> => clean(text, MAX_CHARACTERS.descriptionHtml, (value) => value);

/** A code of digits that a spreadsheet was told to keep as text (`'0123`) loses the apostrophe. */
export const articleCode = (text: string, limit: number): CellResult<string> =>
  plainText(text.trim().replace(/^'(?=\d+$)/, ''), limit);

const MAX_TAGS = 250;

/** A comma-separated list, without blanks and repetitions (compared without case). */
export function tagList(text: string): CellResult<string[]> {
  const tags = new Map<string, string>();
  const notes: Problem[] = [];
  for (const part of text.split(',')) {
    const tag = plainText(part, MAX_CHARACTERS.tag);
    if (!tag.ok) return tag;
    const { value } = tag.value;
    if (isBlank(value)) continue;
    notes.push(...tag.value.notes);
    const key = value.toLowerCase();
    if (!tags.has(key)) tags.set(key, value);
    if (tags.size > MAX_TAGS) {
      return refuse({ code: 'too_many_tags', sentence: `There are more than ${MAX_TAGS} tags. Remove some.` });
    }
  }
  return accept([...tags.values()], notes.slice(0, 1));
}

/** `TRUE` or `FALSE` in any case. */
export function truth(text: string): CellResult<boolean> {
  const word = text.toLowerCase();
  if (word === 'true' || word === 'false') return accept(word === 'true');
  return refuse({ code: 'not_allowed', sentence: `${quoted(text)} is neither TRUE nor FALSE. Write one of the two.` });
}

export type StatusHint = 'draft' | 'active' | 'archived';

/** The status in the file. It is a hint: imported products are drafts. */
export function statusHint(text: string): CellResult<StatusHint> {
  const word = text.toLowerCase();
  if (word === 'draft' || word === 'active' || word === 'archived') return accept(word);
  if (word === 'unlisted') {
    return accept('draft', [
      { code: 'ignored_value', sentence: '“unlisted” is not known here. The product is taken as a draft.' },
    ]);
  }
  return refuse({ code: 'not_allowed', sentence: `${quoted(text)} is no status. Write draft, active or archived.` });
}

const PRICE_CODES = {
  not_a_number: 'not_a_number',
  negative: 'price_negative',
  too_many_decimals: 'too_many_decimals',
  too_large: 'price_too_large',
} as const satisfies Record<string, ImportIssueCode>;

/** `19.90` for EUR, `1990` for JPY: an amount that a price may look like. */
export function exampleAmount(code: Currency): string {
  const decimals = decimalsOf(code);
  return decimals === 0 ? '1990' : `19.${'90'.padEnd(decimals, '0').slice(0, decimals)}`;
}

/** An amount of the site's currency; never rounded, never guessed from another notation. */
export function price(text: string, code: Currency): CellResult<Money> {
  const amount = parseAmount(text, code);
  if (typeof amount !== 'string') return accept(amount);
  const value = quoted(text);
  const decimals = decimalsOf(code);
  const largest = toDecimal(money(MAX_MINOR_UNITS, code));
  const sentences = {
    not_a_number: `${value} is not a plain number. Write the amount with digits and a point, without a currency sign, such as ${exampleAmount(code)}.`,
    negative: `${value} is below zero. Prices start at 0.`,
    too_many_decimals: `${value} has more decimals than ${code} allows (${decimals}). Nothing is rounded: write the exact amount.`,
    too_large: `${value} is more than the largest amount possible, ${largest}.`,
  };
  return refuse({ code: PRICE_CODES[amount], sentence: sentences[amount] });
}

const MAX_QUANTITY = 1_000_000_000;

/** Pieces in stock. Oversold stock (below zero) becomes 0, and the person is told. */
export function stockQuantity(text: string): CellResult<number> {
  if (!/^-?\d{1,40}$/.test(text)) {
    return refuse({
      code: 'not_an_integer',
      sentence: `${quoted(text)} is not a whole number. Write the pieces in stock, such as 12.`,
    });
  }
  const quantity = Number(text);
  if (quantity > MAX_QUANTITY) {
    return refuse({
      code: 'quantity_too_large',
      sentence: `${quoted(text)} is more than the largest stock possible, ${MAX_QUANTITY.toLocaleString('en')}.`,
    });
  }
  if (quantity >= 0) return accept(Math.abs(quantity));
  return accept(0, [
    { code: 'quantity_negative', sentence: `${quoted(text)} is below zero (oversold). The stock is set to 0.` },
  ]);
}

const MAX_GRAMS = 1_000_000_000;

/** Weight in whole grams. */
export function weight(text: string): CellResult<number> {
  if (/^-\d{1,40}(?:\.\d{1,40})?$/.test(text) && Number(text) < 0) {
    return refuse({ code: 'weight_negative', sentence: `${quoted(text)} is below zero. Weights start at 0.` });
  }
  if (!/^-?\d{1,40}(?:\.\d{1,40})?$/.test(text)) {
    return refuse({
      code: 'not_a_number',
      sentence: `${quoted(text)} is not a plain number. Write the weight in grams, such as 250.`,
    });
  }
  const grams = Math.abs(Number(text));
  if (grams > MAX_GRAMS) {
    return refuse({
      code: 'weight_too_large',
      sentence: `${quoted(text)} is more than the largest weight possible, ${MAX_GRAMS.toLocaleString('en')} g.`,
    });
  }
  const whole = Math.round(grams);
  if (whole === grams) return accept(whole);
  return accept(whole, [
    { code: 'weight_rounded', sentence: `${quoted(text)} is not in whole grams. It is imported as ${whole} g.` },
  ]);
}
