import { withSite } from '@souk/db';
import { type CartRefusal, acceptChanges, lockCart, putIntoCart } from '@souk/db/commerce';
import { quantity as parseQuantity } from '@souk/domain/commerce';
import { type VariantId, id, isUuid } from '@souk/domain/shared';
import type { CartAnswer, Page, Render } from '@souk/storefront/page-data';
import express, { type Request, type Response, type Router } from 'express';
import { checkoutInput } from '../commerce/checkout.input.ts';
import { submitOrder } from '../commerce/checkout.ts';
import { payAgain } from '../commerce/order-actions.ts';
import { requestFacts } from '../http/request-facts.ts';
import { siteOf } from '../http/request-start.ts';
import { isSameOrigin } from '../http/same-origin.ts';
import { NO_CART, cartCookie, cartSession, hashToken, isToken, newToken } from '../identity/session.ts';
import type { Services } from '../services.ts';
import { type Refusal, Refused, retryAfterOf } from '../trpc/refusals.ts';
import { wordsFor } from './page-words.ts';
import {
  type CheckoutTry,
  type Visit,
  cartPage,
  checkoutPage,
  homePage,
  listPage,
  notFoundPage,
  orderPage,
  orderStatus,
  productPage,
} from './shop-pages.ts';

/** How long a cart is remembered, in seconds: 30 days. */
const CART_SECONDS = 30 * 24 * 3600;

/** The server-rendered shop: everything works as links and forms; islands make it quicker. The site is the host's. */
export function shopRoutes(services: Services, render: Render): Router {
  const router = express.Router();
  const form = express.urlencoded({ extended: false, limit: '64kb', parameterLimit: 40 });

  const visit = (req: Request, res: Response): Visit => {
    const site = siteOf(res);
    return {
      services,
      site,
      origin: services.shopOrigin(req.headers.host?.replace(/:\d+$/, '') ?? ''),
      session: cartSession(requestFacts(services, req, res).cookies, services.mode, site.handle),
      path: req.originalUrl,
    };
  };

  const show = (res: Response, page: Page, status?: number): void => {
    const { html, status: own } = render(page);
    // Pages carry the visitor's cart; what is the same for all is in the assets and media.
    res
      .status(status ?? own)
      .set('Cache-Control', 'private, no-store')
      .type('html')
      .send(html);
  };

  /** The visitor's cart session; made with its cookie when there is none yet. */
  const session = (req: Request, res: Response, v: Visit): Buffer => {
    if (v.session !== NO_CART) return v.session;
    const token = newToken();
    requestFacts(services, req, res).setCookie(cartCookie(services.mode, v.site.handle), token, {
      maxAgeSeconds: CART_SECONDS,
    });
    return hashToken(token);
  };

  /** The visitor has been shown what changed in the cart: today's prices and stock are the ones they saw. */
  const seen = (v: Visit): Promise<void> =>
    withSite(
      services.database,
      v.site.siteId,
      async (tx) => acceptChanges(tx, (await lockCart(tx, v.session, () => services.newId(tx.at))).cartId),
      services.now(),
    );

  router.get('/', async (req, res) => show(res, await homePage(visit(req, res))));
  router.get('/products', async (req, res) => show(res, await listPage(visit(req, res), searchOf(req))));
  router.get('/collections/:slug', (req, res) =>
    res.redirect(301, `/products?collection=${encodeURIComponent(req.params.slug)}`),
  );

  router.get('/products/:slug', async (req, res) => {
    const page = await productPage(visit(req, res), req.params.slug, searchOf(req).get('variant') ?? undefined);
    if ('moved' in page) res.redirect(301, page.moved);
    else show(res, page);
  });

  router.get('/cart', async (req, res) => {
    const { page } = await cartPage(visit(req, res));
    if (page.kind === 'cart' && wantsJson(req))
      res.set('Cache-Control', 'private, no-store').json({ cart: page.cart } satisfies CartAnswer);
    else show(res, page);
  });

  const changeCart = async (
    req: Request,
    res: Response,
    variantId: string,
    change: { add: number } | { set: number } | { wrong: number },
  ): Promise<void> => {
    const v = visit(req, res);
    const hash = session(req, res, v);
    const now = { ...v, session: hash };
    const refused: CartRefused | undefined =
      'wrong' in change
        ? { code: 'wrong_quantity', max: change.wrong }
        : !isUuid(variantId)
          ? { code: 'not_sold_any_more' }
          : await withSite(
              services.database,
              v.site.siteId,
              async (tx) =>
                putIntoCart(
                  tx,
                  await lockCart(tx, hash, () => services.newId(tx.at)),
                  id<VariantId>(variantId),
                  change,
                ),
              services.now(),
            );
    const { page } = await cartPage(now);
    if (page.kind !== 'cart') return;
    const refusal = refused && { code: refused.code, words: refusalWords(refused, page.shop.locale) };
    if (wantsJson(req)) {
      res
        .status(refusal ? 409 : 200)
        .set('Cache-Control', 'private, no-store')
        .json({ cart: page.cart, lineId: variantId, refusal } satisfies CartAnswer);
      return;
    }
    if (!refusal) return res.redirect(303, localPath(bodyOf(req).next, '/cart'));
    const back = /^\/products\/([a-z0-9_-]{1,100})/.exec(localPath(bodyOf(req).next, ''))?.[1];
    const again = back ? await productPage(now, back, variantId, refusal.words) : undefined;
    if (again && !('moved' in again)) show(res, again, 409);
    else show(res, { ...page, cart: { ...page.cart, problems: [refusal.words, ...page.cart.problems] } }, 409);
  };

  router.post('/cart/items', form, sameOriginOnly, (req, res) => {
    const body = bodyOf(req);
    const wanted = parseQuantity(numberOf(body.quantity ?? '1'));
    return changeCart(
      req,
      res,
      body.variantId ?? '',
      wanted.ok ? { add: wanted.value } : { wrong: wanted.refusal.max },
    );
  });

  router.post('/cart/items/:lineId', form, sameOriginOnly, (req, res) => {
    const body = bodyOf(req);
    if (body.remove !== undefined || body.quantity === '0')
      return changeCart(req, res, String(req.params.lineId), { set: 0 });
    const wanted = parseQuantity(numberOf(body.quantity ?? ''));
    return changeCart(
      req,
      res,
      String(req.params.lineId),
      wanted.ok ? { set: wanted.value } : { wrong: wanted.refusal.max },
    );
  });

  router.get('/checkout', async (req, res) => {
    const v = visit(req, res);
    const page = await checkoutPage(v);
    const shown = page?.cart.canCheckOut ? page : (await cartPage(v)).page;
    // What changed since it was put in is shown now, so it counts as seen: the next step is not stopped by it again. First
    // it is noted and then shown, so that no next step can be quicker than the note.
    // A page fetched ahead, or asked for by another site, was not looked at.
    const lookedAt =
      req.method === 'GET' && !req.headers['sec-purpose'] && req.headers['sec-fetch-site'] !== 'cross-site';
    if (page && page.cart.problems.length > 0 && lookedAt) await seen(v);
    show(res, shown);
  });

  router.post('/checkout', form, sameOriginOnly, async (req, res) => {
    const v = visit(req, res);
    const body = bodyOf(req);
    const parsed = checkoutInput.safeParse(pick(body, Object.keys(checkoutInput.shape)));
    const values: CheckoutTry['values'] = pick(body, [
      'email',
      'name',
      'line1',
      'line2',
      'city',
      'postalCode',
      'country',
      'phone',
      'shippingMethodId',
      'paymentConfigId',
    ]);
    // Without scripts the total follows another way of sending only by asking for the page again.
    if (body.intent === 'update') {
      const page = await checkoutPage(v, { values, errors: {}, problems: [] });
      return show(res, page ?? (await cartPage(v)).page);
    }
    const again = async (tried: Omit<CheckoutTry, 'values'>, status: number): Promise<void> => {
      const page = await checkoutPage(v, { values, ...tried });
      if (page) show(res, page, status);
      else show(res, (await cartPage(v)).page, status);
    };
    if (!parsed.success) {
      const errors = Object.fromEntries(
        parsed.error.issues.toReversed().map((issue) => [String(issue.path[0] ?? ''), issue.message]),
      );
      return again({ errors, problems: [] }, 400);
    }
    try {
      const placed = await submitOrder(
        services,
        v.site,
        v.session,
        parsed.data,
        requestFacts(services, req, res).address,
      );
      res.redirect(303, placed.redirectUrl ?? `/orders/${placed.token}`);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const { refusal } = error;
      // The order stands and waits for its payment.
      if (refusal.code === 'provider_unreachable' || refusal.code === 'payment_not_offered')
        return res.redirect(303, `/orders/${String(refusal.facts?.token)}`);
      if (refusal.code === 'cart_changed') await seen(v);
      await again(
        {
          errors: { ...refusal.fields },
          problems: refusal.fields ? [] : [refusal.message],
          totalWas: parsed.data.expectedTotal,
        },
        statusOf(res, refusal),
      );
    }
  });

  router.get('/orders/:token', async (req, res) => {
    const v = visit(req, res);
    const page = await orderPage(v, req.params.token, searchOf(req).get('closed') === '1');
    // The address is a secret (H11).
    if (page) res.set({ 'X-Robots-Tag': 'noindex', 'Referrer-Policy': 'no-referrer' });
    show(res, page ?? (await notFoundPage(v)));
  });

  router.get('/orders/:token/status', async (req, res) => {
    const status = await orderStatus(visit(req, res), req.params.token);
    res
      .status(status ? 200 : 404)
      .set('Cache-Control', 'private, no-store')
      .json(status ?? { message: 'There is nothing here.' });
  });

  router.post('/orders/:token/pay', form, sameOriginOnly, async (req, res) => {
    const v = visit(req, res);
    const token = String(req.params.token);
    try {
      res.redirect(
        303,
        isToken(token) ? await payAgain(services, v.site, token, requestFacts(services, req, res).address) : '/',
      );
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.refusal.code === 'not_found') return show(res, await notFoundPage(v));
      const page = await orderPage(v, token);
      if (page) show(res, { ...page, paymentWords: error.refusal.message }, statusOf(res, error.refusal));
      else show(res, await notFoundPage(v));
    }
  });

  router.use(async (req, res) => show(res, await notFoundPage(visit(req, res))));
  return router;
}

/** The status of a form that was refused; who should come back later is told when. */
function statusOf(res: Response, refusal: Refusal): number {
  const seconds = retryAfterOf(refusal);
  if (seconds !== undefined) res.set('Retry-After', String(seconds));
  return refusal.code === 'too_many_attempts' ? 429 : 409;
}

const searchOf = (req: Request): URLSearchParams => new URL(req.originalUrl, 'http://shop').searchParams;
const wantsJson = (req: Request): boolean => (req.headers.accept ?? '').includes('application/json');

/** Fields of a form as single texts; repeated ones count as their first. */
function bodyOf(req: Request): Record<string, string | undefined> {
  const body: unknown = req.body;
  if (typeof body !== 'object' || body === null) return {};
  return Object.fromEntries(
    Object.entries(body).map(([name, value]: [string, unknown]) => [
      name,
      typeof value === 'string' ? value : Array.isArray(value) && typeof value[0] === 'string' ? value[0] : undefined,
    ]),
  );
}

const pick = (from: Readonly<Record<string, string | undefined>>, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]])));

/** A whole number as a form sends it; anything else is NaN and refused. */
const numberOf = (text: string): number => (/^-?\d{1,12}$/.test(text.trim()) ? Number(text) : Number.NaN);

/** Only a path of this shop, never another host. */
const localPath = (next: string | undefined, fallback: string): string =>
  next && /^\/(?![/\\])[^\\\s]*$/.test(next) ? next : fallback;

function sameOriginOnly(req: Request, res: Response, next: () => void): void {
  if (isSameOrigin(req)) next();
  else res.status(403).type('text').send('This form came from another site. Open the shop itself and try again.');
}

type CartRefused = CartRefusal | { readonly code: 'wrong_quantity'; readonly max: number };

function refusalWords(refusal: CartRefused, locale: string): string {
  const words = wordsFor(locale);
  switch (refusal.code) {
    case 'sold_out':
      return words.soldOut;
    case 'only_n_left':
      return words.left(refusal.left);
    case 'too_many_lines':
      return words.tooManyLines(refusal.max);
    case 'wrong_quantity':
      return words.wrongQuantity(refusal.max);
    case 'not_sold_any_more':
      return words.notSold;
  }
}
