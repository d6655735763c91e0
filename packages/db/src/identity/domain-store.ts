import type { DomainClaimStatus, DomainMappingStatus, DomainName, MappingStep } from '@souk/domain/identity';
import { type SiteTransaction, row, rows, run, send, sql } from '../with-site.ts';

/** What was found in DNS at the last look, as it is shown; its form is the API's. */
export type Finding = Readonly<Record<string, unknown>>;

export type DomainClaim = {
  readonly claimId: string;
  readonly domainName: DomainName;
  /** What stands in the record that proves it. */
  readonly challenge: string;
  readonly status: DomainClaimStatus;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly checkedAt: Date | undefined;
  readonly finding: Finding | undefined;
};
type ClaimRow = {
  claim_id: string;
  domain_name: DomainName;
  challenge: string;
  status: DomainClaimStatus;
  created_at: Date;
  expires_at: Date;
  checked_at: Date | null;
  finding: Finding | null;
};
const toClaim = (r: ClaimRow): DomainClaim => ({
  claimId: r.claim_id,
  domainName: r.domain_name,
  challenge: r.challenge,
  status: r.status,
  createdAt: r.created_at,
  expiresAt: r.expires_at,
  checkedAt: r.checked_at ?? undefined,
  finding: r.finding ?? undefined,
});

export type DomainMapping = {
  readonly mappingId: string;
  readonly domainName: DomainName;
  readonly type: 'development' | 'platform' | 'custom';
  readonly status: DomainMappingStatus;
  readonly isPrimary: boolean;
  /** It was primary when its record vanished, and is again when the record is back. */
  readonly wasPrimary: boolean;
  readonly graceEndsAt: Date | undefined;
  /** Of the claim it was proved by; undefined for the address the installation gave. */
  readonly challenge: string | undefined;
  readonly checkedAt: Date | undefined;
  readonly finding: Finding | undefined;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};
type MappingRow = {
  mapping_id: string;
  domain_name: DomainName;
  type: DomainMapping['type'];
  verification_status: DomainMappingStatus;
  is_primary: boolean;
  was_primary: boolean;
  grace_ends_at: Date | null;
  challenge: string | null;
  checked_at: Date | null;
  finding: Finding | null;
  created_at: Date;
  updated_at: Date;
};
const toMapping = (r: MappingRow): DomainMapping => ({
  mappingId: r.mapping_id,
  domainName: r.domain_name,
  type: r.type,
  status: r.verification_status,
  isPrimary: r.is_primary,
  wasPrimary: r.was_primary,
  graceEndsAt: r.grace_ends_at ?? undefined,
  challenge: r.challenge ?? undefined,
  checkedAt: r.checked_at ?? undefined,
  finding: r.finding ?? undefined,
  createdAt: r.created_at,
  updatedAt: r.updated_at,
});

const claims = (tx: SiteTransaction) =>
  sql<ClaimRow>`select claim_id, domain_name, challenge, status, created_at, expires_at, checked_at, finding from domain_claims where site_id = ${tx.siteId}`;

const mappings = (
  tx: SiteTransaction,
) => sql<MappingRow>`select m.mapping_id, m.domain_name, m.type, m.verification_status, m.is_primary, m.was_primary, m.grace_ends_at, c.challenge, m.checked_at, m.finding, m.created_at, m.updated_at
  from domain_mappings m left join domain_claims c on c.site_id = m.site_id and c.claim_id = m.claim_id where m.site_id = ${tx.siteId}`;

/**
 * The names of the site: mapped ones, the primary first; claims that wait for their proof, newest first; and names that
 * were let go, or whose time ran out unproved, since `since`; not those that were taken back.
 */
export async function listDomains(
  tx: SiteTransaction,
  since: Date,
): Promise<{ mappings: DomainMapping[]; claims: DomainClaim[] }> {
  const [mapped, claimed] = await Promise.all([
    rows<MappingRow>(
      tx,
      sql`${mappings(tx)} and (m.verification_status <> 'released' or m.updated_at > ${since})
        order by m.verification_status = 'released', m.is_primary desc, m.created_at, m.mapping_id limit 200`,
    ),
    rows<ClaimRow>(
      tx,
      sql`${claims(tx)} and (status = 'pending' or (status = 'expired' and updated_at > ${since} and expires_at <= updated_at)) order by status desc, claim_id desc limit 100`,
    ),
  ]);
  return { mappings: mapped.map(toMapping), claims: claimed.map(toClaim) };
}

/** How many claims of the site wait, how many it has made since, and how many names it has. */
export async function countDomains(
  tx: SiteTransaction,
  since: Date,
): Promise<{ open: number; today: number; mapped: number }> {
  const found = await row<{ open: number; today: number; mapped: number }>(
    tx,
    sql`select count(*) filter (where status = 'pending')::int as open, count(*) filter (where created_at > ${since})::int as today,
        (select count(*)::int from domain_mappings where site_id = ${tx.siteId} and type = 'custom' and verification_status <> 'released') as mapped
      from domain_claims where site_id = ${tx.siteId}`,
  );
  return found ?? { open: 0, today: 0, mapped: 0 };
}

/** The mapping by which the site has a name now. */
export async function findMappingOf(tx: SiteTransaction, domainName: DomainName): Promise<DomainMapping | undefined> {
  const found = await row<MappingRow>(
    tx,
    sql`${mappings(tx)} and m.domain_name = ${domainName} and m.verification_status <> 'released'`,
  );
  return found && toMapping(found);
}

/** A name the site has or had. */
export async function findMapping(tx: SiteTransaction, mappingId: string): Promise<DomainMapping | undefined> {
  const found = await row<MappingRow>(tx, sql`${mappings(tx)} and m.mapping_id = ${mappingId}`);
  return found && toMapping(found);
}

/** Claims a name for the site; false when it has an open claim of it already. Another site's claims are no hindrance. */
export async function insertClaim(
  tx: SiteTransaction,
  c: { claimId: string; domainName: DomainName; challenge: string; expiresAt: Date; nextCheckAt: Date },
): Promise<boolean> {
  const made = await run(
    tx,
    sql`insert into domain_claims (site_id, claim_id, domain_name, challenge, status, expires_at, next_check_at, created_at, updated_at)
      values (${tx.siteId}, ${c.claimId}, ${c.domainName}, ${c.challenge}, 'pending', ${c.expiresAt}, ${c.nextCheckAt}, ${tx.at}, ${tx.at})
      on conflict (site_id, domain_name) where status = 'pending' do nothing`,
  );
  return made > 0;
}

/**
 * Takes the turn to look at a claim: at most one look since `before`, whoever asks. Undefined when the claim is not open,
 * `too_soon` when it was somebody else's turn just now.
 */
export async function takeClaimTurn(
  tx: SiteTransaction,
  claimId: string,
  before: Date,
): Promise<DomainClaim | 'too_soon' | undefined> {
  const taken = await run(
    tx,
    sql`update domain_claims set checked_at = ${tx.at} where site_id = ${tx.siteId} and claim_id = ${claimId} and status = 'pending' and (checked_at is null or checked_at <= ${before})`,
  );
  const found = await row<ClaimRow>(tx, sql`${claims(tx)} and claim_id = ${claimId} and status = 'pending'`);
  return found && (taken > 0 ? toClaim(found) : 'too_soon');
}

/** Takes the turn to look at a mapped name, as `takeClaimTurn` does. */
export async function takeMappingTurn(
  tx: SiteTransaction,
  mappingId: string,
  before: Date,
): Promise<DomainMapping | 'too_soon' | undefined> {
  const taken = await run(
    tx,
    sql`update domain_mappings set checked_at = ${tx.at} where site_id = ${tx.siteId} and mapping_id = ${mappingId} and type = 'custom' and verification_status <> 'released' and (checked_at is null or checked_at <= ${before})`,
  );
  const found = await row<MappingRow>(
    tx,
    sql`${mappings(tx)} and m.mapping_id = ${mappingId} and m.type = 'custom' and m.verification_status <> 'released'`,
  );
  return found && (taken > 0 ? toMapping(found) : 'too_soon');
}

/** Holds an open claim to the end of the transaction. */
export async function lockClaim(tx: SiteTransaction, claimId: string): Promise<DomainClaim | undefined> {
  const found = await row<ClaimRow>(tx, sql`${claims(tx)} and claim_id = ${claimId} and status = 'pending' for update`);
  return found && toClaim(found);
}

/** Holds every name the site has to the end of the transaction, in one order: what one of them becomes concerns the others. */
export const lockMappings = async (tx: SiteTransaction): Promise<DomainMapping[]> =>
  (
    await rows<MappingRow>(
      tx,
      sql`${mappings(tx)} and m.verification_status <> 'released' order by m.mapping_id for update of m`,
    )
  ).map(toMapping);

/** Notes what was found of a claim that is held. */
export function noteClaim(tx: SiteTransaction, claimId: string, finding: Finding, nextCheckAt: Date): void {
  send(
    tx,
    sql`update domain_claims set finding = ${JSON.stringify(finding)}::jsonb, next_check_at = ${nextCheckAt}, updated_at = ${tx.at} where site_id = ${tx.siteId} and claim_id = ${claimId}`,
  );
}

/** Ends a claim that is held, unproved. */
export function endClaim(tx: SiteTransaction, claimId: string): void {
  send(
    tx,
    sql`update domain_claims set status = 'expired', next_check_at = null, updated_at = ${tx.at} where site_id = ${tx.siteId} and claim_id = ${claimId}`,
  );
}

/**
 * Makes a mapping of a claim that is held and was proved (I1). False when the name is somebody's at this moment: then the
 * claim waits on. Of two sites that prove one name at once, one has it.
 */
export async function mapProved(
  tx: SiteTransaction,
  m: { claim: DomainClaim; mappingId: string; finding: Finding; nextCheckAt: Date },
): Promise<boolean> {
  const { claimId, domainName } = m.claim;
  send(
    tx,
    sql`update domain_claims set status = 'verified', next_check_at = null, finding = ${JSON.stringify(m.finding)}::jsonb, updated_at = ${tx.at} where site_id = ${tx.siteId} and claim_id = ${claimId}`,
  );
  const made = await run(
    tx,
    sql`insert into domain_mappings (mapping_id, site_id, domain_name, type, is_primary, verification_status, is_active, claim_id, finding, checked_at, next_check_at, created_at, updated_at)
      values (${m.mappingId}, ${tx.siteId}, ${domainName}, 'custom', false, 'verified', true, ${claimId}, ${JSON.stringify(m.finding)}::jsonb, ${tx.at}, ${m.nextCheckAt}, ${tx.at}, ${tx.at})
      on conflict (domain_name) where verification_status <> 'released' do nothing`,
  );
  if (made > 0) return true;
  // Nobody has seen it verified: the same transaction takes it back.
  send(
    tx,
    sql`update domain_claims set status = 'pending', next_check_at = ${m.nextCheckAt} where site_id = ${tx.siteId} and claim_id = ${claimId}`,
  );
  return false;
}

/**
 * Makes a name the site's primary one (I1), in two statements: there is never more than one. The site's mappings are held.
 * A person's choice ends the claim that a name in grace has on the place; with `forNow` it is kept for it.
 * @returns false when it is not verified and active.
 */
export async function makePrimary(tx: SiteTransaction, mappingId: string, { forNow = false } = {}): Promise<boolean> {
  send(
    tx,
    sql`update domain_mappings set is_primary = false, was_primary = was_primary and ${forNow}, updated_at = ${tx.at} where site_id = ${tx.siteId} and (is_primary or was_primary)`,
  );
  const made = await run(
    tx,
    sql`update domain_mappings set is_primary = true, updated_at = ${tx.at}
      where site_id = ${tx.siteId} and mapping_id = ${mappingId} and verification_status = 'verified' and is_active`,
  );
  return made > 0;
}

/** Writes what a look at a mapped name made of it; the site's mappings are held. Who is primary afterwards is the caller's to say. */
export function saveMappingStep(
  tx: SiteTransaction,
  mapping: DomainMapping,
  next: MappingStep,
  finding: Finding | undefined,
): void {
  const isOpen = next.status !== 'released';
  const inMs = (ms: number): Date => new Date(tx.at.getTime() + ms);
  const wasPrimary = next.status === 'grace' && (mapping.wasPrimary || mapping.isPrimary);
  send(
    tx,
    sql`update domain_mappings set verification_status = ${next.status}, is_active = ${isOpen}, is_primary = ${mapping.isPrimary && next.status === 'verified'}, was_primary = ${wasPrimary},
        grace_ends_at = ${next.status === 'grace' ? inMs(next.graceEndsInMs) : null}, next_check_at = ${isOpen ? inMs(next.nextCheckInMs) : null},
        finding = ${finding ? JSON.stringify(finding) : null}::jsonb, updated_at = case when verification_status = ${next.status} then updated_at else ${tx.at} end
      where site_id = ${tx.siteId} and mapping_id = ${mapping.mappingId}`,
  );
}
