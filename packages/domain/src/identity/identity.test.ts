import { describe, expect, test } from 'vitest';
import { DEFAULT_ROLES, type Permission, emailAddress, holds, hostName, orderPrefix, siteHandle } from './index.ts';

describe('I4 · permissions', () => {
  test('I4 · MANAGE implies its VIEW, and nothing else', () => {
    expect(holds(['MANAGE_ORDERS'], 'VIEW_ORDERS')).toBe(true);
    expect(holds(['MANAGE_ORDERS'], 'VIEW_PRODUCTS')).toBe(false);
    expect(holds(['VIEW_ORDERS'], 'MANAGE_ORDERS')).toBe(false);
    expect(holds([], 'VIEW_DASHBOARD')).toBe(false);
  });
  test('I4 · a viewer changes nothing; a manager neither the team nor the settings', () => {
    expect(DEFAULT_ROLES.viewer?.permissions.every((p: Permission) => p.startsWith('VIEW_'))).toBe(true);
    for (const p of ['MANAGE_TEAM', 'MANAGE_SITE_SETTINGS', 'REVIEW_COMPLIANCE'] as const)
      expect(holds(DEFAULT_ROLES.manager?.permissions ?? [], p)).toBe(false);
  });
});

describe('H01 · hosts', () => {
  test.each([
    ['Aurora.Localhost:4000', 'aurora.localhost'],
    ['aurora.localhost.', 'aurora.localhost'],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
    ['aurora..localhost', undefined],
    ['-a.example', undefined],
    ['a b.example', undefined],
    ['a.example/../x', undefined],
    ['[::1]', undefined],
    ['bücher.example', undefined],
    ['', undefined],
    [undefined, undefined],
    [`${'a'.repeat(64)}.`.repeat(5), undefined],
  ])('H01 · %s is read as %s', (header, host) => {
    expect(hostName(header)).toBe(host);
  });
});

test.each([
  ['Anna@Example.ORG ', 'anna@example.org'],
  ['ａnna@example.org', 'anna@example.org'],
  ['no-at.example.org', undefined],
  ['a@b', undefined],
  ['a@b.c', undefined],
  ['a@example.org\r\nBcc: x@example.org', undefined],
  ['a,b@example.org', undefined],
  [`${'a'.repeat(250)}@example.org`, undefined],
])('the address %s', (text, expected) => {
  const parsed = emailAddress(text);
  expect(parsed.ok ? parsed.value : undefined).toBe(expected);
});

test('a site’s handle and prefix', () => {
  expect(siteHandle('kumo')).toEqual({ ok: true, value: 'kumo' });
  for (const bad of ['a', 'Kumo', '1kumo', 'kumo-', 'ku mo', 'k'.repeat(40)])
    expect(siteHandle(bad).ok, bad).toBe(false);
  expect(siteHandle('admin')).toEqual({ ok: false, refusal: 'reserved_handle' });
  expect(orderPrefix('ACME').ok).toBe(true);
  expect(orderPrefix('acme').ok).toBe(false);
});
