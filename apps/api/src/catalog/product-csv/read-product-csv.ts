import { createProductReader, type Problem, type ReadEvent } from '@souk/domain/catalog/product-import';
import type { Currency } from '@souk/domain/shared';
import { addAbortSignal, Readable } from 'node:stream';
import { readCsvRecords } from './csv-records.ts';

const MAX_FILE_BYTES = 200_000_000;

export type ReadProductCsvOptions = {
  /** The currency that the amounts are in; the file does not say. */
  readonly currency: Currency;
  /** The largest file that is read; 200 MB unless said otherwise. */
  readonly maxBytes?: number;
  /** Ends the reading: the generator throws the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called with the number of bytes read so far, after each piece. */
  readonly onProgress?: (bytesRead: number) => void;
  /** Applied to every description before its product is given. */
  readonly sanitizeHtml?: (html: string) => string;
};

const tooLarge = (maxBytes: number): Problem => ({
  code: 'file_too_large',
  sentence: `The file is larger than ${maxBytes / 1_000_000} MB. Split it into several files; the rest of it was not read.`,
});

class FileTooLarge extends Error {}

/** Passes the bytes on, counted; throws when there are too many, or at once when the signal came too early. */
async function* counted(
  source: AsyncIterable<Uint8Array>,
  { signal, onProgress, maxBytes = MAX_FILE_BYTES }: ReadProductCsvOptions,
): AsyncGenerator<Uint8Array> {
  let bytesRead = 0;
  signal?.throwIfAborted();
  for await (const bytes of source) {
    bytesRead += bytes.byteLength;
    if (bytesRead > maxBytes) throw new FileTooLarge();
    yield bytes;
    onProgress?.(bytesRead);
  }
}

/**
 * Reads a product export: the columns first, then products and issues as they become known, and `end` as the last event.
 * Nothing is written or fetched. Whatever the file holds, it is told as issues; only `source` and `signal` make this throw.
 * Memory stays flat: the source is read no faster than the events are taken, and is closed when the caller stops taking them.
 */
export async function* readProductCsv(
  source: Readable | AsyncIterable<Uint8Array>,
  options: ReadProductCsvOptions,
): AsyncGenerator<ReadEvent, void, void> {
  const { currency, signal, sanitizeHtml = (html: string) => html } = options;
  if (signal && source instanceof Readable) addAbortSignal(signal, source);
  const reader = createProductReader({ currency });
  const finished = (event: ReadEvent): ReadEvent =>
    event.kind === 'product'
      ? { kind: 'product', product: { ...event.product, descriptionHtml: sanitizeHtml(event.product.descriptionHtml) } }
      : event;
  try {
    for await (const records of readCsvRecords(counted(source, options))) {
      signal?.throwIfAborted();
      for (const record of records) {
        for (const event of reader.read(record)) {
          yield finished(event);
          if (event.kind === 'end') return;
        }
      }
    }
    for (const event of reader.end()) yield finished(event);
  } catch (error) {
    if (!(error instanceof FileTooLarge)) throw signal?.aborted ? signal.reason : error;
    yield* reader.stop(tooLarge(options.maxBytes ?? MAX_FILE_BYTES));
  }
}
