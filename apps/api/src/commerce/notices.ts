import { type SiteTransaction, isPassingFault, sha256, withSite } from '@souk/db';
import { insertOutbox, personKey, sealFor, unsealFor } from '@souk/db/activity';
import { release, reserveAgain } from '@souk/db/catalog';
import {
  findPayment,
  insertEntry,
  insertEvidence,
  insertException,
  lockOrder,
  readEvidence,
  saveTransition,
} from '@souk/db/commerce';
import { findSiteByPaymentConfig } from '@souk/db/identity';
import {
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
 * configuration's own secret; a verified notice is kept once per external id, then processed. When processing fails it is
 * tried again by the job queue, so the provider is answered as soon as the notice is safe.
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
  const config = await withSite(services.database, siteId, (tx) =>
    findPaymentCredential(tx, services.key, id<ConfigId>(configId)),
  );
  if (!config || body.length > provider.maxNoticeBytes || !provider.verify(config.credential, headers, body))
    return 'refused';
  const notice = provider.read(headers, body);
  const stored = await withSite(
    services.database,
    siteId,
    async (tx) => {
      const payment =
        notice && isUuid(notice.paymentId) ? await findPayment(tx, id<PaymentId>(notice.paymentId)) : undefined;
      const personId = payment?.personId ?? siteId;
      const key = await personKey(tx, services.key, personId);
      const kept = await storeNotice(tx, {
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
      });
      if (kept.isNew)
        await insertOutbox(tx, [
          { eventId: services.newId(at), kind: 'notice.received', entityId: kept.webhookEventId },
        ]);
      return kept;
    },
    at,
  );
  if (!stored.isSame)
    services.log.warn(
      { siteId, webhookEventId: stored.webhookEventId },
      'a provider used the id of a notice again for another; the first one counts',
    );
  try {
    await processNotice(
      services,
      siteId,
      { webhookEventId: stored.webhookEventId, configId: config.configId },
      notice,
      at,
    );
  } catch (error) {
    // The notice is safe; the provider may send it again, and the job queue will do it in any case.
    if (isPassingFault(error)) throw error;
    services.log.error(
      { siteId, webhookEventId: stored.webhookEventId, err: error },
      'a notice could not be processed; it will be tried again',
    );
    await withSite(
      services.database,
      siteId,
      (tx) => insertAttempt(tx, stored.webhookEventId, 'failed', error instanceof Error ? error.name : 'error'),
      at,
    );
  }
  return 'accepted';
}

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
      notice: services.providers.get(found.providerName)?.read(headers, Buffer.from(body)),
    };
  });
  if (known) await processNotice(services, siteId, { webhookEventId, configId: known.configId }, known.notice, at);
}

/** A stored notice and the configuration whose secret signed it. */
type KeptNotice = { readonly webhookEventId: string; readonly configId: ConfigId };

async function processNotice(
  services: Services,
  siteId: SiteId,
  kept: KeptNotice,
  notice: ProviderNotice | undefined,
  at: Date,
): Promise<void> {
  await withSite(
    services.database,
    siteId,
    async (tx) => {
      // The effect and this row are one transaction: a second delivery, or a replay beside it, ends here (O3).
      if (!(await markProcessed(tx, kept.webhookEventId, 'payments'))) return;
      const detail = notice ? await applyFact(services, tx, kept, notice) : 'not_understood';
      await insertAttempt(tx, kept.webhookEventId, detail === 'applied' ? 'processed' : 'ignored', detail);
    },
    at,
  );
}

/** What a verified fact does to its order, as the domain's table says (C07). The order is locked first, so of two notices one waits. */
async function applyFact(
  services: Services,
  tx: SiteTransaction,
  { webhookEventId, configId }: KeptNotice,
  { paymentId, fact }: ProviderNotice,
): Promise<'applied' | 'unknown_payment' | 'nothing_to_do'> {
  const named = isUuid(paymentId) ? await findPayment(tx, id<PaymentId>(paymentId)) : undefined;
  // A secret signs for the payments of its own configuration only, not for whatever it can name (O3).
  const payment = named?.configId === configId ? named : undefined;
  const order = payment && (await lockOrder(tx, payment.orderId));
  if (!payment || !order) return 'unknown_payment';
  const last = await readEvidence(tx, order);
  const outcome = outcomeOfNotice({ ...order, covered: last.covered }, fact, payment.isNewest);
  if (!outcome.record || fact.kind === 'pending') return 'nothing_to_do';
  const entryId = services.newId(tx.at);
  await insertEntry(tx, {
    entryId,
    orderId: order.orderId,
    paymentId: payment.paymentId,
    kind: fact.kind,
    amount: fact.amount,
    mode: fact.mode,
    configId,
    webhookEventId,
  });
  const evidence = outcome.countsAsEvidence
    ? await insertEvidence(tx, order, last, { entryId, amount: fact.amount })
    : last;
  if (outcome.exception)
    await insertException(tx, {
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
          await insertException(tx, {
            exceptionId: services.newId(tx.at),
            orderId: order.orderId,
            entryId,
            kind: 'late',
            amount: fact.amount,
          });
        await event('order.moved');
        return 'applied';
      }
      await saveTransition(tx, moved.value, cause);
      await event('order.confirmed');
      return 'applied';
    }
    case 'authorizePayment':
    case 'failPayment':
    case 'lapsePayment': {
      const moved = transition(order, outcome.transition, 'webhook');
      if (!moved.ok) throw new Error(`the table of notices asked for ${outcome.transition} from ${order.status}`);
      if (outcome.transition === 'failPayment') await release(tx, order.orderId);
      const minutes = {
        failPayment: RETRY_LIFETIME_MINUTES,
        lapsePayment: PAYMENT_LIFETIME_MINUTES.card,
        authorizePayment: AUTHORISATION_LIFETIME_MINUTES,
      }[outcome.transition];
      await saveTransition(tx, moved.value, { ...cause, expiresAt: new Date(tx.at.getTime() + minutes * 60_000) });
      await event('order.moved');
      return 'applied';
    }
    case undefined:
      await event('order.moved');
      return 'applied';
  }
}
