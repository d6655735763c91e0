import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readProductCsv } from './read-product-csv.ts';
import { collect, EUR, FIXTURES, inPieces } from './test-files.ts';

/** Mulberry32: a small generator whose run can be repeated from its seed. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
const TOKENS = [
  '"',
  '""',
  ',',
  ';',
  '\n',
  '\r',
  '\r\n',
  '\0',
  '\xff',
  '\xc3',
  '\xef\xbb\xbf',
  '-',
  '1e9',
  'Title',
  ',,,,',
  '\xe2\x80\xae',
];

function mutate(bytes: Buffer, random: (below: number) => number): Buffer {
  let mutated = bytes;
  for (let i = random(4); i >= 0; i -= 1) {
    const at = random(mutated.length + 1);
    const span = random(40);
    const [before, after] = [mutated.subarray(0, at), mutated.subarray(at)];
    const token = Buffer.from(TOKENS[random(TOKENS.length)] ?? '', 'latin1');
    const kinds = [
      () => [before, token, after],
      () => [before, after.subarray(span)],
      () => [before, after.subarray(0, span), after],
      () => [before, Buffer.from([random(256)]), after.subarray(1)],
      () => [before],
    ];
    mutated = Buffer.concat(kinds[random(kinds.length)]?.() ?? []);
  }
  return mutated;
}

test('whatever is done to a good file, it is told as issues, and what is read is valid', async () => {
  const random = randomFrom(20_260_701);
  const good = [
    'example-export.csv',
    'csv/same-file-twice.csv',
    'csv/crlf-in-quoted-field.csv',
    'csv/unicode-titles.csv',
    'csv/utf-16.csv',
  ];
  const files = good.map((name) => readFileSync(join(FIXTURES, name)));
  for (let run = 0; run < 600; run += 1) {
    const bytes = mutate(files[run % files.length] ?? Buffer.alloc(0), random);
    const events = await collect(readProductCsv(inPieces(bytes, 1 + random(5_000)), { currency: EUR }));
    const where = `run ${run}`;
    const end = events.at(-1);
    expect(end?.kind, where).toBe('end');
    expect(
      events.filter((event) => event.kind === 'end'),
      where,
    ).toHaveLength(1);
    for (const event of events) {
      if (event.kind === 'issue') {
        expect(event.issue.row, where).toBeGreaterThan(0);
        expect(event.issue.message, where).not.toMatch(/[\p{Cc}\u202A-\u202E\u2066-\u2069]/u);
      }
      if (event.kind !== 'product') continue;
      const { product } = event;
      expect(product.title.length, where).toBeGreaterThan(0);
      expect(JSON.stringify(product), where).not.toMatch(/\\u0000|[\u202A-\u202E]/);
      for (const variant of product.variants) {
        expect(Number.isSafeInteger(variant.price.minorUnits) && variant.price.minorUnits >= 0, where).toBe(true);
        expect(variant.options, where).toHaveLength(product.optionNames.length);
      }
      expect(new Set(product.variants.map((variant) => JSON.stringify(variant.options))).size, where).toBe(
        product.variants.length,
      );
    }
  }
});
