import { expect, test } from 'vitest';
import { actionLabel, actionWords, fieldWords } from './activity-words.ts';

test.each([
  ['products.publish', { published: [{}, {}] }, 'published 2 products'],
  ['products.publish', { published: [] }, 'published nothing new'],
  ['products.publish', undefined, 'published nothing new'],
  ['products.publish', { title: 'Lamp', version: 2 }, 'published “Lamp”'],
  ['products.unpublish', { status: 'draft' }, 'took a product off the shop'],
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

test('fields and actions are named as people call them', () => {
  expect(['lowStockAt', 'price', 'someOtherField', 'with_line'].map(fieldWords)).toEqual([
    'when stock counts as low',
    'price',
    'some other field',
    'with line',
  ]);
  expect(['products.publish', 'orders.fulfil', 'pages.write'].map(actionLabel)).toEqual([
    'Published a product',
    'Marked an order as sent',
    'Pages: write',
  ]);
});
