import { withSite } from '@souk/db';
import { type OrderDetail, findOrder } from '@souk/db/commerce';
import { type EmailType, emailProgress } from '@souk/db/integrations';
import { findSiteById, getConfiguration, type SiteConfiguration } from '@souk/db/identity';
import { type Money, type OrderId, type SiteId, id, times } from '@souk/domain/shared';
import { orderLinkToken } from '../commerce/order-link.ts';
import { htmlText } from '../http/html-text.ts';
import type { Services } from '../services.ts';
import { moneyWords } from '../storefront-html/page-words.ts';
import type { Mail, Mailer } from './mailer.ts';
import type { JobData } from './relay.ts';
import { sendNoted } from './send-noted.ts';

type OrderEmailType = Extract<EmailType, `order_${string}`>;

const TYPE_OF: Readonly<Record<string, OrderEmailType>> = {
  'order.submitted': 'order_unpaid',
  'order.confirmed': 'order_confirmed',
  'order.fulfilled': 'order_shipped',
};

/**
 * Sends the mail an event asks for, at least once; the event's id is the mail's id, so a second copy is known as one.
 */
export const orderMail =
  (services: Services, mailer: Mailer, from: string) =>
  async ({ siteId, eventId, kind, entityId }: JobData, isLastTry = false): Promise<void> => {
    const emailType = TYPE_OF[kind];
    if (!emailType) return;
    const orderId = id<OrderId>(entityId);
    const site = await findSiteById(services.database, siteId);
    const found = await withSite(services.database, siteId, async (tx) => {
      const order = await findOrder(tx, { orderId });
      return order && { order, config: await getConfiguration(tx), progress: await emailProgress(tx, eventId) };
    });
    if (!site || !found?.order.customerEmail || found.progress.status === 'accepted') return;
    // Paid, given up or looked at by a person meanwhile: there is nothing to remind of.
    if (emailType === 'order_unpaid' && !isPayable(found.order)) return;
    const { order, config, progress } = found;
    const link = `${services.shopOrigin(site.primaryDomain ?? '')}/orders/${orderLinkToken(services.key, orderId)}`;
    const mail = compose({
      siteId,
      siteName: site.name,
      emailType,
      order,
      config,
      link,
      messageId: `<${eventId}@souk>`,
      to: found.order.customerEmail,
      from,
    });
    const { personId } = order;
    const { n } = progress;
    await sendNoted(
      services,
      mailer,
      { siteId, dispatchId: eventId, emailType, orderId, personId, n },
      mail,
      isLastTry,
    );
  };

/** Whether its buyer can still pay it, and nothing of a payment has come. */
const isPayable = (order: OrderDetail): boolean =>
  (order.status === 'pending_payment' || order.status === 'payment_failed') && order.evidence.length === 0;

const TEXTS = {
  en: {
    unpaidSubject: (n: string) => `Your order ${n} is waiting for payment`,
    unpaidLead:
      'We have your order, but no payment has arrived yet. You can pay it on its own page; if you changed your mind, you need not do anything.',
    confirmedSubject: (n: string) => `Your order ${n} is confirmed`,
    confirmedLead: 'Thank you for your order. We have received your payment and are getting your things ready.',
    shippedSubject: (n: string) => `Your order ${n} is on its way`,
    shippedLead: 'Your parcel has left our hands.',
    tracking: 'Tracking number',
    total: 'Total',
    shipping: 'Shipping',
    includes: (tax: string) => `includes ${tax}`,
    see: 'See your order',
  },
  de: {
    unpaidSubject: (n: string) => `Ihre Bestellung ${n} wartet auf die Zahlung`,
    unpaidLead:
      'Ihre Bestellung ist da, aber noch keine Zahlung. Sie können auf der Seite der Bestellung bezahlen; haben Sie es sich anders überlegt, brauchen Sie nichts zu tun.',
    confirmedSubject: (n: string) => `Ihre Bestellung ${n} ist bestätigt`,
    confirmedLead: 'Danke für Ihre Bestellung. Ihre Zahlung ist da, und wir machen alles fertig.',
    shippedSubject: (n: string) => `Ihre Bestellung ${n} ist unterwegs`,
    shippedLead: 'Ihr Paket ist auf dem Weg zu Ihnen.',
    tracking: 'Sendungsnummer',
    total: 'Summe',
    shipping: 'Versand',
    includes: (tax: string) => `enthält ${tax}`,
    see: 'Zur Bestellung',
  },
} as const;

function compose(m: {
  siteId: SiteId;
  siteName: string;
  emailType: OrderEmailType;
  order: OrderDetail;
  config: SiteConfiguration;
  link: string;
  messageId: string;
  to: string;
  from: string;
}): Mail {
  const { order, config } = m;
  const t = config.locale.startsWith('de') ? TEXTS.de : TEXTS.en;
  const money = (amount: Money): string => moneyWords(amount, config.locale);
  const [subjectOf, lead] = {
    order_unpaid: [t.unpaidSubject, t.unpaidLead] as const,
    order_confirmed: [t.confirmedSubject, t.confirmedLead] as const,
    order_shipped: [t.shippedSubject, t.shippedLead] as const,
  }[m.emailType];
  const subject = subjectOf(order.orderNumber);
  const lines = order.items.map((i) => ({
    text: `${i.quantity} × ${i.title}${i.options.length ? ` (${i.options.join(', ')})` : ''}`,
    amount: money(times(i.price, i.quantity)),
  }));
  const parcel = order.fulfilments.at(-1);
  const tracking =
    m.emailType === 'order_shipped' && parcel?.trackingNumber
      ? `${t.tracking}: ${[parcel.carrier, parcel.trackingNumber].filter(Boolean).join(' ')}`
      : '';
  const tax =
    order.totals.taxIncluded.minorUnits > 0
      ? t.includes(`${money(order.totals.taxIncluded)} ${order.totals.taxName}`)
      : '';
  const rows = [
    ...lines,
    { text: `${t.shipping}: ${order.totals.shippingName}`, amount: money(order.totals.shipping) },
    { text: t.total, amount: `${money(order.total)}${tax ? ` (${tax})` : ''}` },
  ];
  return {
    messageId: m.messageId,
    from: { name: m.siteName.replace(/[\r\n"<>]/g, ' '), address: m.from },
    to: m.to,
    subject,
    text: [lead, tracking, '', ...rows.map((r) => `${r.text}   ${r.amount}`), '', `${t.see}: ${m.link}`, '', m.siteName]
      .filter((line, i) => line !== '' || i > 0)
      .join('\n'),
    html: `<!doctype html><meta charset="utf-8"><title>${htmlText(subject)}</title><body style="font:16px/1.5 system-ui,sans-serif;max-width:36rem;margin:2rem auto;padding:0 1rem"><h1 style="font-size:1.25rem">${htmlText(subject)}</h1><p>${htmlText(lead)}</p>${tracking ? `<p>${htmlText(tracking)}</p>` : ''}<table style="width:100%;border-collapse:collapse">${rows.map((r) => `<tr><td style="padding:.4rem 0;border-top:1px solid #ddd">${htmlText(r.text)}</td><td style="padding:.4rem 0;border-top:1px solid #ddd;text-align:right;white-space:nowrap">${htmlText(r.amount)}</td></tr>`).join('')}</table><p><a href="${htmlText(m.link)}">${htmlText(t.see)}</a></p><p>${htmlText(m.siteName)}</p>`,
  };
}
