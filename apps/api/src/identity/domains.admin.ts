import { randomBytes } from 'node:crypto';
import type { SiteTransaction } from '@souk/db';
import { insertOutbox } from '@souk/db/activity';
import {
  type DomainClaim,
  type DomainMapping,
  countDomains,
  endClaim,
  findMappingOf,
  insertClaim,
  listDomains,
  lockClaim,
  lockMappings,
  makePrimary,
  saveMappingStep,
} from '@souk/db/identity';
import {
  CLAIM_DAYS,
  CLAIM_MS,
  DOMAIN_LIMITS,
  type DomainName,
  domainLimit,
  nextClaimCheckInMs,
} from '@souk/domain/identity';
import { z } from 'zod';
import type { Services } from '../services.ts';
import { adminProcedure, adminRouterOf } from '../trpc/procedures.ts';
import { Refused, notFound } from '../trpc/refusals.ts';
import { idInput } from '../trpc/schemas.ts';
import {
  givenAddress,
  hurryHolder,
  inMs,
  settleClaim,
  settleMapping,
  takeTurnAtClaim,
  takeTurnAtMapping,
} from './check-domains.ts';
import { type DomainFinding, findingOutput, lookAt, recordOf } from './domain-finding.ts';
import { domainNameOf, shownName, zoneOf } from './domain-names.ts';
import { whereToPoint } from './where-to-point.ts';

const DAY_MS = 86_400_000;
/** How long names that were let go, and claims that came to nothing, are still shown. */
const REMEMBERED_MS = 14 * DAY_MS;

const wrongDomain = (message: string): Refused =>
  new Refused({ code: 'wrong_field', message, field: 'domain', fields: { domain: message } });

const LIMIT_WORDS = {
  too_many_open: `${DOMAIN_LIMITS.open} domains wait for their proof. Take back those that you do not need.`,
  too_many_today: 'Many domains were added since yesterday. Wait until tomorrow for more.',
  too_many_mapped: `A site has ${DOMAIN_LIMITS.mapped} domains at most. Remove one first.`,
} as const;

const tooSoon = (): Refused =>
  new Refused({
    code: 'too_many_attempts',
    message: 'It was looked up just now. Give it a few seconds.',
    facts: { retryAfterSeconds: DOMAIN_LIMITS.secondsBetweenChecks },
  });

const changed = (tx: SiteTransaction, services: Services, entityId: string): void =>
  insertOutbox(tx, [{ eventId: services.newId(tx.at), kind: 'domains.changed', entityId }]);

const name = {
  domainName: z.string(),
  unicodeName: z.string(),
  mixesScripts: z.boolean(),
  /** The registered domain above it, where its records are set. */
  zone: z.string(),
};
const namesOf = (domainName: DomainName) => ({ ...shownName(domainName), zone: zoneOf(domainName) });
const record = z.strictObject({ name: z.string(), type: z.literal('TXT'), value: z.string() });

const recordFor = (claim: Pick<DomainClaim, 'domainName' | 'challenge'>) => ({
  type: 'TXT' as const,
  ...recordOf(claim),
});

/** What an older release has kept may have another form; then there is nothing to show until the next look. */
const shownFinding = (finding: unknown): DomainFinding | undefined => findingOutput.safeParse(finding).data;

const shownMapping = (m: DomainMapping, all: readonly DomainMapping[]) => ({
  mappingId: m.mappingId,
  ...namesOf(m.domainName),
  isGiven: m.type !== 'custom',
  status: m.status,
  isPrimary: m.isPrimary,
  wasPrimary: m.wasPrimary,
  graceEndsAt: m.graceEndsAt,
  since: m.status === 'released' ? m.updatedAt : m.createdAt,
  checkedAt: m.checkedAt,
  finding: shownFinding(m.finding),
  record: m.challenge === undefined ? undefined : recordFor({ domainName: m.domainName, challenge: m.challenge }),
  mayBecomePrimary: m.status === 'verified' && !m.isPrimary,
  mayRemove: m.type === 'custom' && m.status !== 'released',
  /** What becomes primary when this one is removed. */
  standIn: m.isPrimary ? givenAddress(all)?.domainName : undefined,
});

export const domainsRouter = adminRouterOf({
  /** The site's addresses, the claims that wait for their proof with the record to set, and where names have to lead. */
  list: adminProcedure('MANAGE_SITE_SETTINGS')
    .output(
      z.strictObject({
        mappings: z.array(
          z.strictObject({
            mappingId: z.string(),
            ...name,
            isGiven: z.boolean(),
            status: z.enum(['verified', 'grace', 'released']),
            isPrimary: z.boolean(),
            wasPrimary: z.boolean(),
            graceEndsAt: z.date().optional(),
            since: z.date(),
            checkedAt: z.date().optional(),
            finding: findingOutput.optional(),
            record: record.optional(),
            mayBecomePrimary: z.boolean(),
            mayRemove: z.boolean(),
            standIn: z.string().optional(),
          }),
        ),
        claims: z.array(
          z.strictObject({
            claimId: z.string(),
            ...name,
            isOver: z.boolean(),
            createdAt: z.date(),
            expiresAt: z.date(),
            checkedAt: z.date().optional(),
            finding: findingOutput.optional(),
            record,
          }),
        ),
        pointTo: z.strictObject({ addresses: z.array(z.string()), cname: z.string().optional() }),
      }),
    )
    .query(async ({ ctx: { site, services } }) => {
      const now = services.now();
      const [{ mappings, claims }, addresses] = await Promise.all([
        site.read((tx) => listDomains(tx, new Date(now.getTime() - REMEMBERED_MS))),
        whereToPoint(services),
      ]);
      const taken = new Set(mappings.filter((m) => m.status !== 'released').map((m) => m.domainName));
      return {
        mappings: mappings.map((m) => shownMapping(m, mappings)),
        // A claim that ran out is no news where the name is the site's by another one.
        claims: claims
          .filter((c) => !taken.has(c.domainName))
          .map((c) => ({
            claimId: c.claimId,
            ...namesOf(c.domainName),
            isOver: c.status === 'expired' || c.expiresAt <= now,
            createdAt: c.createdAt,
            expiresAt: c.expiresAt,
            checkedAt: c.checkedAt,
            finding: shownFinding(c.finding),
            record: recordFor(c),
          })),
        pointTo: { addresses, cname: givenAddress(mappings)?.domainName },
      };
    }),

  /** Claims a name for the site, with a record of its own to set. It hinders no other site's claim of the same name (H10). */
  claim: adminProcedure('MANAGE_SITE_SETTINGS')
    .meta({ fresh: true })
    .input(z.strictObject({ domain: z.string().max(1000) }))
    .output(z.strictObject({ claimId: z.string() }))
    .mutation(({ ctx: { site, services }, input }) =>
      site.write(async (tx) => {
        const domainName = domainNameOf(input.domain, services);
        if (await findMappingOf(tx, domainName)) throw wrongDomain('This is an address of your site already.');
        const limit = domainLimit(await countDomains(tx, new Date(tx.at.getTime() - DAY_MS)));
        if (limit) throw wrongDomain(LIMIT_WORDS[limit]);
        const claimId = services.newId(tx.at);
        const made = await insertClaim(tx, {
          claimId,
          domainName,
          challenge: randomBytes(24).toString('base64url'),
          expiresAt: inMs(tx.at, CLAIM_MS),
          nextCheckAt: inMs(tx.at, nextClaimCheckInMs(tx.at, tx.at)),
        });
        if (!made) throw wrongDomain('You have added this domain already. Set its record, then check it.');
        changed(tx, services, claimId);
        return {
          value: { claimId },
          entityType: 'domain_claim',
          entityId: claimId,
          after: { domain: domainName, days: CLAIM_DAYS },
        };
      }),
    ),

  /** Looks at the record of a claim now, and says what stands there; proved, the name is the site's. */
  check: adminProcedure('MANAGE_SITE_SETTINGS')
    .input(z.strictObject({ claimId: idInput }))
    .output(
      z.strictObject({
        outcome: z.enum(['verified', 'taken', 'not_proved', 'expired']),
        finding: findingOutput.optional(),
      }),
    )
    .mutation(async ({ ctx: { site, services }, input: { claimId } }) => {
      const claim = await takeTurnAtClaim(services, site.siteId, claimId);
      if (!claim) throw notFound();
      if (claim === 'too_soon') throw tooSoon();
      const finding = await lookAt(services.domains, claim);
      const done = await site.write(async (tx) => {
        const settled = await settleClaim(services, tx, claimId, finding);
        if (!settled) throw notFound();
        const isProved = settled.outcome === 'verified';
        return {
          value: settled,
          entityType: isProved ? 'domain' : 'domain_claim',
          entityId: isProved ? settled.mappingId : claimId,
          after: { domain: settled.claim.domainName, outcome: settled.outcome },
        };
      });
      await hurryHolder(services, done);
      return { outcome: done.outcome, finding: 'finding' in done ? done.finding : undefined };
    }),

  /** Looks at the record of a name the site has: one in grace is active again when it is back. */
  checkAgain: adminProcedure('MANAGE_SITE_SETTINGS')
    .input(z.strictObject({ mappingId: idInput }))
    .output(z.strictObject({ status: z.enum(['verified', 'grace', 'released']), finding: findingOutput }))
    .mutation(async ({ ctx: { site, services }, input: { mappingId } }) => {
      const mapping = await takeTurnAtMapping(services, site.siteId, mappingId);
      if (!mapping) throw notFound();
      if (mapping === 'too_soon') throw tooSoon();
      const { domainName, challenge = '' } = mapping;
      const finding = await lookAt(services.domains, { domainName, challenge });
      return site.write(async (tx) => {
        const settled = await settleMapping(services, tx, mappingId, finding);
        if (!settled) throw notFound();
        return {
          value: { status: settled.after, finding },
          entityType: 'domain',
          entityId: mappingId,
          before: { domain: domainName, status: settled.before.status },
          after: { domain: domainName, status: settled.after },
        };
      });
    }),

  /** Makes a name the one the shop is at; the others lead to it (I1). */
  makePrimary: adminProcedure('MANAGE_SITE_SETTINGS')
    .meta({ fresh: true })
    .input(z.strictObject({ mappingId: idInput }))
    .output(z.strictObject({ mappingId: z.string() }))
    .mutation(({ ctx: { site, services }, input: { mappingId } }) =>
      site.write(async (tx) => {
        const all = await lockMappings(tx);
        const mapping = all.find((m) => m.mappingId === mappingId);
        if (!mapping) throw notFound();
        if (!(await makePrimary(tx, mappingId)))
          throw new Refused({
            code: 'domain_not_active',
            message:
              'The record of this domain has vanished. Set it again and check it; then it can be your main address.',
          });
        changed(tx, services, mappingId);
        return {
          value: { mappingId },
          entityType: 'domain',
          entityId: mappingId,
          before: { primary: all.find((m) => m.isPrimary)?.domainName },
          after: { primary: mapping.domainName },
        };
      }),
    ),

  /** Lets a name go. Whoever wants it next, the same site too, proves it anew (H10). The address the installation gave stays. */
  remove: adminProcedure('MANAGE_SITE_SETTINGS')
    .meta({ fresh: true })
    .input(z.strictObject({ mappingId: idInput }))
    .output(z.strictObject({ mappingId: z.string() }))
    .mutation(({ ctx: { site, services }, input: { mappingId } }) =>
      site.write(async (tx) => {
        const all = await lockMappings(tx);
        const mapping = all.find((m) => m.mappingId === mappingId);
        if (!mapping) throw notFound();
        if (mapping.type !== 'custom')
          throw new Refused({
            code: 'domain_stays',
            message: 'This address came with your site and stays, so that the shop can always be reached.',
          });
        saveMappingStep(tx, mapping, { step: 'release', status: 'released' }, undefined);
        const standIn = givenAddress(all);
        if (mapping.isPrimary && standIn) await makePrimary(tx, standIn.mappingId);
        changed(tx, services, mappingId);
        return {
          value: { mappingId },
          entityType: 'domain',
          entityId: mappingId,
          before: { domain: mapping.domainName, status: mapping.status, primary: mapping.isPrimary },
          after: { domain: mapping.domainName, status: 'released' },
        };
      }),
    ),

  /** Takes a claim back that was not proved. */
  withdraw: adminProcedure('MANAGE_SITE_SETTINGS')
    .input(z.strictObject({ claimId: idInput }))
    .output(z.strictObject({ claimId: z.string() }))
    .mutation(({ ctx: { site, services }, input: { claimId } }) =>
      site.write(async (tx) => {
        const claim = await lockClaim(tx, claimId);
        if (!claim) throw notFound();
        endClaim(tx, claimId);
        changed(tx, services, claimId);
        return {
          value: { claimId },
          entityType: 'domain_claim',
          entityId: claimId,
          before: { domain: claim.domainName },
        };
      }),
    ),
});
