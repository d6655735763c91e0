import { type Currency, currency, fromDecimal, toDecimal } from '@souk/domain/shared';
import { Webhook } from 'standardwebhooks';
import { request } from 'undici';
import { z } from 'zod';
import { loopback } from '../http/loopback.ts';
import { type PaymentProvider, ProviderUnreachable } from './payment-provider.ts';

// The buyer's browser is sent there, so it has to be a page.
const session = z.object({ id: z.string().min(1), url: z.url({ protocol: /^https?$/ }) });
const notice = z.object({
  type: z.enum(['payment.authorised', 'payment.captured', 'payment.failed', 'payment.voided', 'payment.pending']),
  data: z.object({ reference: z.string(), amount: z.string(), currency: z.string(), mode: z.enum(['live', 'test']) }),
});

const KINDS = {
  'payment.authorised': 'authorised',
  'payment.captured': 'captured',
  'payment.failed': 'failed',
  'payment.voided': 'voided',
  'payment.pending': 'pending',
} as const;

const TIMEOUT_MS = 8_000;
const MAX_ANSWER_BYTES = 256 * 1024;

/** The whole text of an answer, unless it is longer than any answer of the provider. */
async function boundedText(body: AsyncIterable<Buffer>): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of body) {
    size += piece.length;
    if (size > MAX_ANSWER_BYTES) throw new ProviderUnreachable('the payment provider answered without an end');
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

/** Adapter of the development payment provider: a hosted page, notices signed after Standard Webhooks (standardwebhooks.com). */
export function sandboxProvider(origin: URL): PaymentProvider {
  const call = async (
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    apiKey: string,
    body?: unknown,
    idempotencyKey?: string,
  ): Promise<unknown> => {
    const { target, headers } = loopback(new URL(path, origin));
    try {
      const answer = await request(target, {
        method,
        headers: {
          ...headers,
          authorization: `Bearer ${apiKey}`,
          ...(body ? { 'content-type': 'application/json' } : {}),
          ...(idempotencyKey ? { 'idempotency-key': idempotencyKey } : {}),
        },
        body: body ? JSON.stringify(body) : null,
        headersTimeout: TIMEOUT_MS,
        bodyTimeout: TIMEOUT_MS,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (answer.statusCode >= 300) {
        await answer.body.dump();
        throw new ProviderUnreachable(`the payment provider answered ${answer.statusCode}`);
      }
      return JSON.parse(await boundedText(answer.body));
    } catch (error) {
      if (error instanceof ProviderUnreachable) throw error;
      throw new ProviderUnreachable('the payment provider did not answer', { cause: error });
    }
  };
  return {
    name: 'sandbox',
    maxNoticeBytes: 64 * 1024,
    begin: async (credential, { paymentId, amount, description, returnUrl, cancelUrl }) => {
      const body = {
        reference: paymentId,
        amount: toDecimal(amount),
        currency: amount.currency,
        description,
        returnUrl,
        cancelUrl,
        mode: 'test',
      };
      const answer = session.safeParse(await call('POST', '/v1/checkout-sessions', credential.apiKey, body, paymentId));
      if (!answer.success) throw new ProviderUnreachable('the payment provider answered something else than a session');
      return { providerReference: answer.data.id, redirectUrl: answer.data.url };
    },
    connect: async (credential, noticeUrl) => {
      await call('PUT', '/v1/account', credential.apiKey, { noticeUrl, noticeSecret: credential.noticeSecret });
      await call('GET', '/v1/account', credential.apiKey);
    },
    verify: (credential, headers, body) => {
      try {
        new Webhook(credential.noticeSecret).verify(body, {
          'webhook-id': headers['webhook-id'] ?? '',
          'webhook-timestamp': headers['webhook-timestamp'] ?? '',
          'webhook-signature': headers['webhook-signature'] ?? '',
        });
        return true;
      } catch {
        return false;
      }
    },
    read: (headers, body) => {
      let json: unknown;
      try {
        json = JSON.parse(body.toString('utf8'));
      } catch {
        return undefined;
      }
      const parsed = notice.safeParse(json);
      if (!parsed.success) return undefined;
      const { type, data } = parsed.data;
      const code: Currency | undefined = currency(data.currency);
      if (!code || !/^\d{1,15}(\.\d{1,4})?$/.test(data.amount)) return undefined;
      try {
        return {
          externalEventId: headers['webhook-id'] ?? '',
          paymentId: data.reference,
          fact: { kind: KINDS[type], amount: fromDecimal(data.amount, code), mode: data.mode },
        };
      } catch {
        return undefined;
      }
    },
  };
}
