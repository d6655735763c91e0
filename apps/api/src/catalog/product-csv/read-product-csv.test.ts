import { execFile } from 'node:child_process';
import { createReadStream, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import type { ReadEvent } from '@souk/domain/catalog/product-import';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readProductCsv } from './read-product-csv.ts';
import { collect, EUR, FIXTURES, inPieces } from './test-files.ts';

const HEADER = 'Handle,Title,Body (HTML),Variant Price\n';

/** An endless file, and whether its reader has closed it. */
function endless(first: string, next: (n: number) => string) {
  const state = { pieces: 0, closed: false };
  async function* pieces(): AsyncGenerator<Uint8Array> {
    try {
      yield Buffer.from(first);
      for (;;) yield Buffer.from(next((state.pieces += 1)));
    } finally {
      state.closed = true;
    }
  }
  return { state, pieces: pieces() };
}

const aProduct = (n: number): string => `p-${n},Product ${n},<p>x</p>,1.00\n`;

describe('the file as a stream', () => {
  test('the pieces in which a file arrives make no difference', async () => {
    const files = [...readdirSync(join(FIXTURES, 'csv')).map((name) => join('csv', name)), 'example-export.csv'];
    for (const file of files.filter((name) => name.endsWith('.csv'))) {
      const bytes = readFileSync(join(FIXTURES, file));
      const whole = await collect(readProductCsv(inPieces(bytes, 1_000_000), { currency: EUR }));
      for (const size of bytes.length > 10_000 ? [4_099] : [1, 61]) {
        const pieces = await collect(readProductCsv(inPieces(bytes, size), { currency: EUR }));
        expect(pieces, `${file} in pieces of ${size}`).toEqual(whole);
      }
    }
  });

  test('the columns come first, products as soon as they are whole, the end last', async () => {
    const events: ReadEvent[] = [];
    const source = endless(HEADER, aProduct);
    for await (const event of readProductCsv(source.pieces, { currency: EUR })) {
      events.push(event);
      if (events.length === 3) break;
    }
    expect(events.map((event) => event.kind)).toEqual(['columns', 'product', 'product']);
    expect(source.state.pieces).toBeLessThan(6);
    expect(source.state.closed).toBe(true);
  });

  test('a file stream is closed when the caller stops taking', async () => {
    const stream = createReadStream(join(FIXTURES, 'example-export.csv'));
    for await (const event of readProductCsv(stream, { currency: EUR })) if (event.kind === 'product') break;
    expect(stream.destroyed).toBe(true);
  });

  test('progress counts the bytes', async () => {
    const seen: number[] = [];
    const bytes = Buffer.from(HEADER + aProduct(1));
    const onProgress = (bytesRead: number): void => void seen.push(bytesRead);
    await collect(readProductCsv(inPieces(bytes, 10), { currency: EUR, onProgress }));
    expect(seen.at(-1)).toBe(bytes.length);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  });

  test('descriptions pass through the sanitiser', async () => {
    const events = await collect(
      readProductCsv(inPieces(Buffer.from(HEADER + aProduct(1)), 99), {
        currency: EUR,
        sanitizeHtml: (html) => `[${html}]`,
      }),
    );
    expect(events).toContainEqual(
      expect.objectContaining({ kind: 'product', product: expect.objectContaining({ descriptionHtml: '[<p>x</p>]' }) }),
    );
  });

  test('an error of the source is thrown', async () => {
    const broken = new Readable({
      read() {
        this.destroy(new Error('disk gone'));
      },
    });
    await expect(collect(readProductCsv(broken, { currency: EUR }))).rejects.toThrow('disk gone');
  });
});

describe('cancelling', () => {
  test('the signal ends the reading with its reason and closes the source', async () => {
    const source = endless(HEADER, aProduct);
    const controller = new AbortController();
    const reason = new Error('cancelled');
    const reading = async (): Promise<void> => {
      for await (const event of readProductCsv(source.pieces, { currency: EUR, signal: controller.signal })) {
        if (event.kind === 'product' && event.product.handle === 'p-100') controller.abort(reason);
      }
    };
    await expect(reading()).rejects.toBe(reason);
    expect(source.state.closed).toBe(true);
  });

  test('a source that has gone silent is let go', async () => {
    const silent = new Readable({ read: () => {} });
    silent.push(HEADER);
    const controller = new AbortController();
    const reason = new Error('cancelled');
    const reading = collect(readProductCsv(silent, { currency: EUR, signal: controller.signal }));
    setTimeout(() => controller.abort(reason), 10);
    await expect(reading).rejects.toBe(reason);
    expect(silent.destroyed).toBe(true);
  });

  test('a signal given too late reads nothing', async () => {
    const source = endless(HEADER, aProduct);
    const reason = new Error('cancelled');
    const reading = collect(readProductCsv(source.pieces, { currency: EUR, signal: AbortSignal.abort(reason) }));
    await expect(reading).rejects.toBe(reason);
    expect(source.state.pieces).toBe(0);
  });
});

describe('files beyond measure', () => {
  test('a file that is too large ends with an error that says so', async () => {
    const source = endless(HEADER, (n) => aProduct(n).repeat(100));
    let bytesRead = 0;
    const onProgress = (bytes: number): void => void (bytesRead = bytes);
    const events = await collect(readProductCsv(source.pieces, { currency: EUR, maxBytes: 1_000_000, onProgress }));
    expect(events.at(-2)).toMatchObject({ kind: 'issue', issue: { code: 'file_too_large', column: null } });
    expect(events.at(-2)).toMatchObject({ issue: { message: expect.stringContaining('larger than 1 MB') } });
    expect(events.at(-1)).toMatchObject({ kind: 'end', complete: false });
    expect(bytesRead).toBeLessThanOrEqual(1_000_000);
    expect(source.state.closed).toBe(true);
  });

  test('a quotation mark that is never closed does not pull the file into memory', async () => {
    const source = endless(`${HEADER}a,"A,,1\n`, (n) => aProduct(n).repeat(1_000));
    let bytesRead = 0;
    const options = { currency: EUR, onProgress: (bytes: number) => (bytesRead = bytes) };
    const events = await collect(readProductCsv(source.pieces, options));
    expect(events.at(-2)).toMatchObject({
      kind: 'issue',
      issue: { code: 'unclosed_quote', row: 2, line: 2, column: 'Title' },
    });
    expect(events.at(-1)).toMatchObject({ kind: 'end', complete: false, products: 0 });
    expect(bytesRead).toBeLessThan(5_000_000);
  });

  test('a row without end is told as too long', async () => {
    const source = endless(`${HEADER}a,A,`, () => 'x'.repeat(100_000));
    const events = await collect(readProductCsv(source.pieces, { currency: EUR }));
    expect(events.at(-2)).toMatchObject({ kind: 'issue', issue: { code: 'too_long', row: 2 } });
    expect(events.at(-1)).toMatchObject({ complete: false });
  });
});

/** Reads 100,000 rows in a process of its own, so that nothing else is measured, and prints what it saw. */
const MEASURE = `
  import { currency } from '@souk/domain/shared';
  import { readProductCsv } from './read-product-csv.ts';
  import { sanitizeProductHtml } from './sanitize-product-html.ts';
  const body = '<p>' + 'A plain sentence of the body. '.repeat(8) + '</p>';
  async function* file() {
    yield Buffer.from('Handle,Title,Body (HTML),Vendor,Tags,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Qty,Variant Price,Image Src,Status\\n');
    let text = '';
    for (let i = 0; i < 100_000; i += 1) {
      text += i % 2 === 0
        ? \`p-\${i},Größe \${i},"\${body}\\n<p>""\${i}""</p>",Acme,"a, b",Size,S,SKU-\${i},5,10.00,https://example.com/\${i}.jpg,active\\n\`
        : \`p-\${i - 1},,,,,,M,SKU-\${i},-1,10.00,,\\n\`;
      if (text.length > 60_000) { yield Buffer.from(text); text = ''; await new Promise(setImmediate); }
    }
    yield Buffer.from(text);
  }
  const idle = process.memoryUsage.rss();
  const begun = performance.now();
  let peak = idle; let events = 0; let end;
  for await (const event of readProductCsv(file(), { currency: currency('EUR'), sanitizeHtml: sanitizeProductHtml })) {
    if ((events += 1) % 500 === 0) peak = Math.max(peak, process.memoryUsage.rss());
    if (event.kind === 'end') end = event;
  }
  console.log(JSON.stringify({ megabytes: (peak - idle) / 1e6, seconds: (performance.now() - begun) / 1e3, end }));
`;

test('100,000 rows are read in flat memory: under 200 MB above idle', async () => {
  const flags = ['--max-semi-space-size=4', '--input-type=module', '--eval', MEASURE];
  const { stdout } = await promisify(execFile)(process.execPath, flags, { cwd: import.meta.dirname });
  const measured = z.object({ megabytes: z.number(), seconds: z.number(), end: z.unknown() }).parse(JSON.parse(stdout));
  expect(measured.end).toMatchObject({
    complete: true,
    rows: 100_000,
    products: 50_000,
    variants: 100_000,
    warnings: 50_000,
    unlistedIssues: 49_000,
  });
  expect(measured.megabytes).toBeLessThan(200);
  expect(measured.seconds).toBeLessThan(60);
  console.info(`100,000 rows: ${measured.seconds.toFixed(1)} s, ${Math.round(measured.megabytes)} MB above idle`);
}, 120_000);
