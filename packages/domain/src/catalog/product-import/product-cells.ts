import * as rules from './cell-rules.ts';
import { quoted } from './import-issue.ts';
import type { ColumnMeaning } from './product-columns.ts';
import type { ProductDraft } from './product-draft.ts';
import type { ProductRow } from './product-row.ts';

/** Cells that count for the whole product and stand on its first row. */
// oxfmt-ignore
const PRODUCT_CELLS = [
  'descriptionHtml', 'vendor', 'productType', 'tags', 'published', 'status', 'seoTitle', 'seoDescription',
] as const satisfies ColumnMeaning[];

/** Reads what the first row of a product says about all of it. */
export function readProductCells(row: ProductRow, product: ProductDraft): void {
  const titleText = row.at('title') ?? '';
  const titleMatters = product.handle !== '' && row.at('title') !== undefined;
  if (titleMatters && rules.isBlank(titleText)) {
    row.fail('title', 'missing_value', 'The title is empty. Write the name that customers should see.');
  }
  for (const meaning of PRODUCT_CELLS) product.written.set(meaning, row.at(meaning) ?? '');
  product.texts = {
    title: rules.isBlank(titleText) ? '' : row.text('title'),
    descriptionHtml: row.optional('descriptionHtml', rules.html, ''),
    vendor: row.text('vendor'),
    productType: row.text('productType'),
    tags: row.optional('tags', rules.tagList, []),
    publishedHint: row.optional('published', rules.truth, null),
    statusHint: row.optional('status', rules.statusHint, null),
    seoTitle: row.text('seoTitle'),
    seoDescription: row.text('seoDescription'),
  };
}

/** Says once per product and column that a later row contradicts the first. */
export function checkRepeatedCells(row: ProductRow, product: ProductDraft): void {
  for (const meaning of PRODUCT_CELLS) {
    const text = row.at(meaning);
    if (!text || product.told.has(meaning) || rules.sameText(text, product.written.get(meaning) ?? '')) continue;
    product.told.add(meaning);
    const sentence = `${quoted(text)} is not used: the first row of the product (row ${product.first.row}) counts for all of it.`;
    row.fail(meaning, 'ignored_value', sentence);
  }
}
