import type { Transition } from '../shared/index.ts';

/** A claim says "this name is mine" and proves nothing; any number of sites may claim one name. */
export type DomainClaimStatus = 'pending' | 'verified' | 'expired';

// oxfmt-ignore
export const DOMAIN_CLAIM_TRANSITIONS = {
  verify: { from: ['pending'], to: 'verified', by: ['admin', 'scheduler'] },
  expire: { from: ['pending'], to: 'expired',  by: ['admin', 'scheduler'] },
} as const satisfies Record<string, Transition<DomainClaimStatus>>;

/** A mapping leads a name to a site: only once a claim of this very site was proved. */
export type DomainMappingStatus = 'verified' | 'grace' | 'released';

// oxfmt-ignore
export const DOMAIN_MAPPING_TRANSITIONS = {
  lose:    { from: ['verified'],          to: 'grace',    by: ['admin', 'scheduler'] },
  find:    { from: ['grace'],             to: 'verified', by: ['admin', 'scheduler'] },
  release: { from: ['verified', 'grace'], to: 'released', by: ['admin', 'scheduler'] },
} as const satisfies Record<string, Transition<DomainMappingStatus>>;

/** Bounds of what a site may claim, and of how often one claim is looked at by hand. */
export const DOMAIN_LIMITS = { open: 20, perDay: 50, mapped: 50, secondsBetweenChecks: 10 } as const;

export type DomainLimit = 'too_many_open' | 'too_many_today' | 'too_many_mapped';

/** Why a site makes no further claim now. */
export const domainLimit = (site: { open: number; today: number; mapped: number }): DomainLimit | undefined =>
  site.open >= DOMAIN_LIMITS.open
    ? 'too_many_open'
    : site.today >= DOMAIN_LIMITS.perDay
      ? 'too_many_today'
      : site.mapped >= DOMAIN_LIMITS.mapped
        ? 'too_many_mapped'
        : undefined;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long a claim waits for its record, in days. */
export const CLAIM_DAYS = 14;
export const CLAIM_MS = CLAIM_DAYS * DAY;

/** How long a name whose record has vanished is still served, in hours. */
export const GRACE_HOURS = 72;

/**
 * In how many milliseconds a claim of this age is looked at next by itself: every two minutes while its maker waits before
 * the screen, then more and more seldom. The wait is a share of its age.
 */
export const nextClaimCheckInMs = (createdAt: Date, at: Date): number =>
  Math.min(2 * HOUR, Math.max(2 * MINUTE, (at.getTime() - createdAt.getTime()) / 10));

/**
 * What DNS said of a name's record. `absent` is an answer: there is no such record, or there are others. `unanswered` is
 * none, and says nothing of the name.
 */
export type RecordSeen = 'present' | 'absent' | 'unanswered';

export type MappingState = {
  readonly status: 'verified' | 'grace';
  /** Set in grace, and then alone. */
  readonly graceEndsAt: Date | undefined;
};

/** What a mapped name becomes, and by which step; times are milliseconds from now. */
export type MappingStep = { readonly step: keyof typeof DOMAIN_MAPPING_TRANSITIONS | undefined } & (
  | { readonly status: 'verified'; readonly nextCheckInMs: number }
  | { readonly status: 'grace'; readonly graceEndsInMs: number; readonly nextCheckInMs: number }
  | { readonly status: 'released' }
);

/** A name that was just proved. */
export const JUST_PROVED = { step: undefined, status: 'verified', nextCheckInMs: DAY } as const satisfies MappingStep;

/**
 * What follows for a mapped name from a look at its record (H10): a record that vanished gives it 72 hours in which it is
 * served, one that is back ends them, and after them the name is nobody's. A server that does not answer takes nobody's name
 * away: our own resolver may be what is broken.
 */
export function afterCheck({ status, graceEndsAt }: MappingState, seen: RecordSeen, at: Date): MappingStep {
  if (seen === 'present') return { ...JUST_PROVED, step: status === 'grace' ? 'find' : undefined };
  if (status === 'verified')
    return seen === 'unanswered'
      ? { step: undefined, status, nextCheckInMs: HOUR }
      : { step: 'lose', status: 'grace', graceEndsInMs: GRACE_HOURS * HOUR, nextCheckInMs: HOUR };
  const graceEndsInMs = (graceEndsAt?.getTime() ?? 0) - at.getTime();
  if (seen === 'unanswered') return { step: undefined, status, graceEndsInMs, nextCheckInMs: HOUR };
  if (graceEndsInMs <= 0) return { step: 'release', status: 'released' };
  return { step: undefined, status, graceEndsInMs, nextCheckInMs: Math.min(graceEndsInMs, HOUR) };
}
