import { type SiteTransaction, isPassingFault, withSite } from '@souk/db';
import { insertAction, insertOutbox } from '@souk/db/activity';
import {
  type DomainClaim,
  type DomainMapping,
  checkMappingSoon,
  endClaim,
  lockClaim,
  lockMappings,
  makePrimary,
  mapProved,
  noteClaim,
  saveMappingStep,
  takeClaimTurn,
  takeDueDomains,
  takeMappingTurn,
} from '@souk/db/identity';
import { DOMAIN_LIMITS, JUST_PROVED, afterCheck, nextClaimCheckInMs } from '@souk/domain/identity';
import type { SiteId } from '@souk/domain/shared';
import type { Services } from '../services.ts';
import { type DomainFinding, lookAt, seenOf } from './domain-finding.ts';

/** What became of a look at a claim. */
export type ClaimOutcome = { readonly claim: DomainClaim } & (
  | { readonly outcome: 'verified'; readonly mappingId: string; readonly finding: DomainFinding }
  | { readonly outcome: 'taken' | 'not_proved'; readonly finding: DomainFinding }
  | { readonly outcome: 'expired' }
);

const changed = (services: Services, tx: SiteTransaction, entityId: string): void =>
  insertOutbox(tx, [{ eventId: services.newId(tx.at), kind: 'domains.changed', entityId }]);

export const inMs = (at: Date, ms: number): Date => new Date(at.getTime() + ms);

/** The moment before which the last look must have been. */
const turnsBefore = (at: Date): Date => inMs(at, -DOMAIN_LIMITS.secondsBetweenChecks * 1000);

/** Takes the turn to look at a claim, in a transaction of its own: what is outside is asked after it. */
export const takeTurnAtClaim = (services: Services, siteId: SiteId, claimId: string) => {
  const at = services.now();
  return withSite(services.database, siteId, (tx) => takeClaimTurn(tx, claimId, turnsBefore(at)), at);
};

/** Takes the turn to look at a mapped name. */
export const takeTurnAtMapping = (services: Services, siteId: SiteId, mappingId: string) => {
  const at = services.now();
  return withSite(services.database, siteId, (tx) => takeMappingTurn(tx, mappingId, turnsBefore(at)), at);
};

/**
 * Writes what a look at a claim found (I1, H10): proved, it becomes a mapping, unless the name is another site's at this
 * moment. Only the record proves; where the name leads is noted and proves nothing.
 */
export async function settleClaim(
  services: Services,
  tx: SiteTransaction,
  claimId: string,
  finding: DomainFinding,
): Promise<ClaimOutcome | undefined> {
  const claim = await lockClaim(tx, claimId);
  if (!claim) return undefined;
  if (claim.expiresAt <= tx.at) {
    endClaim(tx, claimId);
    changed(services, tx, claimId);
    return { claim, outcome: 'expired' };
  }
  const nextCheckAt = inMs(tx.at, nextClaimCheckInMs(claim.createdAt, tx.at));
  if (finding.record === 'right') {
    const mappingId = services.newId(tx.at);
    if (await mapProved(tx, { claim, mappingId, finding, nextCheckAt: inMs(tx.at, JUST_PROVED.nextCheckInMs) })) {
      changed(services, tx, mappingId);
      return { claim, outcome: 'verified', mappingId, finding };
    }
    const taken = { ...finding, isTaken: true };
    noteClaim(tx, claimId, taken, nextCheckAt);
    changed(services, tx, claimId);
    return { claim, outcome: 'taken', finding: taken };
  }
  noteClaim(tx, claimId, finding, nextCheckAt);
  changed(services, tx, claimId);
  return { claim, outcome: 'not_proved', finding };
}

/** The address the installation gave a site: it stays, and stands in where a name of its own has to go. */
export const givenAddress = (mappings: readonly DomainMapping[]): DomainMapping | undefined =>
  mappings.find((m) => m.type !== 'custom' && m.status === 'verified');

/** Writes what a look at a mapped name found, and what follows for it and for who is primary (H10). */
export async function settleMapping(
  services: Services,
  tx: SiteTransaction,
  mappingId: string,
  finding: DomainFinding,
): Promise<{ before: DomainMapping; after: DomainMapping['status']; step: string | undefined } | undefined> {
  const all = await lockMappings(tx);
  const held = all.find((m) => m.mappingId === mappingId && m.type === 'custom');
  if (!held || held.status === 'released') return undefined;
  const next = afterCheck({ status: held.status, graceEndsAt: held.graceEndsAt }, seenOf(finding), tx.at);
  saveMappingStep(tx, held, next, finding);
  const stand = givenAddress(all);
  if (held.isPrimary && next.status !== 'verified' && stand) await makePrimary(tx, stand.mappingId, { forNow: true });
  if (held.wasPrimary && next.step === 'find') await makePrimary(tx, mappingId);
  changed(services, tx, mappingId);
  if (next.step === 'lose' || next.step === 'release')
    insertOutbox(tx, [
      {
        eventId: services.newId(tx.at),
        kind: next.step === 'lose' ? 'domain.lost' : 'domain.released',
        entityId: mappingId,
      },
    ]);
  return { before: held, after: next.status, step: next.step };
}

/** Whoever holds a name that somebody else has proved is looked at now, and not only tomorrow. */
export async function hurryHolder(services: Services, { claim, outcome }: ClaimOutcome): Promise<void> {
  if (outcome === 'taken') await checkMappingSoon(services.database, claim.domainName, services.now());
}

const BATCH = 20;
const AT_ONCE = 5;
/** Longer than any look may take: what a crash left is due again then. */
const LEASE_MS = 300_000;

/**
 * Looks at every claim and mapped name whose time has come, a batch of each at most: safe to run in every process, since
 * each takes a batch of its own. Returns how many were looked at.
 */
export async function checkDueDomains(services: Services): Promise<number> {
  const at = services.now();
  const due = await takeDueDomains(services.database, at, inMs(at, LEASE_MS), BATCH);
  const work = [
    ...due.claims.map(
      ({ siteId, claimId }) =>
        () =>
          checkDueClaim(services, siteId, claimId),
    ),
    ...due.mappings.map(
      ({ siteId, mappingId }) =>
        () =>
          checkDueMapping(services, siteId, mappingId),
    ),
  ];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      // One that fails keeps no other waiting: its time comes again.
      for (let next = work.shift(); next; next = work.shift())
        await next().catch((error: unknown) => {
          services.log[isPassingFault(error) ? 'warn' : 'error']({ err: error }, 'a domain could not be looked at');
        });
    }),
  );
  return due.claims.length + due.mappings.length;
}

const SYSTEM = { kind: 'system', roleName: 'system' } as const;

async function checkDueClaim(services: Services, siteId: SiteId, claimId: string): Promise<void> {
  const claim = await takeTurnAtClaim(services, siteId, claimId);
  if (!claim || claim === 'too_soon') return;
  const finding = await lookAt(services.domains, claim);
  const done = await withSite(
    services.database,
    siteId,
    async (tx) => {
      const settled = await settleClaim(services, tx, claimId, finding);
      // Looks that find what they found before are no news for a log.
      if (settled?.outcome === 'verified' || settled?.outcome === 'expired')
        insertAction(tx, {
          actionId: services.newId(tx.at),
          actor: SYSTEM,
          action: settled.outcome === 'verified' ? 'domains.verify' : 'domains.expire',
          entityType: 'domain',
          entityId: settled.outcome === 'verified' ? settled.mappingId : claimId,
          after: { domain: settled.claim.domainName },
          requestId: 'schedule',
        });
      return settled;
    },
    services.now(),
  );
  if (done) await hurryHolder(services, done);
}

async function checkDueMapping(services: Services, siteId: SiteId, mappingId: string): Promise<void> {
  const mapping = await takeTurnAtMapping(services, siteId, mappingId);
  if (!mapping || mapping === 'too_soon' || !mapping.challenge) return;
  const finding = await lookAt(services.domains, { domainName: mapping.domainName, challenge: mapping.challenge });
  await withSite(
    services.database,
    siteId,
    async (tx) => {
      const settled = await settleMapping(services, tx, mappingId, finding);
      if (!settled?.step) return;
      insertAction(tx, {
        actionId: services.newId(tx.at),
        actor: SYSTEM,
        action: `domains.${settled.step}`,
        entityType: 'domain',
        entityId: mappingId,
        before: { domain: mapping.domainName, status: settled.before.status },
        after: { domain: mapping.domainName, status: settled.after },
        requestId: 'schedule',
      });
    },
    services.now(),
  );
}
