import { type Currency, isUuid, tidy } from '@souk/domain/shared';
import { z } from 'zod';

/**
 * A schema that is checked in one go also where it is asked for a promise, as tRPC asks: only then does zod check with code
 * made for the schema, in a quarter of the time. For the answers that are asked for all day; none of their checks may wait.
 */
export function atOnce<Schema extends z.ZodType>(schema: Schema): Schema {
  schema.parseAsync = async (value, params) => schema.parse(value, params);
  return schema;
}

/** Money as it crosses the wire: whole minor units. */
export const moneyOutput = z.strictObject({
  minorUnits: z.int(),
  currency: z.custom<Currency>((value) => typeof value === 'string' && /^[A-Z]{3}$/.test(value)),
});

/** An id as a caller gives it. */
export const idInput = z.string().refine(isUuid, 'This is not a valid id.');

const CONTROL = /[\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069]/u;

/** One line of text as a person types it. `what` begins the sentence that refuses it, `max` is in characters. */
export const line = (what: string, max: number) =>
  z
    .string()
    .max(max * 4, `${what} is too long: ${max} characters at most.`)
    .refine((text) => !CONTROL.test(text), `${what} contains characters that cannot be printed.`)
    .transform(tidy)
    .refine((text) => text.length <= max, `${what} is too long: ${max} characters at most.`);

/** A line that may not be empty. */
export const needed = (what: string, max: number) =>
  line(what, max).refine((text) => text !== '', `${what} is missing.`);

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
