/**
 * What the platform role runs for those who run the installation: a part of the closed list in `platform-lookups.ts`. None of
 * it reads a row of a site.
 */
export const OPERATOR_STATEMENTS = {
  isOperator: {
    name: 'is_operator',
    text: 'select 1 from operators where admin_id = $1',
  },
  freeOrderPrefix: {
    name: 'free_order_prefix',
    text: 'select p.prefix from unnest($1::text[]) with ordinality as p (prefix, n) where not exists (select from sites s where s.order_prefix = p.prefix) order by p.n limit 1',
  },
} as const satisfies Record<string, { name: string; text: string }>;
