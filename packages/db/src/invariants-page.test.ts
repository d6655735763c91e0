import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { invariantQueries } from './invariants.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const page = readFileSync(join(root, 'docs', 'invariants.md'), 'utf8');
const lines = page.split('\n').filter((line) => /^\| [A-Z]+\d+ \|/.test(line));
const rows = lines
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, id = '', promise = '', level = '', how = '', tests = '']) => ({ id, promise, level, how, tests }));

/** Every invariant of the tables that exist. */
const KNOWN = [
  'G1',
  'G2',
  'G3',
  'G4',
  'G5',
  'G6',
  'I1',
  'I2',
  'I3',
  'I4',
  'I5',
  'I6',
  'I7',
  'I8',
  'C1',
  'C2',
  'C3',
  'P1',
  'P2',
  'P3',
  'O1',
  'O2',
  'O3',
  'O4',
  'O5',
  'O6',
  'AU1',
  'AU2',
  'AU3',
  'IN1',
  'IN3',
  'OP1',
  'SA1',
  'S1',
  'ST1',
  'V1',
];

describe('docs/invariants.md', () => {
  test('has one line for each invariant', () => {
    expect(rows.map((row) => row.id).toSorted()).toEqual(KNOWN.toSorted());
  });
  test.each(rows)('$id says what keeps it, at which level, and names tests that exist', ({ level, how, tests }) => {
    expect(level).toMatch(/^(key|grant|tx|code)(, (key|grant|tx|code))*$/);
    expect(how.length).toBeGreaterThan(10);
    const files = [...tests.matchAll(/`([^`]+)`/g)].map(([, file]) => file ?? '');
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) expect(existsSync(join(root, file)), file).toBe(true);
  });
  test('every query of invariants.sql is named after invariants of the page', () => {
    for (const { name } of invariantQueries()) {
      const ids =
        name
          .match(/^([A-Z]+\d+ )+/)?.[0]
          .trim()
          .split(' ') ?? [];
      expect(ids.length, name).toBeGreaterThan(0);
      for (const id of ids) expect(KNOWN, name).toContain(id);
    }
  });
});
