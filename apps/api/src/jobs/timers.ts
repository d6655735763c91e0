import { dueOrders, paymentsWithoutReference } from '@souk/db/activity';
import { findPayment } from '@souk/db/commerce';
import { isPassingFault, withSite } from '@souk/db';
import { findSiteById } from '@souk/db/identity';
import { type OrderId, type PaymentId, type SiteId, id } from '@souk/domain/shared';
import { beginPayment } from '../commerce/checkout.ts';
import { orderLinkToken } from '../commerce/order-link.ts';
import { expireOrder } from '../commerce/order-actions.ts';
import { checkDueDomains } from '../identity/check-domains.ts';
import { sealDueActivity } from './seal-activity.ts';
import type { Services } from '../services.ts';
import { Refused } from '../trpc/refusals.ts';

const EVERY_MS = 5_000;
/** A site is sealed once an hour; whether one is due is asked more often, so that a restart puts nothing off. */
const SEAL_EVERY_MS = 300_000;
/** A payment begun so long ago and still without a word from the provider was left by a crash. */
const LEFT_BEHIND_MS = 60_000;

/** Work that comes with time: orders expire, payments that a crash left are begun again, domains are looked at. Safe to run in every process at once. */
export function startTimers(services: Services, everyMs = EVERY_MS): { stop(): void } {
  // Each by itself: a provider that takes its time keeps no order from expiring.
  const timers = [
    repeat(services, everyMs, () => expireDue(services)),
    repeat(services, everyMs, () => resumePayments(services)),
    repeat(services, everyMs, () => checkDueDomains(services)),
    repeat(services, SEAL_EVERY_MS, () => sealDueActivity(services)),
  ];
  return { stop: () => timers.forEach((timer) => clearInterval(timer)) };
}

function repeat(services: Services, everyMs: number, work: () => Promise<unknown>): NodeJS.Timeout {
  let busy = false;
  const look = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    try {
      await work();
    } catch (error) {
      services.log.warn({ err: error }, 'due work could not be done; it will be tried again');
    } finally {
      busy = false;
    }
  };
  return setInterval(() => services.background('due work', look()), everyMs);
}

/** Expires every order whose time is over, each in a transaction of its own. Returns how many. */
export async function expireDue(services: Services): Promise<number> {
  let expired = 0;
  for (const { siteId, orderId } of await dueOrders(services.database, services.now())) {
    if (await expireOrder(services, siteId, id<OrderId>(orderId))) expired += 1;
  }
  return expired;
}

async function resumePayments(services: Services): Promise<void> {
  const before = new Date(services.now().getTime() - LEFT_BEHIND_MS);
  const silent = new Set<SiteId>();
  for (const { siteId, paymentId } of await paymentsWithoutReference(services.database, before)) {
    // A provider that does not answer one payment of a site is not waited for with every other: the next round asks again.
    if (silent.has(siteId)) continue;
    const site = await findSiteById(services.database, siteId);
    const payment = await withSite(services.database, siteId, (tx) => findPayment(tx, id<PaymentId>(paymentId)));
    if (!site || !payment) continue;
    // One that cannot be begun does not keep the others waiting; an unreachable provider has been noted already.
    await beginPayment(services, site, payment.paymentId, orderLinkToken(services.key, payment.orderId)).catch(
      (error: unknown) => {
        if (isPassingFault(error)) throw error;
        if (!(error instanceof Refused))
          services.log.error({ siteId, paymentId, err: error }, 'a payment that was left could not be begun again');
        else if (error.refusal.code === 'provider_unreachable') silent.add(siteId);
      },
    );
  }
}
