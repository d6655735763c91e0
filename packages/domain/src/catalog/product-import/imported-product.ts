import { toDecimal, type Money } from '../../shared/money.ts';
import type { StatusHint } from './cell-rules.ts';

/** A picture by its address; positions count from 1 without gaps. */
export type ImportedImage = { readonly src: string; readonly position: number; readonly alt: string };

export type ImportedVariant = {
  /** One value for each of the product's `optionNames`. */
  readonly options: readonly string[];
  readonly sku: string | null;
  readonly price: Money;
  /** Always above the price, else null. */
  readonly compareAt: Money | null;
  /** Pieces in stock, never below zero; null where the file says nothing. */
  readonly quantity: number | null;
  readonly weightGrams: number | null;
  readonly barcode: string | null;
  readonly requiresShipping: boolean;
  readonly taxable: boolean;
  /** The `src` of one of the product's images, or null. */
  readonly imageSrc: string | null;
};

/** A product of an export, whole and valid. Its description is not sanitised yet. */
export type ImportedProduct = {
  readonly handle: string;
  readonly title: string;
  readonly descriptionHtml: string;
  readonly vendor: string;
  readonly productType: string;
  readonly tags: readonly string[];
  readonly publishedHint: boolean | null;
  readonly statusHint: StatusHint | null;
  /** None (a product of one variant) to three. */
  readonly optionNames: readonly string[];
  /** At least one, at most `MAX_VARIANTS`. */
  readonly variants: readonly ImportedVariant[];
  readonly images: readonly ImportedImage[];
  readonly seoTitle: string;
  readonly seoDescription: string;
  readonly firstRow: number;
  readonly lastRow: number;
};

const amount = (value: Money | null): string | null => value && `${toDecimal(value)} ${value.currency}`;

/**
 * A canonical text of all that a version of the product holds: two imports with equal keys show and cost the same.
 * Stock, pictures, hints, the handle and the place in the file are left out; the order of tags does not matter.
 */
export function contentKey(product: ImportedProduct): string {
  return JSON.stringify([
    product.title,
    product.descriptionHtml,
    product.vendor,
    product.productType,
    product.tags.toSorted(),
    product.seoTitle,
    product.seoDescription,
    product.optionNames,
    product.variants.map((variant) => [
      variant.options,
      variant.sku,
      amount(variant.price),
      amount(variant.compareAt),
      variant.weightGrams,
      variant.barcode,
      variant.requiresShipping,
      variant.taxable,
    ]),
  ]);
}
