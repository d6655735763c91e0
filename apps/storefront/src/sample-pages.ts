import { currency, type Money, money } from '@souk/domain/shared';
import type { Cart, Page, Picture, ProductCard, Shop, Variant } from './page-data.ts';

/** One page of each kind for tests; `text` stands wherever a merchant or a customer could have typed something. */
export function samplePages(text = 'Vase'): readonly Page[] {
  const eur = currency('EUR');
  if (!eur) throw new Error('EUR is known');
  const euros = (minorUnits: number): Money => money(minorUnits, eur);
  const shop: Shop = {
    name: text,
    handle: 'aurora',
    locale: 'en',
    currency: eur,
    theme: 'aurora',
    origin: 'https://aurora.example',
    timeZone: 'Europe/Berlin',
    pricesIncludeTax: true,
    navigation: [{ label: text, href: '/products?collection=vases' }],
    footer: [{ label: text, href: '/pages/imprint' }],
    languages: [
      { locale: 'en', label: 'English', href: '/?language=en' },
      { locale: 'de', label: 'Deutsch', href: '/?language=de' },
    ],
    mode: 'test',
    tagline: text,
    contactEmail: 'hello@aurora.example',
  };
  const picture: Picture = {
    url: '/media/a-800.webp',
    alt: text,
    width: 800,
    height: 1000,
    sources: [{ url: '/media/a-400.webp', width: 400 }],
  };
  const card = (slug: string): ProductCard => ({
    slug,
    title: text,
    price: euros(4900),
    hasRange: true,
    compareAt: euros(6900),
    images: [picture, picture],
    soldOut: false,
    badge: text,
    note: text,
  });
  const variants: readonly Variant[] = [
    { variantId: 'v1', options: [text, 'S'], price: euros(4900), stock: { state: 'low', left: 2 }, imageIndex: 0 },
    { variantId: 'v2', options: [text, 'M'], price: euros(5900), stock: { state: 'out' } },
  ];
  const cart: Cart = {
    lines: [
      {
        lineId: 'l1',
        title: text,
        options: text,
        slug: 'vase',
        variantId: 'v1',
        image: picture,
        unitPrice: euros(4900),
        quantity: 2,
        lineTotal: euros(9800),
        problem: { code: 'only_n_left', words: text, left: 1 },
      },
    ],
    count: 2,
    subtotal: euros(9800),
    shippingWords: text,
    taxWords: text,
    total: euros(9800),
    problems: [text],
    canCheckOut: false,
  };
  const common = { shop, cartCount: 2, path: '/somewhere?a=b' };
  return [
    {
      kind: 'home',
      ...common,
      description: text,
      hero: { title: text, text, image: picture, link: { label: text, href: '/products' } },
      sections: [{ title: text, href: '/products', products: [card('vase')] }],
      collections: [{ label: text, href: '/products?collection=vases', count: 3, image: picture }],
      story: { title: text, text, image: picture },
    },
    {
      kind: 'list',
      ...common,
      title: text,
      description: text,
      query: { collection: 'vases' },
      products: [card('vase')],
      collections: [{ slug: 'vases', label: text, count: 3 }],
      totalCount: 1,
      next: '/products?after=x',
    },
    { kind: 'list', ...common, title: text, query: { q: text }, products: [], collections: [], totalCount: 0 },
    {
      kind: 'product',
      ...common,
      slug: 'vase',
      title: text,
      shortDescription: text,
      descriptionHtml: '<p>Thrown by hand.</p>',
      inclusions: `${text}\nFelt pads`,
      exclusions: 'Flowers',
      images: [picture, { ...picture, url: '/media/b-800.webp' }],
      optionNames: [text, 'Size'],
      swatches: { [text]: '#9aa58a' },
      variants,
      selectedVariantId: 'v1',
      breadcrumbs: [{ label: text, href: '/' }],
      delivery: [text],
      related: [card('jar')],
      problem: text,
    },
    { kind: 'cart', ...common, cart, suggestions: [card('vase')] },
    { kind: 'cart', ...common, cart: { ...cart, lines: [], count: 0 } },
    {
      kind: 'checkout',
      ...common,
      cart,
      shippingMethods: [{ id: 's1', label: text, price: euros(0), words: text, total: euros(9800), taxWords: text }],
      paymentMethods: [{ configId: 'p1', label: text, words: text }],
      values: { email: text, name: text, shippingMethodId: 's1' },
      errors: { email: text },
      problems: [text],
      countries: [{ code: 'DE', name: text }],
      totalChanged: { was: euros(9000), now: euros(9800), why: [text] },
      total: euros(9800),
      taxWords: text,
      idempotencyKey: text,
      legalWords: text,
    },
    {
      kind: 'order',
      ...common,
      orderNumber: text,
      placedAt: '2026-03-14T08:41:00Z',
      statusWords: text,
      tone: 'waiting',
      steps: [
        { label: text, at: '2026-03-14T08:41:00Z', state: 'done' },
        { label: 'Paid', state: 'current', words: text },
        { label: 'Sent', state: 'todo' },
      ],
      items: [
        {
          title: text,
          options: text,
          slug: 'vase',
          image: picture,
          quantity: 2,
          unitPrice: euros(4900),
          total: euros(9800),
        },
      ],
      totals: [{ label: text, amount: euros(9800) }],
      address: [text],
      email: text,
      paymentWords: text,
      retryPayment: { action: '/orders/token/pay', idempotencyKey: text, words: text },
      live: { statusUrl: '/trpc/orders.status', version: text },
    },
    { kind: 'notFound', ...common, suggestions: [card('vase')] },
    { kind: 'unavailable', ...common },
    { kind: 'unavailable' },
    { kind: 'error', ...common, referenceId: text },
    { kind: 'error', referenceId: text },
  ];
}
