import { Agent, type IncomingMessage, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import {
  type ApiProcesses,
  type HttpClient,
  type TestSite,
  checkOut,
  expectInvariants,
  fillCart,
  httpClient,
  ownerRows,
  startApiProcesses,
  tally,
  until,
} from '../index.ts';
import { type Balancer, startBalancer } from '../balancer.ts';
import { freePort } from '../free-port.ts';
import { settled } from '../settled.ts';
import { type TcpProxy, startTcpProxy } from '../tcp-proxy.ts';

/* K03: a release is two processes stopped and started one after the other behind a balancer; nobody notices. */

vi.setConfig({ testTimeout: 120_000 });
// Long enough for a balancer on a busy machine to see that a process is not to be asked any more.
const DRAIN_SECONDS = 2.5;
let them: ApiProcesses;
let balancer: Balancer;
let site: TestSite;
let owner: HttpClient;
let provider: TcpProxy;
let toBalancer: TcpProxy;
beforeAll(async () => {
  // The provider is told of the balancer before there is one: it sends its notices to a wire that is led there.
  const noticePort = await freePort();
  const providerPort = await freePort();
  them = await startApiProcesses({
    count: 2,
    noticePort,
    drainSeconds: DRAIN_SECONDS,
    superviseSeconds: 1,
    providerOrigin: () => `http://localhost:${providerPort}`,
  });
  provider = await startTcpProxy({ host: '127.0.0.1', port: Number(new URL(them.sandboxOrigin).port) }, providerPort);
  balancer = await startBalancer(them.processes.map((one) => one.port));
  toBalancer = await startTcpProxy({ host: '127.0.0.1', port: balancer.port }, noticePort);
  site = await them.makeSite({ handle: 'rolling', products: [[{ price: 1000, stock: 100_000 }]] });
  owner = (await them.signedInAs(site, 'owner')).at(balancer.port);
});
afterAll(async () => {
  await settled(them.db);
  await expectInvariants(them.db);
  expect(them.errors()).toEqual([]);
  await toBalancer.close();
  await balancer.close();
  await provider.close();
  await them.close();
});

const lines = () => [{ variantId: site.products[0]?.variants[0]?.variantId ?? '', quantity: 1 }];
const visitor = (): HttpClient => httpClient(balancer.port, site.host);

/** Streams of the admin, each opened again when it ends, as the admin's screens do; whatever is no clean end is noted. */
function keepStreams(count: number): { orders(): number; stop(): Promise<string[]> } {
  let isOver = false;
  const faults: string[] = [];
  const seen = new Set<string>();
  const open = new Set<IncomingMessage>();
  const cookie = [...owner.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const once = (): Promise<void> =>
    new Promise((done) => {
      const headers = { host: `admin.localhost:${balancer.port}`, cookie, 'sec-fetch-site': 'same-origin' };
      const path = `/s/${site.handle}/live`;
      const call = request({ host: '127.0.0.1', port: balancer.port, path, headers, agent: false }, (answer) => {
        if (answer.statusCode !== 200) faults.push(`a stream was answered ${answer.statusCode}`);
        open.add(answer);
        answer.setEncoding('utf8').on('data', (text: string) => {
          for (const [, id = ''] of text.matchAll(/"kind":"order\.submitted","entityId":"([^"]+)"/g)) seen.add(id);
        });
        answer.on('error', (error) => faults.push(`a stream broke: ${error.message}`));
        answer.on('close', () => {
          open.delete(answer);
          done();
        });
      });
      call.on('error', (error) => {
        if (!isOver) faults.push(`a stream could not be opened: ${error.message}`);
        done();
      });
      call.end();
    });
  const all = Promise.all(
    Array.from({ length: count }, async () => {
      while (!isOver) await once();
    }),
  );
  return {
    orders: () => seen.size,
    stop: async () => {
      isOver = true;
      const noted = [...faults];
      for (const answer of open) answer.destroy();
      await all;
      return noted;
    },
  };
}

test('K03 · both processes are restarted under load: no request fails, no stream breaks, every notice counts', async () => {
  let isOver = false;
  const answered: string[] = [];
  const orders: string[] = [];
  const note = (what: string, status: number, text: string): void =>
    void answered.push(status === 200 || status === 303 ? `${what} fine` : `${what} ${status} ${text.slice(0, 200)}`);
  const streams = keepStreams(4);
  // Each visitor keeps one connection to the balancer, and the balancer keeps its own to the processes.
  const shoppers = Promise.all(
    Array.from({ length: 4 }, async () => {
      while (!isOver) {
        const one = visitor();
        const page = await one.get('/products', { accept: 'text/html' });
        note('page', page.status, page.text);
        const cart = await fillCart(one, lines());
        note('cart', cart.status, cart.text);
        const placed = await checkOut(one, site, lines());
        note('checkout', placed.status, placed.text);
        if (placed.status !== 200) continue;
        const { orderId, redirectUrl } = placed.value as { orderId: string; redirectUrl: string };
        orders.push(orderId);
        const url = new URL(redirectUrl);
        const paid = await httpClient(Number(new URL(them.sandboxOrigin).port), 'localhost').form(url.pathname, {
          action: 'pay',
        });
        note('payment', paid.status, paid.text);
        const list = await owner.query('orders.list', {});
        note('admin', list.status, list.text);
      }
    }),
  );
  for (const process of them.processes) {
    // A release takes the next one when the one before is asked again.
    await until('both are asked', () => balancer.ready() === 2);
    await sleep(700);
    expect(await process.kill('SIGTERM')).toBe(0);
    await process.start();
  }
  await sleep(500);
  isOver = true;
  await shoppers;
  const broken = await streams.stop();
  expect(Object.keys(tally(answered)).toSorted()).toEqual([
    'admin fine',
    'cart fine',
    'checkout fine',
    'page fine',
    'payment fine',
  ]);
  expect(broken).toEqual([]);
  expect(streams.orders()).toBeGreaterThan(0);
  await until(
    'every order is confirmed by its notice',
    async () =>
      (await ownerRows(them.db, "select 1 from orders where order_id = any($1) and status = 'confirmed'", [orders]))
        .length === orders.length,
    20,
  );
  // Not one notice had to be sent twice.
  const deliveries = () => them.sandbox.books().notices.flatMap((notice) => notice.deliveries);
  await until('the provider has heard every answer', () => deliveries().every((d) => d.attempts.length > 0));
  expect(tally(deliveries().map(({ attempts }) => attempts.map((a) => a.status ?? a.error).join()))).toEqual({
    200: orders.length,
  });
});

test('K03 · a connection that is kept is told to end while the process drains; what is under way is finished', async () => {
  const [one] = them.processes;
  if (!one) throw new Error('a process was asked for');
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = (path: string): Promise<IncomingMessage> =>
    new Promise((done, fail) => {
      const headers = { host: `${site.host}:${one.port}` };
      const call = request({ host: '127.0.0.1', port: one.port, path, agent, headers }, (answer) => {
        answer.resume().on('end', () => done(answer));
      });
      call.on('error', fail).end();
    });
  const first = await ask('/products');
  expect([first.statusCode, first.headers.connection]).toEqual([200, 'keep-alive']);
  const buyer = one.visitor(site);
  await fillCart(buyer, lines());
  // The provider takes its time, longer than the process drains.
  await provider.fail({ stalls: true });
  const checkout = checkOut(buyer, site, lines());
  await until('the order is written', async () => {
    const found = await ownerRows(them.db, 'select 1 from payments where provider_reference is null');
    return found.length > 0;
  });
  const gone = one.kill('SIGTERM');
  await until('it says that it is not ready', async () => (await ask('/readyz')).statusCode === 503, 2);
  // On a new connection, and then on the one that was kept.
  expect((await one.visitor(site).get('/products')).status).toBe(200);
  const last = await ask('/products');
  expect([last.statusCode, last.headers.connection]).toEqual([200, 'close']);
  await sleep(DRAIN_SECONDS * 1000 + 200);
  await expect(ask('/products')).rejects.toThrow(/ECONNREFUSED/);
  await provider.fail({});
  expect((await checkout).status).toBe(200);
  // Nobody waits for the connection of the checkout either, which was kept before.
  const answeredAt = performance.now();
  expect(await gone).toBe(0);
  expect(performance.now() - answeredAt).toBeLessThan(8_000);
  agent.destroy();
  await one.start();
});
