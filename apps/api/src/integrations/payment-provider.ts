import type { PaymentCredential } from '@souk/db/integrations';
import type { ProviderFact } from '@souk/domain/commerce';
import type { Money } from '@souk/domain/shared';

/** What we ask a provider to collect. `paymentId` is ours, and the provider's idempotency key. */
export type PaymentRequest = {
  readonly paymentId: string;
  readonly amount: Money;
  readonly description: string;
  readonly returnUrl: string;
  readonly cancelUrl: string;
};

/** A notice whose signature held. `paymentId` is what we sent as reference. */
export type ProviderNotice = {
  readonly externalEventId: string;
  readonly paymentId: string;
  readonly fact: ProviderFact;
};

/** The provider did not answer, or answered something it never says; trying again later may help. */
export class ProviderUnreachable extends Error {}

/** One adapter per provider: the only code that speaks its protocol. */
export type PaymentProvider = {
  readonly name: string;
  /** The most bytes a notice of it can have. */
  readonly maxNoticeBytes: number;
  /** Starts a payment; the same paymentId again gives the same answer. @throws ProviderUnreachable */
  begin(
    credential: PaymentCredential,
    request: PaymentRequest,
  ): Promise<{ readonly providerReference: string; readonly redirectUrl: string }>;
  /** Tells the provider where notices go, and proves that the credential works. @throws ProviderUnreachable */
  connect(credential: PaymentCredential, noticeUrl: string): Promise<void>;
  /** Whether the notice is the provider's own and recent. Nothing of the body is read before this holds. */
  verify(credential: PaymentCredential, headers: Readonly<Record<string, string | undefined>>, body: Buffer): boolean;
  /** Reads a verified notice; undefined when it is of a kind we have no use for. */
  read(headers: Readonly<Record<string, string | undefined>>, body: Buffer): ProviderNotice | undefined;
};
