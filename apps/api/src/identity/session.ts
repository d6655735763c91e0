import { randomBytes } from 'node:crypto';
import { sha256 } from '@souk/db';

/** Name of the admin's cookie. `__Host-` binds it to one https host; browsers drop it on plain http, so development goes without. */
export const adminCookie = (mode: 'development' | 'production'): string =>
  mode === 'production' ? '__Host-souk-admin' : 'souk-admin';

/** Name of the cookie by which an account's browser is known again. It opens nothing. */
export const deviceCookie = (mode: 'development' | 'production'): string =>
  mode === 'production' ? '__Host-souk-device' : 'souk-device';

/** Name of the cookie of a browser that was asked for a passkey: the answer is taken from no other. */
export const passkeyCookie = (mode: 'development' | 'production'): string =>
  mode === 'production' ? '__Host-souk-passkey' : 'souk-passkey';

/** Name of a shop's cart cookie: it carries audience and site, since cookies ignore ports and shops may share a parent domain. */
export const cartCookie = (mode: 'development' | 'production', handle: string): string =>
  `${mode === 'production' ? '__Host-' : ''}souk-cart-${handle}`;

/** 256 random bits, as a cookie or a link carries them. */
export const newToken = (): string => randomBytes(32).toString('base64url');

/** What is kept of a token: a hash that cannot be turned back. */
export const hashToken = (token: string): Buffer => sha256(token);

/** Whether a text has the form of a token; anything else is nobody's, and need not be looked up. */
export const isToken = (text: string | undefined): text is string =>
  text !== undefined && /^[A-Za-z0-9_-]{43}$/.test(text);

/** The session of a visitor without a cart: the hash of no token. */
export const NO_CART = Buffer.alloc(32);

/** A visitor's cart session as the database knows it, by the shop's cookie. */
export function cartSession(
  cookies: Readonly<Record<string, string>>,
  mode: 'development' | 'production',
  handle: string,
): Buffer {
  const token = cookies[cartCookie(mode, handle)];
  return isToken(token) ? hashToken(token) : NO_CART;
}
