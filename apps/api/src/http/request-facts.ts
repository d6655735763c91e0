import type { Request, Response } from 'express';
import type { Services } from '../services.ts';
import type { RequestFacts } from '../trpc/context.ts';
import { cookieText, readCookies } from './cookies.ts';

/** What the rest of the program may know of an HTTP request. */
export function requestFacts(services: Services, req: Request, res: Response): RequestFacts {
  return {
    services,
    requestId: String(res.locals.requestId ?? ''),
    address: req.ip ?? '',
    cookies: readCookies(req.headers.cookie),
    headers: Object.fromEntries(
      Object.entries(req.headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
    ),
    setCookie: (name, value, { maxAgeSeconds }) => {
      res.append('Set-Cookie', cookieText(name, value, { maxAgeSeconds, secure: services.mode === 'production' }));
    },
  };
}
