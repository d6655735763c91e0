import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestDatabase } from '@souk/db/testing';
import { httpClient } from '../http-client.ts';
import { type SeededRandom, seededRandom } from '../seeded-random.ts';
import { settled } from '../settled.ts';
import { ownerRows, until } from '../start-test-api.ts';
import { reconcile } from './reconcile.ts';
import { type Shop, buy, openShop, payForgotten, work } from './shop-life.ts';

/** A life of a shop that can be lived again: all chance in it comes from the seed. */
export type Life = { readonly seed: number; readonly days: number; readonly buyersPerDay: number };

export type SimulationFigures = {
  /** How many orders ended in each state. */
  readonly orders: Readonly<Record<string, number>>;
  /** What the provider has captured, in cents of the shop's currency. */
  readonly capturedCents: number;
  readonly exceptions: Readonly<Record<string, number>>;
  readonly mails: number;
  readonly crashes: number;
  /** Where the shop and the provider's books disagree, in words; none when they agree to the cent. */
  readonly wrong: readonly string[];
};

const CORPUS = join(import.meta.dirname, '..', '..', 'corpus', 'simulate.json');

/** Lives that once ended wrong, and are lived again by every test run. */
export const keptLives = (): Life[] => JSON.parse(readFileSync(CORPUS, 'utf8')) as Life[];

/** Keeps a life that ended wrong. */
export function keepLife(life: Life): void {
  const lives = keptLives().filter((known) => JSON.stringify(known) !== JSON.stringify(life));
  writeFileSync(CORPUS, `${JSON.stringify([...lives, life], undefined, 2)}\n`);
}

/**
 * Weeks of a shop in a minute: buyers who look, order, pay in every way, or leave; late, doubled and old notices; declined
 * cards tried again; an admin who sends and cancels; orders whose time is over; processes that die. At the end orders, money,
 * stock and mail are held against the sandbox provider's own books.
 */
export async function simulate(
  { seed, days, buyersPerDay }: Life,
  { db, say = () => undefined }: { readonly db?: TestDatabase; readonly say?: (line: string) => void } = {},
): Promise<SimulationFigures> {
  const random = seededRandom('simulation', seed);
  // Little enough that some things sell out.
  const shop = await openShop({ ...(db ? { db } : {}), handle: 'weeks', stock: Math.ceil(days * buyersPerDay * 0.5) });
  let crashes = 0;
  const streams = (count: number): SeededRandom[] =>
    Array.from({ length: count }, () => seededRandom('', random.below(2 ** 31), { isQuiet: true }));
  try {
    for (let day = 1; day <= days; day += 1) {
      const buyers = streams(buyersPerDay);
      const [admin, provider, killer] = streams(3);
      if (!admin || !provider || !killer) throw new Error('three streams were asked for');
      const atOnce = Array.from({ length: 6 }, async () => {
        for (let own = buyers.pop(); own; own = buyers.pop()) await buy(shop, own);
      });
      const admins = (async () => {
        for (let deeds = 0; deeds < buyersPerDay / 3; deeds += 1) await work(shop, admin);
      })();
      const crash = (async () => {
        if (killer.below(3) > 0) return;
        const victim = killer.pick(shop.them.processes);
        await new Promise((done) => setTimeout(done, killer.below(500)));
        await victim.kill('SIGKILL');
        await victim.start();
        crashes += 1;
      })();
      await Promise.all([...atOnce, admins, crash]);
      await resendOldNotices(shop, provider);
      await night(shop, random);
      await payForgotten(shop, provider);
      say(`day ${String(day).padStart(3)}  ${shop.told.orders.size} orders`);
    }
    await settled(shop.them.db, 60);
    const wrong = await reconcile(shop);
    return { ...(await figures(shop)), crashes, wrong };
  } finally {
    await shop.them.close();
  }
}

/** The provider sends some of its notices again, the old among them, in another order. */
async function resendOldNotices({ them, told }: Shop, random: SeededRandom): Promise<void> {
  const provider = httpClient(Number(new URL(them.sandboxOrigin).port), 'localhost');
  for (const { id } of random.shuffled(them.sandbox.books().notices).slice(0, 5)) {
    const { status } = await provider.form(`/notices/${id}/resend`, {});
    if (status !== 303) told.odd.push(`the provider answered ${status} to sending a notice again`);
  }
}

/** A night passes: some of the orders that wait for money have waited too long. */
async function night({ them }: Shop, random: SeededRandom): Promise<void> {
  const waiting = await ownerRows<{ order_id: string }>(
    them.db,
    "select order_id from orders where status in ('pending_payment', 'payment_failed', 'payment_authorized') order by order_id",
  );
  const due = waiting.filter(() => random.below(2) === 0).map((order) => order.order_id);
  await ownerRows(
    them.db,
    "update orders set expires_at = now() - interval '1 second' where order_id = any($1) and expires_at is not null",
    [due],
  );
  await until(
    'nothing is due any more',
    async () => (await ownerRows(them.db, 'select 1 from orders where expires_at <= now()')).length === 0,
    20,
  );
}

async function figures({ them, site }: Shop): Promise<Omit<SimulationFigures, 'crashes' | 'wrong'>> {
  const counts = async (text: string): Promise<Record<string, number>> =>
    Object.fromEntries(
      (await ownerRows<{ name: string; n: number }>(them.db, text, [site.siteId])).map(({ name, n }) => [name, n]),
    );
  const captured = them.sandbox
    .books()
    .sessions.flatMap((s) => s.entries)
    .filter((e) => e.kind === 'captured' && e.currency === site.currency);
  return {
    orders: await counts('select status as name, count(*)::int as n from orders where site_id = $1 group by 1'),
    exceptions: await counts(
      'select kind as name, count(*)::int as n from payment_exceptions where site_id = $1 group by 1',
    ),
    capturedCents: captured.reduce((sum, entry) => sum + Math.round(Number(entry.amount) * 100), 0),
    mails:
      (
        await counts(
          "select 'mails' as name, count(*)::int as n from email_dispatch_logs where site_id = $1 and status = 'accepted'",
        )
      )['mails'] ?? 0,
  };
}
