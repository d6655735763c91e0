/** What is known of one variant at one place, in pieces. */
export type StockLevel = { readonly onHand: number; readonly reserved: number; readonly backorderLimit: number };

/** Pieces that can still be promised to somebody. Never negative. */
export const available = ({ onHand, reserved, backorderLimit }: StockLevel): number =>
  Math.max(0, onHand + backorderLimit - reserved);

export type StockState = 'in_stock' | 'low' | 'backorder' | 'out';

/** The state in words for a buyer. `lowAt` is the number of pieces from which on we say "only n left". */
export function stockState(level: StockLevel, lowAt: number): StockState {
  const now = level.onHand - level.reserved;
  if (now > lowAt) return 'in_stock';
  if (now > 0) return 'low';
  return available(level) > 0 ? 'backorder' : 'out';
}
