import { randomBytes } from 'node:crypto';
import { request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import { Webhook } from 'standardwebhooks';
import type { Attempt, Delivering, Delivery, Entry, Ledger, Notice, Session } from './books.ts';

/** All in milliseconds. `retries` are the pauses after the first, second … failed attempt; after the last one it gives up. */
export type Timing = { readonly late: number; readonly timeout: number; readonly retries: readonly number[] };

export const USUAL_TIMING: Timing = {
  late: 10_000,
  timeout: 10_000,
  retries: [1_000, 5_000, 15_000, 60_000, 300_000, 900_000, 3_600_000],
};

/** Connect here whatever host a notice is for; the Host header stays that of the address. */
export type ConnectTo = { readonly host: string; readonly port: number };

type Post = {
  readonly ledger: Ledger;
  readonly clock: () => Date;
  readonly timing: Timing;
  readonly connectTo: ConnectTo | undefined;
};

/** Tells the shops what happened: signed after Standard Webhooks, repeated until answered with a 2xx. */
export function openPost({ ledger, clock, timing, connectTo }: Post) {
  const timers = new Map<string, NodeJS.Timeout>();

  /** Undefined when it was accepted or given up. */
  const nextAttemptAt = ({ dueAt, attempts }: Delivery): number | undefined => {
    const last = attempts.at(-1);
    if (!last) return Date.parse(dueAt);
    if (isAccepted(last)) return undefined;
    const pause = timing.retries[attempts.length - 1];
    return pause === undefined ? undefined : Date.parse(last.at) + pause;
  };

  const schedule = (noticeId: string, deliveryId: string): void => {
    const delivery = ledger.notice(noticeId)?.deliveries.find((one) => one.id === deliveryId);
    const at = delivery && nextAttemptAt(delivery);
    if (at === undefined) return;
    const wait = Math.max(0, at - clock().getTime());
    timers.set(deliveryId, setTimeout(() => void attempt(noticeId, deliveryId), wait).unref());
  };

  const attempt = async (noticeId: string, deliveryId: string): Promise<void> => {
    const notice = ledger.notice(noticeId);
    if (!notice || !timers.delete(deliveryId)) return;
    const outcome = await send(notice);
    ledger.write({ line: 'attempt', noticeId, deliveryId, attempt: outcome });
    if (!isStopped) schedule(noticeId, deliveryId);
  };

  const send = async ({ id, account, body }: Notice): Promise<Attempt> => {
    const now = clock();
    const at = now.toISOString();
    const to = ledger.account(account);
    if (!to) return { at, error: 'no notice address is registered' };
    try {
      const signature = new Webhook(to.noticeSecret).sign(id, now, body);
      const headers = {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
        'webhook-signature': signature,
      };
      return { at, status: await post(new URL(to.noticeUrl), headers, body, timing.timeout, connectTo) };
    } catch (error) {
      return { at, error: error instanceof Error ? error.message : String(error) };
    }
  };

  let isStopped = false;

  const deliver = (noticeId: string, delay: number): void => {
    const dueAt = new Date(clock().getTime() + delay).toISOString();
    const delivery = { id: `dlv_${randomBytes(9).toString('hex')}`, dueAt, attempts: [] };
    ledger.write({ line: 'delivery', noticeId, delivery });
    schedule(noticeId, delivery.id);
  };

  return {
    /** Records the notice of an entry and sends it in the asked way. */
    announce: (session: Session, entry: Entry, { isTwice, isLate }: Delivering): void => {
      const id = `msg_${randomBytes(12).toString('hex')}`;
      const type = `payment.${entry.kind}` as const;
      const { id: sessionId, paymentId, reference, mode, account } = session;
      const data = { sessionId, paymentId, reference, amount: entry.amount, currency: entry.currency, mode };
      const body = JSON.stringify({ type, id, createdAt: entry.at, data });
      ledger.write({ line: 'notice', notice: { id, account, sessionId, type, body, deliveries: [] } });
      for (let times = 0; times < (isTwice ? 2 : 1); times += 1) deliver(id, isLate ? timing.late : 0);
    },
    resend: (noticeId: string): void => deliver(noticeId, 0),
    /** Takes up what a restart interrupted. */
    resume: (): void => {
      for (const { id, deliveries } of ledger.books().notices)
        for (const delivery of deliveries) schedule(id, delivery.id);
    },
    stop: (): void => {
      isStopped = true;
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}

export const isAccepted = ({ status }: Attempt): boolean => status !== undefined && status >= 200 && status < 300;

/**
 * Posts once, follows nothing, and resolves with the status. Node does not resolve `*.localhost` everywhere as browsers do, so
 * such hosts are this machine.
 */
async function post(
  url: URL,
  headers: Record<string, string>,
  body: string,
  timeout: number,
  connectTo?: ConnectTo,
): Promise<number> {
  const isSecure = url.protocol === 'https:';
  const isHere = url.hostname === 'localhost' || url.hostname.endsWith('.localhost');
  const host = connectTo?.host ?? (isHere ? '127.0.0.1' : url.hostname.replace(/^\[|\]$/g, ''));
  const port = connectTo?.port ?? (url.port || (isSecure ? 443 : 80));
  return new Promise((resolve, reject) => {
    const call = (isSecure ? requestSecure : requestPlain)({
      host,
      port,
      servername: url.hostname,
      method: 'POST',
      path: `${url.pathname}${url.search}`,
      headers: { ...headers, host: url.host, 'content-length': Buffer.byteLength(body) },
      agent: false,
    });
    const limit = setTimeout(() => call.destroy(new Error(`no answer within ${timeout / 1000} s`)), timeout);
    call.on('response', (answer) => {
      answer.resume();
      answer.on('error', reject);
      answer.on('end', () => resolve(answer.statusCode ?? 0));
    });
    call.on('error', reject);
    call.on('close', () => clearTimeout(limit));
    call.end(body);
  });
}
