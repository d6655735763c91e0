import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { CODE_GUARDS } from './code-guards.ts';

const root = resolve(import.meta.dirname, '..', '..', '..', '..');
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');

test('every guard of the code stands exactly once where the list says, and its test is there', () => {
  const wrong = CODE_GUARDS.flatMap((guard) => {
    const parts = [[guard.find, guard.replace] as const, ...guard.with].map(
      ([find]) => textOf(guard.file).split(find).length - 1,
    );
    return parts.every((n) => n === 1) && textOf(guard.test).length > 0 ? [] : [`${guard.id}: ${parts.join()} times`];
  });
  expect(wrong).toEqual([]);
  expect(new Set(CODE_GUARDS.map((g) => g.id)).size).toBe(CODE_GUARDS.length);
});
