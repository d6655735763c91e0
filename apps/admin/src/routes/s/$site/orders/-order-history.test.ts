import { currency } from '@souk/domain/shared';
import { expect, test } from 'vitest';
import { historyOf } from './-order-history.ts';

const eur = currency('EUR');
if (!eur) throw new Error('no euro');
const amount = { minorUnits: 1990, currency: eur };
const at = (minute: number): string => `2026-11-24T12:0${minute}:00.000Z`;

test('steps, money and mails are one list, newest first; in the same moment the cause stands below its effect', () => {
  const history = historyOf({
    transitions: [
      {
        n: 1,
        from: 'none',
        to: 'draft',
        triggeredBy: 'customer',
        actorKind: 'customer',
        reasonCode: 'cart_checked_out',
        timestamp: at(0),
      },
      {
        n: 2,
        from: 'draft',
        to: 'pending_payment',
        triggeredBy: 'customer',
        actorKind: 'customer',
        reasonCode: 'submitted',
        timestamp: at(0),
      },
      {
        n: 3,
        from: 'pending_payment',
        to: 'confirmed',
        triggeredBy: 'webhook',
        actorKind: 'provider',
        reasonCode: 'payment_captured',
        timestamp: at(1),
      },
    ],
    payments: [
      {
        paymentId: 'p',
        providerName: 'sandbox',
        status: 'captured',
        amount,
        entries: [{ kind: 'captured', amount, timestamp: at(1) }],
      },
    ],
    emails: [{ emailType: 'order_confirmed', status: 'accepted', timestamp: at(2) }],
  });
  expect(history.map((line) => line.what)).toEqual([
    'Confirmation e-mail sent',
    'Paid and confirmed',
    'Payment received',
    'Order placed',
    'Order begun',
  ]);
  expect(history[1]).toMatchObject({ who: 'Payment provider', why: 'the payment arrived in full' });
  expect(history[2]).toMatchObject({ who: 'sandbox', amount });
});
