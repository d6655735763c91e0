import { createHmac } from 'node:crypto';
import type { MasterKey } from '@souk/db';
import type { Services } from '../services.ts';

/** How long a link that sets another password is good, in minutes, and one that confirms an address. */
export const LINK_MINUTES = { reset: 60, email: 24 * 60 } as const;

type Purpose = 'password reset' | 'e-mail change, old address' | 'e-mail change, new address';

/** The secret of a link: an HMAC of what it is for, so that a mail can be written again without the secret being kept. */
export const linkToken = (key: MasterKey, purpose: Purpose, id: string): string =>
  createHmac('sha256', key).update(`${purpose} ${id}`).digest('base64url');

type From = Pick<Services, 'key' | 'adminOrigin'>;

// Secrets stand behind the `#`, which browsers send to nobody.
export const resetLink = ({ key, adminOrigin }: From, resetId: string): string =>
  new URL(`/reset-password#${linkToken(key, 'password reset', resetId)}`, adminOrigin).href;

export const confirmEmailLink = ({ key, adminOrigin }: From, changeId: string, which: 'old' | 'new'): string =>
  new URL(`/confirm-email#${linkToken(key, `e-mail change, ${which} address`, changeId)}`, adminOrigin).href;
