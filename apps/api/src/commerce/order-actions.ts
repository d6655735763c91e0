import { type SiteTransaction, withSite } from '@souk/db';
import { insertOutbox } from '@souk/db/activity';
import { consume, release, reserveAgain } from '@souk/db/catalog';
import {
  findOrder,
  insertPayment,
  insertRefundDue,
  insertShippedFulfilment,
  lockOrder,
  readCheckoutPressure,
  saveTransition,
} from '@souk/db/commerce';
import type { Site } from '@souk/db/identity';
import { findPaymentCredential } from '@souk/db/integrations';
import { PAYMENT_LIFETIME_MINUTES, transition } from '@souk/domain/commerce';
import { type OrderId, type PaymentId, type SiteId, id } from '@souk/domain/shared';
import type { Services } from '../services.ts';
import { Refused, notFound } from '../trpc/refusals.ts';
import { beginPayment, paymentNotOffered } from './checkout.ts';
import { holdToLimits } from './hold-to-limits.ts';
import { hashLinkToken } from './order-link.ts';
import { visitorAddress } from '../http/visitor-address.ts';

type By = { readonly adminId: string };

async function lockedAt(tx: SiteTransaction, orderId: OrderId, version: number) {
  const order = await lockOrder(tx, orderId);
  if (!order) throw notFound();
  if (order.version !== version) {
    throw new Refused({
      code: 'stale_version',
      message: 'This order has changed since you opened it. Look at it again, then decide.',
      facts: { yours: version, now: order.version, status: order.status },
    });
  }
  return order;
}

const notAllowed = (what: string, status: string): Refused =>
  new Refused({
    code: 'order_transition_not_allowed',
    message: `An order that is ${status.replaceAll('_', ' ')} cannot be ${what}.`,
    facts: { status },
  });

/** The whole order leaves in one parcel: stock follows the ledger, the order is completed, the buyer is told. */
export async function fulfilOrder(
  services: Services,
  tx: SiteTransaction,
  input: { orderId: OrderId; version: number; carrier: string; trackingNumber: string },
  by: By,
) {
  const order = await lockedAt(tx, input.orderId, input.version);
  const moved = transition(order, 'complete', 'admin');
  if (!moved.ok) throw notAllowed('sent', order.status);
  consume(tx, order.orderId, by.adminId);
  insertShippedFulfilment(tx, {
    fulfilmentId: services.newId(tx.at),
    orderId: order.orderId,
    carrier: input.carrier,
    trackingNumber: input.trackingNumber,
  });
  saveTransition(tx, moved.value, {
    transitionId: services.newId(tx.at),
    actor: { kind: 'admin', id: by.adminId },
    reasonCode: 'shipped',
  });
  insertOutbox(tx, [{ eventId: services.newId(tx.at), kind: 'order.fulfilled', entityId: order.orderId }]);
  return { before: order.status, after: moved.value.order.status };
}

/** Ends an order that nothing of has been sent; its goods go back to the shelf. Money it has stays recorded and waits for a person to send it back. */
export async function cancelOrder(
  services: Services,
  tx: SiteTransaction,
  input: { orderId: OrderId; version: number; reason: string },
  by: By,
) {
  const order = await lockedAt(tx, input.orderId, input.version);
  const moved = transition(order, 'cancel', 'admin');
  if (!moved.ok) throw notAllowed('cancelled', order.status);
  release(tx, order.orderId);
  insertRefundDue(tx, { exceptionId: services.newId(tx.at), orderId: order.orderId });
  saveTransition(tx, moved.value, {
    transitionId: services.newId(tx.at),
    actor: { kind: 'admin', id: by.adminId },
    reasonCode: input.reason,
  });
  insertOutbox(tx, [{ eventId: services.newId(tx.at), kind: 'order.moved', entityId: order.orderId }]);
  return { before: order.status, after: moved.value.order.status };
}

/** Gives up an order whose time is over, if it still waits. Money and expiry race for the order's row; whoever is first wins (C08). */
export async function expireOrder(
  services: Pick<Services, 'database' | 'now' | 'newId'>,
  siteId: SiteId,
  orderId: OrderId,
): Promise<boolean> {
  return withSite(
    services.database,
    siteId,
    async (tx) => {
      const order = await lockOrder(tx, orderId);
      const moved = order && transition(order, 'expire', 'scheduler');
      if (!order || !moved?.ok) return false;
      release(tx, orderId);
      saveTransition(tx, moved.value, {
        transitionId: services.newId(tx.at),
        actor: { kind: 'system' },
        reasonCode: 'time_is_over',
      });
      insertOutbox(tx, [{ eventId: services.newId(tx.at), kind: 'order.moved', entityId: orderId }]);
      return true;
    },
    services.now(),
  );
}

/**
 * Where a buyer pays an order that waits: the payment already begun, or a new one after a failure, with its goods taken
 * again from the shelf.
 * @throws Refused too_many_attempts, when cards are being tried on it.
 */
export async function payAgain(
  services: Services,
  site: Pick<Site, 'siteId' | 'primaryDomain'>,
  token: string,
  address: string,
): Promise<string> {
  const from = visitorAddress(services.key, site.siteId, address);
  const paymentId = await withSite(
    services.database,
    site.siteId,
    async (tx) => {
      const named = await findOrder(tx, { accessTokenHash: hashLinkToken(token) });
      const order = named && (await lockOrder(tx, named.orderId));
      // Read again: what was read before the lock may not know the payment of whoever was quicker.
      const last = order && (await findOrder(tx, { orderId: order.orderId }))?.payments.at(-1);
      if (!order || !last) throw notFound();
      if (order.status === 'pending_payment') return last.paymentId;
      const moved = transition(order, 'retryPayment', 'customer');
      if (!moved.ok) throw notAllowed('paid', order.status);
      if (!(await findPaymentCredential(tx, services.key, last.configId))?.isEnabled) throw paymentNotOffered(token);
      holdToLimits(await readCheckoutPressure(tx, from, { orderId: order.orderId }), tx.at);
      const short = await reserveAgain(tx, order.orderId);
      if (short.length > 0)
        throw new Refused({
          code: 'sold_out',
          message: 'Meanwhile something of this order is sold out. Order again what is left.',
        });
      const next = id<PaymentId>(services.newId(tx.at));
      insertPayment(tx, {
        paymentId: next,
        order,
        configId: last.configId,
        providerName: last.providerName,
        returnOrigin: services.shopOrigin(site.primaryDomain ?? ''),
      });
      saveTransition(tx, moved.value, {
        transitionId: services.newId(tx.at),
        actor: { kind: 'customer' },
        reasonCode: 'paying_again',
        expiresAt: new Date(tx.at.getTime() + PAYMENT_LIFETIME_MINUTES.card * 60_000),
      });
      insertOutbox(tx, [{ eventId: services.newId(tx.at), kind: 'order.moved', entityId: order.orderId }]);
      return next;
    },
    services.now(),
  );
  return beginPayment(services, site, paymentId, token);
}
