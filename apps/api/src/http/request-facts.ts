import type { IncomingMessage, ServerResponse } from 'node:http';
import proxyAddr from 'proxy-addr';
import type { Services } from '../services.ts';
import type { RequestFacts } from '../trpc/context.ts';
import { cookieText, readCookies } from './cookies.ts';
import { requestIdOf } from './request-start.ts';

/** What the rest of the program may know of an HTTP request. */
export function requestFacts(services: Services, req: IncomingMessage, res: ServerResponse): RequestFacts {
  return {
    services,
    requestId: requestIdOf(res),
    get address() {
      return proxyAddr(req, services.trusts);
    },
    cookies: readCookies(req.headers.cookie),
    // Of a request Node joins repeated headers into one text, all but `set-cookie`, which no request has a use for.
    headers: req.headers as Readonly<Record<string, string | undefined>>,
    setHeader: (name, value) => {
      // An answer that goes out in pieces has its head on the way already.
      if (!res.headersSent) res.setHeader(name, value);
    },
    setCookie: (name, value, { maxAgeSeconds }) => {
      res.appendHeader(
        'Set-Cookie',
        cookieText(name, value, { maxAgeSeconds, secure: services.mode === 'production' }),
      );
    },
  };
}
