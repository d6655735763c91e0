import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inDatabase } from '@souk/db/testing';
import { TEST_PASSWORD } from '@souk/testing';
import { type BenchServer, type DataSet, startBenchServer } from './data-set.ts';
import { type Measurement, type Ratio, type Rate, interleaved, measure, median, ratioOf } from './load.ts';
import { type LayerCost, layerCosts } from './layer-costs.ts';
import { type ApiProcessOptions, type CeilingOptions, type Measured, startProcess } from './processes.ts';
import { chartOf } from './chart.ts';
import { performancePage } from './performance-page.ts';
import { type Client, clientOf } from './shop-client.ts';
import { adminWork, openCart, shopWork, slugOf, startProvider } from './shop-work.ts';

export type Compared = {
  readonly what: string;
  readonly ceiling: string;
  readonly wanted: number;
  readonly ours: Rate;
  readonly theirs: Rate;
  readonly ratio: Ratio;
};
export type Flat = { readonly what: string; readonly smallMs: number; readonly largeMs: number; readonly ratio: Ratio };
export type Figures = {
  readonly compared: readonly Compared[];
  readonly layers: readonly LayerCost[];
  readonly flat: readonly Flat[];
  readonly startMs: number;
  readonly idleMb: number;
  readonly memory:
    | { readonly requests: number; readonly afterFirstMb: number; readonly afterAllMb: number }
    | undefined;
};

export type BenchOptions = {
  /** Folder of the checkout. */
  readonly checkout: string;
  /** Short: one round, the small data set, nothing written. */
  readonly quick: boolean;
  /** Requests of the memory figure; 0 leaves it out. */
  readonly memoryRequests: number;
  readonly say: (line: string) => void;
};

const WORKERS = 16;
const API_PORT = 4990;

/** Runs every benchmark, prints the figures and, unless quick, writes them to `docs/performance.md` with a chart. */
export async function bench({ checkout, quick, memoryRequests, say }: BenchOptions): Promise<Figures> {
  const home = join(checkout, '.souk-bench');
  const server = await startBenchServer(home, say);
  const provider = await startProvider();
  try {
    const small = await server.openFresh();
    const effort = { seconds: quick ? 1 : 3, workers: WORKERS, rounds: quick ? 1 : 5 };
    const open = (set: DataSet, port: number, logLevel = 'info') =>
      startProcess('api-process.ts', apiOptions(set, home, port, provider.origin, logLevel));

    say('The API alone');
    const start = await startFigures(() => open(small, API_PORT), quick ? 1 : 5);
    say(`  starts in ${start.startMs.toFixed(0)} ms, idles with ${start.idleMb.toFixed(0)} MB`);
    const api = await open(small, API_PORT);
    const ceiling = await startProcess('ceiling-process.ts', ceilingOptions(small));
    const [ours, bare] = [clientOf(api.port, WORKERS), clientOf(ceiling.port, WORKERS)];
    say('Against the ceiling');
    const compared = await compare({ api: ours, bare, ceiling, set: small }, effort, say);
    say('What each layer costs');
    const layers = await layerCosts({
      open: (level, n) => open(small, API_PORT + n, level),
      ceiling,
      bare,
      set: small,
      quick,
    });
    for (const { layer, microseconds, roundTrips } of layers)
      say(`  ${layer.padEnd(60)} ${microseconds.toFixed(0).padStart(6)} µs, ${roundTrips} round trips`);
    await Promise.all([ours.close(), bare.close()]);
    await Promise.all([api.stop(), ceiling.stop()]);
    const memory =
      memoryRequests > 0 ? await memoryFigures(await open(small, API_PORT), small, memoryRequests, say) : undefined;
    const flat = quick ? [] : await flatFigures(server, small, open, say);
    const figures: Figures = { compared, layers, flat, ...start, memory };
    if (!quick) {
      const folder = join(checkout, 'docs');
      mkdirSync(join(folder, 'pictures'), { recursive: true });
      writeFileSync(join(folder, 'performance.md'), performancePage(figures));
      writeFileSync(join(folder, 'pictures', 'performance.svg'), chartOf(figures.compared));
    }
    return figures;
  } finally {
    provider.stop();
    await server.stop();
    rmSync(join(home, 'api'), { recursive: true, force: true });
  }
}

const apiOptions = (
  set: DataSet,
  home: string,
  port: number,
  providerOrigin: string,
  logLevel: string,
): ApiProcessOptions => {
  const folder = join(home, 'api', String(port));
  mkdirSync(folder, { recursive: true });
  return { urls: set.urls, home: folder, port, keyText: set.keyText, providerOrigin, logLevel };
};

const ceilingOptions = (set: DataSet): CeilingOptions => ({
  urls: set.urls,
  superuserUrl: set.superuserUrl,
  site: set.site,
});

async function ownerOf(set: DataSet): Promise<string> {
  const [row] = await inDatabase(
    set.superuserUrl,
    async (client) =>
      (await client.query<{ email: string }>('select email from admin_accounts where admin_id = $1', [set.site.owner]))
        .rows,
  );
  return row?.email ?? '';
}

async function startFigures(
  open: () => Promise<Measured>,
  times: number,
): Promise<{ startMs: number; idleMb: number }> {
  const found: { ms: number; mb: number }[] = [];
  for (let i = 0; i < times; i += 1) {
    const api = await open();
    await new Promise((done) => setTimeout(done, 5000));
    found.push({ ms: api.startedInMs, mb: (await api.rssBytes()) / 1e6 });
    await api.stop();
  }
  return { startMs: median(found.map((f) => f.ms)), idleMb: median(found.map((f) => f.mb)) };
}

type Sides = { readonly api: Client; readonly bare: Client; readonly ceiling: Measured; readonly set: DataSet };

async function compare(
  { api, bare, ceiling, set }: Sides,
  effort: { seconds: number; workers: number; rounds: number },
  say: (line: string) => void,
): Promise<Compared[]> {
  const shop = shopWork(api, set.site);
  const orders = await adminWork(api, set.site, await ownerOf(set), TEST_PASSWORD).orders();
  const pairs: readonly [what: string, ceiling: string, wanted: number, ours: Measurement, theirs: Measurement][] = [
    [
      'product by slug, StorefrontRouter',
      'node:http and one prepared select',
      0.5,
      measure(shop.product),
      measure((worker, n) => bare.get('ceiling', `/product?slug=${slugOf(worker, n)}`)),
    ],
    [
      'list of 20, StorefrontRouter',
      'node:http and one prepared select',
      0.5,
      measure(shop.list),
      measure(() => bare.get('ceiling', '/list')),
    ],
    [
      'orders of the admin, 50 of them',
      'node:http and one prepared select',
      0.25,
      measure(orders),
      measure(() => bare.get('ceiling', '/orders')),
    ],
    [
      'whole checkout: six requests to the confirmed order',
      'its transactions in bare SQL',
      0.4,
      measure(shop.checkout),
      (wanted) => ceiling.checkouts(wanted),
    ],
  ];
  const compared: Compared[] = [];
  for (const [what, against, wanted, ours, theirs] of pairs) {
    const rates = await interleaved({ ours, theirs }, effort);
    const ratio = ratioOf(rates.ours.rounds, rates.theirs.rounds);
    compared.push({ what, ceiling: against, wanted, ours: rates.ours.middle, theirs: rates.theirs.middle, ratio });
    say(
      `  ${what.padEnd(52)} ${rates.ours.middle.perSecond.toFixed(0).padStart(6)}/s of ${rates.theirs.middle.perSecond.toFixed(0).padStart(6)}/s: ${ratio.median.toFixed(2)} (${ratio.least.toFixed(2)}–${ratio.greatest.toFixed(2)}), wanted ${wanted}`,
    );
  }
  return compared;
}

async function memoryFigures(
  api: Measured,
  set: DataSet,
  requests: number,
  say: (line: string) => void,
): Promise<NonNullable<Figures['memory']>> {
  const client = clientOf(api.port, WORKERS);
  const { product } = shopWork(client, set.site);
  const send = async (count: number): Promise<void> => {
    let sent = 0;
    await Promise.all(
      Array.from({ length: WORKERS }, async (_, worker) => {
        while (sent < count) await product(worker, (sent += 1));
      }),
    );
    await new Promise((done) => setTimeout(done, 3000));
  };
  const first = Math.min(10_000, requests);
  await send(first);
  const afterFirstMb = (await api.heldBytes()) / 1e6;
  await send(requests - first);
  const afterAllMb = (await api.heldBytes()) / 1e6;
  await client.close();
  await api.stop();
  say(`  memory: ${afterFirstMb.toFixed(0)} MB after ${first} requests, ${afterAllMb.toFixed(0)} MB after ${requests}`);
  return { requests, afterFirstMb, afterAllMb };
}

/** One after the other, the same questions of one site alone and of the same site among a thousand. */
async function flatFigures(
  server: BenchServer,
  small: DataSet,
  open: (set: DataSet, port: number) => Promise<Measured>,
  say: (line: string) => void,
): Promise<Flat[]> {
  const large = await server.open('large');
  say('Flat: one site alone, and the same site among a thousand');
  const apis = [await open(small, API_PORT), await open(large, API_PORT + 1)];
  const sides = await Promise.all(
    [small, large].map(async (set, i) => {
      const client = clientOf(apis[i]?.port ?? 0, 4);
      const shop = shopWork(client, set.site);
      const admin = adminWork(client, set.site, await ownerOf(set), TEST_PASSWORD);
      return {
        client,
        works: {
          product: shop.product,
          'list of 20': shop.list,
          cart: await openCart(client, set.site),
          'orders of the admin': await admin.orders(),
          'sign-in': admin.signIn,
        },
      };
    }),
  );
  const flat: Flat[] = [];
  for (const what of ['product', 'list of 20', 'cart', 'orders of the admin', 'sign-in'] as const) {
    const [one, many] = sides.map((side) => measure(side.works[what]));
    if (!one || !many) throw new Error('nothing to compare');
    const rates = await interleaved({ one, many }, { seconds: 1.5, workers: 1, rounds: 7 });
    const ratio = ratioOf(rates.many.rounds, rates.one.rounds, 'p50Ms');
    flat.push({ what, smallMs: rates.one.middle.p50Ms, largeMs: rates.many.middle.p50Ms, ratio });
    say(
      `  ${what.padEnd(52)} p50 ${rates.one.middle.p50Ms.toFixed(2)} ms, among a thousand ${rates.many.middle.p50Ms.toFixed(2)} ms: ${ratio.median.toFixed(2)}`,
    );
  }
  await Promise.all(sides.map(({ client }) => client.close()));
  await Promise.all(apis.map((api) => api.stop()));
  return flat;
}
