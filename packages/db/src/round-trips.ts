import { AsyncLocalStorage } from 'node:async_hooks';

const counting = new AsyncLocalStorage<{ count: number }>();

/** Called once per wait for the database. */
export function countRoundTrip(): void {
  const counter = counting.getStore();
  if (counter) counter.count += 1;
}

/** Runs the work and says how often it waited for the database. Tests hold each hot path to its number. */
export async function countRoundTrips<Value>(
  work: () => Promise<Value>,
): Promise<{ value: Value; roundTrips: number }> {
  const counter = { count: 0 };
  const value = await counting.run(counter, work);
  return { value, roundTrips: counter.count };
}
