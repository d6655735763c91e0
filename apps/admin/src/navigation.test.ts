import { expect, test } from 'vitest';
import { may, navigationItemOf } from './navigation.ts';
import { returnTo } from './return-to.ts';

test.each([
  ['/s/kumo', 'Home'],
  ['/s/kumo/', 'Home'],
  ['/s/kumo/orders', 'Orders'],
  ['/s/kumo/orders/0197', 'Orders'],
  ['/s/kumo/products/0197', 'Products'],
  ['/s/kumo/products/import/0197', 'Import'],
  ['/s/kumo/team', 'Team'],
  ['/s/kumo/domains', 'Domains'],
  ['/s/kumo/settings', 'Settings'],
  ['/s/kumo/roles', 'Roles'],
  ['/s/kumo/keys', 'API keys'],
  ['/s/kumo/elsewhere', undefined],
  ['/s/kumono/orders', undefined],
])('%s belongs to %s', (pathname, label) => {
  expect(navigationItemOf(pathname, 'kumo')?.label).toBe(label);
});

test('managing implies seeing, not the other way round, and an unknown permission allows nothing', () => {
  expect(may(['MANAGE_PRODUCTS'], 'VIEW_PRODUCTS')).toBe(true);
  expect(may(['VIEW_PRODUCTS'], 'MANAGE_PRODUCTS')).toBe(false);
  expect(may(['EVERYTHING'], 'VIEW_PRODUCTS')).toBe(false);
});

test.each([
  'https://evil.example',
  '//evil.example',
  '/\\evil.example',
  '/\t/evil.example',
  'orders',
  '/sign-in?to=/',
  7,
  undefined,
])('signing in never leads to %s', (to) => {
  expect(returnTo(to)).toBeUndefined();
});

test('signing in leads back to where one was', () => {
  expect(returnTo('/s/kumo/orders?view=unpaid')).toBe('/s/kumo/orders?view=unpaid');
});
