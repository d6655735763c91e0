import { currency, money } from '@souk/domain/shared';
import { describe, expect, it } from 'vitest';
import type { Variant, VariantStock } from './page-data.ts';
import { choicesOf, valuesOf, variantAfterChoice } from './variants.ts';

const eur = currency('EUR');
const variant = (variantId: string, options: readonly string[], state: VariantStock['state'] = 'in_stock'): Variant => {
  if (!eur) throw new Error('EUR is known');
  return { variantId, options, price: money(100, eur), stock: { state } };
};

const sageS = variant('sage-s', ['Sage', 'S']);
const sageM = variant('sage-m', ['Sage', 'M'], 'out');
const inkM = variant('ink-m', ['Ink', 'M']);
const inkL = variant('ink-l', ['Ink', 'L']);
const VARIANTS = [sageS, sageM, inkM, inkL];

describe('choosing an option', () => {
  it('keeps the other options where that variant exists, sold out or not', () => {
    expect(variantAfterChoice(VARIANTS, sageS, 1, 'M')).toBe(sageM);
    expect(variantAfterChoice(VARIANTS, sageM, 0, 'Ink')).toBe(inkM);
  });

  it('goes to the nearest variant that can be bought where it does not', () => {
    expect(variantAfterChoice(VARIANTS, sageS, 0, 'Ink')).toBe(inkM);
    expect(variantAfterChoice(VARIANTS, inkL, 0, 'Sage')).toBe(sageS);
  });

  it('leads nowhere for a value no variant has', () => {
    expect(variantAfterChoice(VARIANTS, sageS, 0, 'Rose')).toBeUndefined();
  });
});

describe('the choices of an option', () => {
  it('say which are sold out and which do not exist beside what is chosen', () => {
    expect(choicesOf(VARIANTS, sageS, 1).map(({ value, state }) => [value, state])).toEqual([
      ['S', 'available'],
      ['M', 'sold_out'],
      ['L', 'missing'],
    ]);
  });

  it('stand in the order of the variants, each once', () => {
    expect(valuesOf(VARIANTS, 0)).toEqual(['Sage', 'Ink']);
  });
});
