import type { CartRead, Picture, ProductCard, ShopFrame, StorefrontVariant } from '@souk/db/catalog';
import type { Site } from '@souk/db/identity';
import { stockState } from '@souk/domain/catalog';
import { MAX_QUANTITY, type Totals, cartProblems, computeTotals } from '@souk/domain/commerce';
import { type Money, times, zero } from '@souk/domain/shared';
import type {
  Cart,
  ProductCard as CardPart,
  Picture as PicturePart,
  Shop,
  VariantStock,
} from '@souk/storefront/page-data';
import { MEDIA_WIDTHS } from '../content/media-files.ts';
import { moneyWords, wordsFor } from './page-words.ts';

/** The shop around a page, in the storefront's own form. */
export function shopOf(site: Site, frame: ShopFrame, origin: string): Shop {
  const words = wordsFor(frame.shop.locale);
  return {
    name: site.name,
    handle: site.handle,
    locale: frame.shop.locale,
    currency: frame.shop.currency,
    theme: frame.shop.theme,
    origin,
    timeZone: frame.shop.timeZone,
    pricesIncludeTax: frame.shop.pricesIncludeTax,
    navigation: [
      { label: words.all, href: '/products' },
      ...frame.collections.slice(0, 5).map((c) => ({ label: c.title, href: `/products?collection=${c.slug}` })),
    ],
    mode: frame.shop.mode,
    tagline: frame.shop.storefront.tagline,
    contactEmail: frame.shop.contactEmail ?? undefined,
  };
}

/** A picture in the served widths, by its content's hash. */
export const pictureOf = (p: Picture): PicturePart => ({
  url: `/media/${p.hash}/640.webp`,
  alt: p.alt,
  width: p.width,
  height: p.height,
  sources: MEDIA_WIDTHS.map((width) => ({ url: `/media/${p.hash}/${width}.webp`, width })),
});

export const cardOf = (c: ProductCard): CardPart => ({
  slug: c.slug,
  title: c.title,
  price: c.priceFrom,
  hasRange: c.priceFrom.minorUnits !== c.priceTo.minorUnits,
  compareAt: c.compareAt,
  images: c.images.map(pictureOf),
  soldOut: c.available === 0,
});

export function stockOf(v: StorefrontVariant, lowAt: number): VariantStock {
  const state = stockState(v, lowAt);
  return state === 'low' ? { state, left: v.onHand - v.reserved } : { state };
}

const percents = new Map<string, Intl.NumberFormat>();

export function rateWords(ratePerMillion: number, locale: string): string {
  let percent = percents.get(locale);
  if (!percent) {
    percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 2 });
    percents.set(locale, percent);
  }
  return percent.format(ratePerMillion / 1_000_000);
}

/** What the tax of a total says to its reader. */
export function taxWords(
  totals: Pick<Totals, 'taxAdded' | 'taxIncluded'>,
  tax: { name: string; ratePerMillion: number },
  locale: string,
): string | undefined {
  const words = wordsFor(locale);
  if (totals.taxIncluded.minorUnits > 0)
    return words.includesTax(moneyWords(totals.taxIncluded, locale), tax.name, rateWords(tax.ratePerMillion, locale));
  return totals.taxAdded.minorUnits > 0 ? words.plusTax(moneyWords(totals.taxAdded, locale), tax.name) : undefined;
}

/** The totals of a cart as they would be with this way of sending. */
export const totalsOf = (read: CartRead, shipping: Money): Totals =>
  computeTotals({
    currency: read.shop.currency,
    lines: (read.cart?.lines ?? []).flatMap((l) => (l.price ? [{ unitPrice: l.price, quantity: l.quantity }] : [])),
    shipping,
    rate: read.tax.ratePerMillion,
    pricesIncludeTax: read.shop.pricesIncludeTax,
  });

/** A cart with what has changed since its buyer last saw it, in words. */
export function cartOf(read: CartRead): Cart {
  const { locale, currency } = read.shop;
  const words = wordsFor(locale);
  const lines = read.cart?.lines ?? [];
  const problems = new Map(
    cartProblems(
      lines.map((l) => ({
        variantId: l.variantId,
        quantity: l.quantity,
        priceSeen: l.priceSeen,
        now: l.price ? { price: l.price, available: l.available } : undefined,
      })),
    ).map((p) => [p.variantId, p]),
  );
  const cheapest = read.shipping[0]?.price ?? zero(currency);
  const totals = totalsOf(read, zero(currency));
  return {
    lines: lines.map((l) => {
      const problem = problems.get(l.variantId);
      const price = l.price ?? l.priceSeen;
      return {
        lineId: l.variantId,
        variantId: l.variantId,
        title: l.title,
        options: l.options.join(', '),
        slug: l.price ? l.slug : undefined,
        image: l.image ? pictureOf(l.image) : undefined,
        unitPrice: price,
        quantity: l.quantity,
        maxQuantity: Math.max(1, Math.min(MAX_QUANTITY, l.available)),
        lineTotal: times(price, l.quantity),
        problem: problem && {
          code: problem.code,
          left: problem.code === 'only_n_left' ? problem.left : undefined,
          words:
            problem.code === 'not_sold_any_more'
              ? words.notSold
              : problem.code === 'sold_out'
                ? words.soldOut
                : problem.code === 'only_n_left'
                  ? words.left(problem.left)
                  : words.priceChanged(moneyWords(problem.to, locale)),
        },
      };
    }),
    count: lines.reduce((n, l) => n + l.quantity, 0),
    subtotal: totals.items,
    shippingWords: read.shipping.length > 0 ? words.fromPrice(moneyWords(cheapest, locale)) : undefined,
    taxWords: taxWords(totals, read.tax, locale),
    total: totals.total,
    problems: problems.size > 0 ? [words.look] : [],
    // A price that changed does not keep anybody from going on: the checkout shows the new total before it is ordered.
    canCheckOut: lines.length > 0 && [...problems.values()].every((p) => p.code === 'price_changed'),
  };
}
