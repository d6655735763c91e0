import type { Transition } from '../shared/index.ts';

export type ProductStatus = 'draft' | 'published' | 'archived';
export type Visibility = 'visible' | 'hidden';

// oxfmt-ignore
export const PRODUCT_TRANSITIONS = {
  publish:   { from: ['draft', 'published'], to: 'published', by: ['admin', 'scheduler', 'system'] },
  unpublish: { from: ['published'],          to: 'draft',     by: ['admin'] },
  archive:   { from: ['published', 'draft'], to: 'archived',  by: ['admin'] },
  restore:   { from: ['archived'],           to: 'draft',     by: ['admin'] },
} as const satisfies Record<string, Transition<ProductStatus>>;

export type VersionStatus = 'draft' | 'scheduled' | 'published' | 'superseded' | 'withdrawn' | 'discarded' | 'failed';

// oxfmt-ignore
export const VERSION_TRANSITIONS = {
  schedule:   { from: ['draft'],              to: 'scheduled',  by: ['admin'] },
  unschedule: { from: ['scheduled'],          to: 'draft',      by: ['admin'] },
  publish:    { from: ['draft', 'scheduled'], to: 'published',  by: ['admin', 'scheduler', 'system'] },
  fail:       { from: ['scheduled'],          to: 'failed',     by: ['scheduler'] },
  discard:    { from: ['draft'],              to: 'discarded',  by: ['admin'] },
  supersede:  { from: ['published'],          to: 'superseded', by: ['admin', 'scheduler', 'system'] },
  withdraw:   { from: ['published'],          to: 'withdrawn',  by: ['admin'] },
} as const satisfies Record<string, Transition<VersionStatus>>;
