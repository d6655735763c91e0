import { type SiteTransaction, isPassingFault, sha256, withSite } from '@souk/db';
import { insertOutbox, openPersonKey, personKey, sealFor, unsealFor } from '@souk/db/activity';
import { release, reserveAgain } from '@souk/db/catalog';
import {
  type PaymentRow,
  evidenceOf,
  findPayment,
  insertEntry,
  insertEvidence,
  insertException,
  isNewestPayment,
  lockOrder,
  readCovered,
  saveTransition,
} from '@souk/db/commerce';
import { findSiteByPaymentConfig } from '@souk/db/identity';
import {
  type VerifiedNotice,
  findKept,
  findNotice,
  findPaymentCredential,
  insertAttempt,
  listAttempts,
  markProcessed,
  storeNotice,
} from '@souk/db/integrations';
import {
  AUTHORISATION_LIFETIME_MINUTES,
  PAYMENT_LIFETIME_MINUTES,
  RETRY_LIFETIME_MINUTES,
  confirm,
  covers,
  outcomeOfNotice,
  transition,
} from '@souk/domain/commerce';
import { noticeStatus } from '@souk/domain/integrations';
import { type ConfigId, type PaymentId, type SiteId, id, isUuid } from '@souk/domain/shared';
import type { ProviderNotice } from '../integrations/payment-provider.ts';
import type { Services } from '../services.ts';

export type NoticeAnswer = 'unknown' | 'refused' | 'accepted';

/**
 * Takes one call of a payment provider (O3, H07). Nothing of the body is read before its signature holds under this
 * configuration's own secret; a verified notice is kept once per external id and processed in the same transaction. When
 * processing fails, the notice is kept all the same and tried again by the job queue: the provider is answered as soon as
 * it is safe.
 */
export async function receiveNotice(
  services: Services,
  configId: string,
  headers: Readonly<Record<string, string | undefined>>,
  body: Buffer,
  at: Date = services.now(),
): Promise<NoticeAnswer> {
  if (!isUuid(configId)) return 'unknown';
  const site = await findSiteByPaymentConfig(services.database, id<ConfigId>(configId));
  const provider = site && services.providers.get(site.providerName);
  if (!site || !provider) return 'unknown';
  const { siteId, providerName } = site;
  /** Set as soon as the signature holds: from then on the notice is kept, whatever becomes of it. */
  let verified: { readonly config: OpenedConfig; readonly notice: ProviderNotice | undefined } | undefined;
  const keep = async (tx: SiteTransaction, { config, notice }: NonNullable<typeof verified>) => {
    const payment =
      notice && isUuid(notice.paymentId) ? await findPayment(tx, id<PaymentId>(notice.paymentId)) : undefined;
    const personId = payment?.personId ?? siteId;
    const key = payment?.wrappedKey
      ? openPersonKey(tx, services.key, personId, payment.wrappedKey)
      : await personKey(tx, services.key, personId);
    const kept: VerifiedNotice = {
      webhookEventId: services.newId(at),
      configId: config.configId,
      providerName,
      externalEventId: notice?.externalEventId ?? headers['webhook-id'] ?? '',
      payloadHash: sha256(body),
      personId,
      payloadSealed: sealFor(
        key,
        'notice',
        JSON.stringify({ headers: { 'webhook-id': headers['webhook-id'] }, body: body.toString('utf8') }),
      ),
    };
    return { kept, payment, stored: storeNotice(tx, kept) };
  };
  try {
    return await withSite(
      services.database,
      siteId,
      async (tx) => {
        const config = await findPaymentCredential(tx, services.key, id<ConfigId>(configId));
        if (!config || body.length > provider.maxNoticeBytes || !provider.verify(config.credential, headers, body))
          return 'refused';
        const notice = provider.read(headers, body);
        verified = { config, notice };
        const { kept, payment, stored } = await keep(tx, verified);
        // A secret signs for the payments of its own configuration only, not for whatever it can name (O3).
        const named = payment?.configId === config.configId ? payment : undefined;
        const [isNew, isFirst, locked] = await Promise.all([
          stored,
          markProcessed(tx, kept, 'payments'),
          named && lockForNotice(tx, named),
        ]);
        const known = isNew ? undefined : await findKept(tx, kept);
        if (known && !known.isSame) throw new AnotherNotice(known.webhookEventId);
        // A second delivery of what was dealt with ends here (O3).
        if (!isFirst) return 'accepted';
        const webhookEventId = known?.webhookEventId ?? kept.webhookEventId;
        const detail = await applyFact(services, tx, { webhookEventId, configId: config.configId }, notice, locked);
        insertAttempt(tx, webhookEventId, detail === 'applied' ? 'processed' : 'ignored', detail);
        return 'accepted';
      },
      at,
    );
  } catch (error) {
    if (error instanceof AnotherNotice) {
      services.log.warn(
        { siteId, webhookEventId: error.webhookEventId },
        'a provider used the id of a notice again for another; the first one counts',
      );
      return 'accepted';
    }
    // Nothing is kept where the database is away: the provider is told so, and sends it again.
    if (!verified || isPassingFault(error)) throw error;
    const believed = verified;
    services.log.error({ siteId, err: error }, 'a notice could not be processed; it will be tried again');
    // All of it was undone: the notice alone is kept now, with what went wrong, and the queue takes it up.
    await withSite(
      services.database,
      siteId,
      async (tx) => {
        const { kept, stored } = await keep(tx, believed);
        const isNew = await stored;
        const { webhookEventId, isSame } = isNew
          ? { webhookEventId: kept.webhookEventId, isSame: true }
          : await findKept(tx, kept);
        if (!isSame) return;
        insertAttempt(tx, webhookEventId, 'failed', error instanceof Error ? error.name : 'error');
        insertOutbox(tx, [{ eventId: services.newId(at), kind: 'notice.received', entityId: webhookEventId }]);
      },
      at,
    );
    return 'accepted';
  }
}

/** The provider's id of this notice is that of another one, which stays as it is. */
class AnotherNotice extends Error {
  readonly webhookEventId: string;
  constructor(webhookEventId: string) {
    super('the id of a notice was used again');
    this.webhookEventId = webhookEventId;
  }
}

type OpenedConfig = NonNullable<Awaited<ReturnType<typeof findPaymentCredential>>>;

/** Processes a stored notice, from the queue: after a crash, a failure, or by a person's wish. Doing it twice does it once. */
export async function replayNotice(services: Services, siteId: SiteId, webhookEventId: string): Promise<void> {
  const at = services.now();
  const known = await withSite(services.database, siteId, async (tx) => {
    const found = await findNotice(tx, webhookEventId);
    if (
      !found ||
      ['processed', 'ignored'].includes(noticeStatus((await listAttempts(tx, webhookEventId)).map((a) => a.status)))
    )
      return undefined;
    const { headers, body } = JSON.parse(
      unsealFor(await personKey(tx, services.key, found.personId), 'notice', found.payloadSealed),
    ) as { headers: Record<string, string>; body: string };
    return {
      configId: found.configId,
      externalEventId: found.externalEventId,
      notice: services.providers.get(found.providerName)?.read(headers, Buffer.from(body)),
    };
  });
  if (!known) return;
  const { configId, externalEventId, notice } = known;
  await withSite(
    services.database,
    siteId,
    async (tx) => {
      if (!(await markProcessed(tx, { configId, externalEventId }, 'payments'))) return;
      const payment =
        notice && isUuid(notice.paymentId) ? await findPayment(tx, id<PaymentId>(notice.paymentId)) : undefined;
      const locked = payment?.configId === configId ? await lockForNotice(tx, payment) : undefined;
      const detail = await applyFact(services, tx, { webhookEventId, configId }, notice, locked);
      insertAttempt(tx, webhookEventId, detail === 'applied' ? 'processed' : 'ignored', detail);
    },
    at,
  );
}

/** A stored notice and the configuration whose secret signed it. */
type KeptNotice = { readonly webhookEventId: string; readonly configId: ConfigId };

/** The order of a payment, locked, with what a notice is judged by. The order is locked first, so of two notices one waits. */
async function lockForNotice(tx: SiteTransaction, payment: PaymentRow) {
  const [order, covered, isNewest] = await Promise.all([
    lockOrder(tx, payment.orderId),
    readCovered(tx, payment.orderId),
    isNewestPayment(tx, payment),
  ]);
  return order && { payment, order, isNewest, last: evidenceOf(order, covered) };
}

/** What a verified fact does to its order, as the domain's table says (C07). */
async function applyFact(
  services: Services,
  tx: SiteTransaction,
  { webhookEventId, configId }: KeptNotice,
  notice: ProviderNotice | undefined,
  locked: Awaited<ReturnType<typeof lockForNotice>>,
): Promise<'applied' | 'unknown_payment' | 'nothing_to_do' | 'not_understood'> {
  if (!notice) return 'not_understood';
  if (!locked) return 'unknown_payment';
  const { fact } = notice;
  const { payment, order, last } = locked;
  const outcome = outcomeOfNotice({ ...order, covered: last.covered }, fact, locked.isNewest);
  if (!outcome.record || fact.kind === 'pending') return 'nothing_to_do';
  const entryId = services.newId(tx.at);
  insertEntry(tx, {
    entryId,
    orderId: order.orderId,
    paymentId: payment.paymentId,
    kind: fact.kind,
    amount: fact.amount,
    mode: fact.mode,
    configId,
    webhookEventId,
  });
  const evidence = outcome.countsAsEvidence ? insertEvidence(tx, order, last, { entryId, amount: fact.amount }) : last;
  if (outcome.exception)
    insertException(tx, {
      exceptionId: services.newId(tx.at),
      orderId: order.orderId,
      entryId,
      kind: outcome.exception,
      amount: fact.amount,
    });
  const cause = {
    transitionId: services.newId(tx.at),
    actor: { kind: 'provider' },
    reasonCode: `payment_${fact.kind}`,
    causeId: webhookEventId,
  } as const;
  const event = (kind: 'order.confirmed' | 'order.moved') =>
    insertOutbox(tx, [{ eventId: services.newId(tx.at), kind, entityId: order.orderId }]);
  switch (outcome.transition) {
    case 'confirm': {
      const covering = covers(order, evidence);
      const moved = covering && confirm(order, covering, 'webhook');
      if (!moved?.ok) throw new Error('evidence that covers did not confirm');
      // Goods of a failed order went back to the shelf: money that comes late takes them again, or waits for a person.
      if (order.status === 'payment_failed' && (await reserveAgain(tx, order.orderId)).length > 0) {
        if (!outcome.exception)
          insertException(tx, {
            exceptionId: services.newId(tx.at),
            orderId: order.orderId,
            entryId,
            kind: 'late',
            amount: fact.amount,
          });
        event('order.moved');
        return 'applied';
      }
      saveTransition(tx, moved.value, cause);
      event('order.confirmed');
      return 'applied';
    }
    case 'authorizePayment':
    case 'failPayment':
    case 'lapsePayment': {
      const moved = transition(order, outcome.transition, 'webhook');
      if (!moved.ok) throw new Error(`the table of notices asked for ${outcome.transition} from ${order.status}`);
      if (outcome.transition === 'failPayment') release(tx, order.orderId);
      const minutes = {
        failPayment: RETRY_LIFETIME_MINUTES,
        lapsePayment: PAYMENT_LIFETIME_MINUTES.card,
        authorizePayment: AUTHORISATION_LIFETIME_MINUTES,
      }[outcome.transition];
      saveTransition(tx, moved.value, { ...cause, expiresAt: new Date(tx.at.getTime() + minutes * 60_000) });
      event('order.moved');
      return 'applied';
    }
    case undefined:
      event('order.moved');
      return 'applied';
  }
}
