import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Site } from '@souk/db/identity';
import type { Services } from '../services.ts';
import type { Metrics } from './metrics.ts';

type RequestStart = { readonly requestId: string; site?: Site; isShop?: boolean };
const starts = new WeakMap<ServerResponse, RequestStart>();

/** Gives a request its id, and one line of the log and of the metrics when it is answered. */
export function startRequest(
  { requestLog }: Services,
  metrics: Metrics,
  path: string,
  req: IncomingMessage,
  res: ServerResponse,
): void {
  const start: RequestStart = { requestId: randomUUID() };
  const startedAt = performance.now();
  starts.set(res, start);
  res.setHeader('X-Request-Id', start.requestId);
  res.on('finish', () => {
    const seconds = (performance.now() - startedAt) / 1000;
    metrics.observe(req.method ?? '', res.statusCode, seconds);
    requestLog({
      requestId: start.requestId,
      site: start.site?.siteId,
      method: req.method ?? '',
      path: pathForLog(path),
      status: res.statusCode,
      ms: Math.round(seconds * 1000),
    });
  });
}

export const requestIdOf = (res: ServerResponse): string => starts.get(res)?.requestId ?? '';

/** The shop a request is for, found by its host. */
export function siteOf(res: ServerResponse): Site {
  const site = starts.get(res)?.site;
  if (!site) throw new Error('a shop was asked without its site');
  return site;
}
/** Whether the host is no other audience's: a shop's, though its site may not be known, or not yet. */
export const isShop = (res: ServerResponse): boolean => starts.get(res)?.isShop === true;

export function startShop(res: ServerResponse): void {
  const start = starts.get(res);
  if (start) start.isShop = true;
}

export function rememberSite(res: ServerResponse, site: Site): void {
  const start = starts.get(res);
  if (start) start.site = site;
}

/** The path alone: queries hold what people search for, and order links are secrets. */
export const pathForLog = (path: string): string =>
  (path.length > 40 || path.startsWith('/o') || path.startsWith('/O')
    ? path.replace(/^\/orders\/[^/]+/i, '/orders/…').replaceAll(/[\w-]{43}/g, '…')
    : path
  ).slice(0, 200);
