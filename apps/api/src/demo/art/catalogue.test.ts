import { currency, parseAmount } from '@souk/domain/shared';
import { describe, expect, it } from 'vitest';
import { DEMO_CATALOGUES } from './catalogue.ts';

describe.each(DEMO_CATALOGUES)('the demo catalogue of $handle', (catalogue) => {
  const code = currency(catalogue.currency);

  it('has prices its currency can hold, and reduced ones that are', () => {
    if (!code) throw new Error(catalogue.currency);
    for (const product of catalogue.products) {
      for (const { price, compareAt } of product.variants) {
        const amount = parseAmount(price, code);
        expect(amount, product.slug).toMatchObject({ currency: code });
        if (compareAt !== undefined) expect(Number(compareAt), product.slug).toBeGreaterThan(Number(price));
      }
    }
  });

  it('names nothing twice', () => {
    const slugs = catalogue.products.map((product) => product.slug);
    const skus = catalogue.products.flatMap((product) => product.variants.map((variant) => variant.sku));
    expect(new Set(slugs).size).toBe(slugs.length);
    expect(new Set(skus).size).toBe(skus.length);
    for (const slug of slugs) expect(slug).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
  });

  it('has variants that fit their options, each with a picture', () => {
    for (const { slug, optionNames, variants, pictures } of catalogue.products) {
      expect(variants.length, slug).toBeGreaterThanOrEqual(1);
      expect(pictures.length, slug).toBeGreaterThanOrEqual(2);
      expect(new Set(variants.map((variant) => variant.options.join('/'))).size, slug).toBe(variants.length);
      for (const variant of variants) {
        expect(variant.options, slug).toHaveLength(optionNames.length);
        expect(pictures[variant.picture]?.scene.view, slug).toBe('front');
        expect(variant.stock).toBeGreaterThanOrEqual(0);
      }
    }
  });

  it('says what each product is, what comes with it and what does not', () => {
    for (const product of catalogue.products) {
      for (const text of [
        product.shortDescription,
        product.detailedDescription,
        product.inclusionDetails,
        product.exclusionDetails,
      ]) {
        expect(text.trim(), product.slug).not.toBe('');
      }
      expect(product.detailedDescription).not.toMatch(/<(?!\/?(p|h3|ul|li)>)/);
    }
  });

  it('has no empty collection and no product outside of them', () => {
    const known = catalogue.collections.map((collection) => collection.slug);
    for (const product of catalogue.products) for (const slug of product.collections) expect(known).toContain(slug);
    for (const slug of known)
      expect(
        catalogue.products.some((product) => product.collections.includes(slug)),
        slug,
      ).toBe(true);
  });

  it('shows what a shop has to cope with: sold out, nearly sold out, reduced, one variant and many', () => {
    const { products } = catalogue;
    expect(products.some((product) => product.variants.every((variant) => variant.stock === 0))).toBe(true);
    expect(products.some((product) => product.variants.some((variant) => variant.stock > 0 && variant.stock < 4))).toBe(
      true,
    );
    expect(products.some((product) => product.variants.some((variant) => variant.compareAt !== undefined))).toBe(true);
    expect(products.some((product) => product.variants.length === 1 || product.optionNames.length === 1)).toBe(true);
    expect(products.some((product) => product.optionNames.length === 2)).toBe(true);
  });
});
