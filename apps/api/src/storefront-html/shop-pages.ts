import {
  type CartRead,
  type ListSort,
  readCart,
  readCollectionPictures,
  readFrame,
  readList,
  readProduct,
} from '@souk/db/catalog';
import { type OrderDetail, findOrder, findOrderStatus } from '@souk/db/commerce';
import { withSite } from '@souk/db';
import type { HomeBanner, Site } from '@souk/db/identity';
import { PAID } from '@souk/domain/commerce';
import { isUuid, parseAmount, times } from '@souk/domain/shared';
import type { Banner, CheckoutPage, ListPage, OrderPage, Page, UnavailablePage } from '@souk/storefront/page-data';
import { hashLinkToken } from '../commerce/order-link.ts';
import { NO_CART, isToken } from '../identity/session.ts';
import type { Services } from '../services.ts';
import { cardOf, cartOf, pictureOf, rateWords, shopOf, stockOf, taxWords, totalsOf } from './page-parts.ts';
import { wordsFor } from './page-words.ts';

/** One visitor's request for a page of a shop. `session` is the hash of the cart's cookie, or of nothing. */
export type Visit = {
  readonly services: Services;
  readonly site: Site;
  readonly origin: string;
  readonly session: Buffer;
  readonly path: string;
};

const PAGE_SIZE = 24;

const common = (v: Visit, frame: Parameters<typeof shopOf>[1]) => ({
  shop: shopOf(v.site, frame, v.origin),
  cartCount: frame.cartCount,
  path: v.path,
});

export async function homePage(v: Visit): Promise<Page> {
  const [list, pictures] = await Promise.all([
    readList(v.services.database, v.site.siteId, v.session, { inStock: false, sort: 'newest', limit: 8 }),
    readCollectionPictures(v.services.database, v.site.siteId),
  ]);
  const words = wordsFor(list.shop.locale);
  const { hero, story } = list.shop.storefront;
  return {
    ...common(v, list),
    kind: 'home',
    hero: hero ? bannerOf(hero) : { title: v.site.name, link: { label: words.all, href: '/products' } },
    story: story && bannerOf(story),
    sections: [{ title: words.new, href: '/products', products: list.products.map(cardOf) }],
    collections: list.collections.map((c) => {
      const picture = pictures.get(c.slug);
      return {
        label: c.title,
        href: `/products?collection=${c.slug}`,
        count: list.collectionCounts.get(c.slug),
        image: picture && pictureOf(picture),
      };
    }),
  };
}

const bannerOf = (b: HomeBanner): Banner => ({
  title: b.title,
  text: b.text,
  image: pictureOf({ n: 1, ...b.image }),
  link: { label: b.link, href: '/products' },
});

const SORTS: ReadonlySet<string> = new Set(['newest', 'price_asc', 'price_desc']);
const isSort = (text: string | undefined): text is ListSort => text !== undefined && SORTS.has(text);

/** Where a page of a list starts, as it stands in an address: the sort key and the id of the last product before it. */
export const writeCursor = (c: { key: string; productId: string }): string =>
  Buffer.from(`${c.key} ${c.productId}`).toString('base64url');
export function readCursor(text: string | undefined, sort: ListSort): { key: string; productId: string } | undefined {
  if (!text || text.length > 200) return undefined;
  const decoded = Buffer.from(text, 'base64url').toString('utf8');
  const at = decoded.lastIndexOf(' ');
  const [key, productId] = [decoded.slice(0, at), decoded.slice(at + 1)];
  const isKey = sort === 'newest' ? isInstant(key) : /^\d{1,15}(\.\d{1,4})?$/.test(key);
  return isUuid(productId) && isKey ? { key, productId } : undefined;
}

/** A moment of this millennium as the database writes it. JavaScript would read 30 February too; the database would not. */
function isInstant(text: string): boolean {
  const day = /^(2\d{3}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?(Z|[+-](0\d|1[0-4]):[0-5]\d)$/.exec(
    text,
  )?.[1];
  const read = new Date(`${day}T00:00:00Z`);
  return day !== undefined && !Number.isNaN(read.getTime()) && read.toISOString().startsWith(day);
}

const CONTROL = /[\u0000-\u001f\u007f]/gu;

export async function listPage(v: Visit, query: URLSearchParams): Promise<ListPage> {
  const q = query.get('q')?.slice(0, 100).replace(CONTROL, ' ').trim() || undefined;
  const asked = query.get('collection') ?? undefined;
  const collection = asked && /^[a-z0-9_-]{1,100}$/.test(asked) ? asked : undefined;
  const wanted = query.get('sort') ?? undefined;
  const sort = isSort(wanted) ? wanted : 'newest';
  const inStock = query.get('inStock') !== null && query.get('inStock') !== '' && query.get('inStock') !== '0';
  const after = readCursor(query.get('after') ?? undefined, sort);
  const list = await readList(v.services.database, v.site.siteId, v.session, {
    q,
    collection,
    inStock,
    sort,
    after,
    limit: PAGE_SIZE,
  });
  const words = wordsFor(list.shop.locale);
  const address = (change: Record<string, string | undefined>): string => {
    const next = new URLSearchParams(
      Object.entries({
        q,
        collection,
        sort: sort === 'newest' ? undefined : sort,
        inStock: inStock ? '1' : undefined,
        ...change,
      }).filter((e): e is [string, string] => e[1] !== undefined),
    );
    return `/products${next.size > 0 ? `?${next.toString()}` : ''}`;
  };
  return {
    ...common(v, list),
    kind: 'list',
    title: list.collection?.title ?? words.all,
    description: q ? undefined : list.collection?.description || undefined,
    query: { q, collection, sort, inStock },
    products: list.products.map(cardOf),
    collections: list.collections.map((c) => ({
      slug: c.slug,
      label: c.title,
      count: list.collectionCounts.get(c.slug),
    })),
    totalCount: list.total,
    first: after ? address({}) : undefined,
    next: list.next ? address({ after: writeCursor(list.next) }) : undefined,
  };
}

/** A product's page; `moved` names its present address when it was asked for by an old one. */
export async function productPage(
  v: Visit,
  slug: string,
  variantId: string | undefined,
  problem?: string,
): Promise<Page | { moved: string }> {
  if (!/^[a-z0-9_-]{1,100}$/.test(slug)) return notFoundPage(v);
  const read = await readProduct(v.services.database, v.site.siteId, v.session, slug);
  const { product } = read;
  if (!product) return { ...common(v, read), kind: 'notFound' };
  if (product.currentSlug !== slug) return { moved: `/products/${product.currentSlug}` };
  const words = wordsFor(read.shop.locale);
  const variants = product.variants.map((x) => ({
    variantId: x.variantId,
    options: x.options,
    sku: x.sku || undefined,
    price: x.price,
    compareAt: x.compareAt,
    stock: stockOf(x, read.shop.lowStockAt),
    imageIndex: x.imageN > 0 ? indexOfImage(product.images, x.imageN) : undefined,
  }));
  const selected =
    variants.find((x) => x.variantId === variantId) ?? variants.find((x) => x.stock.state !== 'out') ?? variants[0];
  return {
    ...common(v, read),
    kind: 'product',
    slug,
    title: product.title,
    shortDescription: product.shortDescription || undefined,
    descriptionHtml: product.detailedDescription || undefined,
    inclusions: product.inclusionDetails || undefined,
    exclusions: product.exclusionDetails || undefined,
    images: product.images.map(pictureOf),
    optionNames: product.optionNames,
    swatches: read.shop.storefront.swatches,
    variants,
    selectedVariantId: selected?.variantId ?? '',
    breadcrumbs: [
      { label: words.all, href: '/products' },
      ...(product.collection
        ? [{ label: product.collection.title, href: `/products?collection=${product.collection.slug}` }]
        : []),
    ],
    delivery: words.delivery,
    related: product.related.map(cardOf),
    maxQuantity: 20,
    problem,
  };
}

const indexOfImage = (images: readonly { n: number }[], n: number): number | undefined => {
  const at = images.findIndex((image) => image.n === n);
  return at < 0 ? undefined : at;
};

export async function notFoundPage(v: Visit): Promise<Page> {
  return { ...common(v, await readFrame(v.services.database, v.site.siteId, v.session)), kind: 'notFound' };
}

export async function cartPage(v: Visit): Promise<{ page: Page; read: CartRead }> {
  const read = await readCart(v.services.database, v.site.siteId, v.session);
  return { read, page: { ...common(v, read), kind: 'cart', cart: cartOf(read) } };
}

export type CheckoutTry = {
  readonly values: CheckoutPage['values'];
  readonly errors: CheckoutPage['errors'];
  readonly problems: readonly string[];
  readonly totalWas?: string | undefined;
};

/** Where a checkout offers to send to, the site's own country before them. */
// oxfmt-ignore
const COUNTRIES = [
  'DE', 'AT', 'CH', 'FR', 'IT', 'ES', 'NL', 'BE', 'LU', 'DK', 'SE', 'NO', 'FI', 'PL', 'CZ', 'PT', 'IE', 'GB', 'US', 'CA', 'JP', 'KR', 'TW', 'SG', 'AU', 'NZ',
];

const countryNames = new Map<string, Intl.DisplayNames>();

function countryName(code: string, locale: string): string {
  let names = countryNames.get(locale);
  if (!names) {
    names = new Intl.DisplayNames([locale], { type: 'region' });
    countryNames.set(locale, names);
  }
  return names.of(code) ?? code;
}

/** The checkout of the visitor's cart, fresh or after a try that was refused; undefined when there is nothing to check out. */
export async function checkoutPage(v: Visit, tried?: CheckoutTry): Promise<CheckoutPage | undefined> {
  const read = await readCart(v.services.database, v.site.siteId, v.session);
  if (!read.cart || read.cart.lines.length === 0) return undefined;
  const { locale, country } = read.shop;
  const words = wordsFor(locale);
  const methods = read.shipping.map((s) => {
    const totals = totalsOf(read, s.price);
    return {
      id: s.shippingMethodId,
      label: s.name,
      price: s.price,
      words: s.description || undefined,
      total: totals.total,
      taxWords: taxWords(totals, read.tax, locale),
    };
  });
  const chosen = methods.find((m) => m.id === tried?.values.shippingMethodId) ?? methods[0];
  const cart = cartOf(read);
  const total = chosen?.total ?? cart.total;
  const countries = [...new Set([country, ...COUNTRIES])].map((code) => ({ code, name: countryName(code, locale) }));
  const was = tried?.totalWas === undefined ? undefined : parseAmount(tried.totalWas, total.currency);
  return {
    ...common(v, read),
    kind: 'checkout',
    cart,
    shippingMethods: methods,
    paymentMethods: read.payments.map((p) => ({
      configId: p.configId,
      label: p.providerName === 'sandbox' ? words.sandbox : p.providerName,
      words: p.mode === 'test' ? words.sandboxWords : undefined,
    })),
    values: {
      country,
      ...(chosen ? { shippingMethodId: chosen.id } : {}),
      ...(read.payments[0] ? { paymentConfigId: read.payments[0].configId } : {}),
      ...tried?.values,
    },
    errors: tried?.errors ?? {},
    problems: tried?.problems ?? cart.problems,
    countries,
    totalChanged:
      typeof was === 'object' && was.minorUnits !== total.minorUnits ? { was, now: total, why: [] } : undefined,
    total,
    taxWords: chosen?.taxWords,
    idempotencyKey: v.services.newId(),
    legalWords: words.legal,
  };
}

const TONES: Readonly<Record<OrderDetail['status'], OrderPage['tone']>> = {
  draft: 'waiting',
  pending_payment: 'waiting',
  payment_authorized: 'waiting',
  payment_failed: 'bad',
  confirmed: 'good',
  on_hold: 'neutral',
  processing: 'good',
  completed: 'good',
  cancelled: 'neutral',
  expired: 'neutral',
};

const LIVE: ReadonlySet<OrderDetail['status']> = new Set([
  'draft',
  'pending_payment',
  'payment_authorized',
  'payment_failed',
  'confirmed',
  'processing',
  'on_hold',
]);

/** Only the first letter is shown: enough to know one's own address again, nothing for a stranger (H11). */
const masked = (text: string): string => (text === '' ? '' : `${text.slice(0, 1)}…`);

/** The buyer's own page of an order, by the secret of its link (H11); undefined when there is none. */
export async function orderPage(v: Visit, token: string, closed = false): Promise<OrderPage | undefined> {
  if (!isToken(token)) return undefined;
  const [frame, order] = await Promise.all([
    readFrame(v.services.database, v.site.siteId, v.session),
    withSite(v.services.database, v.site.siteId, (tx) => findOrder(tx, { accessTokenHash: hashLinkToken(token) })),
  ]);
  if (!order) return undefined;
  const { locale } = frame.shop;
  const words = wordsFor(locale);
  const at = (to: string): string | undefined =>
    order.transitions.findLast((t) => t.to === to)?.timestamp.toISOString();
  const paid = PAID.includes(order.status);
  const sent = order.status === 'completed';
  const ended = order.status === 'cancelled' || order.status === 'expired';
  const arrived = order.payments.flatMap((p) => p.entries).some((entry) => entry.kind === 'captured');
  // Money that came but does not fit is looked at by a person; paying once more would only make it worse.
  const partly = arrived && !paid && !ended;
  const payable = !partly && (order.status === 'pending_payment' || order.status === 'payment_failed');
  const parcel = order.fulfilments.at(-1);
  return {
    ...common(v, frame),
    kind: 'order',
    orderNumber: order.orderNumber,
    placedAt: order.createdAt.toISOString(),
    statusWords: partly
      ? words.otherAmount
      : closed && order.status === 'pending_payment'
        ? words.notPaidYet
        : ended && arrived
          ? `${words.status[order.status]} ${words.moneyBack}`
          : words.status[order.status],
    tone: TONES[order.status],
    steps: [
      { label: words.placed, at: order.createdAt.toISOString(), state: 'done' },
      ...(ended
        ? []
        : ([
            { label: paid ? words.paid : words.payment, at: at('confirmed'), state: paid ? 'done' : 'current' },
            { label: words.packed, state: sent ? 'done' : paid ? 'current' : 'todo' },
            {
              label: words.sent,
              at: parcel?.shippedAt?.toISOString(),
              state: sent ? 'done' : 'todo',
              words: parcel
                ? [parcel.carrier, parcel.trackingNumber].filter(Boolean).join(' ') || undefined
                : undefined,
            },
          ] satisfies OrderPage['steps'])),
    ],
    items: order.items.map((i) => ({
      title: i.title,
      options: i.options.join(', '),
      slug: i.slug,
      image: i.imageHash ? { url: `/media/${i.imageHash}/320.webp`, alt: '', width: 4, height: 5 } : undefined,
      quantity: i.quantity,
      unitPrice: i.price,
      total: times(i.price, i.quantity),
    })),
    totals: [
      { label: words.subtotal, amount: order.totals.items },
      { label: `${words.shipping} (${order.totals.shippingName})`, amount: order.totals.shipping },
      ...(order.totals.taxAdded.minorUnits > 0
        ? [
            {
              label: `${order.totals.taxName} ${rateWords(order.totals.ratePerMillion, locale)}`,
              amount: order.totals.taxAdded,
            },
          ]
        : []),
      { label: words.total, amount: order.total },
    ],
    taxWords: taxWords(
      order.totals,
      { name: order.totals.taxName, ratePerMillion: order.totals.ratePerMillion },
      locale,
    ),
    address: order.address
      ? [
          order.address.name,
          masked(order.address.line1),
          `${order.address.postalCode.slice(0, 2)}… ${order.address.city}`,
          order.address.country,
        ]
      : [],
    email: order.customerEmail
      ? `${masked(order.customerEmail)}@${order.customerEmail.split('@')[1] ?? ''}`
      : undefined,
    shippingWords: order.totals.shippingName,
    paymentWords: words.cardPayment,
    retryPayment: payable
      ? { action: `/orders/${token}/pay`, idempotencyKey: `pay-${order.orderId}-${order.version}` }
      : undefined,
    live: LIVE.has(order.status) ? { statusUrl: `/orders/${token}/status`, version: String(order.version) } : undefined,
  };
}

/** What an open order page asks for again and again: whether anything is new. */
export async function orderStatus(v: Visit, token: string): Promise<{ version: string; status: string } | undefined> {
  if (!isToken(token)) return undefined;
  const order = await findOrderStatus(v.services.database, v.site.siteId, hashLinkToken(token));
  return order && { version: String(order.version), status: order.status };
}

/** What a shop that is closed for the moment shows: its name and language, and nothing that could be bought. */
export async function closedPage(services: Services, site: Site): Promise<UnavailablePage> {
  const frame = await readFrame(services.database, site.siteId, NO_CART);
  const origin = services.shopOrigin(site.primaryDomain ?? '');
  return { kind: 'unavailable', isClosed: true, shop: shopOf(site, { ...frame, collections: [] }, origin) };
}
