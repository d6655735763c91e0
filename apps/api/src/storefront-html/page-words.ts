import { type Money, decimalsOf } from '@souk/domain/shared';

/** The few sentences that the server itself puts into pages, by language. The storefront app holds the rest. */
const WORDS = {
  en: {
    all: 'All products',
    new: 'New in',
    fromPrice: (p: string) => `from ${p}`,
    includesTax: (tax: string, name: string, rate: string) => `Includes ${tax} ${name} (${rate})`,
    plusTax: (tax: string, name: string) => `plus ${tax} ${name}`,
    notSold: 'This is not sold any more.',
    soldOut: 'This is sold out.',
    left: (n: number) => (n === 1 ? 'Only one left.' : `Only ${n} left.`),
    priceChanged: (p: string) => `The price is now ${p}.`,
    payment: 'Payment',
    notPaidYet: 'You have not paid yet. Your things are kept for you for half an hour.',
    otherAmount: 'A payment of another amount than asked for has arrived. We are looking at it and will write to you.',
    moneyBack: 'What you paid is recorded; we will write to you about its return.',
    wrongQuantity: (max: number) => `Choose a number of pieces from 1 to ${max}.`,
    tooManyLines: (max: number) => `A cart holds ${max} different things at most.`,
    look: 'Something in your cart has changed. Look at it, then go on.',
    sandbox: 'Card (test)',
    sandboxWords: 'You pay on the page of the payment provider. No real money moves.',
    delivery: ['Sent within two working days', '30 days to change your mind'],
    placed: 'Ordered',
    paid: 'Paid',
    packed: 'Being packed',
    sent: 'On its way',
    subtotal: 'Subtotal',
    shipping: 'Shipping',
    total: 'Total',
    tax: 'Tax',
    legal: 'By ordering you enter into a contract of sale with the shop.',
    cardPayment: 'Payment by card',
    status: {
      draft: 'Your order is being prepared.',
      pending_payment: 'Waiting for your payment to be confirmed.',
      payment_authorized: 'Your payment is approved; we are collecting it.',
      payment_failed: 'The payment did not go through. Nothing was charged.',
      confirmed: 'Paid. We are getting your order ready.',
      on_hold: 'Your order is paid and on hold; we will write to you.',
      processing: 'Paid. We are packing your order.',
      completed: 'Your order is on its way.',
      cancelled: 'This order was cancelled.',
      expired: 'This order was not paid in time and is closed.',
    },
  },
  de: {
    all: 'Alle Produkte',
    new: 'Neu',
    fromPrice: (p: string) => `ab ${p}`,
    includesTax: (tax: string, name: string, rate: string) => `Enthält ${tax} ${name} (${rate})`,
    plusTax: (tax: string, name: string) => `zzgl. ${tax} ${name}`,
    notSold: 'Das wird nicht mehr verkauft.',
    soldOut: 'Das ist ausverkauft.',
    left: (n: number) => (n === 1 ? 'Nur noch ein Stück da.' : `Nur noch ${n} da.`),
    priceChanged: (p: string) => `Der Preis ist jetzt ${p}.`,
    payment: 'Zahlung',
    notPaidYet: 'Sie haben noch nicht bezahlt. Ihre Artikel sind für eine halbe Stunde reserviert.',
    otherAmount: 'Es ist ein anderer Betrag als erwartet eingegangen. Wir sehen es uns an und schreiben Ihnen.',
    moneyBack: 'Ihre Zahlung ist verbucht; wegen der Rückgabe schreiben wir Ihnen.',
    wrongQuantity: (max: number) => `Wählen Sie eine Stückzahl von 1 bis ${max}.`,
    tooManyLines: (max: number) => `In einen Warenkorb passen höchstens ${max} verschiedene Dinge.`,
    look: 'In Ihrem Warenkorb hat sich etwas geändert. Sehen Sie es sich an, dann geht es weiter.',
    sandbox: 'Karte (Test)',
    sandboxWords: 'Sie zahlen auf der Seite des Zahlungsanbieters. Es fließt kein echtes Geld.',
    delivery: ['Versand innerhalb von zwei Werktagen', '30 Tage Rückgaberecht'],
    placed: 'Bestellt',
    paid: 'Bezahlt',
    packed: 'Wird gepackt',
    sent: 'Unterwegs',
    subtotal: 'Zwischensumme',
    shipping: 'Versand',
    total: 'Summe',
    tax: 'Steuer',
    legal: 'Mit der Bestellung schließen Sie einen Kaufvertrag mit dem Shop.',
    cardPayment: 'Zahlung per Karte',
    status: {
      draft: 'Ihre Bestellung wird angelegt.',
      pending_payment: 'Wir warten auf die Bestätigung Ihrer Zahlung.',
      payment_authorized: 'Ihre Zahlung ist genehmigt und wird eingezogen.',
      payment_failed: 'Die Zahlung hat nicht geklappt. Es wurde nichts abgebucht.',
      confirmed: 'Bezahlt. Wir machen Ihre Bestellung fertig.',
      on_hold: 'Ihre Bestellung ist bezahlt und angehalten; wir schreiben Ihnen.',
      processing: 'Bezahlt. Wir packen Ihre Bestellung.',
      completed: 'Ihre Bestellung ist unterwegs.',
      cancelled: 'Diese Bestellung wurde storniert.',
      expired: 'Diese Bestellung wurde nicht rechtzeitig bezahlt und ist geschlossen.',
    },
  },
} as const;

export type PageWords = (typeof WORDS)[keyof typeof WORDS];

export const wordsFor = (locale: string): PageWords => (locale.startsWith('de') ? WORDS.de : WORDS.en);

// A formatter costs far more to make than to use, and there are as many as the shops have languages and currencies.
const formatters = new Map<string, Intl.NumberFormat>();

/** An amount in the shop's format, as the storefront writes it: `€49.00`, `49,00 €`, `¥12,800`. */
export function moneyWords({ minorUnits, currency }: Money, locale: string): string {
  const decimals = decimalsOf(currency);
  const name = `${locale} ${currency}`;
  let formatter = formatters.get(name);
  if (!formatter) {
    formatter = new Intl.NumberFormat(locale, {
      style: 'currency',
      currency,
      currencyDisplay: 'narrowSymbol',
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    });
    formatters.set(name, formatter);
  }
  return formatter.format(minorUnits / 10 ** decimals);
}
