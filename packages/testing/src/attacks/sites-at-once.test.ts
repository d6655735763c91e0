import { withSite } from '@souk/db';
import { addMember } from '@souk/db/identity';
import { PROVED_DOMAIN } from '@souk/db/testing';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { processOf, roundsOf, twoProcesses } from '../at-once.ts';
import { LONG_ATTACKS, rounds } from '../attack-rounds.ts';
import {
  type ApiProcesses,
  type TestSite,
  anAccount,
  expectInvariants,
  ownerRows,
  placeOrder,
  publishPrices,
  together,
} from '../index.ts';

/* C11, C12, C14: many sites at the same moment, and what one site, account or domain has only one of. */

let it: ApiProcesses;
beforeAll(async () => {
  it = await twoProcesses();
});
afterAll(() => it.close());

const SITES = 10;
const ORDERS = rounds(8, 50);

/** Places orders at both processes, all at once. Returns how long it took, in seconds. */
async function buy(site: TestSite, orders: number): Promise<number> {
  const startedAt = performance.now();
  const variantId = site.products[0]?.variants[0]?.variantId ?? '';
  await together(orders, (i) => placeOrder(processOf(it, i), site, [{ variantId, quantity: 1 }]));
  return (performance.now() - startedAt) / 1000;
}

describe.each(roundsOf('sites-at-once', 1))('round $round', ({ round }) => {
  test('C11 · orders at once in ten sites: every number is its site’s own, and no number comes twice', async () => {
    const sites = await Promise.all(
      Array.from({ length: SITES }, (_, i) =>
        it.makeSite({ handle: `c11r${round}n${i}`, products: [[{ price: 1000, stock: 1000 }]] }),
      ),
    );
    const startedAt = performance.now();
    await Promise.all(sites.map((site) => buy(site, ORDERS)));
    const tenSites = (SITES * ORDERS) / ((performance.now() - startedAt) / 1000);
    const numbers = await ownerRows<{ site_id: string; order_number: string }>(
      it.db,
      'select site_id, order_number from orders where site_id = any($1)',
      [sites.map((s) => s.siteId)],
    );
    expect(numbers).toHaveLength(SITES * ORDERS);
    expect(new Set(numbers.map((n) => n.order_number)).size).toBe(SITES * ORDERS);
    for (const { siteId, site } of sites)
      for (const { order_number } of numbers.filter((n) => n.site_id === siteId))
        expect(order_number).toMatch(new RegExp(`^${site.orderPrefix}-\\d+$`));
    if (LONG_ATTACKS) {
      // A ratio, told and not judged: times are the machine's.
      const alone = await it.makeSite({ handle: `c11r${round}alone`, products: [[{ price: 1000, stock: 1000 }]] });
      const one = (SITES * ORDERS) / (await buy(alone, SITES * ORDERS));
      process.stdout.write(
        `C11 · ten sites ${tenSites.toFixed(0)} orders/s, one site ${one.toFixed(0)} orders/s: ${(tenSites / one).toFixed(2)}\n`,
      );
    }
    await expectInvariants(it.db);
  });

  test('C12 · a product is published and withdrawn by twenty at once, at two processes: one version is published, or none', async () => {
    const site = await it.makeSite({ handle: `c12r${round}` });
    const owner = await it.signedInAs(site, 'owner');
    const [product] = site.products;
    if (!product) throw new Error('no product');
    await publishPrices(
      it.db.database,
      site,
      product,
      2,
      product.variants.map(() => 1234),
    );
    const answers = await together(20, (i) =>
      owner
        .at(processOf(it, i >> 1).port)
        .mutate(i % 2 ? 'products.publish' : 'products.unpublish', { productIds: [product.productId] }),
    );
    expect(answers.filter((a) => a.status !== 200 && a.status !== 409).map((a) => a.text)).toEqual([]);
    const [now] = await ownerRows<{ status: string; published: number }>(
      it.db,
      'select p.status, (select count(*)::int from product_versions v where v.product_id = p.product_id and v.is_published) as published from products p where p.product_id = $1',
      [product.productId],
    );
    expect(now?.published).toBe(now?.status === 'published' ? 1 : 0);
    await expectInvariants(it.db);
  });

  test('C14 · an account is made a member fifty times at once, and is one member', async () => {
    const site = await it.makeSite({ handle: `c14m${round}` });
    const { adminId } = await anAccount(it.db.database, 'wanted');
    const made = await Promise.allSettled(
      Array.from({ length: 50 }, () =>
        withSite(it.db.database, site.siteId, (tx) =>
          addMember(tx, { membershipId: v7(), adminId, roleName: 'viewer' }),
        ),
      ),
    );
    expect(made.some((m) => m.status === 'fulfilled')).toBe(true);
    expect(
      await ownerRows(it.db, 'select role_id from admin_site_memberships where site_id = $1 and admin_id = $2', [
        site.siteId,
        adminId,
      ]),
    ).toHaveLength(1);
  });

  test('C14 · ten sites claim one domain at once, and one has it', async () => {
    const sites = await Promise.all(
      Array.from({ length: SITES }, (_, i) => it.makeSite({ handle: `c14d${round}n${i}` })),
    );
    await Promise.allSettled(
      sites.map((s) =>
        ownerRows(it.db, PROVED_DOMAIN, [v7(), s.siteId, `c14r${round}.example`, false, 'verified', true]),
      ),
    );
    expect(
      await ownerRows(it.db, 'select site_id from domain_mappings where domain_name = $1', [`c14r${round}.example`]),
    ).toHaveLength(1);
  });

  test('C14 · the primary address is switched to two others at once, and there is one', async () => {
    const site = await it.makeSite({ handle: `c14p${round}` });
    const names = Array.from({ length: 10 }, (_, i) => `c14p${round}n${i}.example`);
    for (const name of names) await ownerRows(it.db, PROVED_DOMAIN, [v7(), site.siteId, name, false, 'verified', true]);
    await Promise.allSettled(
      names.map((name) =>
        ownerRows(it.db, 'update domain_mappings set is_primary = domain_name = $2 where site_id = $1', [
          site.siteId,
          name,
        ]),
      ),
    );
    expect(
      await ownerRows(it.db, 'select 1 from domain_mappings where site_id = $1 and is_primary', [site.siteId]),
    ).toHaveLength(1);
  });
});

test('nothing that was tried here made the server stumble', () => expect(it.errors()).toEqual([]));
