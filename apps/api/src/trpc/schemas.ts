import { type Currency, isUuid } from '@souk/domain/shared';
import { z } from 'zod';

/** Money as it crosses the wire: whole minor units. */
export const moneyOutput = z.strictObject({
  minorUnits: z.int(),
  currency: z.custom<Currency>((value) => typeof value === 'string' && /^[A-Z]{3}$/.test(value)),
});

/** An id as a caller gives it. */
export const idInput = z.string().refine(isUuid, 'This is not a valid id.');

/** Where the next page starts: the last id of this one. */
export const pageInput = { after: idInput.optional(), limit: z.int().min(1).max(100).default(50) };

/** A page of rows that were read with one more than `limit`, and the id after which the next page starts. */
export function pageOf<Row>(
  rows: readonly Row[],
  limit: number,
  idOf: (row: Row) => string,
): { rows: Row[]; next: string | undefined } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { rows: page, next: last !== undefined && rows.length > limit ? idOf(last) : undefined };
}

/** Words a person searches by: never a pattern, never long. */
export const searchWords = z
  .string()
  .max(200)
  .transform((text) => text.replace(/[\u0000-\u001f\u007f]/gu, ' ').trim());
