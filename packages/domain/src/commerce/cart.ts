import { type Money, type Result, ok, refuse } from '../shared/index.ts';

export type CartStatus = 'active' | 'checking_out' | 'converted' | 'merged' | 'expired';

/** The most pieces of one variant in one cart. */
export const MAX_QUANTITY = 99;
/** The most different variants in one cart. */
export const MAX_LINES = 100;

export type QuantityRefusal = {
  readonly code: 'quantity_not_whole' | 'quantity_too_small' | 'quantity_too_large';
  readonly max: number;
};

/** A number of pieces a person may ask for: whole, 1 to 99. */
export function quantity(value: number): Result<number, QuantityRefusal> {
  if (!Number.isInteger(value)) return refuse({ code: 'quantity_not_whole', max: MAX_QUANTITY });
  if (value < 1) return refuse({ code: 'quantity_too_small', max: MAX_QUANTITY });
  return value > MAX_QUANTITY ? refuse({ code: 'quantity_too_large', max: MAX_QUANTITY }) : ok(value);
}

/** A line of a cart beside what the shop says of it now. */
export type CartLine = {
  readonly variantId: string;
  readonly quantity: number;
  /** The price the buyer saw last. */
  readonly priceSeen: Money;
  /** Undefined: hidden, unpublished or gone. */
  readonly now: { readonly price: Money; readonly available: number } | undefined;
};

export type CartProblem =
  | { readonly variantId: string; readonly code: 'not_sold_any_more' }
  | { readonly variantId: string; readonly code: 'sold_out' }
  | { readonly variantId: string; readonly code: 'only_n_left'; readonly left: number }
  | { readonly variantId: string; readonly code: 'price_changed'; readonly from: Money; readonly to: Money };

/** What has changed since the buyer put these in the cart (P3, C04). Nobody is charged while this list is not empty. */
export function cartProblems(lines: readonly CartLine[]): CartProblem[] {
  return lines.flatMap((line): CartProblem[] => {
    const { variantId, now } = line;
    if (!now) return [{ variantId, code: 'not_sold_any_more' }];
    if (now.available === 0) return [{ variantId, code: 'sold_out' }];
    if (now.available < line.quantity) return [{ variantId, code: 'only_n_left', left: now.available }];
    if (now.price.minorUnits !== line.priceSeen.minorUnits)
      return [{ variantId, code: 'price_changed', from: line.priceSeen, to: now.price }];
    return [];
  });
}
