import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { withSite } from '@souk/db';
import type { Environment } from '@souk/api/env';
import { type RunningApi, startApi } from '@souk/api/start-api';
import { adminCookie, hashToken, newToken } from '@souk/api/identity/session';
import { addMember, insertSession } from '@souk/db/identity';
import { type TestDatabase, inDatabase, openTestDatabase } from '@souk/db/testing';
import type { Permission } from '@souk/domain/identity';
import { isPermission } from '@souk/domain/identity';
import { type SandboxProvider, createSandboxProvider } from '@souk/sandbox-provider';
import type { Page, Render } from '@souk/storefront/page-data';
import { v7 } from 'uuid';
import { type SiteWish, type TestSite, aSite, anAccount, decimal } from './a-site.ts';
import { type Answer, type HttpClient, type TrpcAnswer, httpClient } from './http-client.ts';
import { type NoticeWish, deliver, signNotice } from './notices.ts';

const checkout = resolve(import.meta.dirname, '..', '..', '..');

export type Line = { readonly variantId: string; readonly quantity: number };

export type TestApi = {
  readonly db: TestDatabase;
  readonly api: RunningApi;
  readonly sandbox: SandboxProvider;
  readonly sandboxOrigin: string;
  readonly port: number;
  readonly home: string;
  /** Errors the API has logged so far: a test that tries bad input expects none. */
  errors(): string[];
  makeSite(wish: SiteWish): Promise<TestSite>;
  /** A new visitor of a shop. */
  visitor(site: TestSite): HttpClient;
  admin(): HttpClient;
  service(apiKey?: string): HttpClient;
  /** Somebody with a session who is a member of the site in this role, or in a role that holds this permission alone. */
  signedInAs(
    site: TestSite,
    role: 'owner' | 'manager' | 'editor' | 'support' | 'viewer' | Permission,
  ): Promise<HttpClient>;
  signedInAsNobody(): Promise<HttpClient>;
  /** Delivers a notice of the site's provider, signed with the site's own secret. */
  notify(site: TestSite, wish: NoticeWish): Promise<Answer>;
  close(): Promise<void>;
};

/** Draws a page as its data: tests read what the shop says without a browser, and without building the storefront. */
const plainRender: Render = (page) => ({
  html: JSON.stringify(page),
  status: page.kind === 'notFound' ? 404 : page.kind === 'error' ? 500 : 200,
});

/** The data of a page that `startTestApi` drew. */
export const pageOf = ({ text }: Answer): Page => JSON.parse(text) as Page;

/** Whether the storefront has been built, so that `render: 'built'` draws with it. */
export const storefrontIsBuilt = (): boolean =>
  existsSync(join(checkout, 'apps', 'storefront', 'dist', 'preact', 'server', 'entry-server.js'));

/**
 * A whole installation for one test file: a fresh database, the API's HTTP server in this process, and the sandbox payment
 * provider reached by real HTTP. `environment` overrides what the test is about: a mail server, a provider that fails.
 */
export async function startTestApi({
  render = 'plain',
  // Two files run at once against one PostgreSQL of a hundred connections; fifty callers wait in line as they would anyway.
  poolSize = 8,
  environment = {},
}: {
  /** `plain` draws pages as their data; the others draw with the storefront as built for that runtime. */ render?:
    | 'plain'
    | 'built'
    | 'react';
  poolSize?: number;
  environment?: Partial<Environment>;
} = {}): Promise<TestApi> {
  const db = await openTestDatabase({ poolSize: 4 });
  const home = mkdtempSync(join(tmpdir(), 'souk-api-'));
  const logFile = join(home, 'errors.log');
  const [port, sandboxPort] = [await freePort(), await freePort()];
  const sandboxOrigin = `http://localhost:${sandboxPort}`;
  const sandbox = createSandboxProvider({
    origin: sandboxOrigin,
    timing: { late: 300, retries: [100, 200, 400] },
    noticeConnectTo: { host: '127.0.0.1', port },
  });
  const sandboxServer = createServer(sandbox.app);
  await new Promise<void>((done) => sandboxServer.listen(sandboxPort, '127.0.0.1', done));
  const api = await startApi({
    checkout,
    urls: db.urls,
    logFile,
    logLevel: 'error',
    poolSize,
    ...(render === 'plain'
      ? { render: plainRender }
      : { storefrontRuntime: render === 'react' ? ('react' as const) : ('preact' as const) }),
    environment: {
      mode: 'development',
      port,
      home,
      key: db.key,
      demo: false,
      adminOrigin: new URL(`http://admin.localhost:${port}`),
      apiOrigin: new URL(`http://api.localhost:${port}`),
      sandboxOrigin: new URL(sandboxOrigin),
      trustedProxies: [],
      metricsPort: 0,
      smtpUrl: undefined,
      mailFrom: 'shop@example.org',
      ...environment,
    },
  });
  const admin = (): HttpClient => httpClient(port, 'admin.localhost');
  const withSession = async (adminId: TestSite['owner'], site?: TestSite): Promise<HttpClient> => {
    const token = newToken();
    const at = new Date();
    await insertSession(api.services.database, {
      sessionId: v7(),
      adminId,
      tokenHash: hashToken(token),
      at,
      expiresAt: new Date(at.getTime() + 3_600_000),
      actionId: v7(),
      requestId: 'test',
    });
    const client = httpClient(port, 'admin.localhost', site ? { headers: { 'x-souk-site': site.handle } } : {});
    client.cookies.set(adminCookie('development'), token);
    return client;
  };
  return {
    db,
    api,
    sandbox,
    sandboxOrigin,
    port,
    home,
    errors: () => (existsSync(logFile) ? readFileSync(logFile, 'utf8').split('\n').filter(Boolean) : []),
    makeSite: async (wish) => {
      const site = await aSite(api.services.database, db.key, wish);
      await api.services.providers
        .get('sandbox')
        ?.connect(site.credential, `http://api.localhost:${port}/webhooks/payments/${site.configId}`);
      return site;
    },
    visitor: (site) => httpClient(port, site.host),
    admin,
    service: (apiKey) =>
      httpClient(
        port,
        'api.localhost',
        apiKey ? { headers: { authorization: `Bearer ${apiKey}`, 'sec-fetch-site': undefined } } : {},
      ),
    signedInAs: async (site, role) => {
      const { adminId } = await anAccount(api.services.database, role.toLowerCase().replaceAll('_', '-'));
      const roleName = isPermission(role) ? await roleOf(db, site, role) : role;
      await withSite(api.services.database, site.siteId, (tx) =>
        addMember(tx, { membershipId: v7(), adminId, roleName }),
      );
      return withSession(adminId, site);
    },
    signedInAsNobody: async () => withSession((await anAccount(api.services.database, 'nobody')).adminId),
    notify: (site, wish) => deliver(httpClient(port, 'api.localhost'), site.configId, signNotice(site, wish)),
    close: async () => {
      await api.stop();
      sandbox.stop();
      await closeServer(sandboxServer);
      await db.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** A role of the site that holds one permission and nothing else; made by the owner of the database, as there is no screen for it yet. */
async function roleOf(db: TestDatabase, { siteId }: TestSite, permission: Permission): Promise<string> {
  const roleName = `only ${permission}`;
  await inDatabase(db.ownerUrl, (client) =>
    client.query(
      `with r as (insert into roles values ($1, $2, $3, '') on conflict (site_id, role_name) do nothing returning role_id) insert into role_permissions select $1, role_id, $4 from r`,
      [siteId, v7(), roleName, permission],
    ),
  );
  return roleName;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await closeServer(server);
  if (typeof address !== 'object' || !address) throw new Error('no free port');
  return address.port;
}

const closeServer = (server: Server): Promise<void> =>
  new Promise((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });

/** Puts lines into the visitor's cart, one after the other. */
export async function fillCart(visitor: HttpClient, lines: readonly Line[]): Promise<Answer> {
  let last: Answer | undefined;
  for (const { variantId, quantity } of lines)
    last = await visitor.form('/cart/items', { variantId, quantity: String(quantity) }, { accept: 'application/json' });
  if (!last) throw new Error('nothing to put into the cart');
  return last;
}

/** What a checkout form holds for these lines; `expectedTotal` is reckoned here, not asked of the shop. */
export function checkoutFields(site: TestSite, lines: readonly Line[]) {
  const prices = new Map<string, number>(
    site.products.flatMap((p) => p.variants.map((v) => [v.variantId, v.price] as const)),
  );
  const total = lines.reduce((sum, l) => sum + (prices.get(l.variantId) ?? 0) * l.quantity, site.shippingPrice);
  return {
    email: 'ada@example.org',
    name: 'Ada Lovelace',
    line1: '12 St James Square',
    line2: '',
    city: 'London',
    postalCode: 'SW1Y 4JH',
    country: 'GB',
    phone: '',
    shippingMethodId: site.shippingMethodId,
    paymentConfigId: site.configId,
    expectedTotal: decimal(total, site.currency),
    idempotencyKey: randomBytes(12).toString('base64url'),
  };
}

export type CheckoutFields = ReturnType<typeof checkoutFields>;

/** Sends the checkout of a cart that holds these lines. */
export const checkOut = (
  visitor: HttpClient,
  site: TestSite,
  lines: readonly Line[],
  change: Partial<CheckoutFields> = {},
): Promise<TrpcAnswer> => visitor.mutate('checkout.submit', { ...checkoutFields(site, lines), ...change });

export type PlacedOrder = {
  readonly orderId: string;
  readonly orderPath: string;
  readonly redirectUrl: string;
  readonly paymentId: string;
  readonly total: string;
};

/** A visitor fills a cart and checks it out; throws when that is refused. */
export async function placeOrder(
  test: TestApi,
  site: TestSite,
  lines: readonly Line[],
  change: Partial<CheckoutFields> = {},
  visitor: HttpClient = test.visitor(site),
): Promise<PlacedOrder> {
  await fillCart(visitor, lines);
  const answer = await checkOut(visitor, site, lines, change);
  if (answer.status !== 200) throw new Error(`the checkout was refused: ${answer.text}`);
  const value = answer.value as { orderId: string; orderPath: string; redirectUrl: string };
  const paymentId = await inDatabase(
    test.db.ownerUrl,
    async (client) =>
      (
        await client.query<{ payment_id: string }>('select payment_id from payments where order_id = $1', [
          value.orderId,
        ])
      ).rows[0]?.payment_id ?? '',
  );
  return { ...value, paymentId, total: change.expectedTotal ?? checkoutFields(site, lines).expectedTotal };
}

/** Rows as the owner sees them: of every site. For asserting, never for what is tested. */
export const ownerRows = <Row extends Record<string, unknown>>(
  db: Pick<TestDatabase, 'ownerUrl'>,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> => inDatabase(db.ownerUrl, async (client) => (await client.query<Row>(text, [...values])).rows);

/** Waits until the condition holds; throws with `what` after `seconds`. */
export async function until(what: string, condition: () => Promise<boolean> | boolean, seconds = 10): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}
