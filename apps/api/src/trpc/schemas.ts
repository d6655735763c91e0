import type { Currency } from '@souk/domain/shared';
import { isUuid } from '@souk/domain/shared';
import { z } from 'zod';

/** Money as it crosses the wire: whole minor units. */
export const moneyOutput = z.strictObject({
  minorUnits: z.int(),
  currency: z.custom<Currency>((value) => typeof value === 'string'),
});

export const idInput = z.string().refine(isUuid, 'This is not a valid id.');

/** Where the next page starts: the last id of this one. */
export const pageInput = { after: idInput.optional(), limit: z.int().min(1).max(100).default(50) };

/** Words a person searches by: never a pattern, never long. */
export const searchWords = z
  .string()
  .max(200)
  .transform((text) => text.replace(/[\u0000-\u001f\u007f]/gu, ' ').trim());
