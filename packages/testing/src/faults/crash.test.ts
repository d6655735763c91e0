import { expect, test } from 'vitest';
import { crashes } from '../shop-life/crash.ts';

/* The short form of `npm run crash`. */

test('K01 · kill -9 of the API and of PostgreSQL under load loses nothing and leaves no half', async () => {
  const figures = await crashes({ victims: ['api', 'postgres', 'api', 'postgres', 'api'], buyers: 3 });
  expect(figures.lost).toEqual([]);
  expect(figures.broken).toEqual([]);
  expect(figures.errors).toEqual([]);
  expect(figures.ordersTold).toBeGreaterThan(0);
}, 120_000);
