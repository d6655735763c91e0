import { setTimeout as sleep } from 'node:timers/promises';
import { withSite } from '@souk/db';
import { findRunning } from '@souk/db/embedded';
import { type TestDatabase, inDatabase, openTestDatabase, startTestServer } from '@souk/db/testing';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  type Answer,
  type HttpClient,
  type TestApi,
  type TestSite,
  checkOut,
  expectInvariants,
  fillCart,
  pageOf,
  placeOrder,
  seededRandom,
  startTestApi,
  tally,
  until,
} from '../index.ts';
import { startDatabaseProxy } from '../proxied-database.ts';
import { settled } from '../settled.ts';

/*
 * K02: whatever happens to the database, every door says "not now" in its own way, soon; nothing is half done, and the same
 * process serves again when the database does. This file has a PostgreSQL of its own, which it ends, and a wire before it.
 */

/** Short, so that giving up does not take the test's time. */
const PATIENCE = { connection: 700, lock: 700, statement: 1_200, answer: 2_000 };
/** No answer may take longer than its waits one after the other. */
const SOON_MS = 12_000;

let server: Awaited<ReturnType<typeof startTestServer>>;
let db: TestDatabase;
let wire: Awaited<ReturnType<typeof startDatabaseProxy>>;
let it: TestApi;
let site: TestSite;
let owner: HttpClient;
beforeAll(async () => {
  server = await startTestServer({ isKilledOften: true });
  db = await openTestDatabase({ poolSize: 4, server: server.server });
  wire = await startDatabaseProxy(db.urls);
  it = await startTestApi({ db, urls: wire.urls, poolSize: 4, patience: PATIENCE, superviseSeconds: 1 });
  site = await it.makeSite({ handle: 'faults', products: [[{ price: 1000, stock: 100_000 }]] });
  owner = await it.signedInAs(site, 'owner');
});
afterEach(async () => {
  await serves();
  await expectInvariants(db);
  // A fault that passes is no bug: it is a line of the log's warnings, never an error.
  expect(it.errors()).toEqual([]);
});
afterAll(async () => {
  await it.close();
  await wire.close();
  await db.close();
  await server.stop();
});

const lines = () => [{ variantId: site.products[0]?.variants[0]?.variantId ?? '', quantity: 1 }];
const HTML = { accept: 'text/html' };

/** The same process takes an order, its payment and its mail again. */
async function serves(): Promise<void> {
  await until('the shop serves again', async () => (await it.visitor(site).get('/', HTML)).status === 200, 20);
  await until('it says that it is ready', async () => (await it.visitor(site).get('/readyz')).status === 200, 20);
  const placed = await placeOrder(it, site, lines());
  const answer = await it.notify(site, {
    type: 'payment.captured',
    paymentId: placed.paymentId,
    amount: placed.total,
  });
  expect(answer.status).toBe(200);
  const found = await owner.query('orders.get', { orderId: placed.orderId });
  expect(found.value).toMatchObject({ status: 'confirmed' });
}

/** A request to each kind of door, and what "not now" looks like there. */
const DOORS: Readonly<Record<string, { ask(): Promise<Answer>; says(answer: Answer): void }>> = {
  'a page of the shop': {
    ask: () => it.visitor(site).get('/products', HTML),
    says: (answer) => {
      expect(pageOf(answer)).toMatchObject({ kind: 'unavailable', retryAfterSeconds: 5 });
      expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
    },
  },
  'a form of the shop': {
    ask: () => it.visitor(site).form('/cart/items', { variantId: lines()[0]?.variantId ?? '', quantity: '1' }, HTML),
    says: (answer) => expect(pageOf(answer)).toMatchObject({ kind: 'unavailable' }),
  },
  'an island of the shop': {
    ask: () => it.visitor(site).get('/cart', { accept: 'application/json' }),
    says: saysTryAgain,
  },
  'a procedure of the shop': {
    ask: () => it.visitor(site).get('/trpc/products.list?input=%7B%7D'),
    says: saysTryAgain,
  },
  'a procedure of the admin': { ask: () => owner.get('/trpc/orders.list?input=%7B%7D'), says: saysTryAgain },
  'a change of the admin': {
    ask: () => owner.post('/trpc/account.signIn', { email: 'nobody@example.org', password: 'not the password at all' }),
    says: saysTryAgain,
  },
  'a download of the admin': {
    ask: () => owner.get(`/s/${site.handle}/downloads/product-imports/${site.siteId}/report.csv`),
    says: saysTryAgain,
  },
  'a procedure for services': {
    ask: () => it.service(site.apiKey).get('/trpc/products.list?input=%7B%7D'),
    says: saysTryAgain,
  },
  'a notice of the provider': {
    ask: () =>
      it.notify(site, { type: 'payment.captured', paymentId: site.products[0]?.productId ?? '', amount: '15.00' }),
    says: saysTryAgain,
  },
};

function saysTryAgain({ text }: Answer): void {
  const json = JSON.parse(text) as { refusal?: unknown; error?: { data: { refusal?: unknown } } };
  expect(json.refusal ?? json.error?.data.refusal).toMatchObject({
    code: 'try_again',
    message: expect.stringContaining('Wait a few seconds') as string,
  });
}

/** Every door says "not now": 503, when to come again, no stack, nothing kept by a cache, and soon. */
async function everyDoorSaysNotNow(): Promise<void> {
  await Promise.all(
    Object.entries(DOORS).map(async ([name, { ask, says }]) => {
      const startedAt = performance.now();
      const answer = await ask();
      expect({ name, status: answer.status }).toEqual({ name, status: 503 });
      expect(answer.headers['retry-after']).toBe('5');
      expect(answer.headers['cache-control']).toContain('no-store');
      expect(answer.text).not.toMatch(/node_modules|at .*\.ts:\d|souk_app|postgres/i);
      says(answer);
      expect(performance.now() - startedAt).toBeLessThan(SOON_MS);
    }),
  );
}

/** Visitors who fill carts, check out and pay, one thing after another, until `stop`; what they were answered. */
function shoppers(count: number): { stop(): Promise<Answer[]> } {
  let isOver = false;
  const answers: Answer[] = [];
  const all = Promise.all(
    Array.from({ length: count }, async () => {
      while (!isOver) {
        const visitor = it.visitor(site);
        answers.push(await visitor.get('/products', HTML));
        answers.push(await fillCart(visitor, lines()));
        const answer = await checkOut(visitor, site, lines());
        // Whoever was told to try again sends the same form again.
        answers.push({ status: answer.status, text: answer.text, headers: {}, body: Buffer.alloc(0) });
      }
    }),
  );
  return {
    stop: async () => {
      isOver = true;
      await all;
      return answers;
    },
  };
}

/** Nobody was told anything but yes, not now, or (with a cart that could not be filled) that it is empty. */
function expectCalm(answers: readonly Answer[]): void {
  const odd = answers.filter(({ status, text }) => ![200, 503].includes(status) && !text.includes('cart_empty'));
  expect(odd.map(({ status, text }) => `${status} ${text.slice(0, 300)}`)).toEqual([]);
}

/** Every backend of the serving roles that is there now is ended, so that what follows needs new ones. */
const endBackends = (): Promise<unknown> =>
  inDatabase(db.superuserUrl, (client) =>
    client.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and usename like 'souk_%' and usename <> 'souk_owner'",
    ),
  );

describe('K02 · the database is away', () => {
  test('K02 · nobody listens there', async () => {
    await wire.fail({ refuses: true });
    try {
      await everyDoorSaysNotNow();
      expect((await it.visitor(site).get('/readyz')).status).toBe(503);
      expect((await it.visitor(site).get('/healthz')).status).toBe(200);
    } finally {
      await wire.fail({});
    }
  });

  test('K02 · it has gone silent: nothing is answered, nothing is closed', async () => {
    // Every pool has open connections, on which statements are sent and never answered.
    await serves();
    await Promise.all(Object.values(DOORS).map(({ ask }) => ask()));
    await wire.fail({ stalls: true });
    try {
      await everyDoorSaysNotNow();
    } finally {
      await wire.fail({});
    }
  });

  test('K02 · every connection is cut while shops are busy', async () => {
    const busy = shoppers(6);
    for (let round = 0; round < 8; round += 1) {
      await sleep(80);
      wire.cut();
    }
    expectCalm(await busy.stop());
  });

  test('K02 · half answers: each connection dies after some bytes', async () => {
    const random = seededRandom('K02 half answers');
    const busy = shoppers(6);
    for (let round = 0; round < 10; round += 1) {
      await wire.fail({ cutAfterBytes: 1 + random.below(4_000) });
      wire.cut();
      await sleep(80);
    }
    await wire.fail({});
    wire.cut();
    expectCalm(await busy.stop());
  });

  test('K02 · a slow wire is only slow', async () => {
    await wire.fail({ latencyMs: 15 });
    try {
      await serves();
    } finally {
      await wire.fail({});
    }
  });

  test('K02 · PostgreSQL is restarted under load', async () => {
    const busy = shoppers(6);
    for (let round = 0; round < 2; round += 1) {
      await sleep(300);
      const pid = findRunning({ home: server.home })?.pid ?? 0;
      process.kill(pid, 'SIGINT');
      await until(
        'it is there again',
        () => (findRunning({ home: server.home })?.pid ?? pid) !== pid && canConnect(),
        20,
      );
    }
    await sleep(200);
    const answers = await busy.stop();
    expectCalm(answers);
    expect(tally(answers.map((a) => a.status))['200']).toBeGreaterThan(0);
  });
});

const canConnect = (): Promise<boolean> => inDatabase(db.ownerUrl, () => Promise.resolve(true)).catch(() => false);

describe('K02 · the database is busy', () => {
  test('K02 · every connection of the pools is held', async () => {
    const { database } = it.api.services;
    let release = (): void => undefined;
    const released = new Promise<void>((done) => (release = done));
    const inTransaction = Array.from({ length: 4 }, () => withSite(database, site.siteId, () => released));
    const clients = await Promise.all(Array.from({ length: 8 }, () => database.platform.connect()));
    try {
      await everyDoorSaysNotNow();
      // Only what a lookup needs is held: the others still say "not now".
      for (const client of clients.splice(0)) client.release();
      for (const name of ['a page of the shop', 'a form of the shop', 'a procedure of the admin'])
        expect((await DOORS[name]?.ask())?.status).toBe(503);
    } finally {
      release();
      await Promise.all(inTransaction);
      for (const client of clients.splice(0)) client.release();
    }
  });

  test('K02 · the server has no connection left', async () => {
    const roles = ['souk_app', 'souk_platform'];
    const limit = (n: number): Promise<unknown> =>
      inDatabase(db.superuserUrl, async (client) => {
        for (const role of roles) await client.query(`alter role ${role} connection limit ${n}`);
      });
    await limit(0);
    try {
      await endBackends();
      await everyDoorSaysNotNow();
    } finally {
      await limit(-1);
    }
  });

  test('K02 · somebody holds a lock that everybody needs', async () => {
    const holder = new pg.Client({ connectionString: db.ownerUrl });
    await holder.connect();
    const visitor = it.visitor(site);
    await fillCart(visitor, lines());
    const placed = await placeOrder(it, site, lines());
    const fields = { idempotencyKey: 'the-same-form-again' };
    try {
      await holder.query('begin');
      await holder.query('lock table orders, carts in access exclusive mode');
      const [submitted, noticed, cancelled] = await Promise.all([
        checkOut(visitor, site, lines(), fields),
        it.notify(site, { type: 'payment.captured', paymentId: placed.paymentId, amount: placed.total }),
        owner.mutate('orders.cancel', {
          orderId: placed.orderId,
          version: 1,
          reason: 'other',
        }),
      ]);
      expect([submitted.status, noticed.status, cancelled.status]).toEqual([503, 503, 503]);
      expect(submitted.refusal).toMatchObject({ code: 'try_again' });
    } finally {
      await holder.query('rollback');
      await holder.end();
    }
    // The form is sent again as it was, and is one order.
    expect((await checkOut(visitor, site, lines(), fields)).status).toBe(200);
  });

  test.each(['pg_cancel_backend', 'pg_terminate_backend'])(
    'K02 · a stuck query is struck down by an operator (%s)',
    async (how) => {
      const holder = new pg.Client({ connectionString: db.ownerUrl });
      await holder.connect();
      try {
        await holder.query('begin');
        await holder.query('lock table products in access exclusive mode');
        const asked = it.visitor(site).get('/products', HTML);
        const struck = await inDatabase(db.superuserUrl, async (client) => {
          for (;;) {
            const { rowCount } = await client.query(
              `select ${how}(pid) from pg_stat_activity where datname = current_database() and usename = 'souk_app' and wait_event_type = 'Lock'`,
            );
            if (rowCount) return rowCount;
            await sleep(20);
          }
        });
        expect(struck).toBe(1);
        const answer = await asked;
        expect(answer.status).toBe(503);
        expect(pageOf(answer)).toMatchObject({ kind: 'unavailable' });
      } finally {
        await holder.query('rollback');
        await holder.end();
      }
    },
  );
});

describe('K02 · after the fault', () => {
  test('K02 · what lay in the outbox is done, and what was in the works is given to somebody else', async () => {
    await settled(db);
  });
});
