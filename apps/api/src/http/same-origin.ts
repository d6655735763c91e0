import type { IncomingMessage } from 'node:http';

/**
 * Whether a changing request comes from a page of this very host (H02, H09). Browsers say so in Sec-Fetch-Site or Origin;
 * a sibling under the same parent domain is another origin. A request that says neither is refused.
 */
export function isSameOrigin(req: IncomingMessage): boolean {
  if (req.method === 'GET' || req.method === 'HEAD' || req.method === 'OPTIONS') return true;
  const site = req.headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const { origin } = req.headers;
  if (!origin || !URL.canParse(origin)) return false;
  return new URL(origin).host === req.headers.host?.toLowerCase();
}
