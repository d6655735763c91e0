import { expect, test } from 'vitest';
import { accountActionWords, whereWords } from './account-words.ts';

test.each([
  ['signed_in', 'Signed in'],
  ['password_changed', 'Your password was changed, and all other sessions ended'],
  ['something_of_a_newer_release', 'Something of a newer release'],
])('%s is told as "%s"', (action, words) => {
  expect(accountActionWords(action)).toBe(words);
});

test.each([
  [{ timeZone: 'Europe/Berlin', network: '203.0.113.…' }, 'Berlin time, network 203.0.113.…'],
  [{ timeZone: '', network: '203.0.113.…' }, 'network 203.0.113.…'],
  [{ timeZone: 'Europe/Berlin' }, 'Berlin time'],
  [{ timeZone: 'UTC', network: '' }, ''],
])('%o is "%s"', (session, words) => {
  expect(whereWords(session)).toBe(words);
});
