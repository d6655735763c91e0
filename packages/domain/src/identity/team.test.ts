import { describe, expect, test } from 'vitest';
import {
  DEFAULT_ROLES,
  INVITATION_LIMITS,
  type Member,
  PERMISSIONS,
  type Permission,
  beyond,
  invitationLimit,
  removalRefusal,
} from './index.ts';

const ALL = Object.keys(PERMISSIONS) as Permission[];
/** Every set of at most two permissions, every set that lacks at most two, and the roles of a new site. */
const SETS: readonly (readonly Permission[])[] = [
  [],
  ...ALL.map((p) => [p]),
  ...ALL.flatMap((p, i) => ALL.slice(i + 1).map((q) => [p, q])),
  ALL,
  ...ALL.map((p) => ALL.filter((x) => x !== p)),
  ...ALL.flatMap((p, i) => ALL.slice(i + 1).map((q) => ALL.filter((x) => x !== p && x !== q))),
  ...Object.values(DEFAULT_ROLES).map((role) => role.permissions),
];
/** What a set lets somebody do, written down a second time: itself, and the seeing that goes with managing. */
const reach = (set: readonly Permission[]): Set<string> =>
  new Set([
    ...set,
    ...['PRODUCTS', 'ORDERS', 'CUSTOMERS'].flatMap((what) =>
      set.includes(`MANAGE_${what}` as Permission) ? [`VIEW_${what}`] : [],
    ),
  ]);

describe('I6 · nobody gives more than they hold', () => {
  test(`I6 · of every set, to every set`, () => {
    expect(SETS.length).toBeGreaterThan(300);
    for (const granted of SETS) {
      const mine = reach(granted);
      for (const role of SETS) {
        const over = beyond(granted, role);
        expect(over).toEqual(role.filter((p) => !mine.has(p)));
        // Whoever were given it could do nothing that the giver cannot.
        if (over.length === 0) expect([...reach(role)].filter((p) => !mine.has(p))).toEqual([]);
      }
    }
  });
  test('I6 · what was given cannot be given on as more', () => {
    for (const a of SETS)
      for (const b of SETS)
        if (beyond(a, b).length === 0)
          for (const c of SETS.slice(0, 60)) if (beyond(b, c).length === 0) expect(beyond(a, c)).toEqual([]);
  });
});

describe('I6 · who may remove whom', () => {
  const member = (membershipId: string, roleName: string, permissions?: readonly Permission[]): Member => ({
    membershipId,
    roleName,
    isOwner: roleName === 'owner',
    permissions: permissions ?? DEFAULT_ROLES[roleName]?.permissions ?? [],
  });
  const owner = member('1', 'owner');
  const editor = member('2', 'editor');
  const people = member('3', 'people', ['MANAGE_TEAM', 'VIEW_DASHBOARD']);

  test('I6 · the last owner stays, whoever asks', () => {
    expect(removalRefusal(owner, owner, 1)).toBe('last_owner');
    expect(removalRefusal(owner, owner, 2)).toBeUndefined();
    expect(removalRefusal(member('9', 'owner'), owner, 1)).toBe('last_owner');
    expect(removalRefusal(member('9', 'owner'), owner, 2)).toBeUndefined();
  });
  test('I6 · everybody may go; to remove others one needs the right, and all that they hold', () => {
    expect(removalRefusal(editor, editor, 1)).toBeUndefined();
    expect(removalRefusal(owner, editor, 1)).toBeUndefined();
    expect(removalRefusal(editor, member('4', 'viewer'), 1)).toBe('permission_missing');
    expect(removalRefusal(people, owner, 2)).toBe('more_than_yours');
    expect(removalRefusal(people, editor, 1)).toBe('more_than_yours');
    expect(removalRefusal(people, member('4', 'looks', ['VIEW_DASHBOARD']), 1)).toBeUndefined();
  });
});

test('invitations have an end, for a site and for a day', () => {
  expect(invitationLimit({ open: 49, today: 99 })).toBeUndefined();
  expect(invitationLimit({ open: INVITATION_LIMITS.open, today: 50 })).toBe('too_many_open');
  expect(invitationLimit({ open: 0, today: INVITATION_LIMITS.perDay })).toBe('too_many_today');
});
