import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';

export type EntryKind = 'authorised' | 'captured' | 'failed' | 'voided' | 'pending';
export type SessionStatus = 'open' | 'paid' | 'declined' | 'authorised' | 'pending' | 'expired';

/** How a notice travels: once and at once, or with the troubles that real ones meet. */
export type Delivering = { readonly isTwice: boolean; readonly isLate: boolean };

/** What happened to the money, in order; never changed. Amounts are decimals as text, in the currency's usual units. */
export type Entry = {
  readonly kind: EntryKind;
  readonly amount: string;
  readonly currency: string;
  readonly at: string;
  /** Only on `pending`: when it is captured by itself, and how that is told. */
  readonly captureAt?: string;
  readonly delivering?: Delivering;
};

export type SessionRequest = {
  readonly reference: string;
  readonly amount: string;
  readonly currency: string;
  readonly description: string;
  readonly returnUrl: string;
  readonly cancelUrl: string;
  readonly mode: 'test';
  readonly expiresAt?: string | undefined;
};

export type Session = SessionRequest & {
  readonly id: string;
  readonly paymentId: string;
  readonly account: string;
  readonly idempotencyKey: string;
  readonly requestHash: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly entries: readonly Entry[];
};

export type Account = { readonly id: string; readonly noticeUrl: string; readonly noticeSecret: string };

export type Attempt = { readonly at: string; readonly status?: number; readonly error?: string };

/** One sending of a notice, repeated until it is accepted; the same notice may be delivered more than once. */
export type Delivery = { readonly id: string; readonly dueAt: string; readonly attempts: readonly Attempt[] };

export type Notice = {
  readonly id: string;
  readonly account: string;
  readonly sessionId: string;
  readonly type: `payment.${EntryKind}`;
  readonly body: string;
  readonly deliveries: readonly Delivery[];
};

export type Books = {
  readonly accounts: readonly Account[];
  readonly sessions: readonly Session[];
  readonly notices: readonly Notice[];
};

type Line =
  | { readonly line: 'account'; readonly account: Account }
  | { readonly line: 'session'; readonly session: Session }
  | { readonly line: 'entry'; readonly sessionId: string; readonly entry: Entry }
  | { readonly line: 'notice'; readonly notice: Notice }
  | { readonly line: 'delivery'; readonly noticeId: string; readonly delivery: Delivery }
  | { readonly line: 'attempt'; readonly noticeId: string; readonly deliveryId: string; readonly attempt: Attempt };

export type Ledger = ReturnType<typeof openLedger>;

/**
 * The provider's memory. Every change is one line; with a file the lines are kept there (0600, it holds signing secrets) and
 * read again at the next start. A last line that a crash cut off is dropped.
 */
export function openLedger(dataFile: string | undefined) {
  const accounts = new Map<string, Account>();
  const sessions = new Map<string, Session>();
  const notices = new Map<string, Notice>();

  const changeNotice = (id: string, change: (notice: Notice) => Notice): void => {
    const notice = notices.get(id);
    if (notice) notices.set(id, change(notice));
  };

  const apply = (line: Line): void => {
    switch (line.line) {
      case 'account':
        accounts.set(line.account.id, line.account);
        return;
      case 'session':
        sessions.set(line.session.id, line.session);
        return;
      case 'entry': {
        const session = sessions.get(line.sessionId);
        if (session) sessions.set(session.id, { ...session, entries: [...session.entries, line.entry] });
        return;
      }
      case 'notice':
        notices.set(line.notice.id, line.notice);
        return;
      case 'delivery':
        changeNotice(line.noticeId, (notice) => ({ ...notice, deliveries: [...notice.deliveries, line.delivery] }));
        return;
      case 'attempt':
        changeNotice(line.noticeId, (notice) => ({
          ...notice,
          deliveries: notice.deliveries.map((delivery) =>
            delivery.id === line.deliveryId
              ? { ...delivery, attempts: [...delivery.attempts, line.attempt] }
              : delivery,
          ),
        }));
    }
  };

  if (dataFile !== undefined) for (const line of readLines(dataFile)) apply(line);

  return {
    write: (line: Line): void => {
      if (dataFile !== undefined) appendFileSync(dataFile, `${JSON.stringify(line)}\n`, { mode: 0o600 });
      apply(line);
    },
    account: (id: string) => accounts.get(id),
    session: (id: string) => sessions.get(id),
    notice: (id: string) => notices.get(id),
    sessionByKey: (account: string, idempotencyKey: string) =>
      [...sessions.values()].find((one) => one.account === account && one.idempotencyKey === idempotencyKey),
    books: (): Books => ({
      accounts: [...accounts.values()],
      sessions: [...sessions.values()],
      notices: [...notices.values()],
    }),
  };
}

function readLines(dataFile: string): Line[] {
  mkdirSync(dirname(dataFile), { recursive: true, mode: 0o700 });
  if (!existsSync(dataFile)) return [];
  chmodSync(dataFile, 0o600);
  const bytes = readFileSync(dataFile);
  const whole = bytes.lastIndexOf('\n') + 1;
  if (whole < bytes.length) truncateSync(dataFile, whole);
  const texts = bytes.subarray(0, whole).toString('utf8').split('\n');
  return texts.filter((text) => text !== '').map((text): Line => JSON.parse(text));
}

const STATUS_AFTER = {
  authorised: 'authorised',
  captured: 'paid',
  failed: 'declined',
  voided: 'declined',
  pending: 'pending',
} as const satisfies Record<EntryKind, SessionStatus>;

/** Where a session stands: after its last entry, or by its age when nothing happened. */
export function statusOf({ entries, expiresAt }: Session, now: Date): SessionStatus {
  const last = entries.at(-1);
  if (last) return STATUS_AFTER[last.kind];
  return new Date(expiresAt) <= now ? 'expired' : 'open';
}
