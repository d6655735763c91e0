import { type Money, decimalsOf } from '@souk/domain/shared';

/** The few sentences that the server itself puts into pages, by language. The storefront app holds the rest. */
const WORDS = {
  en: {
    all: 'All products', new: 'New in', home: 'Home', results: (q: string) => `Results for “${q}”`, fromPrice: (p: string) => `from ${p}`, includesTax: (tax: string, name: string, rate: string) => `Includes ${tax} ${name} (${rate})`,
    plusTax: (tax: string, name: string) => `plus ${tax} ${name}`, notSold: 'This is not sold any more.', soldOut: 'This is sold out.', left: (n: number) => (n === 1 ? 'Only one left.' : `Only ${n} left.`), priceChanged: (p: string) => `The price is now ${p}.`,
    wrongQuantity: (max: number) => `Choose a number of pieces from 1 to ${max}.`, tooManyLines: (max: number) => `A cart holds ${max} different things at most.`,
    look: 'Something in your cart has changed. Look at it, then go on.', sandbox: 'Card (test)', sandboxWords: 'You pay on the page of the payment provider. No real money moves.', delivery: ['Sent within two working days', '30 days to change your mind'],
    placed: 'Ordered', paid: 'Paid', packed: 'Being packed', sent: 'On its way', subtotal: 'Subtotal', shipping: 'Shipping', total: 'Total', tax: 'Tax', legal: 'By ordering you enter into a contract of sale with the shop.', cardPayment: 'Payment by card',
    status: {
      draft: 'Your order is being prepared.', pending_payment: 'Waiting for your payment to be confirmed.', payment_authorized: 'Your payment is approved; we are collecting it.', payment_failed: 'The payment did not go through. Nothing was charged.', confirmed: 'Paid. We are getting your order ready.',
      on_hold: 'Your order is paid and on hold; we will write to you.', processing: 'Paid. We are packing your order.', completed: 'Your order is on its way.', cancelled: 'This order was cancelled.', expired: 'This order was not paid in time and is closed.',
    },
  },
  de: {
    all: 'Alle Produkte', new: 'Neu', home: 'Start', results: (q: string) => `Ergebnisse für „${q}“`, fromPrice: (p: string) => `ab ${p}`, includesTax: (tax: string, name: string, rate: string) => `Enthält ${tax} ${name} (${rate})`,
    plusTax: (tax: string, name: string) => `zzgl. ${tax} ${name}`, notSold: 'Das wird nicht mehr verkauft.', soldOut: 'Das ist ausverkauft.', left: (n: number) => (n === 1 ? 'Nur noch ein Stück da.' : `Nur noch ${n} da.`), priceChanged: (p: string) => `Der Preis ist jetzt ${p}.`,
    wrongQuantity: (max: number) => `Wähle eine Stückzahl von 1 bis ${max}.`, tooManyLines: (max: number) => `In einen Warenkorb passen höchstens ${max} verschiedene Dinge.`,
    look: 'In deinem Warenkorb hat sich etwas geändert. Sieh es dir an, dann geht es weiter.', sandbox: 'Karte (Test)', sandboxWords: 'Du zahlst auf der Seite des Zahlungsanbieters. Es fließt kein echtes Geld.', delivery: ['Versand innerhalb von zwei Werktagen', '30 Tage Rückgaberecht'],
    placed: 'Bestellt', paid: 'Bezahlt', packed: 'Wird gepackt', sent: 'Unterwegs', subtotal: 'Zwischensumme', shipping: 'Versand', total: 'Summe', tax: 'Steuer', legal: 'Mit der Bestellung schließt du einen Kaufvertrag mit dem Shop.', cardPayment: 'Zahlung per Karte',
    status: {
      draft: 'Deine Bestellung wird angelegt.', pending_payment: 'Wir warten auf die Bestätigung deiner Zahlung.', payment_authorized: 'Deine Zahlung ist genehmigt und wird eingezogen.', payment_failed: 'Die Zahlung hat nicht geklappt. Es wurde nichts abgebucht.', confirmed: 'Bezahlt. Wir machen deine Bestellung fertig.',
      on_hold: 'Deine Bestellung ist bezahlt und angehalten; wir schreiben dir.', processing: 'Bezahlt. Wir packen deine Bestellung.', completed: 'Deine Bestellung ist unterwegs.', cancelled: 'Diese Bestellung wurde storniert.', expired: 'Diese Bestellung wurde nicht rechtzeitig bezahlt und ist geschlossen.',
    },
  },
} as const;

export type PageWords = (typeof WORDS)[keyof typeof WORDS];

export const wordsFor = (locale: string): PageWords => (locale.startsWith('de') ? WORDS.de : WORDS.en);

export const moneyWords = (amount: Money, locale: string): string =>
  new Intl.NumberFormat(locale, { style: 'currency', currency: amount.currency, minimumFractionDigits: decimalsOf(amount.currency), maximumFractionDigits: decimalsOf(amount.currency) }).format(amount.minorUnits / 10 ** decimalsOf(amount.currency));
