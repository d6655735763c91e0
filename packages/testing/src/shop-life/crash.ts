import { setTimeout as sleep } from 'node:timers/promises';
import { findRunning } from '@souk/db/embedded';
import { inDatabase, openTestDatabase, startTestServer } from '@souk/db/testing';
import { httpClient } from '../http-client.ts';
import { type SeededRandom, seededRandom } from '../seeded-random.ts';
import { settled } from '../settled.ts';
import { halfDone, lost, reconcile } from './reconcile.ts';
import { type Shop, buy, openShop, work } from './shop-life.ts';

export type Victim = 'api' | 'postgres';

export type CrashFigures = {
  /** Milliseconds from each kill until both processes served again. */
  readonly servedAfterMs: Readonly<Record<Victim, readonly number[]>>;
  readonly ordersTold: number;
  readonly lost: readonly string[];
  /** What was broken or half done after a round, or at the end. */
  readonly broken: readonly string[];
  /** What the API wrote down as an error. */
  readonly errors: readonly string[];
};

/**
 * Kills processes with SIGKILL at random moments while people shop, pay and work, and looks after each round and at the end
 * whether everything that anybody was told is there, and nothing is half done (K01).
 */
export async function crashes({
  victims,
  seed,
  buyers = 6,
  say = () => undefined,
}: {
  readonly victims: readonly Victim[];
  readonly seed?: number | undefined;
  readonly buyers?: number;
  readonly say?: (line: string) => void;
}): Promise<CrashFigures> {
  const random = seededRandom('K01 crashes', seed);
  const server = await startTestServer({ isKilledOften: true });
  const db = await openTestDatabase({ poolSize: 4, server: server.server });
  const shop = await openShop({ db, handle: 'crash', stock: 1_000_000 });
  const servedAfterMs: Record<Victim, number[]> = { api: [], postgres: [] };
  const broken: string[] = [];
  const gone: string[] = [];
  try {
    let isOver = false;
    const busy = (one: () => Promise<void>): Promise<void> =>
      (async () => {
        while (!isOver) await one();
      })();
    const streams = Array.from({ length: buyers + 1 }, (_, i) =>
      seededRandom(i === 0 ? 'admin' : `buyer ${i}`, random.below(2 ** 31), { isQuiet: true }),
    );
    const people = Promise.all(streams.map((own, i) => busy(() => (i === 0 ? work(shop, own) : buy(shop, own)))));
    for (const [round, victim] of victims.entries()) {
      await sleep(150 + random.below(700));
      const killedAt = performance.now();
      const what = await (victim === 'api' ? killApi(shop, random) : killPostgres(server.home, db, random));
      await serving(shop);
      const servedAfter = performance.now() - killedAt;
      servedAfterMs[victim].push(servedAfter);
      const found = [...(await halfDone(db.ownerUrl)), ...(await lost(shop))];
      broken.push(...found);
      say(
        `${String(round + 1).padStart(3)}  ${what.padEnd(32)} serves again after ${String(Math.round(servedAfter)).padStart(5)} ms  ${shop.told.orders.size} orders${found.length > 0 ? `  BROKEN ${found.join('; ')}` : ''}`,
      );
    }
    isOver = true;
    await people;
    await settled(db, 90);
    gone.push(...(await lost(shop)));
    broken.push(...(await reconcile(shop)));
    return { servedAfterMs, ordersTold: shop.told.orders.size, lost: gone, broken, errors: shop.them.errors() };
  } finally {
    await shop.them.close();
    await db.close();
    await server.stop();
  }
}

async function killApi({ them }: Shop, random: SeededRandom): Promise<string> {
  const n = random.below(them.processes.length);
  const victim = them.processes[n];
  await victim?.kill('SIGKILL');
  await victim?.start();
  return `API process ${n + 1}`;
}

/** The server itself, or one of the processes that serve a connection: then it ends all others and recovers. */
async function killPostgres(
  home: string,
  { superuserUrl }: { superuserUrl: string },
  random: SeededRandom,
): Promise<string> {
  const pids =
    random.below(3) === 0
      ? await inDatabase(superuserUrl, async (client) =>
          (
            await client.query<{ pid: number }>(
              "select pid from pg_stat_activity where usename = 'souk_app' order by pid",
            )
          ).rows.map((row) => row.pid),
        )
      : [];
  const server = findRunning({ home })?.pid;
  const pid = pids.length > 0 ? random.pick(pids) : server;
  if (pid === undefined) throw new Error('no PostgreSQL runs');
  process.kill(pid, 'SIGKILL');
  return pid === server ? 'PostgreSQL, the whole server' : 'PostgreSQL, one connection';
}

/** Both processes answer a page that needs the database, and take a cart. */
async function serving({ them, site }: Shop): Promise<void> {
  const end = Date.now() + 60_000;
  for (const { port } of them.processes) {
    for (;;) {
      const visitor = httpClient(port, site.host);
      const variantId = site.products[0]?.variants[0]?.variantId ?? '';
      const answer = await visitor
        .form('/cart/items', { variantId, quantity: '1' }, { accept: 'application/json' })
        .catch(() => undefined);
      if (answer?.status === 200) break;
      if (Date.now() > end) throw new Error(`it does not serve again: ${answer?.text ?? 'no connection'}`);
      await sleep(10);
    }
  }
}
