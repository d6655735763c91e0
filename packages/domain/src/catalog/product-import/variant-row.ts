import type { Currency } from '../../shared/money.ts';
import * as rules from './cell-rules.ts';
import { imageAddress } from './image-address.ts';
import { quoted } from './import-issue.ts';
import type { ColumnMeaning } from './product-columns.ts';
import { DEFAULT_VALUE, isDefaultOption, SLOTS, type ProductDraft, type Slot } from './product-draft.ts';
import type { ProductRow } from './product-row.ts';

const MAX_VARIANTS = 100;

/** Cells that make a row a variant; a row without any of them adds a picture, or nothing. */
// oxfmt-ignore
const VARIANT_CELLS = [
  'option1Value', 'option2Value', 'option3Value', 'sku', 'price', 'compareAt', 'quantity', 'barcode',
] as const satisfies ColumnMeaning[];

export const isVariantRow = (row: ProductRow): boolean => VARIANT_CELLS.some((meaning) => row.at(meaning) !== '');

/** Option names stand on the first row and are inherited by the others, which may repeat but not change them. */
export function readOptionNames(row: ProductRow, draft: ProductDraft): void {
  for (const slot of SLOTS) {
    const meaning = `option${slot}Name` as const;
    const name = row.optional(meaning, (text) => rules.plainText(text, rules.MAX_CHARACTERS.optionName), '');
    const known = draft.optionNames[slot];
    if (rules.isBlank(name) || rules.sameText(name, known)) continue;
    if (known === '' && draft.variantRows === 0) {
      if (SLOTS.some((other) => rules.sameText(draft.optionNames[other], name))) {
        const sentence = `The product already has an option ${quoted(name)}. Give each option a name of its own.`;
        row.fail(meaning, 'duplicate_option_name', sentence);
      }
      draft.optionNames[slot] = name;
      continue;
    }
    const { row: first } = draft.first;
    const sentence = known
      ? `The option called ${quoted(known)} above is called ${quoted(name)} here. Use one name for the whole product.`
      : `The option ${quoted(name)} begins in the middle of the product. Name it on the first row (${first}) and give every row a value.`;
    row.fail(meaning, 'option_name_differs', sentence);
  }
}

/** The values of a variant's options; undefined when they were refused or cannot be told. */
function readOptionValues(row: ProductRow, draft: ProductDraft): Record<Slot, string> | undefined {
  const values: Record<Slot, string> = { 1: '', 2: '', 3: '' };
  let whole = true;
  for (const slot of SLOTS) {
    const meaning = `option${slot}Value` as const;
    const nameMeaning = `option${slot}Name` as const;
    const text = row.at(meaning);
    const name = draft.optionNames[slot];
    if (text === undefined || row.at(nameMeaning) === undefined) {
      whole = false;
    } else if (rules.isBlank(text)) {
      if (name === '') continue;
      if (isDefaultOption(name, DEFAULT_VALUE)) values[slot] = DEFAULT_VALUE;
      else {
        whole = false;
        row.fail(meaning, 'missing_value', `The value of ${quoted(name)} is empty. Every variant needs one.`);
      }
    } else if (name === '') {
      whole = false;
      if (draft.told.has(nameMeaning) || draft.handle === '') continue;
      draft.told.add(nameMeaning);
      const sentence = `The option value ${quoted(text)} has no option name. Write what it is, such as Size or Colour.`;
      row.fail(nameMeaning, 'missing_value', sentence);
    } else {
      const value = row.take(meaning, rules.plainText(text, rules.MAX_CHARACTERS.optionValue));
      if (value === undefined) whole = false;
      else values[slot] = value;
    }
  }
  return whole ? values : undefined;
}

function checkTwin(row: ProductRow, draft: ProductDraft, options: Readonly<Record<Slot, string>>): void {
  const key = JSON.stringify(SLOTS.map((slot) => options[slot].toLowerCase()));
  const twin = draft.rowOfOptions.get(key);
  if (twin === undefined) {
    draft.rowOfOptions.set(key, row.record.row);
    return;
  }
  const values = SLOTS.map((slot) => options[slot]).filter((value) => value !== '');
  const sentence =
    values.length > 0
      ? `${quoted(values.join(' / '))} is the same variant as row ${twin}. Change the option value or remove the row.`
      : `Row ${twin} is a variant without options too. Give the variants an option that tells them apart, or remove the row.`;
  row.fail('option1Value', 'duplicate_variant', sentence);
}

/** Reads the row's variant into the draft. `rowOfSku` remembers SKUs over the whole file: doubled ones are imported, and told. */
export function readVariant(
  row: ProductRow,
  draft: ProductDraft,
  { currency, rowOfSku }: { readonly currency: Currency; readonly rowOfSku: Map<string, number> },
): void {
  draft.variantRows += 1;
  if (draft.variantRows > MAX_VARIANTS) {
    if (draft.variantRows > MAX_VARIANTS + 1) return;
    const sentence = `The product has more than ${MAX_VARIANTS} variants; this is one too many. Split it into two products.`;
    row.fail('option1Value', 'too_many_variants', sentence);
    return;
  }
  const options = readOptionValues(row, draft);
  if (options) checkTwin(row, draft, options);

  const sku = row.optional('sku', (text) => rules.articleCode(text, rules.MAX_CHARACTERS.sku), null);
  if (sku !== null) {
    const earlier = rowOfSku.get(sku);
    if (earlier === undefined) rowOfSku.set(sku, row.record.row);
    else {
      const sentence = `${quoted(sku)} stands in row ${earlier} and in row ${row.record.row}. Both are imported, each with stock of its own.`;
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
    const [before, now] = [row.at('compareAt') ?? '', row.at('price') ?? ''];
    const sentence = `The earlier price ${quoted(before)} is not above the price ${quoted(now)}. It is left out.`;
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
  if (options && price && !draft.refused) draft.variants.push({ options, sku, price, compareAt, ...rest });
}
