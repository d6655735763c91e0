import type { ServerResponse } from 'node:http';

/** Headers of an answer that is data and no page: it is never taken for one, framed, or read by another origin. */
export function dataHeaders(res: ServerResponse): void {
  res.setHeader('X-Content-Type-Options', 'nosniff');
  res.setHeader('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
  res.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
}

/** Headers of every page and file: nothing runs that we did not ship, nobody frames us, and addresses of orders do not leak. */
export function securityHeaders({
  formAction = [],
  styles = [],
  isKept = true,
}: {
  formAction?: readonly string[];
  styles?: readonly string[];
  /** False where no search engine may keep a page. */
  isKept?: boolean;
} = {}): (res: ServerResponse) => void {
  const policy = [
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
  ].join('; ');
  return (res) => {
    res.setHeader('Content-Security-Policy', policy);
    res.setHeader('X-Content-Type-Options', 'nosniff');
    if (!isKept) res.setHeader('X-Robots-Tag', 'noindex, nofollow');
    // Not `no-referrer`: with it browsers send `Origin: null` with forms. Pages with a secret in their address say so themselves.
    res.setHeader('Referrer-Policy', 'same-origin');
    res.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
    res.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
    res.setHeader('Permissions-Policy', 'camera=(), microphone=(), geolocation=()');
  };
}
