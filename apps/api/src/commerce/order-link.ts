import { createHmac } from 'node:crypto';
import { type MasterKey, sha256 } from '@souk/db';

/**
 * The secret part of an order's own page: an HMAC of the order's id, so that it can be written into a mail again without
 * being kept; the database holds only its hash (H11).
 */
export const orderLinkToken = (key: MasterKey, orderId: string): string =>
  createHmac('sha256', key).update(`order-link ${orderId}`).digest('base64url');

/** What the database keeps of a link. */
export const hashLinkToken = (token: string): Buffer => sha256(token);
