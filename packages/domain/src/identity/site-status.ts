import type { Transition } from '../shared/index.ts';

export type SiteStatus = 'created' | 'active' | 'suspended' | 'archived' | 'purged';

// oxfmt-ignore
export const SITE_TRANSITIONS = {
  open:    { from: ['created'],             to: 'active',    by: ['admin', 'system'] },
  suspend: { from: ['active'],              to: 'suspended', by: ['admin', 'system'] },
  resume:  { from: ['suspended'],           to: 'active',    by: ['admin'] },
  archive: { from: ['active', 'suspended'], to: 'archived',  by: ['admin'] },
  restore: { from: ['archived'],            to: 'suspended', by: ['admin'] },
  purge:   { from: ['archived'],            to: 'purged',    by: ['system'] },
} as const satisfies Record<string, Transition<SiteStatus>>;
