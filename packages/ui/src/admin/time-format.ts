import { i18n } from '@lingui/core';
const SECOND = 1000;
const STEPS: readonly (readonly [unit: Intl.RelativeTimeFormatUnit, ms: number, until: number])[] = [
  ['minute', 60 * SECOND, 3_600 * SECOND],
  ['hour', 3_600 * SECOND, 24 * 3_600 * SECOND],
  ['day', 24 * 3_600 * SECOND, 7 * 24 * 3_600 * SECOND],
];

/** `4 minutes ago`, `yesterday`; from a week on the date itself, with the year where it is another one. */
export function formatRelative(at: Date, now: Date, timeZone: string, locale: string): string {
  const ms = at.getTime() - now.getTime();
  const distance = Math.abs(ms);
  if (distance < 60 * SECOND) return i18n.t('just now');
  const step = STEPS.find(([, , until]) => distance < until);
  if (step) return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(Math.trunc(ms / step[1]), step[0]);
  const year = (date: Date): string => new Intl.DateTimeFormat('en', { timeZone, year: 'numeric' }).format(date);
  return new Intl.DateTimeFormat(locale, {
    timeZone,
    day: 'numeric',
    month: 'short',
    ...(year(at) === year(now) ? {} : { year: 'numeric' }),
  }).format(at);
}

/** `24 November 2026 at 14:05, Berlin`: the exact time, in a named zone. */
export function formatExact(at: Date, timeZone: string, locale: string): string {
  const text = new Intl.DateTimeFormat(locale, { timeZone, dateStyle: 'long', timeStyle: 'short' }).format(at);
  return i18n.t('{time}, {place} time', { time: text, place: placeOf(timeZone) });
}

/** `Europe/Berlin` → `Berlin`. */
export const placeOf = (timeZone: string): string => timeZone.split('/').at(-1)?.replaceAll('_', ' ') ?? timeZone;
