import type { Money } from '@souk/domain/shared';
import { formatMoney } from './formats.ts';
import { type Texts, textsFor } from './texts.ts';

/** How this page speaks to its reader: the texts and formats of one locale. */
export type Reader = { readonly locale: string; readonly t: Texts; readonly money: (amount: Money) => string };

const readers = new Map<string, Reader>();

/** The locale comes from the site's settings; one the platform does not know reads as English instead of failing the page. */
export function readerFor(locale: string): Reader {
  const known = readers.get(locale);
  if (known) return known;
  const usable = isLocale(locale) ? locale : 'en';
  const reader = { locale: usable, t: textsFor(usable), money: (amount: Money) => formatMoney(amount, usable) };
  readers.set(locale, reader);
  return reader;
}

function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}
