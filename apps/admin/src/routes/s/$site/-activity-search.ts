import { isDay, nextDay, startOfDay } from '../../../components/site-day.ts';

/** What of the log is shown, as its address holds it. What is not asked about is left out. */
export type ActivitySearch = {
  readonly who?: string;
  readonly action?: string;
  readonly kind?: string;
  readonly thing?: string;
  readonly from?: string;
  readonly to?: string;
};

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const WORD = /^[A-Za-z][A-Za-z0-9_.]{0,79}$/;
const is = (pattern: RegExp, value: unknown): value is string => typeof value === 'string' && pattern.test(value);

/** Reads an address that anybody may have typed: what it does not understand it leaves out. */
export function parseActivitySearch(raw: Readonly<Record<string, unknown>>): ActivitySearch {
  const { who, action, kind, thing, from, to } = raw;
  return {
    ...(who === 'system' || is(UUID, who) ? { who } : {}),
    ...(is(WORD, action) ? { action } : {}),
    ...(is(WORD, kind) ? { kind } : {}),
    ...(is(UUID, thing) ? { thing } : {}),
    ...(isDay(from) ? { from } : {}),
    ...(isDay(to) ? { to } : {}),
  };
}

/** The same as the API asks for it; days are the site's, and the last one is whole. */
export const filterOfSearch = ({ who, action, kind, thing, from, to }: ActivitySearch, timeZone: string) => ({
  ...(who === undefined ? {} : { who }),
  ...(action === undefined ? {} : { action }),
  ...(kind === undefined ? {} : { entityType: kind }),
  ...(thing === undefined ? {} : { entityId: thing }),
  ...(from === undefined ? {} : { from: startOfDay(from, timeZone).toISOString() }),
  ...(to === undefined ? {} : { to: startOfDay(nextDay(to), timeZone).toISOString() }),
});
