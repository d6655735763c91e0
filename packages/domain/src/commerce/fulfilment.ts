import type { Transition } from '../shared/index.ts';

export type FulfilmentStatus =
  | 'pending'
  | 'packed'
  | 'ready'
  | 'shipped'
  | 'delivered'
  | 'collected'
  | 'lost'
  | 'returning'
  | 'returned_to_sender'
  | 'cancelled';

// oxfmt-ignore
export const FULFILMENT_TRANSITIONS = {
  pack:     { from: ['pending'],            to: 'packed',             by: ['admin', 'system'] },
  ready:    { from: ['packed'],             to: 'ready',              by: ['admin'] },
  collect:  { from: ['ready'],              to: 'collected',          by: ['admin'] },
  ship:     { from: ['pending', 'packed'],  to: 'shipped',            by: ['admin', 'system'] },
  deliver:  { from: ['shipped'],            to: 'delivered',          by: ['admin', 'webhook'] },
  lose:     { from: ['shipped'],            to: 'lost',               by: ['admin', 'webhook'] },
  turnBack: { from: ['shipped'],            to: 'returning',          by: ['admin', 'webhook'] },
  comeBack: { from: ['returning'],          to: 'returned_to_sender', by: ['admin', 'webhook'] },
  cancel:   { from: ['pending', 'packed', 'ready'], to: 'cancelled',  by: ['admin'] },
} as const satisfies Record<string, Transition<FulfilmentStatus>>;
