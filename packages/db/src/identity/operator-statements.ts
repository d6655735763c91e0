import { log, mail } from './account-statements.ts';

/**
 * What the platform role runs for those who run the installation: a part of the closed list in `platform-lookups.ts`. None of
 * it reads a row of a site.
 */
export const OPERATOR_STATEMENTS = {
  isOperator: {
    name: 'is_operator',
    text: 'select 1 from operators where admin_id = $1 and removed_at is null',
  },
  operators: {
    name: 'operators',
    text: 'select a.admin_id, a.name, a.email, o.created_at from operators o join admin_accounts a using (admin_id) where o.removed_at is null order by o.created_at, a.admin_id',
  },
  addOperator: {
    name: 'add_operator',
    // Nothing happens to who runs the installation already. Whoever comes back keeps the row their deeds point to.
    text: `with added as (insert into operators as o (admin_id, is_first, created_at) values ($1, false, $2)
          on conflict (admin_id) do update set removed_at = null where o.removed_at is not null returning admin_id)
      insert into operator_action_logs (action_id, admin_id, action, subject_id, details, request_id, "timestamp") select $3, $4, 'operator.added', admin_id, '{}'::jsonb, $5, $2 from added returning subject_id`,
  },
  removeOperator: {
    name: 'remove_operator',
    // All of them are held, in one order, before they are counted: two who remove each other wait here, and one stays.
    text: `with held as materialized (select admin_id from operators where removed_at is null order by admin_id for update),
        gone as (update operators o set removed_at = $2 where o.admin_id = $1 and o.admin_id in (select admin_id from held) and (select count(*) from held) > 1 returning o.admin_id)
      insert into operator_action_logs (action_id, admin_id, action, subject_id, details, request_id, "timestamp") select $3, $4, 'operator.removed', admin_id, '{}'::jsonb, $5, $2 from gone returning subject_id`,
  },
  takeFactors: {
    name: 'take_factors',
    // All that stands beside the password goes, and every session with it: one may be in hands that it should not be in.
    text: `with a as (update admin_accounts a set session_epoch = a.session_epoch + 1, updated_at = $2 where a.admin_id = $1
            and exists (select from admin_authenticators f where f.admin_id = a.admin_id and f.confirmed_at is not null) returning a.admin_id),
        t as (delete from admin_authenticators f using a where f.admin_id = a.admin_id),
        o as (delete from recovery_codes c using a where c.admin_id = a.admin_id),
        m as (${mail('second_factors_taken', '$7', '$2', 'a')}),
        l as (${log('second_factors_taken', '$8', '$5', '$2', 'a')})
      insert into operator_action_logs (action_id, admin_id, action, subject_id, details, request_id, "timestamp") select $3, $4, 'account.factors_taken', admin_id, $6::jsonb, $5, $2 from a returning subject_id`,
  },
  operatorLog: {
    name: 'operator_log',
    text: `select l.action_id, l.action, l.details, l."timestamp", a.name as who, s.name as site_name, s.handle, b.name as subject
      from operator_action_logs l join admin_accounts a using (admin_id) left join sites s on s.site_id = l.site_id left join admin_accounts b on b.admin_id = l.subject_id
      where ($1::uuid is null or l.action_id < $1) order by l.action_id desc limit $2`,
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
  operatorByEmail: {
    name: 'operator_by_email',
    text: "select a.admin_id, a.name from admin_accounts a join operators o on o.admin_id = a.admin_id and o.removed_at is null where a.email = $1 and a.status = 'active'",
  },
  supportOfSite: {
    name: 'support_of_site',
    text: `select u.support_id, u.supporter_id, a.name, a.email, a.language, u.permissions, u.reason, b.name as opened_by, u.created_at, u.expires_at
      from support_accesses u join admin_accounts a on a.admin_id = u.supporter_id join operators o on o.admin_id = u.supporter_id and o.removed_at is null
      join admin_site_memberships g on g.site_id = u.site_id and g.admin_id = u.opened_by and g.status = 'active' join admin_accounts b on b.admin_id = u.opened_by
      where u.site_id = $1 and u.ended_at is null and u.expires_at > $2 order by u.created_at, u.support_id`,
  },
  freeOrderPrefix: {
    name: 'free_order_prefix',
    text: 'select p.prefix from unnest($1::text[]) with ordinality as p (prefix, n) where not exists (select from sites s where s.order_prefix = p.prefix) order by p.n limit 1',
  },
} as const satisfies Record<string, { name: string; text: string }>;
