import { Migration } from '@mikro-orm/migrations';
import { ROLES } from '../roles.ts';
import { foreignKey } from './ddl.ts';

/**
 * Roles that people make themselves, and keys of services that are made, renewed and ended by people. The owner's role is
 * one per site, keeps its name and all it holds; keys and a policy say so, whatever statement comes.
 */
export class RolesAndKeys extends Migration {
  override up(): void {
    for (const statement of [...roles, ...keys]) this.addSql(statement);
  }
}

const roles = [
  `alter table roles
    add column is_owner boolean not null default false,
    add column is_retired boolean not null default false,
    add column version integer not null default 1 check (version > 0)`,
  "update roles set is_owner = true where role_name = 'owner'",
  // Nothing else is called so, and nothing takes the name, or the role, away.
  "alter table roles add constraint owner_is_the_owner check (is_owner = (role_name = 'owner') and not (is_owner and is_retired))",
  'alter table roles add unique (site_id, role_id, is_owner)',
  // The name of a role that is gone is free again; two that differ in capitals only are one to whoever reads them.
  'alter table roles drop constraint roles_site_id_role_name_key',
  'create unique index roles_one_of_a_name on roles (site_id, lower(role_name)) where not is_retired',
  `grant update (is_retired, version) on roles to ${ROLES.app}`,
  'alter table role_permissions add column is_owner boolean not null default false',
  `update role_permissions p set is_owner = true from roles r where r.site_id = p.site_id and r.role_id = p.role_id and r.is_owner`,
  'alter table role_permissions drop constraint role_permissions_site_id_role_id_fkey',
  `alter table role_permissions add ${foreignKey('site_id, role_id, is_owner', 'roles (site_id, role_id, is_owner)')}`,
  `create policy role_permissions_owner_keeps on role_permissions as restrictive for delete to ${ROLES.app} using (not is_owner)`,
];

const keys = [
  `alter table api_keys
    add column created_by uuid null references admin_accounts (admin_id) on update no action on delete no action,
    add column last_used_at timestamptz null,
    add column replaced_by uuid null`,
  `alter table api_keys add ${foreignKey('site_id, replaced_by', 'api_keys (site_id, api_key_id)')}`,
  // What has a successor comes to an end: two that both stay would be one too many to look after.
  'alter table api_keys add constraint replaced_has_an_end check (replaced_by is null or (expires_at is not null and replaced_by <> api_key_id))',
  // Nobody follows two, and nobody is followed twice.
  'create unique index api_keys_one_successor on api_keys (site_id, replaced_by) where replaced_by is not null',
  `grant select (created_by, last_used_at, replaced_by), update (expires_at, replaced_by) on api_keys to ${ROLES.app}`,
  `grant update (last_used_at) on api_keys to ${ROLES.platform}`,
  // How often a key was used in a minute, for all processes together. Lost in a crash, and nothing is lost with it.
  `create unlogged table api_key_uses (
    api_key_id uuid primary key,
    uses integer not null check (uses > 0),
    window_ends timestamptz not null
  )`,
  `grant select, insert, update (uses, window_ends), delete on api_key_uses to ${ROLES.platform}`,
];
