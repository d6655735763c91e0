/**
 * What the platform role runs for those who run the installation: a part of the closed list in `platform-lookups.ts`. None of
 * it reads a row of a site.
 */
export const OPERATOR_STATEMENTS = {
  isOperator: {
    name: 'is_operator',
    text: 'select 1 from operators where admin_id = $1',
  },
  operatorSites: {
    name: 'operator_sites',
    text: `select s.site_id, s.name, s.handle, s.status, s.status_note, s.last_transition, s.created_at, p.domain_name as primary_domain,
        (select count(*)::int from admin_site_memberships m where m.site_id = s.site_id and m.status = 'active') as members
      from sites s left join domain_mappings p on p.site_id = s.site_id and p.is_primary
      where ($1::uuid is null or s.site_id < $1) and ($2::text is null or s.status = $2)
        and ($3 = '' or position($3 in lower(s.name)) > 0 or position($3 in s.handle) > 0 or exists (select from domain_mappings d where d.site_id = s.site_id and position($3 in d.domain_name) > 0))
      order by s.site_id desc limit $4`,
  },
  freeOrderPrefix: {
    name: 'free_order_prefix',
    text: 'select p.prefix from unnest($1::text[]) with ordinality as p (prefix, n) where not exists (select from sites s where s.order_prefix = p.prefix) order by p.n limit 1',
  },
} as const satisfies Record<string, { name: string; text: string }>;
