/**
 * SQL for what an account may do in a site at a moment: as an active member, or else by an access for support that is open
 * (SA1). One row at most, or none. All three doors of a site ask it, so that none of them knows another answer.
 * The access is found first and by its key, so that whoever works there costs nothing by it.
 *
 * Support may do what the access says and whoever opened it still may: a right to look is also theirs who may change.
 */
export const entryOf = (site: string, account: string, at: string): string =>
  `(select r.role_name, m.role_id, null::uuid as support_id,
        array(select permission_key from role_permissions p where p.site_id = m.site_id and p.role_id = m.role_id) as permissions
      from admin_site_memberships m join roles r on r.site_id = m.site_id and r.role_id = m.role_id
      where m.site_id = ${site} and m.admin_id = ${account} and m.status = 'active'
    union all
    select 'support access', null::uuid, u.support_id, array(select wanted from unnest(u.permissions) wanted where exists (select from role_permissions p
          where p.site_id = g.site_id and p.role_id = g.role_id and p.permission_key in (wanted, replace(wanted, 'VIEW_', 'MANAGE_'))))
      from (select site_id, support_id, supporter_id, opened_by, permissions from support_accesses
          where site_id = ${site} and supporter_id = ${account} and ended_at is null and expires_at > ${at} offset 0) u
      join operators o on o.admin_id = u.supporter_id and o.removed_at is null
      join admin_site_memberships g on g.site_id = u.site_id and g.admin_id = u.opened_by and g.status = 'active'
    order by support_id nulls first limit 1)`;
