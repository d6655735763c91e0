import { expect, test } from 'vitest';
import { actionWords, detailsOf } from './activity-words.ts';

test.each([
  ['products.publish', { published: [{}, {}] }, 'published 2 products'],
  ['products.publish', { published: [] }, 'published nothing new'],
  ['products.unpublish', { unpublished: ['a'] }, 'took 1 product off the shop'],
  ['imports.start', { excluded: 0 }, 'imported a product file'],
  ['imports.start', { excluded: 2 }, 'imported a product file, leaving out 2 products'],
  ['orders.cancel', { reason: 'out_of_stock' }, 'cancelled an order: something is out of stock'],
  ['team.invite', { role: 'editor' }, 'invited somebody as editor'],
  ['team.joined', { role: 'editor' }, 'accepted an invitation as editor'],
  ['team.remove', undefined, 'removed a member'],
  ['pages.publish_now', undefined, 'pages: publish now'],
])('%s with %o is told as "%s"', (action, after, words) => {
  expect(actionWords(action, after)).toBe(words);
});

test('details are what was written down, exactly', () => {
  expect(detailsOf({ status: 'completed', ids: ['a'] })).toEqual([
    ['status', 'completed'],
    ['ids', '["a"]'],
  ]);
  expect(detailsOf(null)).toEqual([]);
});
