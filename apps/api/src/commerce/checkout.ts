import { type SiteTransaction, sha256, withSite } from '@souk/db';
import { insertOutbox, insertPersonKey } from '@souk/db/activity';
import { lockStockOfCart, reserve } from '@souk/db/catalog';
import {
  type CheckoutCart,
  findAnswer,
  findPayment,
  insertSubmittedOrder,
  insertZeroEvidence,
  keepAnswer,
  lockNewestCart,
  readCheckoutPressure,
  lockOrder,
  readCheckoutCart,
  saveTransition,
  setProviderReference,
} from '@souk/db/commerce';
import { findPaymentCredential } from '@souk/db/integrations';
import type { Site } from '@souk/db/identity';
import { PAYMENT_LIFETIME_MINUTES, computeTotals, confirm, covers } from '@souk/domain/commerce';
import {
  type ConfigId,
  type Currency,
  type Money,
  type OrderId,
  type PaymentId,
  type SiteId,
  type VariantId,
  fromDecimal,
  id,
  toDecimal,
} from '@souk/domain/shared';
import { ProviderUnreachable } from '../integrations/payment-provider.ts';
import type { Services } from '../services.ts';
import { Refused } from '../trpc/refusals.ts';
import type { CheckoutInput } from './checkout.input.ts';
import { holdToLimits } from './hold-to-limits.ts';
import { hashLinkToken, orderLinkToken } from './order-link.ts';
import { type VisitorAddress, visitorAddress } from '../http/visitor-address.ts';

/** The order as its buyer gets it: where its own page is, and where to pay. */
export type Submitted = { readonly orderId: OrderId; readonly token: string; readonly redirectUrl: string | undefined };

/** The tax law of most countries asks for ten years. */
const KEEP_YEARS = 10;

/**
 * Turns a cart into an order and starts its payment (O2, O5, O6, C01–C05). One transaction writes order, reservation,
 * payment and idempotency key together; the provider is called after its commit, with our payment id as its idempotency
 * key; a second transaction keeps what it said. A crash between the two is mended by the sweep.
 * @param address where the visitor comes from; it bounds what they hold before they pay.
 * @throws Refused when the cart, its prices, its stock or the total are not what the buyer saw, or when they try too much;
 * nothing is changed then.
 */
export async function submitOrder(
  services: Services,
  site: Pick<Site, 'siteId' | 'orderPrefix' | 'primaryDomain'>,
  session: Buffer,
  input: CheckoutInput,
  address: string,
): Promise<Submitted> {
  const from = visitorAddress(services.key, site.siteId, address);
  const orderNumber = await services.nextOrderNumber(site);
  const returnOrigin = services.shopOrigin(site.primaryDomain ?? '');
  const { placed, payment } = await withSite(
    services.database,
    site.siteId,
    (tx) => place(services, tx, session, input, { orderNumber, from, returnOrigin }),
    services.now(),
  );
  const token = orderLinkToken(services.key, placed.orderId);
  if (placed.confirmed) return { orderId: placed.orderId, token, redirectUrl: undefined };
  const redirectUrl = payment
    ? await askProvider(services, site.siteId, payment, token)
    : await beginPayment(services, site, placed.paymentId, token);
  return { orderId: placed.orderId, token, redirectUrl };
}

type Placed = { readonly orderId: OrderId; readonly paymentId: PaymentId; readonly confirmed: boolean };

async function place(
  services: Services,
  tx: SiteTransaction,
  session: Buffer,
  input: CheckoutInput,
  { orderNumber, from, returnOrigin }: { orderNumber: string; from: VisitorAddress; returnOrigin: string },
): Promise<{ placed: Placed; payment?: PaymentToBegin }> {
  const { idempotencyKey, ...body } = input;
  const key = {
    principal: session.toString('hex'),
    procedure: 'checkout.submit',
    key: idempotencyKey,
    bodyHash: sha256(JSON.stringify(body)),
  };
  const cartId = await lockNewestCart(tx, session);
  const configId = id<ConfigId>(input.paymentConfigId);
  // Asked together, answered in this order: what is read of the cart is read after its stock is locked.
  const [before, stock, cart, config, pressure] = await Promise.all([
    findAnswer<Placed>(tx, key),
    cartId && lockStockOfCart(tx, cartId),
    cartId && readCheckoutCart(tx, cartId, { shippingMethodId: input.shippingMethodId, configId }),
    cartId && findPaymentCredential(tx, services.key, configId),
    cartId && readCheckoutPressure(tx, from, { cartId }),
  ]);
  if (before === 'other_body')
    throw new Refused({
      code: 'idempotency_key_reused',
      message: 'This order form was sent before with other contents. Open the checkout again and send it once more.',
    });
  if (before) return { placed: before.answer };
  if (!stock || !cart || !pressure) throw emptyCart();
  if (cart.status !== 'active' || cart.lines.length === 0) throw emptyCart();
  const { shipping, payment } = cart;
  if (!shipping) throw wrongField('shippingMethodId', 'This way of sending is not offered any more. Choose another.');
  if (!payment || !config)
    throw wrongField('paymentConfigId', 'This way of paying is not offered any more. Choose another.');
  const lines = sellable(cart, stock);
  const totals = computeTotals({
    currency: cart.currency,
    lines: lines.map((line) => ({ unitPrice: line.price, quantity: line.quantity })),
    shipping: shipping.price,
    rate: cart.tax.ratePerMillion,
    pricesIncludeTax: cart.pricesIncludeTax,
  });
  const expected = expectedTotal(input.expectedTotal, cart.currency);
  if (expected?.minorUnits !== totals.total.minorUnits) {
    throw new Refused({
      code: 'total_changed',
      message: 'The total is another than the one you saw. Look at it again before you order.',
      facts: { total: toDecimal(totals.total) },
    });
  }
  holdToLimits(pressure, tx.at, cart.lines);
  const orderId = id<OrderId>(services.newId(tx.at));
  const paymentId = id<PaymentId>(services.newId(tx.at));
  const personId = services.newId(tx.at);
  const token = orderLinkToken(services.key, orderId);
  insertPersonKey(tx, services.key, personId);
  insertSubmittedOrder(tx, {
    orderId,
    orderNumber,
    cartId: cart.cartId,
    personId,
    customerEmail: input.email,
    accessTokenHash: hashLinkToken(token),
    addressHash: from.addressHash,
    mode: payment.mode,
    expiresAt: new Date(tx.at.getTime() + PAYMENT_LIFETIME_MINUTES.card * 60_000),
    totals,
    tax: cart.tax,
    shipping,
    items: lines.map((line) => ({ orderItemId: services.newId(tx.at), ...line })),
    address: {
      name: input.name,
      line1: input.line1,
      line2: input.line2,
      postalCode: input.postalCode,
      city: input.city,
      country: input.country,
      phone: input.phone,
    },
    keepUntil: new Date(Date.UTC(tx.at.getUTCFullYear() + KEEP_YEARS, 11, 31)),
    payment: { paymentId, configId: payment.configId, providerName: payment.providerName, returnOrigin },
    transitionIds: [services.newId(tx.at), services.newId(tx.at)],
  });
  reserve(tx, orderId, lines);
  const confirmed = totals.total.minorUnits === 0;
  if (confirmed) await confirmFree(services, tx, orderId);
  const placed: Placed = { orderId, paymentId, confirmed };
  keepAnswer(tx, key, placed);
  insertOutbox(tx, [
    { eventId: services.newId(tx.at), kind: confirmed ? 'order.confirmed' : 'order.submitted', entityId: orderId },
  ]);
  return { placed, payment: { paymentId, amount: totals.total, orderNumber, config, returnOrigin } };
}

const emptyCart = (): Refused =>
  new Refused({
    code: 'cart_empty',
    message: 'Your cart is empty. If you have just ordered, look into your mailbox: your confirmation is there.',
  });
const wrongField = (field: string, message: string): Refused =>
  new Refused({ code: 'wrong_field', field, message, fields: { [field]: message } });

const expectedTotal = (text: string, code: Currency): Money | undefined => {
  try {
    return fromDecimal(text, code);
  } catch {
    return undefined;
  }
};

/** The lines as they can be sold at this moment (P3), of what is left of them; or a refusal that names every change. */
function sellable(cart: CheckoutCart, stock: ReadonlyMap<VariantId, number>) {
  const problems = cart.lines.flatMap((line) => {
    const left = stock.get(line.variantId) ?? 0;
    const about = { variantId: line.variantId, title: line.title };
    if (!line.now) return [{ ...about, code: 'not_sold_any_more', words: `${line.title} is not sold any more.` }];
    if (left === 0) return [{ ...about, code: 'sold_out', words: `${line.title} is sold out.` }];
    if (left < line.quantity)
      return [{ ...about, code: 'only_n_left', left, words: `Only ${left} of ${line.title} left.` }];
    if (line.now.price.minorUnits !== line.priceSeen.minorUnits)
      return [{ ...about, code: 'price_changed', words: `The price of ${line.title} has changed.` }];
    return [];
  });
  if (problems.length > 0)
    throw new Refused({ code: 'cart_changed', message: problems.map((p) => p.words).join(' '), facts: { problems } });
  return cart.lines.flatMap((line) =>
    line.now
      ? [
          {
            productId: line.productId,
            versionId: line.now.versionId,
            variantId: line.variantId,
            quantity: line.quantity,
            price: line.now.price,
          },
        ]
      : [],
  );
}

async function confirmFree(services: Services, tx: SiteTransaction, orderId: OrderId): Promise<void> {
  const order = await lockOrder(tx, orderId);
  if (!order) throw new Error('an order just written was not found');
  const evidence = covers(order, insertZeroEvidence(tx, order));
  const moved = evidence && confirm(order, evidence, 'system');
  if (!moved?.ok) throw new Error('a free order could not be confirmed');
  saveTransition(tx, moved.value, {
    transitionId: services.newId(tx.at),
    actor: { kind: 'system' },
    reasonCode: 'nothing_to_pay',
  });
}

/** The configuration of a waiting payment was switched off: nothing more is begun with it. */
export const paymentNotOffered = (token: string): Refused =>
  new Refused({
    code: 'payment_not_offered',
    message: 'This way of paying is not offered any more. Write to the shop to pay this order another way.',
    facts: { token },
  });

/** A payment that is to be begun, with the opened credential of its configuration. */
type PaymentToBegin = {
  readonly paymentId: PaymentId;
  readonly amount: Money;
  readonly orderNumber: string;
  /** The provider takes the same payment for the same only with the same way back: the first one stays. */
  readonly returnOrigin: string;
  readonly config: NonNullable<Awaited<ReturnType<typeof findPaymentCredential>>>;
};

/**
 * Begins a payment that waits, or gives where it was begun. Safe to call again: the provider knows our payment id.
 * @returns where the buyer pays.
 * @throws Refused provider_unreachable; the order waits, and can be paid from its own page. payment_not_offered, when the
 * configuration was switched off meanwhile.
 */
export async function beginPayment(
  services: Services,
  site: Pick<Site, 'siteId' | 'primaryDomain'>,
  paymentId: PaymentId,
  token: string,
): Promise<string> {
  const found = await withSite(services.database, site.siteId, async (tx) => {
    const payment = await findPayment(tx, paymentId);
    return payment && { payment, config: await findPaymentCredential(tx, services.key, payment.configId) };
  });
  if (!found?.config) throw new Error('a payment without its configuration');
  const { payment, config } = found;
  const returnOrigin = payment.returnOrigin ?? services.shopOrigin(site.primaryDomain ?? '');
  return payment.redirectUrl ?? askProvider(services, site.siteId, { ...payment, config, returnOrigin }, token);
}

async function askProvider(
  services: Services,
  siteId: SiteId,
  { paymentId, amount, orderNumber, config, returnOrigin }: PaymentToBegin,
  token: string,
): Promise<string> {
  if (!config.isEnabled) throw paymentNotOffered(token);
  const provider = services.providers.get(config.providerName);
  if (!provider) throw new Error(`no adapter for ${config.providerName}`);
  const orderPage = `${returnOrigin}/orders/${token}`;
  try {
    const reference = await provider.begin(config.credential, {
      paymentId,
      amount,
      description: `Order ${orderNumber}`,
      returnUrl: orderPage,
      cancelUrl: `${orderPage}?closed=1`,
    });
    await setProviderReference(services.database, siteId, paymentId, reference, services.now());
    return reference.redirectUrl;
  } catch (error) {
    if (!(error instanceof ProviderUnreachable)) throw error;
    services.log.warn({ siteId, paymentId, err: error }, 'the payment provider could not be reached');
    throw new Refused({
      code: 'provider_unreachable',
      message:
        'The payment page cannot be reached at the moment. Your order is kept; pay it from its own page in a minute.',
      facts: { token },
    });
  }
}
