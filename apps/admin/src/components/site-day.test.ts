import { isUuid } from '@souk/domain/shared';
import { describe, expect, test } from 'vitest';
import { firstIdAt, isDay, nextDay, startOfDay } from './site-day.ts';

describe('days of a site', () => {
  test.each([
    ['2026-11-24', 'Europe/Berlin', '2026-11-23T23:00:00.000Z'],
    ['2026-07-01', 'Europe/Berlin', '2026-06-30T22:00:00.000Z'],
    ['2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00.000Z'],
    ['2026-03-30', 'Europe/Berlin', '2026-03-29T22:00:00.000Z'],
    ['2026-10-26', 'Europe/Berlin', '2026-10-25T23:00:00.000Z'],
    ['2026-11-24', 'Asia/Tokyo', '2026-11-23T15:00:00.000Z'],
    ['2026-11-24', 'America/New_York', '2026-11-24T05:00:00.000Z'],
    ['2026-03-08', 'America/New_York', '2026-03-08T05:00:00.000Z'],
    ['2026-04-05', 'Pacific/Auckland', '2026-04-04T11:00:00.000Z'],
  ])('%s begins in %s at %s', (day, zone, instant) => {
    expect(startOfDay(day, zone).toISOString()).toBe(instant);
  });

  test('the day after the last of a month is the first of the next', () => {
    expect(nextDay('2026-02-28')).toBe('2026-03-01');
    expect(nextDay('2026-12-31')).toBe('2027-01-01');
  });

  test.each(['2026-02-30', '2026-1-1', 'yesterday', '', 20261124, undefined])('%s is no day', (text) => {
    expect(isDay(text)).toBe(false);
  });

  test('the first id of a moment is a valid id, larger than every id made before it', () => {
    const at = new Date('2026-11-24T00:00:00Z');
    expect(isUuid(firstIdAt(at))).toBe(true);
    const before = `${firstIdAt(new Date(at.getTime() - 1)).slice(0, 13)}-7fff-bfff-ffffffffffff`;
    expect(before < firstIdAt(at)).toBe(true);
  });
});
