import type { ActionFilter } from '@souk/db/activity';
import { isUuid } from '@souk/domain/shared';
import { z } from 'zod';
import { idInput } from '../trpc/schemas.ts';

const word = z.string().regex(/^[A-Za-z][A-Za-z0-9_.]{0,79}$/, 'This is no name of the log.');

/** A moment, as JSON carries it. */
const moment = z
  .string()
  .max(40)
  .refine(
    (text) => /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z$/.test(text) && !Number.isNaN(Date.parse(text)),
    'This is not a moment such as 2026-11-30T12:00:00Z.',
  );

/** What of the log is asked for, as a caller sends it. */
export const activityFilter = {
  entityId: idInput.optional(),
  entityType: word.optional(),
  /** A person or a service; `system` is what Souk did by itself. */
  who: z
    .string()
    .refine((text) => text === 'system' || isUuid(text), 'This is not a valid id.')
    .optional(),
  action: word.optional(),
  from: moment.optional(),
  to: moment.optional(),
};

const filterInput = z.strictObject(activityFilter);
export type ActivityFilter = z.infer<typeof filterInput>;

export const filterOf = ({ entityId, entityType, who, action, from, to }: ActivityFilter): ActionFilter => ({
  entityId,
  entityType,
  actorId: who,
  action,
  from: from === undefined ? undefined : new Date(from),
  to: to === undefined ? undefined : new Date(to),
});

/** The filter inside a text that was made of one; undefined when it is none. */
export function parseFilter(text: string): ActivityFilter | undefined {
  try {
    return filterInput.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
