import { join } from 'node:path';
import { currency } from '@souk/domain/shared';
import { expect } from 'vitest';

/** The project's own files for tests. */
export const FIXTURES = join(import.meta.dirname, '../../../../../packages/testing/fixtures');

export const EUR = currency('EUR') ?? expect.fail('EUR is known');

/** A file that arrives in pieces of `size` bytes. */
export async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}
