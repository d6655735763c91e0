import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { openTestDatabase, startTestServer } from '@souk/db/testing';
import { keepLife, simulate as live } from '@souk/testing/shop-life/simulate';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/**
 * `npm run simulate`: weeks of a shop, `--days` (21) of `--buyers` (40) each, with everything that goes wrong; at the end the
 * shop is held against its provider's books. A `--seed` that ends wrong is kept and lived again by every test run.
 */
export async function simulate(words: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...words],
    options: {
      seed: { type: 'string' },
      days: { type: 'string', default: '21' },
      buyers: { type: 'string', default: '40' },
    },
  });
  const life = {
    seed: Number(values.seed ?? randomInt(2 ** 31)),
    days: Number(values.days),
    buyersPerDay: Number(values.buyers),
  };
  const server = await startTestServer();
  const db = await openTestDatabase({ poolSize: 4, server: server.server });
  try {
    const { wrong, ...figures } = await live(life, { db, say });
    say(JSON.stringify(figures, undefined, 2));
    for (const line of wrong) say(`WRONG  ${line}`);
    say(
      wrong.length === 0 ? 'Orders, money, stock and mail agree with the books of the provider.' : 'They do not agree.',
    );
    if (wrong.length > 0) keepLife(life);
    return wrong.length > 0 ? 1 : 0;
  } finally {
    await db.close();
    await server.stop();
  }
}
