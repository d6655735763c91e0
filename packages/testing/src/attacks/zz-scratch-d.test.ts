import { afterAll, beforeAll, test } from 'vitest';
import { type TestApi, type TestSite, ownerRows, fillCart, placeOrder, startTestApi, storefrontIsBuilt, checkOut } from '../index.ts';
const out = (...x: unknown[]) => process.stderr.write(x.map((y) => typeof y === 'string' ? y : JSON.stringify(y)).join(' ') + '\n');
let it: TestApi; let a: TestSite;
beforeAll(async () => { out('built', storefrontIsBuilt()); it = await startTestApi({ render: 'built' }); a = await it.makeSite({ handle: 'att-a' }); });
afterAll(async () => { out('ERRORS', it.errors().map((e) => e.slice(0, 300))); await it.close(); });
test('xss', async () => {
  const P = `"'><script>alert(1)</script></script><!--<img src=x onerror=alert(1)>{{7*7}}`;
  await ownerRows(it.db, 'update product_versions set title=$1, short_description=$1, seo_title=$1, seo_description=$1, vendor=$1, product_type=$1, option_names=array[$1]::text[], tags=array[$1]::text[] returning 1', [P]);
  await ownerRows(it.db, 'update product_version_variants set options=array[$1 || n], sku=$1, barcode=$1 returning 1', [P]);
  await ownerRows(it.db, 'update products set title=$1, short_description=$1, search_text=$1 returning 1', [P]);
  await ownerRows(it.db, 'update collections set title=$1, description=$1 returning 1', [P]);
  await ownerRows(it.db, 'update sites set name=$1 returning 1', [P]);
  await ownerRows(it.db, 'update shipping_methods set name=$1, description=$1 returning 1', [P]);
  await ownerRows(it.db, 'update tax_rates set name=$1 returning 1', [P]);
  await ownerRows(it.db, "update site_configurations set contact_email=$1, storefront=jsonb_build_object('tagline',$1::text,'story',jsonb_build_object('title',$1::text,'text',$1::text,'link','javascript:alert(1)','image',jsonb_build_object('hash','aaaa','alt',$1::text,'width',10,'height',10)),'hero',jsonb_build_object('title',$1::text,'text',$1::text,'link','javascript:alert(1)','image',jsonb_build_object('hash',$1::text,'alt',$1::text,'width',10,'height',10)),'swatches',jsonb_build_object('x',$1::text)) returning 1", [P]);
  const vis = it.visitor(a);
  const vid = a.products[0]!.variants[0]!.variantId;
  const check = (name: string, r: { status: number; text: string; headers: any }) => { const bad = ['<script>alert', '<img src=x', 'javascript:alert', `"'><`].filter((s) => r.text.includes(s)); out(name, r.status, 'raw:', bad, bad.length ? r.text.slice(Math.max(0, r.text.indexOf(bad[0]!) - 120), r.text.indexOf(bad[0]!) + 60) : '', r.headers['cache-control']); };
  check('home', await vis.get('/')); check('list', await vis.get('/products?q=' + encodeURIComponent(P))); check('list2', await vis.get('/products?collection=all-things')); check('product', await vis.get('/products/' + a.products[0]!.slug));
  await fillCart(vis, [{ variantId: vid, quantity: 1 }]);
  check('cart', await vis.get('/cart')); check('checkout', await vis.get('/checkout'));
  check('checkout post', await vis.form('/checkout', { name: P, email: P, line1: P, city: P, postalCode: P, country: P, phone: P, shippingMethodId: P, paymentConfigId: P, expectedTotal: P, idempotencyKey: P }));
  check('checkout update', await vis.form('/checkout', { intent: 'update', name: P, email: P, country: P }));
  check('404', await vis.get('/nope/' + encodeURIComponent(P)));
  const o = await placeOrder(it, a, [{ variantId: vid, quantity: 1 }], { name: P.slice(0, 90), line1: P.slice(0, 90), city: P.slice(0, 70) });
  check('order', await vis.get(o.orderPath));
  await it.notify(a, { type: 'payment.captured', paymentId: o.paymentId, amount: o.total });
  await new Promise((d) => setTimeout(d, 4000));
  check('mailbox', await it.service().get('/mailbox')); check('api', await it.service().get('/'));
  const admin = await it.signedInAs(a, 'owner'); const g = await admin.query('orders.get', { orderId: o.orderId }); out('admin json', g.status);
  for (const [n, p] of [['asset 404', '/assets/none.js'], ['media 404', '/media/' + 'a'.repeat(40) + '/320.webp'], ['trpc', '/trpc/cart.get'], ['trpc 404', '/trpc/none'], ['healthz', '/healthz'], ['redirect', '/collections/x'], ['400', '/collections/%ff'], ['order css', o.orderPath + '/x.css'], ['order.css', o.orderPath + '.css']] as const) { const r = await vis.get(p); out('cache', n, r.status, r.headers['cache-control'] ?? 'NONE', String(r.headers['content-type'])); }
  for (const p of ['/trpc/orders.list?input=%7B%7D', '/trpc/account.me', '/s/att-a/live-nope', '/assets/none.js', '/s/att-a/downloads/product-imports/x/report.csv']) { const r = await admin.get(p, { 'x-souk-site': a.handle }); out('admin cache', p, r.status, r.headers['cache-control'] ?? 'NONE'); }
  const s = await it.service(a.apiKey).query('orders.list', {}); out('service', s.status);
  const sr = await it.service(a.apiKey).get('/trpc/orders.list'); out('service cache', sr.status, sr.headers['cache-control'] ?? 'NONE');
}, 60000);
