import { expect, test } from 'vitest';
import { type OwnSite, recentFirst, siteOfOrderNumber, sitesMatching } from './own-sites.ts';

const site = (name: string, handle: string, host = `${handle}.example`, orderPrefix?: string): OwnSite => ({
  name,
  handle,
  status: 'active',
  role: 'owner',
  shopUrl: `https://${host}/`,
  orderPrefix,
});
const sites = [
  site('Linden & Oak', 'linden-oak', 'www.lindenandoak.com', 'LINDEN'),
  site('Kumo', 'kumo', 'kumo.example', 'KUMO'),
  site('Größe 42', 'grosse'),
];
const names = (found: readonly OwnSite[]): string[] => found.map((s) => s.handle);

test.each([
  ['', ['linden-oak', 'kumo', 'grosse']],
  ['KUM', ['kumo']],
  ['lindenandoak.com', ['linden-oak']],
  ['oak linden', ['linden-oak']],
  ['größe', ['grosse']],
  ['example', ['kumo', 'grosse']],
  ['oak kumo', []],
])('“%s” finds %j', (words, found) => {
  expect(names(sitesMatching(sites, words))).toEqual(found);
});

test('those one was in last come first, the others stay in their order', () => {
  expect(names(recentFirst(sites, ['grosse', 'gone', 'kumo']))).toEqual(['grosse', 'kumo', 'linden-oak']);
  expect(names(recentFirst(sites, []))).toEqual(['linden-oak', 'kumo', 'grosse']);
});

test.each([
  ['KUMO-1042', 'kumo'],
  [' linden-1001 ', 'linden-oak'],
  ['KUMO-', undefined],
  ['KUMO', undefined],
  ['OTHER-1042', undefined],
  ['-1042', undefined],
  ['1042', undefined],
])('the order number “%s” is of %s', (words, handle) => {
  expect(siteOfOrderNumber(sites, words)?.handle).toBe(handle);
});
