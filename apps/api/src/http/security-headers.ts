import type { RequestHandler } from 'express';

/** Headers of every page: nothing runs that we did not ship, nobody frames us, and addresses of orders do not leak. */
export const securityHeaders =
  ({
    formAction = [],
    styles = [],
  }: { formAction?: readonly string[]; styles?: readonly string[] } = {}): RequestHandler =>
  (_req, res, next) => {
    res.setHeader(
      'Content-Security-Policy',
      [
        "default-src 'none'",
        "script-src 'self'",
        `style-src ${["'self'", ...styles.map((hash) => `'${hash}'`)].join(' ')}`,
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        `form-action ${["'self'", ...formAction].join(' ')}`,
      ].join('; '),
    );
    res.setHeader('X-Content-Type-Options', 'nosniff');
    // Not `no-referrer`: with it browsers send `Origin: null` with forms. Pages with a secret in their address say so themselves.
    res.setHeader('Referrer-Policy', 'same-origin');
    res.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
    res.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
    res.setHeader('Permissions-Policy', 'camera=(), microphone=(), geolocation=()');
    next();
  };
