import { Webhook } from 'standardwebhooks';
import { v7 } from 'uuid';
import type { TestSite } from './a-site.ts';
import type { Answer, HttpClient } from './http-client.ts';

export type NoticeType =
  | 'payment.authorised'
  | 'payment.captured'
  | 'payment.failed'
  | 'payment.voided'
  | 'payment.pending';

export type NoticeWish = {
  readonly type: NoticeType;
  readonly paymentId: string;
  /** A decimal, such as `19.90`. */
  readonly amount: string;
  readonly currency?: string;
  readonly mode?: 'live' | 'test';
  /** The provider's id of the notice; the same id again is the same notice. */
  readonly id?: string;
  readonly at?: Date;
};

export type SignedNotice = { readonly headers: Record<string, string>; readonly body: string };

/** The headers of a body signed as the provider signs (Standard Webhooks). */
export const signed = (noticeSecret: string, id: string, body: string, at = new Date()): SignedNotice => ({
  body,
  headers: {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(noticeSecret).sign(id, at, body),
  },
});

/** A notice of the site's provider about one payment, signed. */
export function signNotice(site: Pick<TestSite, 'credential' | 'currency'>, wish: NoticeWish): SignedNotice {
  const id = wish.id ?? `msg_${v7()}`;
  const data = {
    sessionId: 'cs_test',
    paymentId: 'pay_test',
    reference: wish.paymentId,
    amount: wish.amount,
    currency: wish.currency ?? site.currency,
    mode: wish.mode ?? 'test',
  };
  return signed(site.credential.noticeSecret, id, JSON.stringify({ type: wish.type, id, data }), wish.at);
}

/** Delivers a signed notice to a configuration's address at the API's host. */
export const deliver = (api: HttpClient, configId: string, notice: SignedNotice): Promise<Answer> =>
  api.send(`/webhooks/payments/${configId}`, {
    method: 'POST',
    body: notice.body,
    headers: { ...notice.headers, 'sec-fetch-site': undefined },
  });
