/**
 * A name that a site has proved, as the application makes it: the claim and its mapping. Parameters: an id for both, site,
 * name, whether it is primary, status, whether it is active.
 */
export const PROVED_DOMAIN = `with claim as (
    insert into domain_claims (site_id, claim_id, domain_name, challenge, status, expires_at, created_at, updated_at)
    values ($2::uuid, $1::uuid, $3, repeat('x', 32), 'verified', now(), now(), now()))
  insert into domain_mappings (mapping_id, site_id, domain_name, type, is_primary, verification_status, is_active, claim_id, grace_ends_at, next_check_at, created_at, updated_at)
  values ($1::uuid, $2::uuid, $3, 'custom', $4, $5, $6, $1::uuid, case when $5 = 'grace' then now() + interval '1 day' end, case when $5 <> 'released' then now() + interval '1 day' end, now(), now())`;
