import { createHmac } from 'node:crypto';
import type { MasterKey } from '@souk/db';
import type { Services } from '../services.ts';

/** How long an invitation is good, in days. */
const INVITATION_DAYS = 7;

/**
 * The secret of an invitation's link: an HMAC of its id and of how often it was sent, so that a mail can be written again
 * without the secret being kept, and each sending ends the one before.
 */
export const invitationToken = (key: MasterKey, invitationId: string, sending: number): string =>
  createHmac('sha256', key).update(`invitation ${invitationId} ${sending}`).digest('base64url');

/** The link; its secret stands behind the `#`, which browsers send to nobody. */
export const invitationLink = (
  { key, adminOrigin }: Pick<Services, 'key' | 'adminOrigin'>,
  invitationId: string,
  sending: number,
): string => new URL(`/invitation#${invitationToken(key, invitationId, sending)}`, adminOrigin).href;

export const invitationEnds = (at: Date): Date => new Date(at.getTime() + INVITATION_DAYS * 24 * 3_600_000);
