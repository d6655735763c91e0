import type { Variant, VariantStock } from './page-data.ts';

export const canBeBought = (stock: VariantStock): boolean => stock.state !== 'out';

/** The variant with exactly these option values. */
export const variantWith = (variants: readonly Variant[], options: readonly string[]): Variant | undefined =>
  variants.find((variant) => variant.options.every((value, index) => value === options[index]));

/** Values of one option in the order in which the variants name them. */
export const valuesOf = (variants: readonly Variant[], optionIndex: number): readonly string[] => [
  ...new Set(variants.flatMap((variant) => variant.options[optionIndex] ?? [])),
];

/**
 * Where a choice of one value leads: the same other options when that variant exists, else the variant with that value
 * that keeps most of them, one that can be bought before one that cannot.
 */
export function variantAfterChoice(
  variants: readonly Variant[],
  from: Variant,
  optionIndex: number,
  value: string,
): Variant | undefined {
  const exact = variantWith(variants, from.options.with(optionIndex, value));
  if (exact) return exact;
  const kept = (variant: Variant): number =>
    variant.options.filter((option, index) => option === from.options[index]).length;
  return variants
    .filter((variant) => variant.options[optionIndex] === value)
    .sort((a, b) => Number(canBeBought(b.stock)) - Number(canBeBought(a.stock)) || kept(b) - kept(a))[0];
}

export type Choice = {
  readonly value: string;
  readonly state: 'available' | 'sold_out' | 'missing';
  readonly leadsTo: Variant;
};

/** Each value of an option as it stands beside what is chosen for the others. */
export function choicesOf(variants: readonly Variant[], chosen: Variant, optionIndex: number): readonly Choice[] {
  return valuesOf(variants, optionIndex).flatMap((value) => {
    const exact = variantWith(variants, chosen.options.with(optionIndex, value));
    const leadsTo = exact ?? variantAfterChoice(variants, chosen, optionIndex, value);
    if (!leadsTo) return [];
    const state = exact === undefined ? 'missing' : canBeBought(exact.stock) ? 'available' : 'sold_out';
    return [{ value, state, leadsTo } as const];
  });
}
