import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { type DatabaseUrls, type MasterKey, masterKey, newMasterKey, withSite } from '@souk/db';
import { lockCart, putIntoCart } from '@souk/db/commerce';
import { startEmbedded } from '@souk/db/embedded';
import { migrate } from '@souk/db/migrate';
import { databaseUrl, inDatabase } from '@souk/db/testing';
import { checkoutInput } from '@souk/api/commerce/checkout.input';
import { submitOrder } from '@souk/api/commerce/checkout';
import type { Environment } from '@souk/api/env';
import { hashToken, newToken } from '@souk/api/identity/session';
import type { PaymentProvider } from '@souk/api/integrations/payment-provider';
import type { Services } from '@souk/api/services';
import { openServices } from '@souk/api/start-api';
import { type VariantId, id } from '@souk/domain/shared';
import { type TestSite, aSite, checkoutFields } from '@souk/testing';
import type pg from 'pg';
import { environmentOf } from './environment.ts';

/** `small`: one site of 1,000 products. `large`: a thousand such sites, a million products. The measured site is the same in both. */
export type SetName = 'small' | 'large';

export type DataSet = {
  readonly name: SetName;
  readonly urls: DatabaseUrls;
  /** A superuser's address, for looking at plans and figures; nothing measured runs on it. */
  readonly superuserUrl: string;
  readonly keyText: string;
  readonly site: TestSite;
};

export const PRODUCTS = 1000;
const SITES = 1000;
/** Orders of every site; the measured one gets more. */
const ORDERS_OF_EACH = 50;
const ORDERS = 2000;

export type BenchServer = {
  open(name: SetName): Promise<DataSet>;
  /** The small set as it was made, in a database of its own: what is measured may change it. */
  openFresh(): Promise<DataSet>;
  readonly superuserUrl: string;
  stop(): Promise<void>;
};

/** Starts the PostgreSQL of the benchmarks. Its data sets are made once and kept in `home` until schema or recipe change. */
export async function startBenchServer(home: string, say: (line: string) => void): Promise<BenchServer> {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const keyFile = join(home, 'key');
  if (!existsSync(keyFile)) writeFileSync(keyFile, newMasterKey(), { mode: 0o600 });
  const keyText = readFileSync(keyFile, 'utf8');
  const key = masterKey(keyText);
  if (!key) throw new Error(`${keyFile} holds no key`);
  const server = await startEmbedded({ home });
  const superuserUrl = server.url({ user: 'postgres', database: 'postgres' });
  await inDatabase(superuserUrl, async (client) => {
    await client.query("select 1 from pg_roles where rolname = 'souk_owner'").then(async ({ rowCount }) => {
      if (rowCount === 0) await client.query('create role souk_owner login createrole createdb');
    });
    // Filling a million products would otherwise write checkpoints all the time; what is measured never waits for one.
    for (const setting of ["max_wal_size = '8GB'", "checkpoint_timeout = '30min'"])
      await client.query(`alter system set ${setting}`);
    await client.query('select pg_reload_conf()');
  });
  return {
    superuserUrl,
    open: (name) => openSet(superuserUrl, home, { name, key, keyText }, say),
    openFresh: async () =>
      copyOf(superuserUrl, await openSet(superuserUrl, home, { name: 'small', key, keyText }, say)),
    stop: () => server.stop(),
  };
}

type Wanted = { readonly name: SetName; readonly key: MasterKey; readonly keyText: string };

async function openSet(
  superuserUrl: string,
  home: string,
  wanted: Wanted,
  say: (line: string) => void,
): Promise<DataSet> {
  const { name, key, keyText } = wanted;
  const database = `bench_${name}`;
  const file = join(home, `${name}.json`);
  const recipe = recipeHash();
  const ownerUrl = databaseUrl(superuserUrl, database, 'souk_owner');
  const where = addresses(superuserUrl, database);
  const kept = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as { recipe: string; site: TestSite })
    : undefined;
  if (kept?.recipe === recipe) return { name, ...where, keyText, site: kept.site };
  const startedAt = performance.now();
  say(`Making the ${name} data set; it is kept for the next time.`);
  await inDatabase(superuserUrl, async (client) => {
    await client.query(`drop database if exists ${database} with (force)`);
    await client.query(`create database ${database} owner souk_owner`);
  });
  await migrate(ownerUrl, { key, installationId: '01930000-0000-7000-8000-000000000002', passwords: false });
  const site = await fill(where.urls, key, where.superuserUrl, name === 'large' ? SITES : 1, home);
  writeFileSync(file, JSON.stringify({ recipe, site }), { mode: 0o600 });
  say(`  made in ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
  return { name, ...where, keyText, site };
}

const addresses = (superuserUrl: string, database: string): Pick<DataSet, 'urls' | 'superuserUrl'> => {
  const as = (user: string): string => databaseUrl(superuserUrl, database, user);
  return {
    urls: { app: as('souk_app'), platform: as('souk_platform'), relay: as('souk_relay') },
    superuserUrl: as('postgres'),
  };
};

async function copyOf(superuserUrl: string, set: DataSet): Promise<DataSet> {
  await inDatabase(superuserUrl, async (client) => {
    await client.query('drop database if exists bench_run with (force)');
    await client.query(`create database bench_run template bench_${set.name} owner souk_owner`);
  });
  return { ...set, ...addresses(superuserUrl, 'bench_run') };
}

/** Changes when the schema or this recipe does, so that no figure is ever taken on an old data set. */
function recipeHash(): string {
  const hash = createHash('sha256').update(readFileSync(import.meta.filename));
  const folder = join(import.meta.dirname, '..', '..', 'packages', 'db', 'src', 'migrations');
  for (const name of readdirSync(folder)
    .filter((n) => /^\d/.test(n))
    .toSorted())
    hash.update(readFileSync(join(folder, name)));
  return hash.digest('hex');
}

async function fill(
  urls: DatabaseUrls,
  key: MasterKey,
  superuserUrl: string,
  sites: number,
  home: string,
): Promise<TestSite> {
  const environment: Environment = environmentOf({ port: 0, home, key, providerOrigin: new URL('http://127.0.0.1:9') });
  const { services: opened, stop } = await openServices({ environment, urls, logLevel: 'error' }, 8);
  const services: Services = { ...opened, providers: new Map([['sandbox', silentProvider(opened)]]) };
  try {
    const site = await aSite(services.database, key, {
      handle: 'bench',
      products: Array.from({ length: PRODUCTS }, (_, i) => [
        { price: 1000 + i, stock: 1_000_000 },
        { price: 1500 + i, stock: 1_000_000 },
      ]),
    });
    await placeOrders(services, site, ORDERS_OF_EACH);
    if (sites > 1) await inDatabase(superuserUrl, (client) => copySite(client, site.siteId, sites - 1));
    await placeOrders(services, site, ORDERS - ORDERS_OF_EACH);
    await inDatabase(superuserUrl, async (client) => {
      // What these orders would set off is done: a measured process begins with nothing left to do.
      await client.query('update outbox_events set relayed_at = now()');
      await client.query('vacuum (analyze)');
    });
    return site;
  } finally {
    await stop();
  }
}

/** Takes every payment without a call to the outside. */
const silentProvider = ({ newId }: Services): PaymentProvider => {
  const refuse = (): never => {
    throw new Error('nothing is asked of a provider while data is made');
  };
  return {
    name: 'sandbox',
    maxNoticeBytes: 65_536,
    begin: async (_credential, { paymentId }) => ({
      providerReference: newId(),
      redirectUrl: `http://pay/${paymentId}`,
    }),
    connect: refuse,
    verify: refuse,
    read: refuse,
  };
};

/** Orders of two lines, by the functions that place real ones; they wait for their payment. */
async function placeOrders(services: Services, site: TestSite, count: number): Promise<void> {
  const one = async (n: number): Promise<void> => {
    const lines = [n, n + 7].map((i) => ({
      variantId: site.products[i % PRODUCTS]?.variants[0]?.variantId ?? '',
      quantity: 1,
    }));
    const session = hashToken(newToken());
    await withSite(services.database, site.siteId, async (tx) => {
      const cart = await lockCart(tx, session, () => services.newId());
      for (const { variantId } of lines) await putIntoCart(tx, cart, id<VariantId>(variantId), { add: 1 });
    });
    await submitOrder(services, site.site, session, checkoutInput.parse(checkoutFields(site, lines)), '');
  };
  for (let n = 0; n < count; n += 8)
    await Promise.all(Array.from({ length: Math.min(8, count - n) }, (_, i) => one(n + i)));
}

/**
 * Copies a whole site as it stands, row by row of every table, with ids and names of its own: set-based, and without the
 * foreign-key checks that its original has passed. The first eight digits of an id become the number of the copy.
 */
async function copySite(client: pg.Client, siteId: string, copies: number): Promise<void> {
  await client.query("set session_replication_role = 'replica'");
  await client.query('set synchronous_commit = off');
  const { rows: columns } = await client.query<{ table: string; column: string; type: string }>(
    `select c.relname as table, a.attname as column, a.atttypid::regtype::text as type from pg_class c join pg_attribute a on a.attrelid = c.oid
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by c.relname, a.attnum`,
  );
  const tables = Map.groupBy(columns, (c) => c.table);
  const newId = (column: string): string => `(lpad(to_hex(g), 8, '0') || substr(${column}::text, 9))::uuid`;
  // Names that are unique on the platform.
  const NAMES: Readonly<Record<string, string>> = {
    'sites.handle': "'bench-' || g",
    'sites.order_prefix': "'B' || g",
    'domain_mappings.domain_name': "'bench-' || g || '.localhost'",
    'admin_accounts.email': "g || '.' || email",
  };
  for (const [table, all] of tables) {
    const own = all.some((c) => c.column === 'site_id')
      ? 'site_id = $1'
      : table === 'admin_accounts'
        ? 'admin_id in (select admin_id from admin_site_memberships where site_id = $1)'
        : undefined;
    if (!own) continue;
    const values = all.map(
      (c) => NAMES[`${table}.${c.column}`] ?? (c.type === 'uuid' ? newId(`"${c.column}"`) : `"${c.column}"`),
    );
    for (let from = 1; from <= copies; from += 100)
      await client.query(
        `insert into "${table}" (${all.map((c) => `"${c.column}"`).join(', ')})
          select ${values.join(', ')} from generate_series($2::int, $3::int) g, "${table}" where ${own}`,
        [siteId, from, Math.min(copies, from + 99)],
      );
  }
}
