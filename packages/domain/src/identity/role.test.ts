import { describe, expect, test } from 'vitest';
import { type Member, type Permission, beyond, roleChangeRefusal, roleName, roleRefusal } from './index.ts';

/** A small world of permissions with all that matters in it: the right to choose people, one that implies another, and one beside them. */
const WORLD = ['MANAGE_TEAM', 'MANAGE_ORDERS', 'VIEW_ORDERS', 'VIEW_PRODUCTS'] as const satisfies Permission[];
const SETS: readonly (readonly Permission[])[] = Array.from({ length: 2 ** WORLD.length }, (_, bits) =>
  WORLD.filter((_permission, i) => (bits >> i) % 2 === 1),
);

const isWithin = (mine: readonly Permission[], theirs: readonly Permission[]): boolean =>
  theirs.every((p) => mine.includes(p) || (p === 'VIEW_ORDERS' && mine.includes('MANAGE_ORDERS')));

describe('I6 · who may make, change and give roles', () => {
  test('I6 · nobody makes or changes a role beyond what they hold, before or after; each of 4,096 ways', () => {
    for (const granted of SETS)
      for (const now of SETS)
        for (const wanted of SETS)
          expect(roleRefusal(granted, { isOwner: false, now, wanted })).toBe(
            isWithin(granted, now) && isWithin(granted, wanted) ? undefined : 'more_than_yours',
          );
  });

  test('I6 · the owner’s role stays as it is, whoever asks', () => {
    for (const granted of SETS)
      for (const wanted of SETS) expect(roleRefusal(granted, { isOwner: true, now: WORLD, wanted })).toBe('owner_role');
  });

  test('I6 · nobody gives themselves or anybody else more than they hold; each of 4,096 ways, as owner or not', () => {
    const member = (membershipId: string, permissions: readonly Permission[], isOwner = false): Member => ({
      membershipId,
      roleName: 'x',
      isOwner,
      permissions,
    });
    for (const mine of SETS)
      for (const theirs of SETS)
        for (const next of SETS) {
          const within = mine.includes('MANAGE_TEAM') && isWithin(mine, theirs) && isWithin(mine, next);
          for (const owners of [1, 2])
            for (const [isOwner, becomesOwner] of [
              [false, false],
              [true, false],
              [true, true],
            ] as const) {
              const refusal = roleChangeRefusal(
                member('1', mine),
                member('2', theirs, isOwner),
                { isOwner: becomesOwner, permissions: next },
                owners,
              );
              if (!mine.includes('MANAGE_TEAM')) expect(refusal).toBe('permission_missing');
              else if (!within) expect(refusal).toBe('more_than_yours');
              else expect(refusal).toBe(isOwner && !becomesOwner && owners === 1 ? 'last_owner' : undefined);
            }
          // Whoever was given the role could not give on what the giver could not.
          if (within) expect(beyond(mine, next)).toEqual([]);
        }
  });
});

describe('names of roles', () => {
  test.each([
    ['  Night   shift ', 'Night shift'],
    ['Prüfer·in', 'Prüfer·in'],
    ['менеджер', 'менеджер'],
    ['υπεύθυνος', 'υπεύθυνος'],
    ['店長', '店長'],
    ['店長 (Tokyo)', '店長 (Tokyo)'],
    ['مدير المتجر', 'مدير المتجر'],
    ['मैनेजर', 'मैनेजर'],
    ['Packer 🧺', 'Packer 🧺'],
    ['x'.repeat(40), 'x'.repeat(40)],
  ])('%j is a name', (text, name) => expect(roleName(text)).toEqual({ ok: true, value: name }));
  test.each([
    ['', 'empty'],
    [' \u00a0 ', 'empty'],
    ['x'.repeat(41), 'too_long'],
    ['ow\u200bner', 'invisible'],
    ['owner\u202e', 'invisible'],
    ['own\u00ader', 'invisible'],
    ['\ud800', 'invisible'],
    ['оwner', 'mixed_scripts'],
    ['managεr', 'mixed_scripts'],
  ])('%j is none: %s', (text, refusal) => expect(roleName(text)).toEqual({ ok: false, refusal }));
});
