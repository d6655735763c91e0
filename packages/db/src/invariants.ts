import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';

export type Violation = { readonly invariant: string; readonly rows: readonly Record<string, unknown>[] };

/** The queries of invariants.sql, each with its name. */
export function invariantQueries(): { name: string; text: string }[] {
  const file = readFileSync(join(import.meta.dirname, 'invariants.sql'), 'utf8');
  return file
    .split(/^-- name: /m)
    .slice(1)
    .map((part) => {
      const [name = '', ...lines] = part.split('\n');
      return { name: name.trim(), text: lines.join('\n').trim().replace(/;$/, '') };
    });
}

/** Runs every query as the owner, who sees all sites. An empty list means that every invariant holds. */
export async function brokenInvariants(owner: pg.Client): Promise<Violation[]> {
  const broken: Violation[] = [];
  for (const { name, text } of invariantQueries()) {
    const { rows } = await owner.query<Record<string, unknown>>(`select * from (${text}) as broken limit 20`);
    if (rows.length > 0) broken.push({ invariant: name, rows });
  }
  return broken;
}
