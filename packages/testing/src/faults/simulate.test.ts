import { randomInt } from 'node:crypto';
import { openTestDatabase } from '@souk/db/testing';
import { expect, test } from 'vitest';
import { type Life, keptLives, simulate } from '../shop-life/simulate.ts';

/* The short form of `npm run simulate`: the lives that once ended wrong, and one that nobody has lived before. */

const fresh: Life = {
  seed: Number(process.env.SOUK_TEST_SEED ?? randomInt(2 ** 31)),
  days: 2,
  buyersPerDay: 10,
};

test.each([...keptLives(), fresh])(
  'O2 · O5 · a shop and the books of its provider agree to the cent, whatever happens: %o',
  async (life) => {
    const db = await openTestDatabase({ poolSize: 4 });
    try {
      const { wrong, orders } = await simulate(life, { db });
      expect(wrong).toEqual([]);
      expect(Object.keys(orders)).not.toEqual([]);
    } finally {
      await db.close();
    }
  },
  120_000,
);
