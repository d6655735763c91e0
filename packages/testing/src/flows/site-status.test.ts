import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { withSite } from '@souk/db';
import { PROVED_DOMAIN } from '@souk/db/testing';
import { v7 } from 'uuid';
import { saveSettings, readSettings } from '@souk/db/identity';
import type { UnavailablePage } from '@souk/storefront/page-data';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type HttpClient,
  type TestApi,
  type TestSite,
  checkoutFields,
  fillCart,
  httpClient,
  ownerRows,
  pageOf,
  placeOrder,
  startTestApi,
  tally,
  together,
  until,
} from '../index.ts';

/* A site that is closed by whoever runs the installation: buyers hear it calmly, money that comes is taken in, nothing is lost. */

let it: TestApi;
let operator: HttpClient;
let site: TestSite;
let owner: HttpClient;
let n = 0;
beforeAll(async () => {
  it = await startTestApi();
  operator = await it.signedInAsOperator();
});
afterAll(async () => {
  expect(it.errors()).toEqual([]);
  await it.close();
});
beforeEach(async () => {
  n += 1;
  site = await it.makeSite({ handle: `stand-${n}` });
  owner = await it.signedInAs(site, 'owner');
});

type Row = {
  siteId: string;
  shopUrl: string;
  status: string;
  lastStep: number;
  steps: string[];
  note?: string;
  members: number;
};
const seen = async (of = site): Promise<Row> => {
  const { value } = await operator.query('operator.sites', { q: of.handle });
  return (
    (value as { rows: Row[] }).rows.find((r) => r.siteId === of.siteId) ?? expect.fail(`${of.handle} is not there`)
  );
};
const move = async (step: string, more: Record<string, unknown> = {}, by = operator) =>
  by.mutate('operator.moveSite', {
    siteId: site.siteId,
    step,
    lastStep: (await seen()).lastStep,
    reason: 'unpaid',
    ...more,
  });
/** The host is believed for a second. */
const answers = (status: number): Promise<void> =>
  until(`the shop answers ${status}`, async () => (await it.visitor(site).get('/')).status === status);
const oneThing = () => [{ variantId: site.products[0]?.variants[0]?.variantId ?? '', quantity: 1 }];

describe('ST1 · an operator moves a site', () => {
  test('ST1 · suspended and open again: each step stands in the site’s logs and in the installation’s', async () => {
    expect(await seen()).toMatchObject({ status: 'active', lastStep: 1, steps: ['suspend', 'archive'] });
    const answer = await move('suspend', { note: '  Please   call us. ' });
    expect([answer.status, answer.value]).toEqual([200, { status: 'suspended', lastStep: 2 }]);
    expect(await seen()).toMatchObject({ status: 'suspended', note: 'Please call us.', steps: ['resume', 'archive'] });
    expect((await owner.query('site.get')).value).toMatchObject({
      closed: { status: 'suspended', reason: 'unpaid', note: 'Please call us.', since: expect.any(String) },
    });
    expect((await move('resume', { reason: 'settled' })).status).toBe(200);
    expect((await owner.query('site.get')).value).not.toHaveProperty('closed');
    expect(
      await ownerRows(
        it.db,
        'select n, from_state, to_state, triggered_by, actor_kind, reason_code, next_n from site_transitions where site_id = $1 order by n',
        [site.siteId],
      ),
    ).toEqual([
      {
        n: 1,
        from_state: 'created',
        to_state: 'active',
        triggered_by: 'system',
        actor_kind: 'system',
        reason_code: 'made',
        next_n: 2,
      },
      {
        n: 2,
        from_state: 'active',
        to_state: 'suspended',
        triggered_by: 'admin',
        actor_kind: 'operator',
        reason_code: 'unpaid',
        next_n: 3,
      },
      {
        n: 3,
        from_state: 'suspended',
        to_state: 'active',
        triggered_by: 'admin',
        actor_kind: 'operator',
        reason_code: 'settled',
        next_n: 0,
      },
    ]);
    expect(
      await ownerRows(
        it.db,
        "select action, actor_kind, role_name, before, after from admin_action_logs where site_id = $1 and actor_kind = 'operator' order by action_id",
        [site.siteId],
      ),
    ).toEqual([
      {
        action: 'operator.suspend',
        actor_kind: 'operator',
        role_name: 'operator',
        before: { status: 'active' },
        after: { status: 'suspended', reason: 'unpaid' },
      },
      expect.objectContaining({ action: 'operator.resume' }),
    ]);
    expect(
      await ownerRows(it.db, 'select action, details from operator_action_logs where site_id = $1 order by action_id', [
        site.siteId,
      ]),
    ).toEqual([
      { action: 'operator.suspend', details: { from: 'active', to: 'suspended', reason: 'unpaid' } },
      { action: 'operator.resume', details: { from: 'suspended', to: 'active', reason: 'settled' } },
    ]);
  });

  test('ST1 · no step but those of the table, no site that is not there, and nobody but an operator', async () => {
    for (const step of ['resume', 'restore']) {
      const answer = await move(step);
      expect([step, answer.status, answer.refusal?.code]).toEqual([step, 409, 'site_step_not_allowed']);
    }
    for (const step of ['open', 'purge', 'created', '']) expect([step, (await move(step)).status]).toEqual([step, 400]);
    const nowhere = await move('suspend', { siteId: '01930000-0000-7000-8000-0000000000aa' });
    expect([nowhere.status, nowhere.refusal?.code]).toEqual([404, 'not_found']);
    expect((await move('suspend', {}, owner)).status).toBe(404);
    expect(await seen()).toMatchObject({ status: 'active', lastStep: 1 });
  });

  test('ST1 · who looked before somebody else moved it is told where it stands', async () => {
    expect((await move('suspend')).status).toBe(200);
    const late = await move('archive', { lastStep: 1 });
    expect([late.status, late.refusal?.code, late.refusal?.facts]).toEqual([
      409,
      'stale_version',
      { yours: 1, now: 2, status: 'suspended' },
    ]);
    expect(await seen()).toMatchObject({ status: 'suspended', lastStep: 2 });
  });

  test('C14 · of twenty steps at once one is made, and the log has no gap', async () => {
    const steps = await together(20, (i) => move(i % 2 === 0 ? 'suspend' : 'archive', { lastStep: 1 }));
    expect(tally(steps.map((s) => s.status))).toEqual({ 200: 1, 409: 19 });
    expect(
      await ownerRows(it.db, 'select n, next_n from site_transitions where site_id = $1 order by n', [site.siteId]),
    ).toEqual([
      { n: 1, next_n: 2 },
      { n: 2, next_n: 0 },
    ]);
  });

  test('ST1 · a step waits for a proof of who is there', async () => {
    await ownerRows(it.db, "update admin_sessions set proved_at = now() - interval '1 hour'");
    const answer = await move('suspend');
    expect([answer.status, answer.refusal?.code]).toEqual([428, 'proof_needed']);
    await ownerRows(it.db, 'update admin_sessions set proved_at = now()');
  });
});

describe('H09 H11 · a suspended shop', () => {
  test('H11 · says so in its own language on every page, to every call, with a time to come again', async () => {
    const visitor = it.visitor(site);
    const placed = await placeOrder(it, site, oneThing(), {}, visitor);
    await fillCart(visitor, oneThing());
    await withSite(it.db.database, site.siteId, async (tx) => {
      const { settings } = await readSettings(tx);
      saveSettings(tx, { ...settings, locale: 'de-DE' });
    });
    expect((await move('suspend')).status).toBe(200);
    await answers(503);
    const fields = checkoutFields(site, oneThing());
    const doors: readonly [string, () => Promise<{ status: number; headers?: Record<string, unknown> }>][] = [
      ['home', () => visitor.get('/')],
      ['list', () => visitor.get('/products?q=thing')],
      ['product', () => visitor.get(`/products/${site.products[0]?.slug}`)],
      ['cart', () => visitor.get('/cart')],
      ['checkout', () => visitor.get('/checkout')],
      ['order', () => visitor.get(placed.orderPath)],
      ['order status', () => visitor.get(`${placed.orderPath}/status`)],
      ['nowhere', () => visitor.get('/no-such-page')],
      ['picture', () => visitor.get(`/media/${'a'.repeat(40)}/640.webp`)],
      [
        'into the cart',
        () => visitor.form('/cart/items', { variantId: oneThing()[0]?.variantId ?? '', quantity: '1' }),
      ],
      ['checkout form', () => visitor.form('/checkout', fields)],
      ['pay again', () => visitor.form(`${placed.orderPath}/pay`, {})],
      ['call', () => visitor.query('products.list', {})],
      ['submit', () => visitor.mutate('checkout.submit', fields)],
    ];
    for (const [what, ask] of doors) {
      const answer = await ask();
      expect([what, answer.status]).toEqual([what, 503]);
      if (answer.headers)
        expect([what, answer.headers['retry-after'], answer.headers['cache-control']]).toEqual([
          what,
          '3600',
          'no-store',
        ]);
    }
    const page = pageOf(await visitor.get('/')) as UnavailablePage;
    expect([page.kind, page.isClosed, page.shop?.locale, page.shop?.name]).toEqual([
      'unavailable',
      true,
      'de-DE',
      site.site.name,
    ]);
    expect(
      await ownerRows(it.db, "select 1 from carts where site_id = $1 and status = 'converted'", [site.siteId]),
    ).toHaveLength(1);
    expect((await move('resume')).status).toBe(200);
    await answers(200);
  });

  test('O3 · money that comes is taken in, orders are confirmed and their mails go out', async () => {
    const placed = await placeOrder(it, site, oneThing(), { email: `closed-${n}@example.org` });
    expect((await move('suspend')).status).toBe(200);
    await answers(503);
    await it.notify(site, { type: 'payment.captured', paymentId: placed.paymentId, amount: placed.total });
    const [order] = await ownerRows<{ status: string }>(it.db, 'select status from orders where order_id = $1', [
      placed.orderId,
    ]);
    expect(order?.status).toBe('confirmed');
    const folder = join(it.home, 'mail');
    await until(
      'the mail is sent',
      () =>
        existsSync(folder) &&
        readdirSync(folder).some((name) =>
          readFileSync(join(folder, name), 'utf8').includes(`closed-${n}@example.org`),
        ),
      20,
    );
    // Its people look at it, and change nothing.
    expect((await owner.query('orders.get', { orderId: placed.orderId })).status).toBe(200);
    const sent = await owner.mutate('orders.fulfil', { orderId: placed.orderId, version: 2 });
    expect([sent.status, sent.refusal?.code]).toEqual([403, 'site_not_active']);
    expect((await it.service(site.apiKey).query('orders.list', {})).status).toBe(200);
  });

  test('ST1 · its people still take access away, and give none', async () => {
    const colleague = await it.signedInAs(site, 'editor');
    const leaver = await it.signedInAs(site, 'viewer');
    const key = (await owner.mutate('keys.create', { name: 'Till', permissions: ['VIEW_ORDERS'] })).value as {
      apiKeyId: string;
      key: string;
    };
    await move('suspend');
    expect((await leaver.mutate('team.leave')).status).toBe(200);
    expect((await leaver.query('products.list', {})).status).toBe(404);
    const { members } = (await owner.query('team.list')).value as {
      members: { membershipId: string; role: string }[];
    };
    const theirs = members.find((m) => m.role === 'editor')?.membershipId;
    expect((await owner.mutate('team.remove', { membershipId: theirs })).status).toBe(200);
    expect((await colleague.query('products.list', {})).status).toBe(404);
    expect((await it.service(key.key).query('orders.list', {})).status).toBe(200);
    expect((await owner.mutate('keys.revoke', { apiKeyId: key.apiKeyId })).status).toBe(200);
    expect((await it.service(key.key).query('orders.list', {})).status).toBe(401);
    for (const [path, input] of [
      ['keys.create', { name: 'Another', permissions: ['VIEW_ORDERS'] }],
      ['team.changeRole', { membershipId: members[0]?.membershipId, fromRoleId: v7(), roleId: v7() }],
    ] as const)
      expect([path, (await owner.mutate(path, input)).refusal?.code]).toEqual([path, 'site_not_active']);
  });
});

describe('G4 · an archived site', () => {
  test('G4 · is at no address, as if it never was; everything it has is kept, and it comes back suspended', async () => {
    const placed = await placeOrder(it, site, oneThing());
    const count = async (): Promise<unknown> =>
      ownerRows(
        it.db,
        'select (select count(*)::int from orders where site_id = $1) as orders, (select count(*)::int from products where site_id = $1) as products, (select count(*)::int from domain_mappings where site_id = $1) as hosts',
        [site.siteId],
      );
    const before = await count();
    expect((await move('archive', { reason: 'owner_asked' })).status).toBe(200);
    await answers(404);
    const [gone, never] = [
      await it.visitor(site).get(placed.orderPath),
      await httpClient(it.port, 'never-was.localhost').get(placed.orderPath),
    ];
    expect([gone.status, gone.text, gone.headers['cache-control']]).toEqual([
      never.status,
      never.text,
      never.headers['cache-control'],
    ]);
    expect((await owner.query('orders.get', { orderId: placed.orderId })).status).toBe(200);
    expect((await owner.mutate('products.publish', { productIds: [] })).refusal?.code).toBe('site_not_active');
    expect((await owner.query('account.me')).value).toMatchObject({ sites: [{ status: 'archived' }] });
    expect(await count()).toEqual(before);
    expect((await move('restore')).value).toEqual({ status: 'suspended', lastStep: 3 });
    expect((await move('resume')).status).toBe(200);
    await answers(200);
  });
});

test('H10 · an archived site lets its own domains go, to anybody who proves them, and comes back at its given address', async () => {
  const other = await it.makeSite({ handle: `takes-${n}` });
  const name = `own-${n}.example`;
  await ownerRows(it.db, 'update domain_mappings set is_primary = false where site_id = $1', [site.siteId]);
  await ownerRows(it.db, PROVED_DOMAIN, [v7(), site.siteId, name, true, 'verified', true]);
  await until('it is there', async () => (await httpClient(it.port, name).get('/')).status === 200);
  expect((await move('archive')).status).toBe(200);
  await until('it is gone', async () => (await httpClient(it.port, name).get('/')).status === 404);
  expect(
    await ownerRows(
      it.db,
      'select type, verification_status, is_primary, is_active from domain_mappings where site_id = $1 order by type',
      [site.siteId],
    ),
  ).toEqual([
    { type: 'custom', verification_status: 'released', is_primary: false, is_active: false },
    { type: 'development', verification_status: 'verified', is_primary: true, is_active: true },
  ]);
  await ownerRows(it.db, PROVED_DOMAIN, [v7(), other.siteId, name, false, 'verified', true]);
  expect((await move('restore')).status).toBe(200);
  expect((await move('resume')).status).toBe(200);
  await answers(200);
  expect((await seen()).shopUrl).toContain(site.host);
});

test('the list is searched, filtered and read page by page, and says nothing of what is in a site', async () => {
  const made = await Promise.all(
    ['x', 'y', 'z'].map((letter) => it.makeSite({ handle: `paged-${n}-${letter}`, products: [] })),
  );
  const first = (await operator.query('operator.sites', { q: `PAGED-${n}`, limit: 2 })).value as {
    rows: Row[];
    next?: string;
  };
  const second = (await operator.query('operator.sites', { q: `paged-${n}`, limit: 2, after: first.next })).value as {
    rows: Row[];
    next?: string;
  };
  expect([first.rows.length, second.rows.length, second.next]).toEqual([2, 1, undefined]);
  expect(new Set([...first.rows, ...second.rows].map((r) => r.siteId))).toEqual(new Set(made.map((s) => s.siteId)));
  expect((await operator.query('operator.sites', { q: `paged-${n}`, status: 'archived' })).value).toEqual({ rows: [] });
  expect((await seen()).members).toBe(2);
});
