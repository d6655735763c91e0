import { type Result, type Transition, allowedSteps, allows, ok, refuse } from '../shared/index.ts';

export type SiteStatus = 'created' | 'active' | 'suspended' | 'archived' | 'purged';

const STATUSES: readonly unknown[] = ['created', 'active', 'suspended', 'archived', 'purged'] satisfies SiteStatus[];

/** Whether something is the word for where a site stands. */
export const isSiteStatus = (word: unknown): word is SiteStatus => STATUSES.includes(word);

// oxfmt-ignore
export const SITE_TRANSITIONS = {
  open:    { from: ['created'],             to: 'active',    by: ['admin', 'system'] },
  suspend: { from: ['active'],              to: 'suspended', by: ['admin', 'system'] },
  resume:  { from: ['suspended'],           to: 'active',    by: ['admin'] },
  archive: { from: ['active', 'suspended'], to: 'archived',  by: ['admin'] },
  restore: { from: ['archived'],            to: 'suspended', by: ['admin'] },
  purge:   { from: ['archived'],            to: 'purged',    by: ['system'] },
} as const satisfies Record<string, Transition<SiteStatus>>;

/** Every step the database lets a site make. */
export const siteSteps = () => allowedSteps<SiteStatus>(SITE_TRANSITIONS);

/** The steps of whoever runs the installation, as they choose them. */
export const OPERATOR_STEPS = ['suspend', 'resume', 'archive', 'restore'] as const;
export type OperatorStep = (typeof OPERATOR_STEPS)[number];

/** What an operator can do with a site of this status now; buttons are drawn from it. */
export const operatorSteps = (status: SiteStatus): OperatorStep[] =>
  OPERATOR_STEPS.filter((step) => allows<SiteStatus>(SITE_TRANSITIONS[step], status, 'admin'));

/** Why a site's status changed. A code and no words of one's own: the log is never changed, and names nobody (G6). */
export const SITE_REASONS = ['owner_asked', 'unpaid', 'rules', 'security', 'upkeep', 'settled', 'other'] as const;
export type SiteReason = (typeof SITE_REASONS)[number];

/** Where a site stands in the log of its status: the number of its last step, and where that led. */
export type SiteStanding = { readonly status: SiteStatus; readonly n: number };
export type SiteMoved = { readonly from: SiteStatus; readonly to: SiteStatus; readonly n: number };

/** Makes one step of the table; nothing else moves a site (ST1). */
export function moveSite(site: SiteStanding, step: OperatorStep): Result<SiteMoved, 'step_not_allowed'> {
  const transition: Transition<SiteStatus> = SITE_TRANSITIONS[step];
  return allows(transition, site.status, 'admin')
    ? ok({ from: site.status, to: transition.to, n: site.n + 1 })
    : refuse('step_not_allowed');
}
