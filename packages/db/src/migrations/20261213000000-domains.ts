import { Migration } from '@mikro-orm/migrations';
import { ROLES } from '../roles.ts';
import { siteTable } from './ddl.ts';

/**
 * Claims of domains, and mappings that come of one that was proved. A name is one site's as long as its mapping is not
 * released; the app role keeps the mappings of its own site.
 */
export class Domains extends Migration {
  override up(): void {
    for (const statement of [
      ...siteTable(
        'domain_claims',
        [
          'claim_id uuid not null',
          "domain_name text not null check (domain_name ~ '^[a-z0-9-]+([.][a-z0-9-]+)+$')",
          // What stands in DNS to prove it: of this claim and no other, so it is worth nothing to anybody else.
          "challenge text not null check (challenge ~ '^[A-Za-z0-9_-]{32}$')",
          "status text not null check (status in ('pending', 'verified', 'expired'))",
          'expires_at timestamptz not null',
          // What was found at the last look, for the screen.
          'finding jsonb null',
          'checked_at timestamptz null',
          'next_check_at timestamptz null',
          'created_at timestamptz not null',
          'updated_at timestamptz not null',
          'primary key (site_id, claim_id)',
          'unique (site_id, claim_id, domain_name, status)',
          "constraint pending_is_looked_at check ((status = 'pending') = (next_check_at is not null))",
        ],
        {
          app: 'select, insert, update (status, finding, checked_at, next_check_at, updated_at)',
          platform: 'select (site_id, claim_id, next_check_at), update (next_check_at)',
        },
      ),
      "create unique index domain_claims_one_open on domain_claims (site_id, domain_name) where status = 'pending'",
      'create index domain_claims_due on domain_claims (next_check_at) where next_check_at is not null',

      'alter table domain_mappings add column claim_id uuid null',
      `alter table domain_mappings add column claim_status text null generated always as (case when claim_id is null then null else 'verified' end) stored`,
      'alter table domain_mappings add column was_primary boolean not null default false',
      'alter table domain_mappings add column grace_ends_at timestamptz null',
      'alter table domain_mappings add column finding jsonb null',
      'alter table domain_mappings add column checked_at timestamptz null',
      'alter table domain_mappings add column next_check_at timestamptz null',
      // Names of before that somebody mapped by hand keep what they have; they are proved anew within a day, or go the usual way.
      `insert into domain_claims (site_id, claim_id, domain_name, challenge, status, expires_at, created_at, updated_at)
        select site_id, mapping_id, domain_name, translate(left(encode(sha256(uuid_send(gen_random_uuid())), 'base64'), 32), '+/', '-_'), 'verified', now(), now(), now()
        from domain_mappings where type = 'custom'`,
      `update domain_mappings set claim_id = mapping_id, next_check_at = case when verification_status <> 'released' then now() + interval '1 day' end,
        grace_ends_at = case when verification_status = 'grace' then now() + interval '3 days' end,
        is_active = is_active and verification_status <> 'released' where type = 'custom'`,
      `alter table domain_mappings
        add constraint custom_was_proved check ((type = 'custom') = (claim_id is not null)),
        add constraint grace_has_an_end check ((verification_status = 'grace') = (grace_ends_at is not null)),
        add constraint released_is_not_served check (verification_status <> 'released' or not is_active),
        add constraint only_grace_was_primary check (not was_primary or verification_status = 'grace'),
        add constraint proved_is_looked_at check ((type = 'custom' and verification_status <> 'released') = (next_check_at is not null)),
        add constraint domain_mappings_proof foreign key (site_id, claim_id, domain_name, claim_status)
          references domain_claims (site_id, claim_id, domain_name, status) on update no action on delete no action`,
      // A proof is used once; and a name that was let go is anybody's again.
      'create unique index domain_mappings_one_per_claim on domain_mappings (site_id, claim_id)',
      'alter table domain_mappings drop constraint domain_mappings_domain_name_key',
      "create unique index domain_mappings_one_active on domain_mappings (domain_name) where verification_status <> 'released'",
      'create index domain_mappings_of_site on domain_mappings (site_id)',
      'create index domain_mappings_due on domain_mappings (next_check_at) where next_check_at is not null',

      `drop policy domain_mappings_own on domain_mappings`,
      `create policy domain_mappings_own on domain_mappings to ${ROLES.app} using (site_id = current_site_id()) with check (site_id = current_site_id())`,
      `grant select, update (is_primary, was_primary, verification_status, is_active, grace_ends_at, finding, checked_at, next_check_at, updated_at) on domain_mappings to ${ROLES.app}`,
      `revoke update on domain_mappings from ${ROLES.platform}`,
      `grant update (next_check_at) on domain_mappings to ${ROLES.platform}`,

      // Where a buyer comes back to from paying: said once, so that a payment which is begun again says the same.
      'alter table payments add column return_origin text null',

      'alter table email_dispatch_logs drop constraint email_dispatch_logs_email_type_check',
      `alter table email_dispatch_logs add constraint email_dispatch_logs_email_type_check
        check (email_type in ('order_confirmed', 'order_shipped', 'order_unpaid', 'invitation', 'domain_lost', 'domain_released'))`,
    ])
      this.addSql(statement);
  }
}
