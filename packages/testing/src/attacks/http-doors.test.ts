import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type HttpClient,
  type TestApi,
  type TestSite,
  TEST_PASSWORD,
  anAccount,
  fillCart,
  httpClient,
  ownerRows,
  placeOrder,
  standAt,
  startTestApi,
  storefrontIsBuilt,
  tally,
} from '../index.ts';

/* Hosts, origins, signing in, and input nobody would type: refused in words, never answered with a 500. */

let it: TestApi;
let a: TestSite;
let b: TestSite;
let visitor: HttpClient;
beforeAll(async () => {
  // Drawn by the real storefront where it is built, so that a page that cannot be drawn is seen here.
  it = await startTestApi({ render: storefrontIsBuilt() ? 'built' : 'plain' });
  [a, b] = [await it.makeSite({ handle: 'doors-a' }), await it.makeSite({ handle: 'doors-b' })];
  visitor = it.visitor(a);
});
afterAll(() => it.close());

const first = (site: TestSite) => {
  const variant = site.products[0]?.variants[0];
  if (!variant) throw new Error('the site sells nothing');
  return variant;
};

/** A request written by hand, for what no HTTP client would send. */
const raw = (lines: readonly string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(it.port, '127.0.0.1', () =>
      socket.write(`${lines.join('\r\n')}\r\nConnection: close\r\n\r\n`),
    );
    let text = '';
    socket
      .setEncoding('utf8')
      .on('data', (piece: string) => (text += piece))
      .on('end', () => resolve(text))
      .on('error', reject);
  });
const statusOf = (text: string): number => Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0);

describe('H01 · hosts', () => {
  const at = (host: string): HttpClient => httpClient(it.port, 'x', { headers: { host } });

  test.each([
    ['its own', 'doors-a.localhost'],
    ['capital letters', 'DOORS-A.localhost'],
    ['a dot at the end', 'doors-a.localhost.'],
    ['a port', 'doors-a.localhost:80'],
  ])('H01 · a shop is found by %s', async (_what, host) => {
    const answer = await at(host).get('/products');
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('Thing 1 of doors-a');
    expect(answer.text).not.toContain('doors-b');
  });

  test.each([
    'unknown.localhost',
    '127.0.0.1',
    '[::1]',
    'doors-a',
    'doors-a.localhost.evil.example',
    'evil.example',
    'xdoors-a.localhost',
    'doors-a.localhost:99999999',
    'doors-a.localhost..',
    '.doors-a.localhost',
    'doors-a.localhost@evil.example',
    'doors-a.localhost/x',
    "doors-a.localhost' or '1'='1",
    'dоors-a.localhost'.replace('о', 'xn--'),
    `${'a'.repeat(300)}.localhost`,
    '*',
    '%',
    'doors-a.localhost, doors-b.localhost',
    'admin.localhost.evil.example',
    'api.localhost.evil',
  ])('H01 · nothing is at %s', async (host) => {
    for (const path of ['/', '/products', '/trpc/products.list', '/healthz/..', '/assets/x.css']) {
      const answer = await at(host).get(path);
      expect([host, path, answer.status === 404 || answer.status === 400]).toEqual([host, path, true]);
      expect(answer.text).not.toContain('doors-');
    }
  });

  test('H01 · localhost itself leads to the admin in development, and to nothing else', async () => {
    const answer = await at('localhost').get('/');
    expect([answer.status, answer.headers['location']]).toEqual([302, `http://admin.localhost:${it.port}/`]);
  });

  test('H01 · what a proxy would say of the host is not believed', async () => {
    const answer = await visitor.get('/products', {
      'x-forwarded-host': b.host,
      forwarded: `host=${b.host}`,
      'x-host': b.host,
      'x-original-host': b.host,
      'x-rewrite-url': '/cart',
      'x-original-url': '/cart',
    });
    expect(answer.text).toContain('Thing 1 of doors-a');
    expect(answer.text).not.toContain('doors-b');
  });

  test('H01 · no host, two hosts, and a whole address in the request line get nothing', async () => {
    const own = `Host: ${a.host}:${it.port}`;
    for (const lines of [
      ['GET /products HTTP/1.1', own, `Host: ${b.host}:${it.port}`],
      ['GET /products HTTP/1.1', own, `host: ${a.host}`],
      ['GET /products HTTP/1.1'],
      ['GET /products HTTP/1.1', 'Host:'],
      [`GET http://${b.host}:${it.port}/products HTTP/1.1`, own],
      [`GET http://${a.host}:${it.port}/products HTTP/1.1`, `Host: ${b.host}:${it.port}`],
      [`GET //${b.host}/products HTTP/1.1`, own],
      ['GET products HTTP/1.1', own],
      ['GET * HTTP/1.1', own],
    ]) {
      const answer = await raw(lines);
      expect([lines, [400, 404].includes(statusOf(answer))]).toEqual([lines, true]);
      expect(answer).not.toContain('Thing 1');
    }
    expect(statusOf(await raw(['GET /products HTTP/1.1', own]))).toBe(200);
  });

  test('H01 · each audience is at its own host only', async () => {
    expect((await it.admin().query('cart.get')).status).toBe(404);
    expect((await it.visitor(a).query('account.me')).status).toBe(404);
    expect((await it.service().query('account.me')).status).toBe(404);
    expect((await it.visitor(a).get('/mailbox')).status).toBe(404);
    expect((await it.service().get('/products')).status).toBe(404);
    expect((await it.visitor(a).get(`/s/${a.handle}/live`)).status).toBe(404);
  });
});

describe('H02 H09 · requests that come from elsewhere', () => {
  const foreign: [string, Record<string, string | undefined>][] = [
    ['another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['a sibling shop', { 'sec-fetch-site': 'same-site' }],
    ['a sibling shop, by its origin alone', { 'sec-fetch-site': undefined, origin: 'http://doors-b.localhost' }],
    ['nowhere', { 'sec-fetch-site': undefined, origin: undefined }],
    ['an opaque origin', { 'sec-fetch-site': undefined, origin: 'null' }],
    ['an address typed by hand', { 'sec-fetch-site': 'none' }],
    ['another port', { 'sec-fetch-site': undefined, origin: 'http://doors-a.localhost:1' }],
    ['a word nobody knows', { 'sec-fetch-site': 'same-origin, cross-site' }],
    [
      'an origin that only looks alike',
      { 'sec-fetch-site': undefined, origin: 'http://doors-a.localhost.evil.example' },
    ],
  ];

  test.each(foreign)('H02 · nothing is changed by a request from %s', async (_what, headers) => {
    const { variantId } = first(a);
    const shop = it.visitor(a);
    for (const answer of [
      await shop.form('/cart/items', { variantId, quantity: '1' }, headers),
      await shop.form(`/cart/items/${variantId}`, { quantity: '2' }, headers),
      await shop.form('/checkout', {}, headers),
      await shop.form(`/orders/${'a'.repeat(43)}/pay`, {}, headers),
      await shop.post('/trpc/checkout.submit', {}, headers),
    ])
      expect(answer.status).toBe(403);
    expect(shop.cookies.size).toBe(0);
    const owner = await it.signedInAs(a, 'owner');
    expect((await owner.mutate('products.unpublish', { productIds: [first(a).productId] }, headers)).status).toBe(403);
    expect(
      (
        await owner.send(`/s/${a.handle}/uploads/product-imports`, {
          method: 'POST',
          body: 'x',
          headers: { 'content-type': 'text/csv', ...headers },
        })
      ).status,
    ).toBe(403);
    expect((await it.admin().mutate('account.signIn', { email: 'x@example.org', password: 'x' }, headers)).status).toBe(
      403,
    );
    expect(await ownerRows(it.db, 'select status from products where product_id = $1', [first(a).productId])).toEqual([
      { status: 'published' },
    ]);
  });

  test('H02 · the page itself is let in, by either header', async () => {
    const { variantId } = first(a);
    for (const headers of [
      { 'sec-fetch-site': 'same-origin' },
      { 'sec-fetch-site': undefined, origin: `http://${a.host}:${it.port}` },
    ])
      expect((await it.visitor(a).form('/cart/items', { variantId, quantity: '1' }, headers)).status).toBe(303);
  });

  test('H02 · nothing is changed by a GET', async () => {
    const owner = await it.signedInAs(a, 'owner');
    for (const path of ['/trpc/products.unpublish', '/trpc/account.signOut', '/trpc/imports.cancel']) {
      const answer = await owner.get(
        `${path}?input=${encodeURIComponent(JSON.stringify({ productIds: [first(a).productId], importId: first(a).productId }))}`,
      );
      expect([path, answer.status]).toEqual([path, 405]);
    }
    expect(
      (await owner.send('/trpc/products.unpublish', { method: 'GET', headers: { 'x-http-method-override': 'POST' } }))
        .status,
    ).toBe(405);
    expect((await owner.query('account.me')).status).toBe(200);
  });

  test('H02 · cookies are HttpOnly, SameSite, for one host, and carry audience and site in their names', async () => {
    const answer = await it.visitor(a).form('/cart/items', { variantId: first(a).variantId, quantity: '1' });
    const [cookie = ''] = answer.headers['set-cookie'] ?? [];
    expect(cookie).toMatch(/^souk-cart-doors-a=[A-Za-z0-9_-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax$/);
    expect(cookie).not.toMatch(/domain/i);
  });

  test('H09 · a cookie tossed in from a parent domain changes nothing: the first of a name counts', async () => {
    const mine = it.visitor(a);
    await fillCart(mine, [{ variantId: first(a).variantId, quantity: 1 }]);
    const token = mine.cookies.get('souk-cart-doors-a') ?? '';
    const tossed = httpClient(it.port, a.host, {
      headers: { cookie: `souk-cart-doors-a=${token}; souk-cart-doors-a=${'x'.repeat(43)}` },
    });
    expect((await tossed.query('cart.get')).value).toMatchObject({ lines: [{ quantity: 1 }] });
    // The cart of one shop is no cart at another, whatever the cookie is called there.
    const elsewhere = httpClient(it.port, b.host, {
      headers: { cookie: `souk-cart-doors-b=${token}; souk-cart-doors-a=${token}` },
    });
    expect((await elsewhere.query('cart.get')).value).toMatchObject({ lines: [] });
  });

  test('H03 · every page forbids scripts that are not the shop’s own, framing and sniffing', async () => {
    for (const client of [visitor, it.admin(), it.service()]) {
      const { headers } = await client.get(client === visitor ? '/products' : '/assets/none');
      expect(headers['content-security-policy']).toContain("script-src 'self'");
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(headers['content-security-policy']).not.toContain('unsafe');
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toMatch(/^(same-origin|no-referrer)$/);
      expect(headers['x-powered-by']).toBeUndefined();
    }
    // What is no page runs nothing at all.
    for (const client of [visitor, it.admin(), it.service()]) {
      const { headers } = await client.get('/trpc/x');
      expect(headers['content-security-policy']).toBe("default-src 'none'; frame-ancestors 'none'");
      expect(headers['x-content-type-options']).toBe('nosniff');
    }
  });

  test('H11 · the page of an order tells its address to nobody, and is in no search engine', async () => {
    const shop = await it.makeSite({ handle: 'doors-order' });
    const { orderPath } = await placeOrder(it, shop, [{ variantId: first(shop).variantId, quantity: 1 }]);
    const { headers, status } = await it.visitor(shop).get(orderPath);
    expect([status, headers['referrer-policy'], headers['x-robots-tag']]).toEqual([200, 'no-referrer', 'noindex']);
  });

  test('H01 · a site that is suspended says so at its address, one that is archived or gone is at none', async () => {
    for (const [status, answer] of [
      ['suspended', 503],
      ['archived', 404],
      ['purged', 404],
    ] as const) {
      const shut = await it.makeSite({ handle: `doors-${status}` });
      await standAt(it.db, shut.siteId, status);
      expect([status, (await it.visitor(shut).get('/')).status]).toEqual([status, answer]);
    }
  });

  test('H08 · a visitor’s pages, refusals and missing pages are kept by no cache', async () => {
    for (const path of [
      '/',
      '/products',
      '/cart',
      '/checkout',
      '/nothing',
      `/products/${a.products[0]?.slug}`,
      '/account/x.css',
      `/orders/${'a'.repeat(43)}`,
    ])
      expect([path, (await visitor.get(path)).headers['cache-control']]).toEqual([
        path,
        expect.stringMatching(/no-store/),
      ]);
    expect((await it.admin().query('account.me')).status).toBe(401);
  });
});

describe('H04 · signing in', () => {
  const signIn = (email: string, password: string): ReturnType<HttpClient['mutate']> =>
    it.admin().mutate('account.signIn', { email, password });

  test('H04 · an address that is none is answered as an unknown one, whatever it is made of', async () => {
    for (const email of [
      'a\u0000@example.org',
      '\ud800',
      'x'.repeat(300),
      "' or 1=1 --",
      '',
      '@',
      'a\r\nb@example.org',
    ])
      expect([email, (await signIn(email, 'wrong')).refusal?.code]).toEqual([email, 'wrong_email_or_password']);
  });

  test('H04 · the right password signs in, with a new session each time, and signing out ends it', async () => {
    const { email } = await anAccount(it.db.database, 'ada');
    const client = it.admin();
    client.cookies.set('souk-admin', 'f'.repeat(43));
    expect(
      (await client.mutate('account.signIn', { email: ` ${email.toUpperCase()} `, password: TEST_PASSWORD })).status,
    ).toBe(200);
    const token = client.cookies.get('souk-admin') ?? '';
    expect(token).not.toBe('f'.repeat(43));
    expect((await client.query('account.me')).value).toMatchObject({ email, sites: [] });
    const thief = httpClient(it.port, 'admin.localhost', { headers: { cookie: `souk-admin=${token}` } });
    expect((await thief.query('account.me')).status).toBe(200);
    expect((await client.mutate('account.signOut')).status).toBe(200);
    expect((await thief.query('account.me')).status).toBe(401);
    // What is left is the mark by which the browser is known again; it opens nothing.
    expect([...client.cookies.keys()]).toEqual(['souk-device']);
    expect(
      await ownerRows(
        it.db,
        'select action from account_action_logs l join admin_accounts using (admin_id) where email = $1 order by l.timestamp',
        [email],
      ),
    ).toEqual([{ action: 'signed_in' }, { action: 'signed_out' }]);
  });

  test('H04 · a wrong password, an unknown address, a locked account: the same words, and about the same work', async () => {
    const [{ email }, locked] = [await anAccount(it.db.database, 'known'), await anAccount(it.db.database, 'locked')];
    await ownerRows(it.db, "update admin_accounts set status = 'locked' where admin_id = $1", [locked.adminId]);
    const timed = async (address: string, password: string) => {
      const startedAt = performance.now();
      const { status, text } = await signIn(address, password);
      return { status, text: text.replace(/"path":"[^"]*"/, ''), ms: performance.now() - startedAt };
    };
    const [wrong, unknown, lockedOut, noAddress] = [
      await timed(email, 'wrong'),
      await timed('nobody@example.org', 'wrong'),
      await timed(locked.email, TEST_PASSWORD),
      await timed('not an address', 'wrong'),
    ];
    expect(wrong.status).toBe(401);
    for (const other of [unknown, lockedOut, noAddress])
      expect([other.status, other.text]).toEqual([wrong.status, wrong.text]);
    // A look-up without a hash to verify would take a few milliseconds; argon2id takes tens. Medians of five each.
    const median = async (address: string): Promise<number> => {
      const all: number[] = [];
      for (let i = 0; i < 5; i += 1) all.push((await timed(address.replace('#', String(i)), 'wrong')).ms);
      return all.toSorted((x, y) => x - y)[2] ?? 0;
    };
    const [known, nobody] = [await median(email), await median('nobody#@example.org')];
    expect(nobody).toBeGreaterThan(known * 0.3);
    expect(known).toBeGreaterThan(nobody * 0.3);
  });

  test('H04 · ten wrong tries, at once or one by one, close the account’s door for a while; not another’s', async () => {
    const [guessed, other] = [await anAccount(it.db.database, 'guessed'), await anAccount(it.db.database, 'other')];
    const answers = [
      ...(await Promise.all(Array.from({ length: 10 }, () => signIn(guessed.email, 'wrong')))),
      await signIn(guessed.email, 'wrong'),
    ];
    expect(answers.at(-1)?.status).toBe(429);
    const refused = await signIn(guessed.email, TEST_PASSWORD);
    expect(refused.refusal).toMatchObject({
      code: 'too_many_attempts',
      facts: { retryAfterSeconds: expect.any(Number) },
    });
    expect((await signIn(other.email, TEST_PASSWORD)).status).toBe(200);
  });

  test('H04 · fifty guesses at once are no more than ten', async () => {
    const { email } = await anAccount(it.db.database, 'rushed');
    const from = httpClient(it.port, 'admin.localhost');
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => from.mutate('account.signIn', { email, password: 'wrong' })),
    );
    const counts = tally(answers.map((x) => x.status));
    expect(Object.keys(counts).every((status) => status === '401' || status === '429')).toBe(true);
    expect(counts['401'] ?? 0).toBeLessThanOrEqual(10);
  });
});

describe('bad input in the shop', () => {
  const cartLines = async (client: HttpClient): Promise<unknown[]> =>
    ((await client.query('cart.get')).value as { lines: unknown[] }).lines;

  test.each([
    '0',
    '-1',
    '1e9',
    '1.5',
    'abc',
    '',
    ' ',
    '100',
    '1000000000',
    '99999999999999999999',
    'NaN',
    'Infinity',
    '0x10',
    '１',
    '1;2',
    '1 OR 1=1',
    '\u0000',
    '٣',
    '+1',
    '01e',
    'null',
    'undefined',
    '[object Object]',
  ])('a quantity of %j is refused in words, and the cart stays empty', async (quantity) => {
    const client = it.visitor(a);
    const answer = await client.form(
      '/cart/items',
      { variantId: first(a).variantId, quantity },
      { accept: 'application/json' },
    );
    expect(answer.status).toBe(409);
    expect(JSON.parse(answer.text)).toMatchObject({
      refusal: { code: 'wrong_quantity', words: expect.stringContaining('99') },
      cart: { lines: [] },
    });
    expect((await client.form('/cart/items', { variantId: first(a).variantId, quantity })).status).toBe(409);
    expect(await cartLines(client)).toEqual([]);
  });

  test('a changed quantity is held to the same rule, 0 takes the line out', async () => {
    const client = it.visitor(a);
    const { variantId } = first(a);
    await fillCart(client, [{ variantId, quantity: 2 }]);
    for (const quantity of ['-1', '1.5', 'x', '100', ''])
      expect((await client.form(`/cart/items/${variantId}`, { quantity })).status).toBe(409);
    expect(await cartLines(client)).toMatchObject([{ quantity: 2 }]);
    expect((await client.form(`/cart/items/${variantId}`, { quantity: '0' })).status).toBe(303);
    expect(await cartLines(client)).toEqual([]);
  });

  test('what is not sold cannot be put in: another site’s, unknown, unpublished, hidden, no id at all', async () => {
    const hidden = await it.makeSite({ handle: 'doors-hidden' });
    const [one, two] = hidden.products;
    await ownerRows(it.db, "update products set visibility = 'hidden' where product_id = $1", [one?.productId]);
    const owner = await it.signedInAs(hidden, 'owner');
    expect((await owner.mutate('products.unpublish', { productIds: [two?.productId] })).status).toBe(200);
    for (const variantId of [
      first(a).variantId,
      one?.variants[0]?.variantId ?? '',
      two?.variants[0]?.variantId ?? '',
      '01930000-0000-7000-8000-0000000000aa',
      'x',
      '',
      '../..',
      '__proto__',
      '\u0000',
      'A'.repeat(5000),
    ]) {
      const client = it.visitor(hidden);
      const answer = await client.form('/cart/items', { variantId, quantity: '1' }, { accept: 'application/json' });
      expect([variantId.slice(0, 40), answer.status, JSON.parse(answer.text)]).toEqual([
        variantId.slice(0, 40),
        409,
        expect.objectContaining({ refusal: { code: 'not_sold_any_more', words: expect.any(String) } }),
      ]);
    }
    for (const slug of [one?.slug, two?.slug])
      expect((await it.visitor(hidden).get(`/products/${slug}`)).status).toBe(404);
    expect((await it.visitor(hidden).query('products.list', { counted: true })).value).toMatchObject({
      products: [],
      total: 0,
    });
  });

  test('more than there is, is refused with what is left', async () => {
    const scarce = await it.makeSite({ handle: 'doors-scarce', products: [[{ price: 100, stock: 3 }]] });
    const answer = await it
      .visitor(scarce)
      .form('/cart/items', { variantId: first(scarce).variantId, quantity: '4' }, { accept: 'application/json' });
    expect(JSON.parse(answer.text)).toMatchObject({
      refusal: { code: 'only_n_left', words: expect.stringContaining('3') },
    });
  });

  test.each(['x', '', 'x'.repeat(43), 'a'.repeat(42), "'--", '%00', 'a'.repeat(8000), '__proto__'])(
    'H11 · a tampered cart cookie (%#) is an empty cart',
    async (token) => {
      const client = httpClient(it.port, a.host, {
        headers: { cookie: `souk-cart-doors-a=${token}; =; ;;; a; __proto__=x; constructor=y` },
      });
      for (const path of ['/', '/cart', '/checkout', '/products'])
        expect([path, (await client.get(path)).status]).toEqual([path, 200]);
      expect((await client.query('checkout.submit')).status).toBe(405);
    },
  );

  const paths = [
    '/products/%E0%A4%A',
    '/products/..%2f..',
    '/products/__proto__',
    `/products/${'a'.repeat(5000)}`,
    '/products/%00',
    '/products/a%00b',
    '/collections/%E0%A4%A',
    '/collections/..',
    '/collections/%0d%0aX-Evil:1',
    '//',
    '///',
    '/\\evil',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/?__proto__[x]=1',
    '/products?q=%00',
    `/products?q=${'x'.repeat(5000)}`,
    '/products?q=%25_%5C',
    '/products?q[]=1&q=2',
    '/products?after=x',
    `/products?after=${btoa('2024-02-30T00:00:00Z 01930000-0000-7000-8000-0000000000aa')}`,
    `/products?after=${btoa('0000-01-01T00:00:00Z 01930000-0000-7000-8000-0000000000aa')}`,
    `/products?after=${btoa('2024-01-01T24:00:00+99:99 01930000-0000-7000-8000-0000000000aa')}`,
    `/products?after=${btoa('9999-12-31T23:59:59-23:59 01930000-0000-7000-8000-0000000000aa')}`,
    `/products?sort=price_asc&after=${btoa('999999999999999.9999 01930000-0000-7000-8000-0000000000aa')}`,
    '/products?sort=__proto__',
    '/products?sort=constructor',
    '/products?collection=__proto__',
    "/products?collection=';--",
    '/products?inStock=%00',
    '/orders/__proto__',
    `/orders/${'a'.repeat(43)}/status`,
    '/orders/%00/status',
    '/media/x/y.webp',
    `/media/${'a'.repeat(40)}/640.webp`,
    `/media/${'a'.repeat(40)}/641.webp`,
    '/media/..%2f..%2f..%2fetc%2fpasswd/640.webp',
    '/assets/..%2f..%2fpackage.json',
    '/assets/%00',
    '/assets/',
    '/cart/items',
    '/trpc',
    '/trpc/',
    '/trpc/__proto__',
    '/trpc/constructor',
    '/trpc/products.__proto__',
    '/trpc/products.list?input=%7B',
    '/trpc/products.list?input=null',
    '/trpc/products.list?input=[]',
    `/trpc/products.list?input=${encodeURIComponent('{"__proto__":{"x":1}}')}`,
    `/trpc/products.list?input=${encodeURIComponent('{"constructor":1}')}`,
    `/trpc/products.get?input=${encodeURIComponent(JSON.stringify({ slug: 'a\u0000b' }))}`,
    `/trpc/products.get?input=${encodeURIComponent(JSON.stringify({ slug: '\ud800' }))}`,
    `/trpc/products.list?input=${encodeURIComponent(JSON.stringify({ q: '\u0000%_\\' }))}`,
    `/trpc/products.list?input=${encodeURIComponent(JSON.stringify({ after: btoa('0000-01-01T00:00:00Z 01930000-0000-7000-8000-0000000000aa') }))}`,
    `/trpc/products.list?input=${encodeURIComponent(`${'['.repeat(4000)}${']'.repeat(4000)}`)}`,
    `/trpc/${Array(30).fill('products.list').join(',')}?batch=1&input=%7B%7D`,
    '/trpc/products.list,__proto__?batch=1&input=%7B%7D',
    '/trpc/products.list?batch=1&input=%7B%220%22%3Anull%2C%22__proto__%22%3A1%7D',
  ];
  test.each(paths.map((path) => [path.slice(0, 110), path]))(
    'GET %s is answered, and not with a 500',
    async (_shown, path) => {
      const answer = await visitor.get(path, { accept: 'text/html' });
      expect(answer.status).toBeGreaterThanOrEqual(200);
      expect(answer.status).toBeLessThan(500);
      expect(answer.text).not.toMatch(/node_modules|\bat [\w.]+ \(|PG::|syntax error/);
    },
  );

  test('E04 · bodies of other kinds and sizes are refused before they are read', async () => {
    const send = (headers: Record<string, string | undefined>, body: string, path = '/trpc/checkout.submit') =>
      visitor.send(path, { method: 'POST', headers, body });
    for (const type of [
      'multipart/form-data; boundary=x',
      'application/octet-stream',
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/jsonx',
      '',
    ])
      expect([type, (await send({ 'content-type': type || undefined }, '{}')).status]).toEqual([type, 415]);
    expect((await send({ 'content-type': 'application/json' }, `"${'x'.repeat(1_100_000)}"`)).status).toBe(413);
    expect(
      (
        await send(
          { 'content-type': 'application/json', 'content-length': undefined, 'transfer-encoding': 'chunked' },
          `"${'x'.repeat(1_100_000)}"`,
        )
      ).status,
    ).toBe(413);
    for (const body of [
      '',
      '{',
      'null',
      '[]',
      '1',
      '"x"',
      '{"__proto__":{"email":"x"}}',
      '{"constructor":{"prototype":{"x":1}}}',
      `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`,
      '\u0000',
      '\ud800',
    ]) {
      const { status } = await send({ 'content-type': 'application/json' }, body);
      expect([body.slice(0, 30), status >= 400 && status < 500]).toEqual([body.slice(0, 30), true]);
    }
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await send(form, `variantId=${'x'.repeat(100_000)}`, '/cart/items')).status).toBe(413);
    expect((await send(form, Array.from({ length: 100 }, (_, i) => `f${i}=1`).join('&'), '/cart/items')).status).toBe(
      413,
    );
    expect((await send({ ...form, 'content-encoding': 'gzip' }, 'not gzip', '/cart/items')).status).toBe(400);
    expect(
      (await send({ 'content-type': 'application/x-www-form-urlencoded; charset=utf-7' }, 'a=b', '/cart/items')).status,
    ).toBe(415);
    expect(
      (await send(form, '__proto__=1&constructor=2&variantId=a&variantId=b&quantity=1', '/cart/items')).status,
    ).toBe(409);
  });

  test('a checkout with wrong fields names each, keeps what was typed, and changes nothing', async () => {
    const client = it.visitor(a);
    await fillCart(client, [{ variantId: first(a).variantId, quantity: 1 }]);
    const good = {
      email: 'ada@example.org',
      name: 'Ada',
      line1: 'x',
      line2: '',
      city: 'x',
      postalCode: '1',
      country: 'DE',
      phone: '',
      shippingMethodId: a.shippingMethodId,
      paymentConfigId: a.configId,
      expectedTotal: '15.00',
      idempotencyKey: 'key-of-bad-input',
    };
    const wrong: Record<string, string>[] = [
      { email: 'x' },
      { email: 'a@b' },
      { email: 'a\nBcc: b@example.org@example.org' },
      { email: `${'a'.repeat(300)}@example.org` },
      { name: '' },
      { name: 'a\u0000' },
      { name: 'x'.repeat(101) },
      { name: '\u202egnp.exe' },
      { line1: '\r\n' },
      { city: 'x'.repeat(81) },
      { postalCode: '' },
      { country: 'de' },
      { country: 'DEU' },
      { phone: '\u0007' },
      { shippingMethodId: 'x' },
      { shippingMethodId: b.shippingMethodId },
      { paymentConfigId: b.configId },
      { paymentConfigId: '' },
      { expectedTotal: '-15.00' },
      { expectedTotal: '1e2' },
      { expectedTotal: '' },
      { idempotencyKey: 'short' },
      { idempotencyKey: 'x'.repeat(101) },
      { idempotencyKey: "'; drop table orders; --" },
    ];
    for (const change of wrong) {
      const [field = ''] = Object.keys(change);
      const answer = await client.mutate('checkout.submit', { ...good, ...change });
      expect([change, answer.status, answer.refusal?.code]).toEqual([change, 400, 'wrong_field']);
      expect(answer.refusal?.field).toBe(field);
      const page = await client.form('/checkout', { ...good, ...change });
      expect([change, page.status === 400 || page.status === 409]).toEqual([change, true]);
    }
    expect((await client.mutate('checkout.submit', { ...good, isAdmin: true })).status).toBe(400);
    expect((await client.mutate('checkout.submit', { ...good, expectedTotal: '14.99' })).refusal?.code).toBe(
      'total_changed',
    );
    expect((await client.mutate('checkout.submit', { ...good, expectedTotal: '15.001' })).refusal?.code).toBe(
      'total_changed',
    );
    expect(await ownerRows(it.db, 'select 1 from orders where site_id = $1', [a.siteId])).toEqual([]);
    expect(await cartLines(client)).toMatchObject([{ quantity: 1 }]);
    expect((await client.mutate('checkout.submit', good)).status).toBe(200);
  });

  test('bad input at the admin’s and the services’ doors is refused as well', async () => {
    const admin = it.admin();
    for (const input of [
      { email: 'x'.repeat(301), password: 'x' },
      { email: {}, password: [] },
      { email: 'a@example.org', password: '' },
      { email: 'a@example.org', password: 'x'.repeat(1001) },
      null,
      [],
      'x',
      { email: 'a@example.org', password: 'x', admin: true },
    ])
      expect((await admin.mutate('account.signIn', input)).status).toBe(400);
    const owner = await it.signedInAs(a, 'owner');
    for (const [procedure, input] of [
      ['products.get', { productId: 'x' }],
      ['products.get', { productId: "' or 1=1" }],
      ['products.list', { limit: 101 }],
      ['products.list', { limit: 0 }],
      ['products.list', { limit: 1.5 }],
      ['products.list', { after: 'x' }],
      ['products.list', { q: 'x'.repeat(201) }],
      ['products.list', { status: '__proto__' }],
      ['orders.list', { status: Array(11).fill('confirmed') }],
      ['orders.get', {}],
      ['dashboard.get', { days: 1e9 }],
      ['activity.list', { entityId: '' }],
      ['orders.list', { unknown: 1 }],
    ] as const)
      expect([procedure, input, (await owner.query(procedure, input)).status]).toEqual([procedure, input, 400]);
    for (const q of ['\u0000', '%', '\\', '\ud800', "'", '__proto__'])
      for (const procedure of ['products.list', 'orders.list'])
        expect([procedure, q, (await owner.query(procedure, { q })).status]).toEqual([procedure, q, 200]);
    for (const authorization of [
      'Bearer',
      'Bearer souk_',
      `Bearer souk_${'-'.repeat(36)}_${'a'.repeat(43)}`,
      a.apiKey,
      `Bearer ${a.apiKey}x`,
      `Bearer ${a.apiKey.slice(0, -1)}${a.apiKey.endsWith('a') ? 'b' : 'a'}`,
      'Basic eDp5',
    ]) {
      expect([authorization, (await it.service().query('orders.list', {}, { authorization })).status]).toEqual([
        authorization,
        401,
      ]);
    }
    expect((await it.service(a.apiKey).query('orders.list', {})).status).toBe(200);
    const upload = (body: string, headers: Record<string, string | undefined> = {}) =>
      owner.send(`/s/${a.handle}/uploads/product-imports?name=%00..%2f%E2%80%AE.csv`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'text/csv', ...headers },
      });
    expect((await upload('x', { 'content-type': 'multipart/form-data' })).status).toBe(415);
    const answer = await upload('Handle,Title\n');
    expect(answer.status).toBe(201);
    const { importId } = JSON.parse(answer.text) as { importId: string };
    expect((await owner.query('imports.get', { importId })).status).toBe(200);
    expect((await owner.mutate('imports.start', { importId, excludedHandles: ['a\u0000'] })).status).toBe(400);
    expect((await owner.get(`/s/${a.handle}/downloads/product-imports/x/report.csv`)).status).toBe(404);
  });
});

test('nothing that was tried here made the server stumble', () =>
  expect(it.errors().map((line) => line.slice(0, 400))).toEqual([]));
