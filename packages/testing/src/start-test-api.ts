import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Environment } from '@souk/api/env';
import { type ApiOptions, type RunningApi, startApi } from '@souk/api/start-api';
import type { DatabaseUrls } from '@souk/db';
import { type TestDatabase, inDatabase, standSite } from '@souk/db/testing';
import type { SiteStatus } from '@souk/domain/identity';
import type { Page } from '@souk/storefront/page-data';
import { type TestSite, decimal } from './a-site.ts';
import { freePort } from './free-port.ts';
import type { Answer, HttpClient, TrpcAnswer } from './http-client.ts';
import { plainRender } from './plain-render.ts';
import { type TestInstallation, installationAt, openTestGround } from './test-installation.ts';

const checkout = resolve(import.meta.dirname, '..', '..', '..');

export type Line = { readonly variantId: string; readonly quantity: number };

/** An installation whose one API runs in the test's own process. */
export type TestApi = TestInstallation & { readonly api: RunningApi; close(): Promise<void> };

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
  db,
  urls = (own) => own,
  logLevel = 'error',
  ...more
}: {
  /** `plain` draws pages as their data; the others draw with the storefront as built for that runtime. */ render?:
    | 'plain'
    | 'built'
    | 'react';
  poolSize?: number;
  environment?: Partial<Environment>;
  /** A database that the caller closes; otherwise one is made and closed with the API. */
  db?: TestDatabase;
  /** Leads the API to the database by another way, such as through a proxy. */
  urls?: (own: DatabaseUrls) => DatabaseUrls;
  /** With more than errors in it, `errors()` gives every line of the log. */
  logLevel?: string;
} & Pick<ApiOptions, 'patience' | 'now' | 'superviseSeconds' | 'dueEveryMs'> = {}): Promise<TestApi> {
  const port = await freePort();
  const ground = await openTestGround({ noticePort: port, db });
  const { home, logFile } = ground;
  const api = await startApi({
    checkout,
    ...more,
    urls: urls(ground.db.urls),
    logFile,
    logLevel,
    poolSize,
    ...(render === 'plain'
      ? { render: plainRender }
      : { storefrontRuntime: render === 'react' ? ('react' as const) : ('preact' as const) }),
    environment: {
      mode: 'development',
      port,
      home,
      backupFolder: join(home, 'backups'),
      dailyBackups: false,
      key: ground.db.key,
      demo: false,
      adminOrigin: new URL(`http://admin.localhost:${port}`),
      apiOrigin: new URL(`http://api.localhost:${port}`),
      sandboxOrigin: new URL(ground.sandboxOrigin),
      trustedProxies: [],
      // Nobody is there: a look says at once that there was no answer.
      dnsServers: ['127.0.0.1:9'],
      publicAddresses: [],
      metricsPort: 0,
      drainSeconds: 0,
      smtpUrl: undefined,
      mailFrom: 'shop@example.org',
      dkimSelector: undefined,
      ...environment,
    },
  });
  return {
    ...installationAt(ground, port),
    api,
    close: async () => {
      await api.stop();
      await ground.close();
    },
  };
}

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
  test: Pick<TestInstallation, 'db' | 'visitor'>,
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

/** Leads a site to a status, as steps lead there. */
export const standAt = (db: TestDatabase, siteId: string, status: SiteStatus): Promise<void> =>
  inDatabase(db.ownerUrl, (client) => standSite(client, siteId, status));

/** Waits until the condition holds; throws with `what` after `seconds`. */
export async function until(what: string, condition: () => Promise<boolean> | boolean, seconds = 10): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}
