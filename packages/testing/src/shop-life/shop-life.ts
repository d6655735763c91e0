import { setTimeout as sleep } from 'node:timers/promises';
import type { TestDatabase } from '@souk/db/testing';
import { type ApiProcess, type ApiProcesses, startApiProcesses } from '../api-processes.ts';
import { type TestSite, decimal } from '../a-site.ts';
import { type Answer, type HttpClient, type TrpcAnswer, httpClient } from '../http-client.ts';
import type { SeededRandom } from '../seeded-random.ts';
import { checkoutFields } from '../start-test-api.ts';

/* People of a shop: buyers and an admin, who do what people do, also while processes die under them. */

/** What people were told, and so what has to be there afterwards. */
export type Told = {
  /** Orders whose buyer was told that they stand. */
  readonly orders: Set<string>;
  /** What an admin was told has been done with an order. */
  readonly moved: Map<string, 'completed' | 'cancelled'>;
  /** Answers that nobody should get. */
  readonly odd: string[];
  /** Carts that were left, or could not be ordered as they were. */
  left: number;
};

export type Shop = {
  readonly them: ApiProcesses;
  readonly site: TestSite;
  readonly owner: HttpClient;
  readonly told: Told;
};

/** A shop of two processes with some products, its owner signed in. */
export async function openShop({
  db,
  handle,
  stock,
}: {
  readonly db?: TestDatabase;
  readonly handle: string;
  readonly stock: number;
}): Promise<Shop> {
  const them = await startApiProcesses({
    ...(db ? { db } : {}),
    superviseSeconds: 1,
    dueEveryMs: 500,
    trustedProxies: ['127.0.0.1'],
  });
  const site = await them.makeSite({
    handle,
    products: [
      [
        { price: 1_000, stock },
        { price: 1_550, stock },
      ],
      [{ price: 2_499, stock }],
      [{ price: 333, stock: Math.ceil(stock / 4) }],
    ],
  });
  const owner = await them.signedInAs(site, 'owner');
  return { them, site, owner, told: { orders: new Set(), moved: new Map(), odd: [], left: 0 } };
}

/** Longer than any process or database is away here. */
const PATIENCE_MS = 60_000;

/**
 * Asks one process after another until one answers something else than "not now", as somebody does who presses the button
 * again. The same thing is asked each time, so doing it twice must do it once.
 */
async function answered<Got extends Answer | TrpcAnswer>(
  { them }: Shop,
  random: SeededRandom,
  ask: (process: ApiProcess) => Promise<Got>,
): Promise<Got> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const process = random.pick(them.processes);
    const answer = await ask(process).catch(() => undefined);
    if (answer && answer.status !== 503) return answer;
    if (Date.now() > end) throw new Error(`nobody has answered for a minute: ${answer?.text ?? 'no connection'}`);
    await sleep(50);
  }
}

/** How a buyer pays, and how often. */
const WAYS_TO_PAY = [
  ...Array<'pay'>(12).fill('pay'),
  'pay twice',
  'pay late',
  'pay late and twice',
  'pay in a while',
  'decline',
  'decline, then pay',
  'decline, then pay',
  'authorise, then capture',
  'authorise, then void',
  'leave',
  'pay less',
  'pay more',
  'pay another currency',
] as const;

/** One visit of one buyer: looks, fills a cart, orders, pays in one way or another. */
export async function buy(shop: Shop, random: SeededRandom): Promise<void> {
  const { them, site, told } = shop;
  // Each at an address of their own, as a balancer tells it: people of one address are held to be one visitor.
  const address = `198.18.${random.below(256)}.${random.below(256)}`;
  const visitor = httpClient(them.port, site.host, { headers: { 'x-forwarded-for': address } });
  const page = await answered(shop, random, ({ port }) => visitor.at(port).get('/products', { accept: 'text/html' }));
  expectStatus(told, 'a page', page, [200]);
  const variants = random.shuffled(site.products.flatMap((product) => product.variants));
  for (const { variantId } of variants.slice(0, 1 + random.below(2))) {
    const fields = { variantId, quantity: String(1 + random.below(3)) };
    const added = await answered(shop, random, ({ port }) =>
      visitor.at(port).form('/cart/items', fields, { accept: 'application/json' }),
    );
    expectStatus(told, 'a cart', added, [200, 409]);
  }
  // What lost its answer was perhaps put in twice: the buyer looks before ordering.
  const cart = await answered(shop, random, ({ port }) => visitor.at(port).query('cart.get'));
  expectStatus(told, 'a look at the cart', cart, [200]);
  const { lines = [] } = (cart.value ?? {}) as { lines?: { variantId: string; quantity: number }[] };
  if (lines.length === 0 || random.below(12) === 0) {
    told.left += 1;
    return;
  }
  const fields = { ...checkoutFields(site, lines), email: `buyer.${random.below(1_000_000)}@example.org` };
  const placed = await answered(shop, random, ({ port }) => visitor.at(port).mutate('checkout.submit', fields));
  if (placed.status === 409 && placed.refusal?.code !== 'cart_empty') {
    told.left += 1;
    return;
  }
  expectStatus(told, 'a checkout', placed, [200]);
  if (placed.status !== 200) return;
  const { orderId, orderPath, redirectUrl } = placed.value as {
    orderId: string;
    orderPath: string;
    redirectUrl: string;
  };
  told.orders.add(orderId);
  await pay(shop, random, { visitor, orderPath, redirectUrl, total: fields.expectedTotal });
}

type ToPay = {
  readonly visitor: HttpClient;
  readonly orderPath: string;
  readonly redirectUrl: string;
  readonly total: string;
};

async function pay(shop: Shop, random: SeededRandom, order: ToPay): Promise<void> {
  const { site } = shop;
  const way = random.pick(WAYS_TO_PAY);
  const cents = Math.round(Number(order.total) * 100);
  const other = (factor: number): string => decimal(Math.max(1, Math.round(cents * factor)), site.currency);
  switch (way) {
    case 'leave':
      return;
    case 'pay':
      return press(shop, order.redirectUrl, { action: 'pay' });
    case 'pay twice':
      return press(shop, order.redirectUrl, { action: 'pay', twice: 'on' });
    case 'pay late':
      return press(shop, order.redirectUrl, { action: 'pay', late: 'on' });
    case 'pay late and twice':
      return press(shop, order.redirectUrl, { action: 'pay', late: 'on', twice: 'on' });
    case 'pay in a while':
      return press(shop, order.redirectUrl, { action: 'later', delaySeconds: String(random.below(2)) });
    case 'pay less':
      return press(shop, order.redirectUrl, { action: 'pay', amount: other(0.5) });
    case 'pay more':
      return press(shop, order.redirectUrl, { action: 'pay', amount: other(1.5) });
    case 'pay another currency':
      return press(shop, order.redirectUrl, { action: 'pay', currency: 'USD' });
    case 'decline':
      return press(shop, order.redirectUrl, { action: 'decline' });
    case 'decline, then pay':
      await press(shop, order.redirectUrl, { action: 'decline' });
      return payAgain(shop, random, order);
    case 'authorise, then capture':
    case 'authorise, then void':
      await press(shop, order.redirectUrl, { action: 'authorise' });
      await sleep(random.below(300));
      await settle(shop, order.redirectUrl, way === 'authorise, then capture' ? 'capture' : 'void');
  }
}

const sessionId = (redirectUrl: string): string => new URL(redirectUrl).pathname.split('/').at(-1) ?? '';
const atProvider = ({ them }: Shop): HttpClient => httpClient(Number(new URL(them.sandboxOrigin).port), 'localhost');

/** A button of the provider's own page. */
async function press(shop: Shop, redirectUrl: string, fields: Readonly<Record<string, string>>): Promise<void> {
  const answer = await atProvider(shop).form(`/pay/${sessionId(redirectUrl)}`, fields);
  expectStatus(shop.told, 'the payment page', answer, [303]);
}

async function settle(shop: Shop, redirectUrl: string, how: 'capture' | 'void'): Promise<void> {
  const answer = await atProvider(shop).form(`/sessions/${sessionId(redirectUrl)}/${how}`, {});
  expectStatus(shop.told, 'the books of the provider', answer, [303]);
}

/** Waits until the order knows that its payment failed, and pays it from its own page. */
async function payAgain(shop: Shop, random: SeededRandom, { visitor, orderPath }: ToPay): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const found = await answered(shop, random, ({ port }) => visitor.at(port).get(`${orderPath}/status`));
    if (found.text.includes('payment_failed')) break;
    await sleep(50);
  }
  const again = await answered(shop, random, ({ port }) => visitor.at(port).form(`${orderPath}/pay`, {}));
  // Meanwhile it may have been cancelled, expired, or its goods sold.
  expectStatus(shop.told, 'paying again', again, [303, 409]);
  const to = again.headers.location;
  if (again.status === 303 && to?.includes('/pay/')) await press(shop, to, { action: 'pay' });
}

/** One look of an admin at the orders: sends one, or cancels one. */
export async function work(shop: Shop, random: SeededRandom): Promise<void> {
  const { owner, told } = shop;
  const status = random.below(8) === 0 ? ['pending_payment', 'payment_failed'] : ['confirmed'];
  const list = await answered(shop, random, ({ port }) => owner.at(port).query('orders.list', { status, limit: 20 }));
  expectStatus(told, 'the list of orders', list, [200]);
  const { rows = [] } = (list.value ?? {}) as { rows?: { orderId: string }[] };
  if (rows.length === 0) return;
  const { orderId } = random.pick(rows);
  const found = await answered(shop, random, ({ port }) => owner.at(port).query('orders.get', { orderId }));
  expectStatus(told, 'an order', found, [200]);
  const { version } = found.value as { version: number };
  const cancels = status.length > 1 || random.below(5) === 0;
  const done = await answered(shop, random, ({ port }) =>
    cancels
      ? owner.at(port).mutate('orders.cancel', { orderId, version, reason: 'other' })
      : owner.at(port).mutate('orders.fulfil', { orderId, version, carrier: 'Post', trackingNumber: 'T1' }),
  );
  // It moved meanwhile; or it was done, and only the answer was lost.
  expectStatus(told, 'an order moved', done, [200, 409]);
  if (done.status === 200) told.moved.set(orderId, cancels ? 'cancelled' : 'completed');
}

function expectStatus(told: Told, what: string, answer: Answer | TrpcAnswer, allowed: readonly number[]): void {
  if (!allowed.includes(answer.status))
    told.odd.push(`${what} was answered ${answer.status}: ${answer.text.slice(0, 300)}`);
}

/** Somebody finds an open payment page again, perhaps long after the order was given up, and pays. */
export async function payForgotten(shop: Shop, random: SeededRandom): Promise<void> {
  const open = shop.them.sandbox.books().sessions.filter((session) => session.entries.length === 0);
  for (const { id } of random.shuffled(open).slice(0, 2))
    await press(shop, new URL(`/pay/${id}`, shop.them.sandboxOrigin).href, { action: 'pay' });
}
