import { actorWords, entryWords, mailWords, reasonWords, stepWords } from '../../../../order-words.ts';
import type { Order } from './-order-dialogs.tsx';

export type HistoryLine = {
  readonly key: string;
  readonly at: string;
  readonly what: string;
  readonly who?: string;
  readonly why?: string;
  readonly kind: 'step' | 'money' | 'mail';
  readonly amount?: Order['total'];
};

/** Everything that happened to an order in one reading order, newest first: steps, money, mails. */
export function historyOf(order: Pick<Order, 'transitions' | 'payments' | 'emails'>): readonly HistoryLine[] {
  const steps = order.transitions.map((t): HistoryLine => ({
    key: `step-${t.n}`,
    at: t.timestamp,
    kind: 'step',
    what: stepWords(t.from, t.to),
    who: actorWords(t),
    why: reasonWords(t.reasonCode),
  }));
  const money = order.payments.flatMap((payment) =>
    payment.entries.map((entry, i): HistoryLine => ({
      key: `money-${payment.paymentId}-${i}`,
      at: entry.timestamp,
      kind: 'money',
      what: entryWords(entry.kind),
      who: payment.providerName,
      amount: entry.amount,
    })),
  );
  const mails = order.emails.map((mail, i): HistoryLine => ({
    key: `mail-${i}`,
    at: mail.timestamp,
    kind: 'mail',
    what: mailWords(mail.emailType, mail.status),
  }));
  // What happened in the same moment keeps the order of cause and effect: money, then the step it caused, then the mail.
  const rank = { money: 0, step: 1, mail: 2 } as const;
  return [...steps, ...money, ...mails]
    .map((line, i) => ({ line, i }))
    .toSorted((a, b) => b.line.at.localeCompare(a.line.at) || rank[b.line.kind] - rank[a.line.kind] || b.i - a.i)
    .map(({ line }) => line);
}
