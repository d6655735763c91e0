import { createServer } from 'node:http';
import { type TestSite, checkoutFields, signNotice } from '@souk/testing';
import type { Work } from './load.ts';
import type { Client } from './shop-client.ts';

const call = (path: string, input?: unknown): string =>
  `/trpc/${path}${input === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify(input))}`}`;

/** A slug that is another one each time, so that nothing is answered from the memory of the last answer. */
export const slugOf = (worker: number, n: number): string => `bench-thing-${1 + ((worker * 131 + n * 7) % 1000)}`;

/** What is asked of the shop over HTTP, as its customers and their browsers ask. */
export function shopWork(client: Client, site: TestSite) {
  const { host } = site;
  const product: Work = (worker, n) => client.get(host, call('products.get', { slug: slugOf(worker, n) }));
  const list: Work = () => client.get(host, call('products.list', {}));

  /** A whole purchase: look, put in, look at the cart, order, be paid, look at the order. Six requests. */
  const checkout: Work = async (worker, n) => {
    const at = (worker * 131 + n * 7) % site.products.length;
    const variantId = site.products[at]?.variants[0]?.variantId ?? '';
    const lines = [{ variantId, quantity: 2 }];
    await client.get(host, call('products.get', { slug: `bench-thing-${at + 1}` }));
    const { cookie } = await client.post(host, '/cart/items', `variantId=${variantId}&quantity=2`, {
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
    });
    await client.get(host, call('cart.get'), { cookie });
    const fields = checkoutFields(site, lines);
    const { text } = await client.post(host, '/trpc/checkout.submit', JSON.stringify(fields), {
      'content-type': 'application/json',
      cookie,
    });
    const { data } = (JSON.parse(text) as { result: { data: { orderPath: string; redirectUrl: string } } }).result;
    const notice = signNotice(site, {
      type: 'payment.captured',
      paymentId: data.redirectUrl.split('/').at(-1) ?? '',
      amount: fields.expectedTotal,
    });
    await client.post('api.localhost', `/webhooks/payments/${site.configId}`, notice.body, notice.headers);
    const status = await client.get(host, `${data.orderPath}/status`);
    if (!status.includes('confirmed')) throw new Error(`an order that was paid is not confirmed: ${status}`);
  };
  return { product, list, checkout };
}

/** A shop's cart with a line in it, and its owner's session: what the flat figures ask for besides. */
export async function openCart(client: Client, site: TestSite): Promise<Work> {
  const variantId = site.products[0]?.variants[0]?.variantId ?? '';
  const { cookie } = await client.post(site.host, '/cart/items', `variantId=${variantId}&quantity=1`, {
    'content-type': 'application/x-www-form-urlencoded',
    accept: 'application/json',
  });
  return () => client.get(site.host, call('cart.get'), { cookie });
}

export function adminWork(client: Client, site: TestSite, email: string, password: string) {
  const signIn = async (): Promise<string> =>
    (
      await client.post('admin.localhost', '/trpc/account.signIn', JSON.stringify({ email, password }), {
        'content-type': 'application/json',
      })
    ).cookie;
  const orders = async (): Promise<Work> => {
    const cookie = await signIn();
    return () => client.get('admin.localhost', call('orders.list', {}), { cookie, 'x-souk-site': site.handle });
  };
  return { signIn, orders };
}

/** A payment provider that is there at once: it answers where the buyer pays, and nothing else. */
export async function startProvider(): Promise<{ origin: string; stop(): void }> {
  const server = createServer((req, res) => {
    const pieces: Buffer[] = [];
    req.on('data', (piece: Buffer) => pieces.push(piece));
    req.on('end', () => {
      const { reference } = JSON.parse(Buffer.concat(pieces).toString('utf8')) as { reference: string };
      const body = JSON.stringify({ id: `cs_${reference}`, url: `http://pay.localhost/${reference}` });
      res.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('no port');
  return { origin: `http://127.0.0.1:${address.port}`, stop: () => void server.close() };
}
