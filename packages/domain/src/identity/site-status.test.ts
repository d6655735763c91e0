import { expect, test } from 'vitest';
import { OPERATOR_STEPS, SITE_TRANSITIONS, type SiteStatus, moveSite, operatorSteps, siteSteps } from './index.ts';

const STATUSES: readonly SiteStatus[] = ['created', 'active', 'suspended', 'archived', 'purged'];

/** Written down a second time: where each step of an operator may be made, and where it leads. */
const LEADS: Readonly<Record<(typeof OPERATOR_STEPS)[number], Partial<Record<SiteStatus, SiteStatus>>>> = {
  suspend: { active: 'suspended' },
  resume: { suspended: 'active' },
  archive: { active: 'archived', suspended: 'archived' },
  restore: { archived: 'suspended' },
};

test('ST1 · of every status, by every step: where the table says, and nowhere else', () => {
  for (const status of STATUSES)
    for (const step of OPERATOR_STEPS) {
      const to = LEADS[step][status];
      const moved = moveSite({ status, n: 4 }, step);
      expect([status, step, moved]).toEqual([
        status,
        step,
        to ? { ok: true, value: { from: status, to, n: 5 } } : { ok: false, refusal: 'step_not_allowed' },
      ]);
      expect([status, step, operatorSteps(status).includes(step)]).toEqual([status, step, to !== undefined]);
    }
});

test('ST1 · nobody who runs the installation purges a site, and nothing leads back from there', () => {
  expect(siteSteps().filter((s) => s.to === 'purged')).toEqual([{ from: 'archived', to: 'purged', by: 'system' }]);
  expect(siteSteps().filter((s) => s.from === 'purged')).toEqual([]);
  expect(SITE_TRANSITIONS.purge.by).toEqual(['system']);
});
