import type { Permission } from './permissions.ts';

/**
 * What support can be let do at most. It chooses no people, connects no services, holds no keys, reads no identity documents
 * and decides nothing about persons (SA1). A permission that is not named here is none of support's.
 */
export const SUPPORT_PERMISSIONS = [
  'VIEW_DASHBOARD',
  'VIEW_PRODUCTS',
  'VIEW_ORDERS',
  'VIEW_CUSTOMERS',
  'VIEW_ACTIVITY',
  'MANAGE_CONTENT',
  'MANAGE_PRODUCTS',
  'MANAGE_ORDERS',
  'MANAGE_CUSTOMERS',
  'MANAGE_SITE_SETTINGS',
  'MANAGE_STOREFRONT',
  'MANAGE_CONVERSATIONS',
] as const satisfies readonly Permission[];

export type SupportPermission = (typeof SUPPORT_PERMISSIONS)[number];

/** For how long an access can be opened, in hours: a week at most. */
export const SUPPORT_HOURS = [1, 4, 24, 168] as const;

/** Why support is let in, in the words of whoever opens it: so many characters at most. */
export const SUPPORT_REASON_MAX = 500;
