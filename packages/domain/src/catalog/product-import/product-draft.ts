import type { ImportedImage, ImportedProduct, ImportedVariant } from './imported-product.ts';
import type { ColumnMeaning } from './product-columns.ts';
import type { CsvRecord } from './product-row.ts';

export type Slot = 1 | 2 | 3;
export const SLOTS: readonly Slot[] = [1, 2, 3];

/** The value that stands for "this product has no options", under the option name `Title`. */
export const DEFAULT_VALUE = 'Default Title';

/** What a product's first row says about the whole product. */
type ProductTexts = Pick<
  ImportedProduct,
  | 'title'
  | 'descriptionHtml'
  | 'vendor'
  | 'productType'
  | 'tags'
  | 'publishedHint'
  | 'statusHint'
  | 'seoTitle'
  | 'seoDescription'
>;

type DraftVariant = Omit<ImportedVariant, 'options'> & { readonly options: Readonly<Record<Slot, string>> };

/** A product being put together from adjacent rows; changed in place by the rules of its rows. */
export type ProductDraft = {
  /** As the file writes it; empty when the rows belong to no named product. */
  readonly handle: string;
  readonly first: CsvRecord;
  texts: ProductTexts;
  /** The cells of the first row that count for the whole product, as written. */
  readonly written: Map<ColumnMeaning, string>;
  readonly optionNames: Record<Slot, string>;
  readonly rowOfOptions: Map<string, number>;
  readonly variants: DraftVariant[];
  readonly images: Map<string, { readonly position: number; readonly alt: string }>;
  /** What was said once and is not said again for this product. */
  readonly told: Set<ColumnMeaning>;
  variantRows: number;
  lastRow: number;
  refused: boolean;
};

// oxfmt-ignore
const NO_TEXTS: ProductTexts = {
  title: '', descriptionHtml: '', vendor: '', productType: '', tags: [], publishedHint: null, statusHint: null, seoTitle: '', seoDescription: '',
};

export const newDraft = (handle: string, first: CsvRecord): ProductDraft => ({
  handle,
  first,
  texts: NO_TEXTS,
  written: new Map(),
  optionNames: { 1: '', 2: '', 3: '' },
  rowOfOptions: new Map(),
  variants: [],
  images: new Map(),
  told: new Set(),
  variantRows: 0,
  lastRow: first.row,
  refused: false,
});

export const isDefaultOption = (name: string, value: string): boolean =>
  name.toLowerCase() === 'title' && value.toLowerCase() === DEFAULT_VALUE.toLowerCase();

/** The product of a draft that nothing was refused in. A variant's picture joins the product's, after those with a position. */
export function toProduct(draft: ProductDraft): ImportedProduct {
  const { variants, optionNames } = draft;
  const named = SLOTS.filter((slot) => optionNames[slot] !== '');
  const [slot, second] = named;
  const [only, another] = variants;
  const plain = slot && !second && only && !another && isDefaultOption(optionNames[slot], only.options[slot]);
  const used = plain ? [] : named;

  const images = new Map(draft.images);
  for (const { imageSrc } of variants) {
    if (imageSrc !== null && !images.has(imageSrc))
      images.set(imageSrc, { position: Number.MAX_SAFE_INTEGER, alt: '' });
  }
  const ordered = [...images].toSorted(([, a], [, b]) => a.position - b.position);
  return {
    handle: draft.handle,
    ...draft.texts,
    optionNames: used.map((n) => optionNames[n]),
    variants: variants.map((variant) => ({ ...variant, options: used.map((n) => variant.options[n]) })),
    images: ordered.map(([src, { alt }], index): ImportedImage => ({ src, position: index + 1, alt })),
    firstRow: draft.first.row,
    lastRow: draft.lastRow,
  };
}
