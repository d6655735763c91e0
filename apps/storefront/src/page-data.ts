import type { Currency, Money } from '@souk/domain/shared';

/*
 * What the API hands to `render(page)`: plain data that survives JSON, in words ready for a reader.
 * Amounts are `Money`; times are ISO 8601 strings; addresses are paths on the shop's own origin unless stated otherwise.
 *
 * Addresses the storefront links to and posts to:
 *   GET  /                          GET /products?q&collection&sort&inStock&after     GET /products/:slug?variant
 *   GET  /cart    POST /cart/items (variantId, quantity, next)    POST /cart/items/:lineId (quantity | remove=1, next)
 *   GET  /checkout                  POST /checkout                GET /orders/:token         POST /orders/:token/pay
 * `GET /cart` and both cart posts answer a `CartAnswer` when asked with `Accept: application/json`; otherwise a page or a redirect.
 */

export type Theme = 'aurora' | 'kumo';

export type Link = { readonly label: string; readonly href: string };

export type Shop = {
  readonly name: string;
  readonly handle: string;
  /** BCP 47; texts exist for `en` and `de` (a region decides only the formats of numbers and dates), others read English. */
  readonly locale: string;
  readonly currency: Currency;
  readonly theme: Theme;
  /** Scheme and host without a slash at the end; for canonical links and structured data. */
  readonly origin: string;
  /** IANA name, such as `Europe/Berlin`; times are shown in it. */
  readonly timeZone: string;
  readonly pricesIncludeTax: boolean;
  /** What the tax is called here, such as "VAT", "MwSt." or "consumption tax"; left out, the texts say "tax". */
  readonly taxName?: string | undefined;
  readonly navigation: readonly Link[];
  /** Links at the foot of each page: imprint, returns, privacy. */
  readonly footer?: readonly Link[] | undefined;
  /** The languages this page can be read in, the current one included. */
  readonly languages?: readonly Language[] | undefined;
  readonly mode: 'live' | 'test';
  readonly tagline?: string | undefined;
  readonly contactEmail?: string | undefined;
};

export type Language = { readonly locale: string; readonly label: string; readonly href: string };

export type Picture = {
  /** The middle size, for readers without `srcset`. */
  readonly url: string;
  readonly alt: string;
  /** Of the original, in pixels: only the ratio matters. */
  readonly width: number;
  readonly height: number;
  /** Smaller and larger renditions of the same picture, width in pixels. */
  readonly sources?: readonly { readonly url: string; readonly width: number }[] | undefined;
};

export type ProductCard = {
  readonly slug: string;
  readonly title: string;
  /** The lowest price of its variants. */
  readonly price: Money;
  /** True when variants cost differently: the card says "from". */
  readonly hasRange: boolean;
  readonly compareAt?: Money | undefined;
  /** The first is shown, the second on hover; none is fine. */
  readonly images: readonly Picture[];
  readonly soldOut: boolean;
  /** A short word such as "New". */
  readonly badge?: string | undefined;
  /** A quiet second line, such as "3 colours". */
  readonly note?: string | undefined;
};

type Common = {
  readonly shop: Shop;
  /** Pieces in the visitor's cart. */
  readonly cartCount: number;
  /** Path and query of this page as requested. */
  readonly path: string;
};

export type HomePage = Common & {
  readonly kind: 'home';
  readonly description?: string | undefined;
  readonly hero?: Banner | undefined;
  readonly sections: readonly {
    readonly title: string;
    readonly href: string;
    readonly products: readonly ProductCard[];
  }[];
  readonly collections: readonly (Link & {
    /** Undefined when counting would cost more than it tells. */
    readonly count?: number | undefined;
    readonly image?: Picture | undefined;
  })[];
  readonly story?: Banner | undefined;
};

export type Banner = {
  readonly title: string;
  readonly text?: string | undefined;
  readonly image?: Picture | undefined;
  readonly link?: Link | undefined;
};

export type ListSort = 'newest' | 'price_asc' | 'price_desc';

export type ListQuery = {
  readonly q?: string | undefined;
  /** Slug of the collection. */
  readonly collection?: string | undefined;
  readonly sort?: ListSort | undefined;
  readonly inStock?: boolean | undefined;
};

export type ListPage = Common & {
  readonly kind: 'list';
  readonly title: string;
  readonly description?: string | undefined;
  readonly query: ListQuery;
  readonly products: readonly ProductCard[];
  readonly collections: readonly {
    readonly slug: string;
    readonly label: string;
    /** Undefined when counting would cost more than it tells. */
    readonly count?: number | undefined;
  }[];
  /** Undefined when counting would cost more than it tells. */
  readonly totalCount?: number | undefined;
  /** Whole addresses with the query kept. Lists are read by key: from any page the way back is to the first. */
  readonly first?: string | undefined;
  readonly next?: string | undefined;
};

export type VariantStock = {
  readonly state: 'in_stock' | 'low' | 'out' | 'backorder';
  /** Pieces left; given only when low. */
  readonly left?: number | undefined;
};

export type Variant = {
  readonly variantId: string;
  /** One value for each of the product's `optionNames`, in their order. */
  readonly options: readonly string[];
  readonly sku?: string | undefined;
  readonly price: Money;
  readonly compareAt?: Money | undefined;
  readonly stock: VariantStock;
  /** Which of the product's images shows this variant. */
  readonly imageIndex?: number | undefined;
};

export type ProductPage = Common & {
  readonly kind: 'product';
  readonly slug: string;
  readonly title: string;
  readonly shortDescription?: string | undefined;
  /** Already sanitised; written into the page as it is. */
  readonly descriptionHtml?: string | undefined;
  /** Plain text; one line is one entry of the list. */
  readonly inclusions?: string | undefined;
  readonly exclusions?: string | undefined;
  readonly images: readonly Picture[];
  readonly optionNames: readonly string[];
  /** CSS colours for option values that are colours, by value: `{ 'Sage': '#9aa58a' }`. */
  readonly swatches?: Readonly<Record<string, string>> | undefined;
  /** At least one. */
  readonly variants: readonly Variant[];
  /** From `?variant=`, else the first that can be bought. */
  readonly selectedVariantId: string;
  readonly breadcrumbs: readonly Link[];
  /** Sentences about delivery and return, such as "Leaves our studio by Thursday". */
  readonly delivery: readonly string[];
  readonly related: readonly ProductCard[];
  /** The most pieces one cart may hold; 20 when not given. */
  readonly maxQuantity?: number | undefined;
  /** Why the last attempt to put it in the cart changed nothing (without JavaScript the product page is shown again). */
  readonly problem?: string | undefined;
};

export type CartProblem = {
  readonly code: 'price_changed' | 'sold_out' | 'not_sold_any_more' | 'only_n_left';
  readonly words: string;
  readonly left?: number | undefined;
};

export type CartLine = {
  readonly lineId: string;
  readonly title: string;
  /** Such as "Sage, large"; empty for a product with one variant. */
  readonly options: string;
  /** Undefined when the product has no page any more. */
  readonly slug?: string | undefined;
  readonly variantId: string;
  readonly image?: Picture | undefined;
  readonly unitPrice: Money;
  readonly quantity: number;
  readonly maxQuantity?: number | undefined;
  readonly lineTotal: Money;
  readonly problem?: CartProblem | undefined;
};

export type Cart = {
  readonly lines: readonly CartLine[];
  /** Pieces, not lines. */
  readonly count: number;
  readonly subtotal: Money;
  /** Such as "from €4.90, chosen at checkout". */
  readonly shippingWords?: string | undefined;
  /** Such as "Includes €12.45 VAT (19 %)". */
  readonly taxWords?: string | undefined;
  readonly total: Money;
  /** What concerns the cart as a whole, in sentences. */
  readonly problems: readonly string[];
  /** False while a line cannot be bought. */
  readonly canCheckOut: boolean;
};

export type CartPage = Common & {
  readonly kind: 'cart';
  readonly cart: Cart;
  /** Offered below an empty cart. */
  readonly suggestions?: readonly ProductCard[] | undefined;
};

/** JSON answer of `GET /cart`, `POST /cart/items` and `POST /cart/items/:lineId`. A refusal comes with status 4xx and the unchanged cart. */
export type CartAnswer = {
  readonly cart: Cart;
  /** The line that was put in or changed. */
  readonly lineId?: string | undefined;
  readonly refusal?: { readonly code: string; readonly words: string } | undefined;
};

export type ShippingMethod = {
  readonly id: string;
  readonly label: string;
  readonly price: Money;
  /** Such as "2–3 working days with DHL". */
  readonly words?: string | undefined;
  /** What the order costs with this method, and the tax words that go with it: the summary follows the choice without asking the server. */
  readonly total: Money;
  readonly taxWords?: string | undefined;
};

export type PaymentMethod = { readonly configId: string; readonly label: string; readonly words?: string | undefined };

export type CheckoutField =
  | 'email'
  | 'name'
  | 'line1'
  | 'line2'
  | 'city'
  | 'postalCode'
  | 'country'
  | 'phone'
  | 'shippingMethodId'
  | 'paymentConfigId';

export type CheckoutPage = Common & {
  readonly kind: 'checkout';
  readonly cart: Cart;
  readonly shippingMethods: readonly ShippingMethod[];
  readonly paymentMethods: readonly PaymentMethod[];
  /** As typed, also after a refusal. The chosen methods are in it (`shippingMethodId`, `paymentConfigId`). */
  readonly values: Readonly<Partial<Record<CheckoutField, string>>>;
  readonly errors: Readonly<Partial<Record<CheckoutField, string>>>;
  /** What is wrong with the order as a whole, in sentences; shown above the form. */
  readonly problems: readonly string[];
  /** ISO 3166 code and name, in the order to show. */
  readonly countries: readonly { readonly code: string; readonly name: string }[];
  /** Said above the button when the total is another than the one the person last saw, with the reasons. */
  readonly totalChanged?: { readonly was: Money; readonly now: Money; readonly why: readonly string[] } | undefined;
  /** Of the chosen shipping method; posted back as a decimal string (`"49.90"`, `"12800"`) in the field `expectedTotal`. */
  readonly total: Money;
  readonly taxWords?: string | undefined;
  readonly idempotencyKey: string;
  /** Such as "By ordering you accept our terms."; plain text. */
  readonly legalWords?: string | undefined;
};

export type OrderStep = {
  readonly label: string;
  readonly at?: string | undefined;
  readonly state: 'done' | 'current' | 'todo';
  readonly words?: string | undefined;
};

export type OrderItem = {
  readonly title: string;
  readonly options: string;
  readonly slug?: string | undefined;
  readonly image?: Picture | undefined;
  readonly quantity: number;
  readonly unitPrice: Money;
  readonly total: Money;
};

/** The customer's own page of an order, opened by a secret link. Never indexed. */
export type OrderPage = Common & {
  readonly kind: 'order';
  readonly orderNumber: string;
  readonly placedAt: string;
  /** One sentence such as "Paid. We are packing your order." */
  readonly statusWords: string;
  /** Decides colour and symbol only. */
  readonly tone: 'waiting' | 'good' | 'bad' | 'neutral';
  readonly steps: readonly OrderStep[];
  /** Not empty. */
  readonly items: readonly OrderItem[];
  /** In the order to show; the last is the total. */
  readonly totals: readonly { readonly label: string; readonly amount: Money }[];
  readonly taxWords?: string | undefined;
  /** Masked, a line an entry. */
  readonly address: readonly string[];
  /** Masked, such as "m…@example.org". */
  readonly email?: string | undefined;
  readonly shippingWords?: string | undefined;
  readonly paymentWords: string;
  /** Given while the order can be paid (again): a form posted to `action`. */
  readonly retryPayment?:
    | {
        readonly action: string;
        readonly idempotencyKey: string;
        readonly label?: string | undefined;
        readonly words?: string | undefined;
      }
    | undefined;
  /**
   * Given while the order can still change: the page asks `statusUrl` every 1–5 s. The answer is JSON with a `version`
   * (at its top, or in `result.data` as tRPC puts it); when it differs from this one the page fetches itself again and shows what is new.
   */
  readonly live?: { readonly statusUrl: string; readonly version: string } | undefined;
};

export type NotFoundPage = Common & {
  readonly kind: 'notFound';
  readonly suggestions?: readonly ProductCard[] | undefined;
};

/** These two also work when the shop itself could not be found out. */
export type UnavailablePage = Partial<Common> & {
  readonly kind: 'unavailable';
  readonly retryAfterSeconds?: number | undefined;
  /** The shop is closed by somebody, and not only away for a moment. */
  readonly isClosed?: boolean | undefined;
};
export type ErrorPage = Partial<Common> & {
  readonly kind: 'error';
  readonly referenceId: string;
  readonly words?: string | undefined;
};

export type Page =
  | HomePage
  | ListPage
  | ProductPage
  | CartPage
  | CheckoutPage
  | OrderPage
  | NotFoundPage
  | UnavailablePage
  | ErrorPage;

/** What the built server entry (`dist/<runtime>/server/entry-server.js`) exports: `render`, and `styleHashes`, the CSP sources of its pages' own styles. */
export type Render = (page: Page) => { readonly html: string; readonly status: number };
