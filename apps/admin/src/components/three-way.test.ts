import { expect, test } from 'vitest';
import { differences, firstChoices, merged } from './three-way.ts';

const base = { name: 'Linden', zone: 'Berlin', low: '3', theme: 'aurora', same: 'x' };

test('each field says who has changed it; where both have, nothing is chosen for them', () => {
  const yours = { ...base, name: 'Mine', low: '9', same: 'both agree' };
  const theirs = { ...base, name: 'Theirs', zone: 'Vienna', same: 'both agree' };
  const found = differences(base, yours, theirs);
  expect(found).toEqual([
    { name: 'name', yours: 'Mine', theirs: 'Theirs', changedBy: undefined },
    { name: 'zone', yours: 'Berlin', theirs: 'Vienna', changedBy: 'them' },
    { name: 'low', yours: '9', theirs: '3', changedBy: 'you' },
  ]);
  const choices = firstChoices(found);
  expect(choices).toEqual({ zone: 'theirs', low: 'yours' });
  // What nobody has chosen stays as it stands there now.
  expect(merged(yours, theirs, choices)).toEqual({ ...theirs, low: '9' });
  expect(merged(yours, theirs, { ...choices, name: 'yours' })).toEqual({ ...theirs, low: '9', name: 'Mine' });
});

test('with nothing changed by others there is nothing to choose', () => {
  expect(differences(base, base, base)).toEqual([]);
  expect(merged(base, base, {})).toEqual(base);
});
