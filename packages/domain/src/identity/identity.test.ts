import { describe, expect, test } from 'vitest';
import {
  DEFAULT_ROLES,
  type Permission,
  emailAddress,
  handleFrom,
  holds,
  hostName,
  orderPrefix,
  orderPrefixFrom,
  orderPrefixesFrom,
  shopHost,
  siteHandle,
} from './index.ts';

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

describe('L03 · look-alikes', () => {
  test.each([
    'ADA@EXAMPLE.ORG',
    ' ada@example.org\t',
    'ＡＤＡ＠ＥＸＡＭＰＬＥ．ＯＲＧ',
    '𝐚𝐝𝐚@example.org',
    'ａda@EXAMPLE.org',
    '\ufeffada@example.org',
  ])('L03 · %j is ada@example.org, however it is typed', (text) => {
    expect(emailAddress(text)).toEqual({ ok: true, value: 'ada@example.org' });
  });

  test.each([
    ['a zero-width space', 'a\u200bda@example.org'],
    ['a joiner', 'a\u200dda@example.org'],
    ['a soft hyphen', 'ada@exam\u00adple.org'],
    ['a mark of direction', 'ada\u202e@example.org'],
    ['a filler', 'ada\u3164@example.org'],
    ['a variation selector', 'ada\ufe0f@example.org'],
    ['a tag', 'ada\u{e0041}@example.org'],
    ['half a letter', 'ada\ud800@example.org'],
    ['a control', 'ada\u0085@example.org'],
  ])('L03 · %s, which nobody sees, makes no second address', (_what, text) => {
    expect(emailAddress(text).ok).toBe(false);
  });

  test('L03 · folding what is folded changes nothing, for every letter there is', () => {
    const changing: string[] = [];
    for (let code = 0; code <= 0x2_ffff; code += 1) {
      const once = emailAddress(`a${String.fromCodePoint(code)}a@example.org`);
      if (!once.ok) continue;
      const twice = emailAddress(once.value);
      if (!twice.ok || twice.value !== once.value) changing.push(code.toString(16));
    }
    expect(changing).toEqual([]);
  });

  test('L03 · letters of another script are another address, host, handle or prefix, or none at all', () => {
    const cyrillic = emailAddress('аdа@example.org');
    expect(cyrillic.ok && cyrillic.value).not.toBe('ada@example.org');
    for (const host of [
      'аurora.localhost',
      'aurorа.localhost',
      'ａurora.localhost',
      'aurora。localhost',
      'ᴀurora.localhost',
    ])
      expect([host, hostName(host)]).toEqual([host, undefined]);
    for (const handle of ['kumо', 'ｋumo', 'kumo\u200b', 'kümo'])
      expect([handle, siteHandle(handle).ok]).toEqual([handle, false]);
    for (const prefix of ['АCME', 'ＡCME', 'AСME', 'ACME\u200b'])
      expect([prefix, orderPrefix(prefix).ok]).toEqual([prefix, false]);
  });
});

test('a site’s handle and prefix', () => {
  expect(siteHandle('kumo')).toEqual({ ok: true, value: 'kumo' });
  for (const bad of ['a', 'Kumo', '1kumo', 'kumo-', 'ku mo', 'k'.repeat(40)])
    expect(siteHandle(bad).ok, bad).toBe(false);
  expect(siteHandle('admin')).toEqual({ ok: false, refusal: 'reserved_handle' });
  expect(orderPrefix('ACME').ok).toBe(true);
  expect(orderPrefix('acme').ok).toBe(false);
});

test.each([
  ['Linden & Oak', 'linden-oak', 'LINDEN'],
  ['Größe 42', 'grosse-42', 'GROSSE'],
  ['42 things', 'things', 'THINGS'],
  ['A1 b', 'a1-b', 'A1B'],
  ['A very long name of a shop that goes on and on', 'a-very-long-name-of-a-shop-that', 'AVERYL'],
  ['東京', '', undefined],
  ['Admin', '', undefined],
  ['ab', '', undefined],
])('the name %s suggests the handle %s', (name, handle, prefix) => {
  expect(handleFrom(name)).toBe(handle);
  const parsed = siteHandle(handle);
  expect(parsed.ok ? orderPrefixFrom(parsed.value) : undefined).toBe(prefix);
});

test.each([
  ['admin.localhost', 'kumo.localhost'],
  ['admin.example.com', 'kumo.example.com'],
  ['souk.shops.example.com', 'kumo.shops.example.com'],
  ['example.com', 'kumo.example.com'],
])('beside the admin at %s the shop is at %s', (admin, host) => {
  const handle = siteHandle('kumo');
  expect(handle.ok && shopHost(handle.value, admin)).toBe(host);
});

test('where another site has the letters, numbers tell them apart, and all of them are letters of a site', () => {
  const handle = siteHandle('linden-oak');
  const all = handle.ok ? orderPrefixesFrom(handle.value) : [];
  expect([all.slice(0, 3), all.length, new Set(all).size]).toEqual([['LINDEN', 'LINDEN2', 'LINDEN3'], 99, 99]);
  expect(all.filter((prefix) => !orderPrefix(prefix).ok)).toEqual([]);
});
