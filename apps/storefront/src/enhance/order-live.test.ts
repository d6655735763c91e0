import { expect, it } from 'vitest';
import { versionIn } from './order-live.ts';

it('the version of an order is read at the top of an answer and where tRPC puts it', () => {
  expect(versionIn({ version: 'paid-3' })).toBe('paid-3');
  expect(versionIn({ result: { data: { version: 3, status: 'confirmed' } } })).toBe('3');
});

it('an answer without one changes nothing', () => {
  for (const body of [undefined, null, 'paid', 3, [], {}, { error: { message: 'no' } }, { result: { data: null } }])
    expect(versionIn(body)).toBeUndefined();
});
