import { type Result, ok, refuse } from '../shared/index.ts';

/**
 * What one visitor may begin and hold before they have paid (B01, B02). A visitor is an address: a household, an office, a
 * phone company's exit. Limits count what was declined or never paid, so a busy shop does not feel them: whoever pays
 * counts for nothing.
 */
type AddressLimits = {
  /** Declined cards in the window, when they are more than the paid ones. */
  readonly declined: number;
  /** The same, while somebody tries cards on the whole site. */
  readonly declinedWhileTested: number;
  /** Orders that wait for their payment at the same time. */
  readonly waitingOrders: number;
  /** Pieces of a variant that may be held unpaid however few are left. Above it, half of what is left. */
  readonly piecesAlways: number;
};

export const CHECKOUT_LIMITS = {
  /** How far back declined cards are looked at. Card testers come in bursts; a person finds another card in that time. */
  windowMinutes: 15,
  /** The newest declined and the newest paid ones that are looked at: enough to see a burst, few enough for every checkout. */
  newestPayments: 100,
  /** The site is being tested when so many of them were declined, and more than were paid: shops see one in ten, seldom one in five. */
  siteDeclined: 50,
  /** Payments begun for one order in the window: a typing error, an empty card, a third one, and two to spare. */
  paymentsPerOrder: 5,
  visitor: { declined: 10, declinedWhileTested: 1, waitingOrders: 20, piecesAlways: 5 },
  /**
   * This machine's own address: a proxy in front whose word for the visitor is not trusted (TRUSTED_PROXIES), or a program
   * on the machine. It stands for a crowd, so it is bounded as one.
   */
  crowd: { declined: 50, declinedWhileTested: 50, waitingOrders: Number.POSITIVE_INFINITY, piecesAlways: 50 },
} as const satisfies {
  readonly visitor: AddressLimits;
  readonly crowd: AddressLimits;
  readonly [name: string]: unknown;
};

/** How the newest payments of a site ended. */
export type Outcomes = { readonly declined: number; readonly paid: number };

/** What presses on a checkout at this moment, as the database counts it. */
export type CheckoutPressure = {
  readonly from: 'visitor' | 'crowd';
  readonly site: Outcomes;
  readonly address: Outcomes;
  /** Orders of the address that wait for their payment. */
  readonly waitingOrders: number;
  /** Payments begun in the window for the order that is paid again; 0 for a new one. */
  readonly paymentsOfOrder: number;
  readonly variants: readonly {
    readonly variantId: string;
    readonly wanted: number;
    /** Pieces nobody holds, before this checkout. */
    readonly left: number;
    /** Pieces that unpaid orders of the address hold. */
    readonly heldByAddress: number;
  }[];
};

export type PressureRefusal =
  | { readonly code: 'too_many_declined' | 'too_many_waiting' | 'too_many_payments' }
  | { readonly code: 'share_is_held'; readonly variantId: string; readonly stillFree: number };

const mostlyDeclined = ({ declined, paid }: Outcomes, limit: number): boolean => declined >= limit && declined > paid;

/** Whether a checkout, or another try to pay, may go on: the whole rule of B01 and B02. */
export function withinCheckoutLimits(pressure: CheckoutPressure): Result<true, PressureRefusal> {
  const limits: AddressLimits = CHECKOUT_LIMITS[pressure.from];
  const isTested = mostlyDeclined(pressure.site, CHECKOUT_LIMITS.siteDeclined);
  if (mostlyDeclined(pressure.address, isTested ? limits.declinedWhileTested : limits.declined))
    return refuse({ code: 'too_many_declined' });
  if (pressure.paymentsOfOrder >= CHECKOUT_LIMITS.paymentsPerOrder) return refuse({ code: 'too_many_payments' });
  if (pressure.waitingOrders >= limits.waitingOrders) return refuse({ code: 'too_many_waiting' });
  for (const { variantId, wanted, left, heldByAddress } of pressure.variants) {
    const most = Math.max(limits.piecesAlways, Math.floor((left + heldByAddress) / 2));
    if (heldByAddress + wanted > most)
      return refuse({ code: 'share_is_held', variantId, stillFree: Math.max(0, most - heldByAddress) });
  }
  return ok(true);
}
