import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allows } from '../shared/index.ts';
import {
  DOMAIN_LIMITS,
  DOMAIN_MAPPING_TRANSITIONS,
  type MappingState,
  afterCheck,
  domainLimit,
  nextClaimCheckInMs,
} from './domain-claim.ts';

const at = new Date('2026-12-01T12:00:00Z');
const HOUR = 3_600_000;
const hours = (n: number): Date => new Date(at.getTime() + n * HOUR);
const active: MappingState = { status: 'verified', graceEndsAt: undefined };
const inGrace = (endsIn: number): MappingState => ({ status: 'grace', graceEndsAt: hours(endsIn) });

describe('H10 · what follows from a look at a record', () => {
  test('a record that is there: active, and looked at again tomorrow', () => {
    expect(afterCheck(active, 'present', at)).toEqual({
      step: undefined,
      status: 'verified',
      nextCheckInMs: 24 * HOUR,
    });
  });
  test('a record that vanished: served for 72 hours more', () => {
    expect(afterCheck(active, 'absent', at)).toEqual({
      step: 'lose',
      status: 'grace',
      graceEndsInMs: 72 * HOUR,
      nextCheckInMs: HOUR,
    });
  });
  test('back in time, and back late while nobody had looked: active again', () => {
    for (const endsIn of [30, 0, -5])
      expect(afterCheck(inGrace(endsIn), 'present', at)).toEqual({
        step: 'find',
        status: 'verified',
        nextCheckInMs: 24 * HOUR,
      });
  });
  test('still away: the end does not move, and is looked at when it comes', () => {
    expect(afterCheck(inGrace(30), 'absent', at)).toEqual({
      step: undefined,
      status: 'grace',
      graceEndsInMs: 30 * HOUR,
      nextCheckInMs: HOUR,
    });
    expect(afterCheck(inGrace(0.5), 'absent', at)).toMatchObject({ nextCheckInMs: HOUR / 2 });
  });
  test('away when the time is over: nobody’s', () => {
    expect(afterCheck(inGrace(0), 'absent', at)).toEqual({ step: 'release', status: 'released' });
  });
  test('no answer changes nothing, however long', () => {
    expect(afterCheck(active, 'unanswered', at)).toEqual({ step: undefined, status: 'verified', nextCheckInMs: HOUR });
    expect(afterCheck(inGrace(-1000), 'unanswered', at)).toMatchObject({
      step: undefined,
      status: 'grace',
      graceEndsInMs: -1000 * HOUR,
    });
  });
  test('every step is one of the table', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(active, inGrace(-1), inGrace(0), inGrace(72)),
        fc.constantFrom('present' as const, 'absent' as const, 'unanswered' as const),
        (mapping, seen) => {
          const next = afterCheck(mapping, seen, at);
          if (next.step === undefined) expect(next.status).toBe(mapping.status);
          else {
            expect(allows(DOMAIN_MAPPING_TRANSITIONS[next.step], mapping.status, 'scheduler')).toBe(true);
            expect(DOMAIN_MAPPING_TRANSITIONS[next.step].to).toBe(next.status);
          }
        },
      ),
    );
  });
});

test('a claim is looked at often at first, and never less than every two hours', () => {
  const waits = [0, 0.1, 1, 10, 100, 300].map((age) => nextClaimCheckInMs(hours(-age), at) / 60_000);
  expect(waits).toEqual([2, 2, 6, 60, 120, 120]);
});

test('a site claims a bounded number of names', () => {
  expect(domainLimit({ open: 0, today: 0, mapped: 0 })).toBeUndefined();
  expect(domainLimit({ open: DOMAIN_LIMITS.open, today: 0, mapped: 0 })).toBe('too_many_open');
  expect(domainLimit({ open: 0, today: DOMAIN_LIMITS.perDay, mapped: 0 })).toBe('too_many_today');
  expect(domainLimit({ open: 0, today: 0, mapped: DOMAIN_LIMITS.mapped })).toBe('too_many_mapped');
});
