import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type TestDatabase, inDatabase, openTestDatabase, startTestServer } from '@souk/db/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type TestApi,
  type TestSite,
  checkOut,
  checkoutFields,
  expectInvariants,
  fillCart,
  pageOf,
  placeOrder,
  startTestApi,
  until,
} from '../index.ts';

/* K02: the disk that PostgreSQL writes to is full. A small file system in memory stands for it; mounting one needs root. */

const place = mkdtempSync(join(tmpdir(), 'souk-full-'));
const canMount =
  process.platform === 'linux' && spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=200m', 'tmpfs', place]).status === 0;
if (!canMount)
  process.stdout.write('SKIPPED: K02 disk full, since no file system can be mounted here (it needs root)\n');

let server: Awaited<ReturnType<typeof startTestServer>> | undefined;
let db: TestDatabase;
let it: TestApi;
let site: TestSite;
beforeAll(async () => {
  if (!canMount) return;
  const home = join(place, 'home');
  mkdirSync(home);
  server = await startTestServer({ home, isKilledOften: true });
  db = await openTestDatabase({ poolSize: 4, server: server.server });
  it = await startTestApi({ db, poolSize: 4, superviseSeconds: 1 });
  site = await it.makeSite({ handle: 'full', products: [[{ price: 1000, stock: 100_000 }]] });
});
afterAll(async () => {
  try {
    if (server) {
      await it.close();
      await db.close();
    }
  } finally {
    // Also when the test has failed and the database does not answer: no server and no mount stays behind.
    await server?.stop();
    if (canMount) spawnSync('umount', ['-l', place]);
    rmSync(place, { recursive: true, force: true });
  }
});

const filler = join(place, 'filler');

/** Leaves not one byte. */
function fill(): void {
  const file = openSync(filler, 'w');
  try {
    for (let size = 1_000_000; size >= 1; size = Math.floor(size / 10)) {
      try {
        for (;;) writeSync(file, Buffer.alloc(size));
      } catch (error) {
        if ((error as { code?: string }).code !== 'ENOSPC') throw error;
      }
    }
  } finally {
    closeSync(file);
  }
}

test.skipIf(!canMount)(
  'K02 · a full disk: what cannot be written is "not now", what was acknowledged stays, and it goes on when there is room',
  async () => {
    const lines = [{ variantId: site.products[0]?.variants[0]?.variantId ?? '', quantity: 1 }];
    const before = await placeOrder(it, site, lines);
    fill();
    const seen = new Set<number>();
    const orders: string[] = [];
    let last: { visitor: ReturnType<TestApi['visitor']>; fields: ReturnType<typeof checkoutFields> } | undefined;
    for (let tries = 0; tries < 400 && seen.size < 2; tries += 1) {
      const visitor = it.visitor(site);
      const added = await fillCart(visitor, lines);
      const fields = checkoutFields(site, lines);
      const answer = added.status === 200 ? await visitor.mutate('checkout.submit', fields) : added;
      if ('value' in answer && answer.status === 200) orders.push((answer.value as { orderId: string }).orderId);
      expect([200, 503]).toContain(answer.status);
      seen.add(answer.status);
      if (added.status === 200 && answer.status === 503) last = { visitor, fields };
    }
    expect(seen).toContain(503);
    const page = await it.visitor(site).form(
      '/cart/items',
      { variantId: lines[0]?.variantId ?? '', quantity: '1' },
      {
        accept: 'text/html',
      },
    );
    if (page.status === 503) expect(pageOf(page)).toMatchObject({ kind: 'unavailable' });

    // The server's own log cannot grow either: it gives up, and cannot start again while there is no room.
    for (let times = 0; times < 10; times += 1)
      await inDatabase(db.superuserUrl, (client) =>
        client.query("select pg_logical_emit_message(true, 'full', repeat('x', 1000000)), pg_switch_wal()"),
      ).catch(() => undefined);
    await sleep(1_500);
    expect((await it.visitor(site).get('/', { accept: 'text/html' })).status).toBe(503);

    rmSync(filler);
    const again = it.visitor(site);
    await until('it takes carts again', async () => (await fillCart(again, lines)).status === 200, 30);
    // The form that was told "not now" is sent again as it was.
    if (last) expect((await last.visitor.mutate('checkout.submit', last.fields)).status).toBe(200);
    expect((await checkOut(it.visitor(site), site, lines)).refusal?.code).toBe('cart_empty');
    const owner = await it.signedInAs(site, 'owner');
    for (const orderId of [before.orderId, ...orders])
      expect((await owner.query('orders.get', { orderId })).status).toBe(200);
    await placeOrder(it, site, lines);
    await expectInvariants(db);
    expect(it.errors()).toEqual([]);
  },
  60_000,
);
