import { randomInt } from 'node:crypto';

export type SeededRandom = {
  readonly seed: number;
  /** A whole number from 0 to `end` - 1. */
  below(end: number): number;
  pick<Item>(items: readonly Item[]): Item;
  /** A copy in another order. */
  shuffled<Item>(items: readonly Item[]): Item[];
};

/** Random numbers that can be had again: the seed is printed, and SOUK_TEST_SEED sets it (mulberry32). */
export function seededRandom(
  name: string,
  seed = Number(process.env.SOUK_TEST_SEED ?? randomInt(2 ** 31)),
  /** One that follows from another need not be told. */
  { isQuiet = false } = {},
): SeededRandom {
  if (!isQuiet) process.stdout.write(`${name}: SOUK_TEST_SEED=${seed}\n`);
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (end: number): number => Math.floor(next() * end);
  return {
    seed,
    below,
    pick: (items) => {
      const found = items[below(items.length)];
      if (found === undefined) throw new RangeError('nothing to pick from');
      return found;
    },
    shuffled: (items) =>
      items
        .map((item) => ({ item, at: next() }))
        .toSorted((a, b) => a.at - b.at)
        .map(({ item }) => item),
  };
}
