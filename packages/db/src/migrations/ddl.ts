import { ROLES } from '../roles.ts';

/** What a role may do with a table: whole verbs, or verbs on named columns, as GRANT takes them. */
export type Grants = { readonly app?: string; readonly platform?: string; readonly relay?: string };

/**
 * A money column: numeric(19,4), and never more decimals than its currency has. The table has a NOT NULL `currency`
 * column, or names another one.
 */
export const money = (column: string, { nullable = false, currency = 'currency' } = {}): string =>
  `${column} numeric(19,4) ${nullable ? 'null' : 'not null'} check (${nullable ? `${column} is null or ` : ''}is_exact_amount(${column}, ${currency}))`;

/** A foreign key inside the site. Referential actions are always NO ACTION: cascades run as the owner and go round every grant. */
export const foreignKey = (columns: string, target: string, { deferred = false } = {}): string => {
  const [table, targetColumns] = target.split('(');
  return (
    `foreign key (${columns}) references ${table?.trim()} (${targetColumns?.replace(')', '') ?? ''}) on update no action on delete no action` +
    (deferred ? ' deferrable initially deferred' : '')
  );
};

const grantStatements = (table: string, grants: Grants): string[] =>
  (Object.keys(ROLES) as (keyof typeof ROLES)[]).flatMap((role) => {
    const verbs = grants[role];
    return verbs ? [`grant ${verbs} on ${table} to ${ROLES[role]}`] : [];
  });

/**
 * A table of one site (G1): `site_id` first and NOT NULL, row-level security on, the site's rows only for the app role.
 * The platform and the relay see rows only where they have a grant at all.
 */
export function siteTable(table: string, columns: readonly string[], grants: Grants): string[] {
  return [
    `create table ${table} (\n  site_id uuid not null references sites (site_id) on update no action on delete no action,\n  ${columns.join(',\n  ')}\n)`,
    `alter table ${table} enable row level security`,
    `create policy ${table}_rows on ${table} to ${ROLES.app} using (true) with check (true)`,
    `create policy ${table}_site on ${table} as restrictive to ${ROLES.app} using (site_id = current_site_id()) with check (site_id = current_site_id())`,
    ...(grants.platform ? [`create policy ${table}_platform on ${table} to ${ROLES.platform} using (true)`] : []),
    ...(grants.relay ? [`create policy ${table}_relay on ${table} to ${ROLES.relay} using (true)`] : []),
    ...grantStatements(table, grants),
  ];
}

/** A table that exists before a site is known. The closed list of them is in `schema-rules.ts`. */
export function platformTable(table: string, columns: readonly string[], grants: Grants): string[] {
  return [`create table ${table} (\n  ${columns.join(',\n  ')}\n)`, ...grantStatements(table, grants)];
}
