import { PERMISSIONS } from '@souk/domain/identity';
import { expect, test } from 'vitest';
import { PERMISSION_GROUPS, comesAlong } from './permission-groups.ts';

test('each permission stands in one group', () => {
  expect(PERMISSION_GROUPS.flatMap((group) => group.permissions).toSorted()).toEqual(
    Object.keys(PERMISSIONS).toSorted(),
  );
});

test('what is managed is seen along with it', () => {
  expect(comesAlong(['MANAGE_ORDERS'], 'VIEW_ORDERS')).toBe(true);
  expect(comesAlong(['MANAGE_ORDERS', 'VIEW_ORDERS'], 'VIEW_ORDERS')).toBe(false);
  expect(comesAlong(['MANAGE_ORDERS'], 'VIEW_PRODUCTS')).toBe(false);
});
