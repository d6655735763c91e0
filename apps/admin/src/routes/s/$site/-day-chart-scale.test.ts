import { expect, test } from 'vitest';
import { changePercent, changeWords, labelled, niceTop } from './-day-chart-scale.ts';

test.each([
  [0, 4],
  [3, 4],
  [7, 8],
  [13, 16],
  [240, 300],
  [301, 400],
  [99_999, 100_000],
])('a scale for %d ends at %d', (largest, top) => {
  expect(niceTop(largest)).toBe(top);
});

test('change against nothing is not a number', () => {
  expect(changePercent(10, 0)).toBeUndefined();
  expect(changePercent(112, 100)).toBe(12);
  expect(changePercent(50, 100)).toBe(-50);
  expect([12, 0, -50, 13_996].map(changeWords)).toEqual(['+12 %', '0 %', '-50 %', 'over tenfold']);
});

test('the last day is always labelled, and labels stand evenly', () => {
  expect([...labelled(30, 5)]).toEqual([5, 11, 17, 23, 29]);
  expect([...labelled(7, 10)]).toHaveLength(7);
});
