import { withSite } from '@souk/db';
import { sealActivity } from '@souk/db/activity';
import { insertImport, insertProductMedia } from '@souk/db/catalog';
import { PROVED_DOMAIN, inDatabase } from '@souk/db/testing';
import { v7 } from 'uuid';
import type { TestSite } from './a-site.ts';
import { type TestApi, fillCart, ownerRows, placeOrder, until } from './start-test-api.ts';

export type TwoSites = { readonly a: TestSite; readonly b: TestSite };

/**
 * Two sites of different currencies with rows in every table: products, carts, orders that were paid, overpaid and sent,
 * notices, mails, an import. Made by the flows that make real ones; what no flow makes yet is written by the owner.
 */
export async function twoSiteScene(test: TestApi): Promise<TwoSites> {
  const a = await test.makeSite({
    handle: 'scene-a',
    currency: 'EUR',
    products: [
      [
        { price: 1000, stock: 50 },
        { price: 2000, stock: 50 },
      ],
      [{ price: 3000, stock: 50 }],
    ],
  });
  const b = await test.makeSite({
    handle: 'scene-b',
    currency: 'JPY',
    country: 'JP',
    products: [
      [
        { price: 1100, stock: 40 },
        { price: 2100, stock: 40 },
      ],
      [{ price: 3100, stock: 40 }],
    ],
  });
  // Closed and opened again by whoever runs the installation, before anybody comes to their shops.
  const operator = await test.signedInAsOperator();
  for (const { siteId } of [a, b])
    for (const [lastStep, step] of ['', 'suspend', 'resume'].entries())
      if (lastStep > 0) {
        const moved = await operator.mutate('operator.moveSite', { siteId, step, lastStep, reason: 'upkeep' });
        if (moved.status !== 200) throw new Error(`not moved: ${moved.text}`);
      }
  const { email: support } = (await operator.query('account.me')).value as { email: string };
  await Promise.all([fill(test, a, support), fill(test, b, support)]);
  await until(
    'mails are logged',
    async () =>
      (await ownerRows(test.db, "select distinct site_id from email_dispatch_logs where status = 'accepted'"))
        .length === 2,
  );
  return { a, b };
}

async function fill(test: TestApi, site: TestSite, support: string): Promise<void> {
  const [first, second] = site.products.flatMap((p) => p.variants);
  const product = site.products[0];
  if (!first || !second || !product) throw new Error('the site sells too little');
  await fillCart(test.visitor(site), [{ variantId: second.variantId, quantity: 1 }]);
  const sent = await placeOrder(test, site, [
    { variantId: first.variantId, quantity: 2 },
    { variantId: second.variantId, quantity: 1 },
  ]);
  const half = String(Math.floor(Number(sent.total) / 2));
  for (const amount of [half, sent.total])
    await test.notify(site, { type: 'payment.captured', paymentId: sent.paymentId, amount });
  const owner = await test.signedInAs(site, 'owner');
  const [{ version } = { version: 0 }] = await ownerRows<{ version: number }>(
    test.db,
    'select version from orders where order_id = $1',
    [sent.orderId],
  );
  const roles = await ownerRows<{ role_id: string }>(
    test.db,
    "select role_id from roles where site_id = $1 and role_name = 'editor'",
    [site.siteId],
  );
  const email = `invited-to-${site.handle}@example.org`;
  const invited = await owner.mutate('team.invite', { email, roleId: roles[0]?.role_id });
  if (invited.status !== 200) throw new Error(`not invited: ${invited.text}`);
  const letIn = await owner.mutate('support.open', {
    email: support,
    reason: `The import of ${site.handle}`,
    hours: 168,
    permissions: ['VIEW_PRODUCTS'],
  });
  if (letIn.status !== 200) throw new Error(`no support: ${letIn.text}`);
  // Of a time to come, when what has been done so far has settled.
  const sealed = (minutes: number): Promise<number> =>
    withSite(test.db.database, site.siteId, sealActivity, new Date(Date.now() + minutes * 60_000));
  await sealed(15.1);
  const claimed = await owner.mutate('domains.claim', { domain: `waiting-for-${site.handle}.example` });
  if (claimed.status !== 200) throw new Error(`not claimed: ${claimed.text}`);
  await ownerRows(test.db, PROVED_DOMAIN, [
    v7(),
    site.siteId,
    `proved-by-${site.handle}.example`,
    false,
    'verified',
    true,
  ]);
  // A key that another one takes the place of.
  const key = await owner.mutate('keys.create', { name: `Key of ${site.handle}`, permissions: ['VIEW_ORDERS'] });
  const { apiKeyId } = key.value as { apiKeyId: string };
  const renewed = await owner.mutate('keys.rotate', { apiKeyId, overlapHours: 24 });
  if (renewed.status !== 200) throw new Error(`not renewed: ${renewed.text}`);
  const fulfilled = await owner.mutate('orders.fulfil', { orderId: sent.orderId, version });
  if (fulfilled.status !== 200) throw new Error(`not fulfilled: ${fulfilled.text}`);
  await placeOrder(test, site, [{ variantId: first.variantId, quantity: 1 }]);
  await withSite(test.db.database, site.siteId, async (tx) => {
    await insertProductMedia(tx, [
      {
        productId: product.productId,
        n: 1,
        mediaId: v7(),
        sourceUrl: undefined,
        alt: `picture of ${site.handle}`,
        ready: { contentHash: 'a'.repeat(40), mimeType: 'image/png', width: 4, height: 5 },
      },
    ]);
    await insertImport(tx, { importId: v7(), fileName: 'things.csv', byteSize: 1, createdBy: site.owner });
  });
  await sealed(60);
  // Nothing of the application edits orders yet: a second revision, one piece dearer and given away, stands beside the first.
  await inDatabase(test.db.ownerUrl, async (client) => {
    await client.query('begin');
    await client.query(
      `insert into order_revisions select site_id, order_id, 2, item_count, 2, items, 2, shipping, tax_added, tax_included, rounding, total - 2, currency, mode, tax_name, rate_per_million, shipping_method_id, shipping_name, created_at
        from order_revisions where order_id = $1`,
      [sent.orderId],
    );
    await client.query(
      `insert into order_items select site_id, order_id, 2, n, item_count, order_item_id, product_id, product_version_id, variant_id, quantity, price_snapshot, currency from order_items where order_id = $1`,
      [sent.orderId],
    );
    await client.query(
      `insert into order_adjustments select site_id, order_id, 2, n, 2, 'discount', 1, currency, 'kindness', $2 from order_revisions, generate_series(1, 2) n where order_id = $1 and revision = 2`,
      [sent.orderId, site.owner],
    );
    await client.query('commit');
  });
}
