import type { CheckoutCart, MeasuredPressure } from '@souk/db/commerce';
import { CHECKOUT_LIMITS, type PressureRefusal, withinCheckoutLimits } from '@souk/domain/commerce';
import { Refused } from '../trpc/refusals.ts';

/** Refuses a checkout, or another try to pay, by whoever tries cards or holds too much unpaid (B01, B02). */
export function holdToLimits(pressure: MeasuredPressure, at: Date, lines: CheckoutCart['lines'] = []): void {
  const allowed = withinCheckoutLimits(pressure);
  if (allowed.ok) return;
  const latest = CHECKOUT_LIMITS.windowMinutes * 60;
  const wait = pressure.retryAt ? Math.ceil((pressure.retryAt.getTime() - at.getTime()) / 1000) : latest;
  const retryAfterSeconds = Math.max(1, Math.min(wait, latest));
  throw refused(allowed.refusal, retryAfterSeconds, (variantId) => lines.find((l) => l.variantId === variantId)?.title);
}

function refused(
  refusal: PressureRefusal,
  retryAfterSeconds: number,
  titleOf: (variantId: string) => string | undefined,
): Refused {
  const minutes = Math.ceil(retryAfterSeconds / 60);
  const wait = minutes === 1 ? 'a minute' : `${minutes} minutes`;
  const tooMany = (message: string): Refused =>
    new Refused({ code: 'too_many_attempts', message, facts: { retryAfterSeconds } });
  switch (refusal.code) {
    case 'too_many_declined':
      return tooMany(
        `Too many cards were declined. Your cart is kept: wait ${wait}, then try again with another card.`,
      );
    case 'too_many_payments':
      return tooMany(
        `This order was tried to pay too often. It is kept: wait ${wait}, then try again with another card.`,
      );
    case 'too_many_waiting':
      return tooMany(
        `Too many orders from your network wait for their payment. Your cart is kept: pay one of them, or wait ${wait} and try again.`,
      );
    case 'share_is_held': {
      const { variantId, stillFree } = refusal;
      const title = titleOf(variantId) ?? 'this';
      return new Refused({
        code: 'share_is_held',
        message:
          stillFree > 0
            ? `Only ${stillFree} of ${title} can be ordered at once at the moment. Order ${stillFree} and pay, then order the rest.`
            : `Orders from your network that are not paid yet hold what you may have of ${title}. Pay one of them, or wait ${wait} and try again.`,
        facts: { variantId, stillFree, retryAfterSeconds },
      });
    }
  }
}
