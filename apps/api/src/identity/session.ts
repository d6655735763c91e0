import { createHash, randomBytes } from 'node:crypto';

/** Absolute life of a sign-in, in hours. */
export const SESSION_HOURS = 14 * 24;

/** Name of the admin's cookie. `__Host-` binds it to one https host; browsers drop it on plain http, so development goes without. */
export const adminCookie = (mode: 'development' | 'production'): string =>
  mode === 'production' ? '__Host-souk-admin' : 'souk-admin';

/** Name of a shop's cart cookie: it carries audience and site, since cookies ignore ports and shops may share a parent domain. */
export const cartCookie = (mode: 'development' | 'production', handle: string): string =>
  `${mode === 'production' ? '__Host-' : ''}souk-cart-${handle}`;

/** 256 random bits, as a cookie or a link carries them. */
export const newToken = (): string => randomBytes(32).toString('base64url');

/** What is kept of a token: a hash that cannot be turned back. */
export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest();
