import type { RequestHandler } from 'express';
import { isSameOrigin } from './same-origin.ts';

const MAX_BODY_BYTES = 1_000_000;

/**
 * What is let through to tRPC: JSON only, of a bounded size, from a page of the same origin. tRPC itself would take
 * multipart forms and bytes too; uploads have an endpoint of their own.
 */
export const trpcGuard =
  ({ sameOrigin }: { sameOrigin: boolean }): RequestHandler =>
  (req, res, next) => {
    const refuse = (status: number, code: string, message: string): void => {
      res
        .status(status)
        .json({ error: { message, code: -32600, data: { httpStatus: status, refusal: { code, message } } } });
    };
    // What an answer shows is for who asked: no browser, proxy or history keeps it.
    res.set('Cache-Control', 'private, no-store');
    if (req.method !== 'GET' && req.method !== 'POST')
      return refuse(405, 'wrong_method', 'Use GET to ask and POST to change.');
    if (req.method === 'POST') {
      if (!/^application\/json(;|$)/i.test(req.headers['content-type'] ?? ''))
        return refuse(415, 'wrong_content_type', 'Send JSON.');
      if (Number(req.headers['content-length'] ?? 0) > MAX_BODY_BYTES)
        return refuse(413, 'too_large', 'This is too large.');
    }
    if (sameOrigin && !isSameOrigin(req))
      return refuse(403, 'other_origin', 'This came from another site. Open the page itself and try again.');
    next();
  };

export const TRPC_LIMITS = { maxBodySize: MAX_BODY_BYTES, maxBatchSize: 20 } as const;
