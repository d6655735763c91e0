import type { Money } from '../shared/index.ts';

/** One variant as a version holds it. `options` has one value per option name of its version. */
export type VariantContent = {
  readonly options: readonly string[];
  readonly sku: string;
  readonly price: Money;
  readonly compareAt: Money | undefined;
  readonly weightGrams: number;
  readonly barcode: string;
  /** Place of its picture among the product's pictures, from 1; 0 is none of its own. */
  readonly imageN: number;
};

/** Everything people see of a product: what a version holds and never changes (C3). */
export type ProductContent = {
  readonly title: string;
  readonly shortDescription: string;
  /** HTML that has been through the allow-list. */
  readonly detailedDescription: string;
  readonly inclusionDetails: string;
  readonly exclusionDetails: string;
  readonly optionNames: readonly string[];
  readonly vendor: string;
  readonly productType: string;
  readonly tags: readonly string[];
  readonly seoTitle: string;
  readonly seoDescription: string;
  readonly variants: readonly VariantContent[];
};

/** The lowest price of a product's variants: what a list shows as "from". */
export function lowestPrice(content: ProductContent): Money {
  const [first, ...rest] = content.variants.map((variant) => variant.price);
  if (!first) throw new Error('a product has at least one variant');
  return rest.reduce((lowest, price) => (price.minorUnits < lowest.minorUnits ? price : lowest), first);
}

/** A canonical text of a content: equal contents give equal texts, on every machine. */
export const contentText = (content: ProductContent): string =>
  JSON.stringify([
    content.title,
    content.shortDescription,
    content.detailedDescription,
    content.inclusionDetails,
    content.exclusionDetails,
    content.optionNames,
    content.vendor,
    content.productType,
    content.tags,
    content.seoTitle,
    content.seoDescription,
    content.variants.map((v) => [
      v.options,
      v.sku,
      v.price.minorUnits,
      v.price.currency,
      v.compareAt?.minorUnits ?? null,
      v.weightGrams,
      v.barcode,
      v.imageN,
    ]),
  ]);
