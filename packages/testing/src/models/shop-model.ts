/** One thing that happens in a shop. `order` counts the orders placed so far and goes round. */
export type Happening =
  | { readonly does: 'submit'; readonly pieces: number }
  | {
      readonly does: 'capture';
      readonly order: number;
      readonly payment: 'first' | 'last';
      readonly share: 'all' | 'half' | 'more';
      readonly kind: 'right' | 'USD' | 'live';
    }
  | { readonly does: 'decline' | 'authorise' | 'void'; readonly order: number; readonly payment: 'first' | 'last' }
  | { readonly does: 'retry' | 'cancel' | 'expire' | 'fulfil' | 'replay'; readonly order: number }
  | { readonly does: 'count'; readonly pieces: number };

export type ModelOrder = {
  readonly pieces: number;
  readonly total: number;
  status: string;
  covered: number;
  held: boolean;
  payments: number;
  readonly exceptions: string[];
};

/** What a shop of one thing should be like: pieces on the shelf, and its orders. Amounts in minor units. */
export type ShopModel = { onHand: number; readonly orders: ModelOrder[] };

export const PRICE = 1000;
export const SHIPPING = 500;

export const heldPieces = (shop: ShopModel): number => shop.orders.reduce((sum, o) => sum + (o.held ? o.pieces : 0), 0);

/** The amount of a notice about an order. */
export const amountOf = (order: ModelOrder, share: 'all' | 'half' | 'more'): number =>
  ({ all: order.total, half: Math.floor(order.total / 2), more: order.total + 100 })[share];

const WAITING = ['pending_payment', 'payment_failed', 'payment_authorized'];

/**
 * The model: what each happening does to a shop, written from DOMAIN.md and not from the code. Returns whether the shop takes
 * it (`ok`) or refuses; what is refused changes nothing.
 */
export function happens(shop: ShopModel, it: Happening): 'ok' | 'refused' {
  const left = shop.onHand - heldPieces(shop);
  if (it.does === 'count') {
    shop.onHand = Math.max(it.pieces, heldPieces(shop));
    return 'ok';
  }
  if (it.does === 'submit') {
    if (it.pieces > left) return 'refused';
    const total = it.pieces * PRICE + SHIPPING;
    shop.orders.push({
      pieces: it.pieces,
      total,
      status: 'pending_payment',
      covered: 0,
      held: true,
      payments: 1,
      exceptions: [],
    });
    return 'ok';
  }
  const o = shop.orders[it.order % shop.orders.length];
  if (!o) return 'ok';
  const waits = WAITING.includes(o.status);
  const isDead = o.status === 'cancelled' || o.status === 'expired';
  const isNewest = !('payment' in it) || it.payment === 'last' || o.payments === 1;
  switch (it.does) {
    case 'capture': {
      if (it.kind !== 'right') o.exceptions.push(it.kind === 'USD' ? 'wrong_currency' : 'wrong_mode');
      else {
        o.covered += amountOf(o, it.share);
        const misfit = isDead
          ? 'late'
          : o.covered > o.total
            ? 'overpaid'
            : o.covered < o.total
              ? 'underpaid'
              : undefined;
        const isEnough = waits && o.covered >= o.total;
        // Goods of a failed order went back: they are taken again, or the money waits for a person.
        const lacksGoods = isEnough && !o.held && o.pieces > left;
        if (isEnough && !lacksGoods) [o.status, o.held] = ['confirmed', true];
        const exception = misfit ?? (lacksGoods ? 'late' : undefined);
        if (exception) o.exceptions.push(exception);
      }
      return 'ok';
    }
    case 'decline':
      if (isNewest && o.status === 'pending_payment') [o.status, o.held] = ['payment_failed', false];
      return 'ok';
    case 'authorise':
      if (isDead) o.exceptions.push('unexpected_authorisation');
      else if (isNewest && o.status === 'pending_payment') o.status = 'payment_authorized';
      return 'ok';
    case 'void':
      if (isNewest && o.status === 'payment_authorized') o.status = 'pending_payment';
      return 'ok';
    case 'replay':
      return 'ok';
    case 'retry':
      if (o.status === 'pending_payment') return 'ok';
      if (o.status !== 'payment_failed' || o.pieces > left) return 'refused';
      [o.status, o.held, o.payments] = ['pending_payment', true, o.payments + 1];
      return 'ok';
    case 'cancel':
      if (!waits && o.status !== 'confirmed') return 'refused';
      if (o.covered > 0) o.exceptions.push('to_refund');
      [o.status, o.held] = ['cancelled', false];
      return 'ok';
    case 'expire':
      if (!waits) return 'refused';
      [o.status, o.held] = ['expired', false];
      return 'ok';
    case 'fulfil':
      if (o.status !== 'confirmed') return 'refused';
      shop.onHand -= o.pieces;
      [o.status, o.held] = ['completed', false];
      return 'ok';
  }
}
