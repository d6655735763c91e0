import { countRoundTrips, openDatabase, withSite } from '@souk/db';
import { listEnabledConfigurations } from '@souk/db/integrations';
import { getConfiguration } from '@souk/db/identity';
import { cpuMs } from './cpu-time.ts';
import type { DataSet } from './data-set.ts';
import { median } from './load.ts';
import type { Measured } from './processes.ts';
import { type Client, clientOf } from './shop-client.ts';
import { shopWork, slugOf } from './shop-work.ts';

/** What one layer adds to a question, in microseconds of the server's processor or of waiting, and in round trips. */
export type LayerCost = { readonly layer: string; readonly microseconds: number; readonly roundTrips: number };

type Parts = {
  readonly open: (logLevel: string, n: number) => Promise<Measured>;
  readonly ceiling: Measured;
  readonly bare: Client;
  readonly set: DataSet;
  readonly quick: boolean;
};

/**
 * The same product, asked through one layer more each time: what the server's process spends on it. Processor time, since
 * it is the same on a busy machine and an idle one; the figures of the ORM are of waiting, on one connection.
 */
export async function layerCosts({ open, ceiling, bare, set, quick }: Parts): Promise<LayerCost[]> {
  // Both at once and asked in turn: a log is too cheap to be told from the machine's moods otherwise.
  const [quiet, loud] = [await open('silent', 1), await open('info', 2)];
  const [client, loudClient] = [clientOf(quiet.port, 8), clientOf(loud.port, 8)];
  const ask = {
    constant: [ceiling, () => bare.get('ceiling', '/constant')],
    select: [ceiling, (worker: number, n: number) => bare.get('ceiling', `/product?slug=${slugOf(worker, n)}`)],
    site: [ceiling, (worker: number, n: number) => bare.get('ceiling', `/site-product?slug=${slugOf(worker, n)}`)],
    whole: [quiet, shopWork(client, set.site).product],
    logged: [loud, shopWork(loudClient, set.site).product],
  } as const;
  const names = ['constant', 'select', 'site', 'whole', 'logged'] as const;
  const rounds = quick ? 1 : 7;
  const cost: Record<(typeof names)[number], number[]> = { constant: [], select: [], site: [], whole: [], logged: [] };
  for (let round = 0; round <= rounds; round += 1)
    for (const name of names) {
      const [{ pid }, work] = ask[name];
      const spent = await cpuOf(pid, work, quick ? 500 : 6000);
      if (round > 0) cost[name].push(spent);
    }
  await Promise.all([client.close(), loudClient.close()]);
  await Promise.all([quiet.stop(), loud.stop()]);
  const of = (name: keyof typeof cost): number => median(cost[name]);
  return [
    { layer: 'node:http, a constant answer', microseconds: of('constant'), roundTrips: 0 },
    { layer: 'one prepared select, and JSON', microseconds: of('select') - of('constant'), roundTrips: 1 },
    { layer: 'site and row-level security, in the same batch', microseconds: of('site') - of('select'), roundTrips: 0 },
    {
      layer: 'host to site, tRPC, input and output checked, headers',
      microseconds: of('whole') - of('site'),
      roundTrips: 0,
    },
    { layer: 'log and metrics', microseconds: of('logged') - of('whole'), roundTrips: 0 },
    ...(await ormCosts(set, quick)),
  ];
}

/** Microseconds of a process's processor a call. */
async function cpuOf(
  pid: number,
  work: (worker: number, n: number) => Promise<unknown>,
  calls: number,
): Promise<number> {
  const before = cpuMs(pid) ?? Number.NaN;
  let n = 0;
  await Promise.all(
    Array.from({ length: 8 }, async (_, worker) => {
      while (n < calls) await work(worker, (n += 1));
    }),
  );
  return (((cpuMs(pid) ?? Number.NaN) - before) * 1000) / calls;
}

/** A transaction of its own with one row read, as SQL and as an entity. */
async function ormCosts(set: DataSet, quick: boolean): Promise<LayerCost[]> {
  const db = openDatabase(set.urls, { poolSize: 1 });
  const time = async (work: () => Promise<unknown>): Promise<number> => {
    const times: number[] = [];
    for (let i = 0; i < (quick ? 200 : 3000); i += 1) {
      const from = performance.now();
      await work();
      if (i > 100) times.push(performance.now() - from);
    }
    return median(times) * 1000;
  };
  const { siteId } = set.site;
  const asSql = (): Promise<unknown> => withSite(db, siteId, listEnabledConfigurations);
  const asEntity = (): Promise<unknown> => withSite(db, siteId, getConfiguration);
  const [sql, entity] = [await time(asSql), await time(asEntity)];
  const { roundTrips } = await countRoundTrips(asSql);
  await db.close();
  return [
    { layer: 'withSite: a transaction with one statement', microseconds: sql, roundTrips },
    { layer: 'the same by MikroORM, as an entity', microseconds: entity - sql, roundTrips: 0 },
  ];
}
