import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Answer,
  type HttpClient,
  type TestApi,
  type TestSite,
  checkoutFields,
  fillCart,
  httpClient,
  ownerRows,
  placeOrder,
  startTestApi,
  tally,
} from '../index.ts';
import { settled } from '../settled.ts';
import { siteDigest } from '../site-digest.ts';
import { ALL_PROCEDURES } from '../walked-procedures.ts';

/* Every address that takes a body, whoever stands behind it: wrong kinds, sizes and origins are refused calmly. */

let it: TestApi;
let site: TestSite;
let owner: HttpClient;
let orderPath: string;
beforeAll(async () => {
  it = await startTestApi();
  site = await it.makeSite({ handle: 'every-door' });
  owner = await it.signedInAs(site, 'owner');
  ({ orderPath } = await placeOrder(it, site, [{ variantId: first(), quantity: 1 }]));
});
afterAll(async () => {
  expect(it.errors()).toEqual([]);
  await it.close();
});
const first = (): string => site.products[0]?.variants[0]?.variantId ?? '';

type Door = {
  readonly path: () => string;
  readonly client: () => HttpClient;
  readonly kind: 'json' | 'form' | 'csv' | 'notice';
  /** Whether only pages of its own host may change something there. A notice and a service prove themselves otherwise. */
  readonly sameOrigin: boolean;
};
const FORM = { kind: 'form', sameOrigin: true, client: () => it.visitor(site) } as const;
/** By route and by tRPC's audience, as the sources name them. */
const DOORS: Readonly<Record<string, Door>> = {
  '/cart/items': { ...FORM, path: () => '/cart/items' },
  '/cart/items/:lineId': { ...FORM, path: () => `/cart/items/${first()}` },
  '/checkout': { ...FORM, path: () => '/checkout' },
  '/orders/:token/pay': { ...FORM, path: () => `${orderPath}/pay` },
  '/s/:handle/uploads/product-imports': {
    kind: 'csv',
    sameOrigin: true,
    client: () => owner,
    path: () => `/s/${site.handle}/uploads/product-imports`,
  },
  '/webhooks/payments/:configId': {
    kind: 'notice',
    sameOrigin: false,
    client: () => it.service(),
    path: () => `/webhooks/payments/${site.configId}`,
  },
  'trpc adminRouter': { kind: 'json', sameOrigin: true, client: () => owner, path: () => '/trpc/products.unpublish' },
  'trpc storefrontRouter': {
    kind: 'json',
    sameOrigin: true,
    client: () => it.visitor(site),
    path: () => '/trpc/checkout.submit',
  },
  'trpc serviceRouter': {
    kind: 'json',
    sameOrigin: false,
    client: () => it.service(site.apiKey),
    path: () => '/trpc/orders.list',
  },
};
const TYPES = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
  csv: 'text/csv',
  notice: 'application/json',
};
const doors = Object.entries(DOORS);

/** A server that refuses a large body may close while it is still being sent. */
const posted = async (
  door: Door,
  headers: Record<string, string | undefined>,
  body: string | Buffer,
): Promise<Answer | 'closed'> =>
  door
    .client()
    .send(door.path(), { method: 'POST', headers, body })
    .catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNRESET' || error.code === 'EPIPE') return 'closed' as const;
      throw error;
    });
const calm = (answer: Answer | 'closed'): boolean =>
  answer === 'closed' ||
  (answer.status >= 300 && answer.status < 500 && !/node_modules|\bat [\w.]+ \(/.test(answer.text));

test('E04 · every door that takes a body stands here', () => {
  const folder = resolve(import.meta.dirname, '../../../../apps/api/src');
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
  const routes = [...sources.matchAll(/\b(?:router|routes|app)\s*\.(?:post|put|patch|delete|all)\(\s*'([^']+)'/g)].map(
    (m) => m[1] ?? '',
  );
  const audiences = [...sources.matchAll(/trpcEndpoint\(\{\s*router: (\w+)/g)].map((m) => `trpc ${m[1]}`);
  expect([...routes, ...audiences].toSorted()).toEqual(Object.keys(DOORS).toSorted());
});

describe('E04 · bodies', () => {
  test.each(doors)('E04 · %s refuses other content types', async (_name, door) => {
    const before = await siteDigest(it, site.siteId);
    for (const type of [
      'multipart/form-data; boundary=x',
      'application/octet-stream',
      'text/plain',
      'text/xml',
      'application/json; charset=utf-7',
      'application/x-www-form-urlencoded; charset=utf-16',
      'application/jsonx',
      'x',
      '',
    ]) {
      // A file is bytes: that is what an upload is for.
      if (door.kind === 'csv' && type === 'application/octet-stream') continue;
      // Each would do something if its type were believed.
      const bodies = [
        JSON.stringify({ productIds: [site.products[0]?.productId] }),
        `variantId=${first()}&quantity=1`,
        `--x\r\nContent-Disposition: form-data; name="variantId"\r\n\r\n${first()}\r\n--x--\r\n`,
        '\u0000',
      ];
      for (const body of bodies) {
        const answer = await posted(door, { 'content-type': type || undefined }, body);
        const status = answer === 'closed' ? 0 : answer.status;
        expect([type, body, status, calm(answer)]).toEqual([type, body, expect.any(Number), true]);
        if (door.kind === 'json' || door.kind === 'csv') expect([type, status]).toEqual([type, 415]);
      }
    }
    // What was sent is nobody's cart, order or import.
    const after = await siteDigest(it, site.siteId);
    for (const table of ['orders', 'cart_items', 'products', 'product_imports', 'webhook_event_logs'])
      expect([table, after[table]]).toEqual([table, before[table]]);
  });

  test.each(doors)('E04 · %s does not swallow ten megabytes', async (_name, door) => {
    const large = Buffer.alloc(10_000_000, 'a');
    for (const type of [TYPES[door.kind], 'application/octet-stream', 'multipart/form-data; boundary=x']) {
      // Files of products are allowed to be large; what they hold is looked at piece by piece.
      if (door.kind === 'csv' && !type.startsWith('multipart')) continue;
      for (const chunked of [false, true]) {
        const startedAt = performance.now();
        const answer = await posted(
          door,
          { 'content-type': type, ...(chunked ? { 'content-length': undefined, 'transfer-encoding': 'chunked' } : {}) },
          large,
        );
        expect([type, chunked, calm(answer)]).toEqual([type, chunked, true]);
        expect(performance.now() - startedAt).toBeLessThan(10_000);
      }
    }
    expect((await it.visitor(site).get('/products')).status).toBe(200);
  });

  test.each(doors)('E04 · %s takes prototype keys, doubled keys and nests for what they are', async (_name, door) => {
    const bodies =
      door.kind === 'form'
        ? [
            '__proto__=1&constructor=2',
            '__proto__[polluted]=1',
            'a[__proto__][polluted]=1',
            'variantId=a&variantId=b',
            `${'a['.repeat(500)}=1`,
            '%',
            '%zz=%',
            '=&=&=',
            '\u0000=\u0000',
          ]
        : [
            '{"__proto__":{"polluted":1}}',
            '{"constructor":{"prototype":{"polluted":1}}}',
            '{"a":1,"a":2}',
            `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`,
            '[[[[]]]]',
            '{"0":{},"0":{}}',
            '\ufeff{}',
            '{"a":1e400}',
            '',
          ];
    for (const body of bodies) {
      const answer = await posted(door, { 'content-type': TYPES[door.kind] }, body);
      if (door.kind === 'csv') expect(answer === 'closed' || answer.status < 500).toBe(true);
      else expect([body.slice(0, 40), calm(answer)]).toEqual([body.slice(0, 40), true]);
    }
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test.each([
    ['admin', () => owner, 'account.me', 'products.unpublish'],
    ['storefront', () => it.visitor(site), 'products.list', 'checkout.submit'],
    ['service', () => it.service(site.apiKey), 'products.list', 'orders.list'],
  ] as const)(
    'E04 · %s: batches of a thousand, of strangers, and with keys that are doubled',
    async (_audience, client, query, mutation) => {
      const caller = client();
      const names = (count: number, name: string): string => Array(count).fill(name).join(',');
      const input = encodeURIComponent('{}');
      for (const path of [
        `/trpc/${names(1_000, query)}?batch=1&input=${input}`,
        `/trpc/${names(21, query)}?batch=1&input=${input}`,
        `/trpc/${names(3_000, 'x')}?batch=1&input=${input}`,
        `/trpc/${query},__proto__?batch=1&input=${input}`,
        `/trpc/${query},${mutation}?batch=1&input=${input}`,
      ]) {
        const answer = await caller.get(path);
        expect([path.slice(0, 60), answer.status >= 200 && answer.status < 500]).toEqual([path.slice(0, 60), true]);
        expect(answer.text.length).toBeLessThan(100_000);
      }
      const twice = await caller.get(
        `/trpc/${query},${query}?batch=1&input=${encodeURIComponent('{"0":{},"0":{"x":1},"1":{},"__proto__":{}}')}`,
      );
      expect(twice.status).toBeLessThan(500);
      const thousand = await caller.send(`/trpc/${names(1_000, mutation)}?batch=1`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [i, {}]))),
      });
      expect([thousand.status >= 400, thousand.status < 500]).toEqual([true, true]);
    },
  );

  test.each(ALL_PROCEDURES.filter((p) => p.alone).map((p) => [p.name, p] as const))(
    'E04 · %s goes alone: a batch that holds it is refused whole, however it is written',
    async (_name, { path, access }) => {
      const client = access.audience === 'admin' ? owner : it.visitor(site);
      const other = access.audience === 'admin' ? 'account.me' : 'products.list';
      const escaped = path.replace('.', '%2E');
      for (const names of [`${path},${path}`, `${other},${path}`, `${escaped}%2C${escaped}`, `${path},no.such`])
        for (const accept of ['*/*', 'application/jsonl']) {
          const answer = await client.send(`/trpc/${names}?batch=1`, {
            method: 'POST',
            headers: { 'content-type': 'application/json', 'trpc-accept': accept === '*/*' ? undefined : accept },
            body: '{}',
          });
          expect([names, accept, answer.status, answer.text]).toEqual([
            names,
            accept,
            400,
            expect.stringContaining(`"message":"${path} goes alone`),
          ]);
        }
    },
  );

  test('E04 · twenty checkouts in one batch are no order, one in a batch is one', async () => {
    const visitor = it.visitor(site);
    const lines = [{ variantId: first(), quantity: 1 }];
    await fillCart(visitor, lines);
    const count = async (): Promise<number> =>
      (await ownerRows(it.db, 'select 1 from orders where site_id = $1', [site.siteId])).length;
    const submit = (times: number) =>
      visitor.send(`/trpc/${Array(times).fill('checkout.submit').join(',')}?batch=1`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(
          Object.fromEntries(Array.from({ length: times }, (_, i) => [i, checkoutFields(site, lines)])),
        ),
      });
    const before = await count();
    expect((await submit(20)).status).toBe(400);
    expect(await count()).toBe(before);
    expect((await submit(1)).status).toBe(200);
    expect(await count()).toBe(before + 1);
  });

  test('E04 · twenty passwords in one batch are not one of them tried', async () => {
    const stranger = httpClient(it.port, 'admin.localhost');
    const tried = async (): Promise<number> =>
      Number((await ownerRows<{ n: number }>(it.db, 'select count(*)::int as n from sign_in_tries', []))[0]?.n);
    const before = await tried();
    const answer = await stranger.send(`/trpc/${Array(20).fill('account.signIn').join(',')}?batch=1`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(
        Object.fromEntries(
          Array.from({ length: 20 }, (_, i) => [i, { email: 'batch@example.org', password: `guess ${i}` }]),
        ),
      ),
    });
    expect([answer.status, answer.headers['set-cookie'], await tried()]).toEqual([400, undefined, before]);
  });
});

describe('H02 H09 · origins', () => {
  beforeAll(() => settled(it.db));
  const foreign: readonly (readonly [string, Record<string, string | undefined>])[] = [
    ['another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['a sibling shop', { 'sec-fetch-site': 'same-site', origin: 'http://sibling.localhost' }],
    ['a sibling shop, by its origin alone', { 'sec-fetch-site': undefined, origin: 'http://sibling.localhost' }],
    ['the parent domain', { 'sec-fetch-site': undefined, origin: 'http://localhost' }],
    ['a name below its own', { 'sec-fetch-site': undefined, origin: 'http://x.every-door.localhost' }],
    ['nowhere', { 'sec-fetch-site': undefined, origin: undefined }],
    ['an opaque origin', { 'sec-fetch-site': undefined, origin: 'null' }],
    ['an address typed by hand', { 'sec-fetch-site': 'none' }],
    ['a page that says both', { 'sec-fetch-site': 'cross-site', origin: 'http://every-door.localhost' }],
  ];
  test.each(doors.filter(([, door]) => door.sameOrigin))(
    'H09 · %s changes nothing for a page of another origin',
    async (_name, door) => {
      const before = await siteDigest(it, site.siteId);
      const client = door.client();
      for (const [what, headers] of foreign) {
        const answer = await client.send(door.path(), {
          method: 'POST',
          headers: { 'content-type': TYPES[door.kind], ...headers },
          body: door.kind === 'json' ? '{}' : 'variantId=x&quantity=1',
        });
        expect([what, answer.status, answer.headers['set-cookie']]).toEqual([what, 403, undefined]);
      }
      expect(await siteDigest(it, site.siteId)).toEqual(before);
    },
  );

  test('H09 · what a sibling tosses in as a cookie is nobody’s session and nobody’s cart', async () => {
    const token = owner.cookies.get('souk-admin') ?? '';
    for (const [cookie, status] of [
      [`souk-admin=${'x'.repeat(43)}; souk-admin=${token}`, 401],
      [`souk-admin=${token}; souk-admin=${'x'.repeat(43)}`, 200],
      [`Souk-Admin=${token}`, 401],
      [`souk-admin =${token}`, 200],
      [`__Host-souk-admin=${token}`, 401],
      [`souk-cart-every-door=${token}`, 401],
    ] as const) {
      const answer = await httpClient(it.port, 'admin.localhost', { headers: { cookie } }).query('account.me');
      expect([cookie.replaceAll(token, 'mine'), answer.status]).toEqual([cookie.replaceAll(token, 'mine'), status]);
    }
  });

  test('H02 · a live stream is no WebSocket, and a page of another site cannot read it', async () => {
    for (const headers of [
      {
        upgrade: 'websocket',
        connection: 'Upgrade',
        'sec-websocket-key': 'x'.repeat(22),
        'sec-websocket-version': '13',
      },
    ]) {
      const answer = await httpClient(it.port, 'admin.localhost').send(`/s/${site.handle}/live`, { headers });
      expect(answer.status).toBe(401);
    }
    const { headers } = await owner.get('/trpc/account.me', {
      origin: 'https://evil.example',
      'sec-fetch-site': 'cross-site',
    });
    expect(headers['access-control-allow-origin']).toBeUndefined();
    expect(headers['cross-origin-resource-policy']).toBe('same-origin');
    const preflight = await owner.send('/trpc/account.signOut', {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    });
    expect([preflight.status, preflight.headers['access-control-allow-origin']]).toEqual([405, undefined]);
  });
});

describe('H11 B03 · order links', () => {
  test('H11 · a link is 256 random bits, kept as a hash, and told to nobody by its page', async () => {
    const token = orderPath.replace('/orders/', '');
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    const page = await it.visitor(site).get(orderPath);
    expect([page.status, page.headers['referrer-policy'], page.headers['x-robots-tag']]).toEqual([
      200,
      'no-referrer',
      'noindex',
    ]);
    expect(page.headers['cache-control']).toContain('no-store');
    const [row] = await ownerRows<{ row: string }>(
      it.db,
      "select o::text as row from orders o where encode(access_token_hash, 'hex') = encode(sha256($1::bytea), 'hex')",
      [Buffer.from(token)],
    );
    expect(row?.row).toBeTruthy();
    expect(row?.row).not.toContain(token);
  });

  test('H11 · number and e-mail together are never enough', async () => {
    const [order] = await ownerRows<{ order_number: string; customer_email: string; order_id: string }>(
      it.db,
      'select order_number, customer_email, order_id from orders where site_id = $1 limit 1',
      [site.siteId],
    );
    const number = order?.order_number ?? '';
    const email = encodeURIComponent(order?.customer_email ?? '');
    const visitor = it.visitor(site);
    for (const path of [
      `/orders/${number}`,
      `/orders/${order?.order_id}`,
      `/orders/${number}?email=${email}`,
      `/orders?number=${number}&email=${email}`,
      `/orders/${number}/status`,
      `/order/${number}/${email}`,
      `/products?q=${number}`,
      `/trpc/orders.get?input=${encodeURIComponent(JSON.stringify({ orderNumber: number }))}`,
    ]) {
      const { text, status } = await visitor.get(path);
      expect([path, status === 200 && text.includes(`"orderNumber":"${number}"`), text.includes('ada@')]).toEqual([
        path,
        false,
        false,
      ]);
    }
    for (const fields of [{ number, email: order?.customer_email ?? '' }])
      expect((await visitor.form('/orders', fields)).status).toBe(404);
  });

  test('B03 · guessing links finds nothing, and near guesses are as far as any', async () => {
    const token = orderPath.replace('/orders/', '');
    const visitor = it.visitor(site);
    const other = token.startsWith('A') ? 'B' : 'A';
    const near = [
      token.slice(0, -1),
      `${token}A`,
      `${other}${token.slice(1)}`,
      `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`,
      token.toLowerCase() === token ? token.toUpperCase() : token.toLowerCase(),
      `${token}%00`,
      `${token}.`,
      ` ${token}`,
      'A'.repeat(43),
      '_'.repeat(43),
    ];
    const answers = await Promise.all(near.map((guess) => visitor.get(`/orders/${encodeURIComponent(guess)}`)));
    expect(tally(answers.map((a) => a.status))).toEqual({ 404: near.length });
    for (const guess of near.slice(0, 4)) expect((await visitor.get(`/orders/${guess}/status`)).status).toBe(404);
  });
});

describe('B06 · heavy questions', () => {
  test('B06 · no pattern of a visitor is compiled, and no page is too far', async () => {
    const visitor = it.visitor(site);
    for (const q of [
      '%',
      '_',
      '%%%%%%%%%%',
      '(a+)+$',
      '^.*.*.*.*$',
      '[',
      '\\',
      '*',
      '.*',
      "'",
      '&|!()',
      ':*',
      '<->',
      'a'.repeat(200),
      'thing '.repeat(33),
    ]) {
      const startedAt = performance.now();
      const list = await visitor.query('products.list', { q });
      expect([q, list.status]).toEqual([q, 200]);
      // None of these words stands in a title; read as a pattern, most of them would find everything.
      if (!/thing/.test(q)) expect([q, (list.value as { products: unknown[] }).products]).toEqual([q, []]);
      for (const procedure of ['orders.list', 'products.list'] as const)
        expect([procedure, q, (await owner.query(procedure, { q })).status]).toEqual([procedure, q, 200]);
      expect(performance.now() - startedAt).toBeLessThan(2_000);
    }
    for (const path of [
      '/products?page=5000',
      '/products?page=-1',
      `/products?after=${btoa('0.0000 01930000-0000-7000-8000-0000000000aa')}&sort=price_desc`,
    ])
      expect([path, (await visitor.get(path)).status]).toEqual([path, 200]);
    expect((await visitor.query('products.list', { limit: 5_000 })).status).toBe(400);
  });

  test('B06 · what takes too long is struck down for every serving role, and said calmly', async () => {
    const { app, platform } = it.api.services.database;
    for (const pool of [app, platform]) {
      const { rows } = await pool.query<{ statement_timeout: string }>('show statement_timeout');
      expect(rows[0]?.statement_timeout).toMatch(/^(\d|1\d|20)s$/);
    }
  });
});
