import { Migration } from '@mikro-orm/migrations';
import { ROLES } from '../roles.ts';
import { foreignKey, platformTable, siteTable } from './ddl.ts';

/**
 * A site stands at the end of the log of its status (ST1), as an order does: each row names the one after it, a row can only
 * follow one that names it, and the site points to the row that names none.
 */
export class SiteTransitions extends Migration {
  override up(): void {
    for (const statement of [
      ...platformTable(
        'site_transitions_allowed',
        [
          'from_state text not null',
          'to_state text not null',
          'triggered_by text not null',
          'primary key (from_state, to_state, triggered_by)',
        ],
        { app: 'select' },
      ),
      // Those that the sites of today are written with; the rest of the table comes with each migration from the domain.
      `insert into site_transitions_allowed values ('created', 'active', 'system'), ('active', 'suspended', 'system'), ('active', 'archived', 'admin'), ('archived', 'purged', 'system')`,
      ...siteTable(
        'site_transitions',
        [
          'n integer not null check (n > 0)',
          'prev_n integer null generated always as (nullif(n - 1, 0)) stored',
          'transition_id uuid not null',
          'from_state text not null',
          'to_state text not null',
          'triggered_by text not null',
          "actor_kind text not null check (actor_kind in ('admin', 'operator', 'system'))",
          'actor_id uuid null',
          "reason_code text not null check (reason_code ~ '^[a-z_]{2,40}$')",
          'next_n integer not null default 0',
          '"timestamp" timestamptz not null',
          'primary key (site_id, n)',
          'unique (site_id, transition_id)',
          'constraint site_transitions_state_and_next unique (site_id, n, to_state, next_n)',
          "constraint first_is_from_nothing check ((n = 1) = (from_state = 'created'))",
          "constraint acted_by_somebody check ((actor_kind = 'system') = (actor_id is null))",
          'constraint site_transitions_allowed_step foreign key (from_state, to_state, triggered_by) references site_transitions_allowed (from_state, to_state, triggered_by) on update no action on delete no action',
          `constraint site_transitions_follows ${foreignKey('site_id, prev_n, from_state, n', 'site_transitions (site_id, n, to_state, next_n)')}`,
        ],
        { app: 'select, insert, update (next_n)' },
      ),
      'alter table sites add column last_transition integer not null default 1',
      'alter table sites add column after_last integer null generated always as (0) stored',
      // What whoever runs the installation says to the people of the site; it goes when the site is open again.
      'alter table sites add column status_note text null',
      `alter table sites add constraint status_note_is_short check (status_note is null or (length(status_note) between 1 and 500 and status in ('suspended', 'archived')))`,
      // The first step of every site, and for those that are not open the one that led there.
      `insert into site_transitions (site_id, n, transition_id, from_state, to_state, triggered_by, actor_kind, reason_code, next_n, "timestamp")
        select site_id, 1, gen_random_uuid(), 'created', 'active', 'system', 'system', 'made', case when status = 'active' then 0 else 2 end, created_at from sites`,
      `insert into site_transitions (site_id, n, transition_id, from_state, to_state, triggered_by, actor_kind, actor_id, reason_code, "timestamp")
        select site_id, 2, gen_random_uuid(), 'active', 'suspended', 'system', 'system', null, 'before_the_log', updated_at from sites where status <> 'active'`,
      "update sites set status = 'suspended', last_transition = 2 where status <> 'active'",
      `alter table sites add constraint sites_current_transition ${foreignKey('site_id, last_transition, status, after_last', 'site_transitions (site_id, n, to_state, next_n)', { deferred: true })}`,
      `revoke update on sites from ${ROLES.platform}`,
      `revoke select on sites from ${ROLES.app}`,
      `grant select (site_id, name, status, last_transition, status_note), update (status, last_transition, status_note) on sites to ${ROLES.app}`,
    ])
      this.addSql(statement);
  }
}
