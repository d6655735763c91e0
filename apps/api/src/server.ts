import { readdir, readFile } from 'node:fs/promises';
import { type IncomingMessage, type Server, type ServerResponse, createServer as createHttpServer } from 'node:http';
import { join } from 'node:path';
import { isPassingFault } from '@souk/db';
import { type SiteStatus, hostName } from '@souk/domain/identity';
import type { Render, UnavailablePage } from '@souk/storefront/page-data';
import type { TRPCError } from '@trpc/server';
import express, { type NextFunction, type Request, type Response } from 'express';
import { adminRouter } from './admin-router.ts';
import { receiveNotice } from './commerce/notices.ts';
import { adminFiles, sendPicture, sendRefusal } from './http/admin-files.ts';
import { compressed } from './http/compressed.ts';
import { readCookies } from './http/cookies.ts';
import { htmlText } from './http/html-text.ts';
import type { LiveEvents } from './http/live-events.ts';
import type { Metrics } from './http/metrics.ts';
import { requestFacts } from './http/request-facts.ts';
import {
  isShop,
  pathForLog,
  rememberSite,
  requestIdOf,
  siteOf,
  startRequest,
  startShop,
} from './http/request-start.ts';
import { dataHeaders, securityHeaders } from './http/security-headers.ts';
import { siteOfHost } from './http/site-of-host.ts';
import { TLS_ASK_PATH, tlsAsk } from './http/tls-ask.ts';
import { trpcEndpoint } from './http/trpc-endpoint.ts';
import { NO_CART, cartSession } from './identity/session.ts';
import { referencePage } from './openapi/reference-page.ts';
import { serviceRouter } from './service-router.ts';
import type { Services } from './services.ts';
import { closedPage } from './storefront-html/shop-pages.ts';
import { shopRoutes } from './storefront-html/shop-routes.ts';
import { storefrontRouter } from './storefront-router.ts';
import { refusalOf } from './trpc/procedures.ts';
import { RETRY_AFTER_SECONDS } from './trpc/refusals.ts';

export type ServerParts = {
  readonly services: Services;
  readonly render: Render;
  /** CSP sources of the styles inside the shop's pages. */
  readonly styleHashes: readonly string[];
  readonly live: LiveEvents;
  readonly metrics: Metrics;
  /** Folder of the built admin app. */
  readonly adminFolder: string;
  /** Folder of the storefront's built client files. */
  readonly storefrontFolder: string;
  /** Aborted when the process is asked to stop: from then on load balancers are told to send nobody any more. */
  readonly stopping: AbortSignal;
};

/** The one HTTP server. The audience is chosen by host: the admin, the API, or a site's shop; no other host gets anything. */
export function createServer(parts: ServerParts): Server {
  const { services, metrics } = parts;
  const findSite = siteOfHost(services.database);
  const askTls = tlsAsk(services, findSite);
  const admin = adminAudience(parts);
  const api = apiAudience(parts);
  const shop = shopAudience(parts);
  const adminHost = hostName(services.adminOrigin.host);
  const apiHost = hostName(services.apiOrigin.host);

  const serve = async (req: IncomingMessage, res: ServerResponse, path: string, search: string): Promise<void> => {
    if (path === '/healthz') return plain(res, 200, 'ok');
    if (path === '/readyz') return tellReady(parts, res);
    if (path === TLS_ASK_PATH) return askTls(req, res, search);
    // A whole address in the request line could name another host than the header does: it is no request of a browser.
    const host = path.startsWith('/') && hostCount(req) === 1 ? hostName(req.headers.host) : undefined;
    if (host === adminHost) return admin(req, res, path, search);
    if (host === apiHost) return api(req, res, path, search);
    // What a newcomer types first.
    if (services.mode === 'development' && host === 'localhost' && req.method === 'GET') {
      res.writeHead(302, { location: services.adminOrigin.href }).end();
      return;
    }
    startShop(res);
    const site = host ? await findSite(host) : undefined;
    if (!site || !isAtAnAddress(site.status)) return plain(res, 404, 'There is nothing at this address.');
    rememberSite(res, site);
    return shop(req, res, path, search);
  };

  const letGo = lettingGo(parts.stopping);
  const server = createHttpServer(
    { maxHeaderSize: 32 * 1024, requestTimeout: 300_000, headersTimeout: 20_000 },
    (req, res) => {
      const url = req.url ?? '/';
      const at = url.indexOf('?');
      const path = at < 0 ? url : url.slice(0, at);
      startRequest(services, metrics, path, req, res);
      letGo(res);
      serve(req, res, path, at < 0 ? '' : url.slice(at)).catch((error: unknown) => sendFault(parts, error, req, res));
    },
  );
  server.keepAliveTimeout = 65_000;
  return server;
}

/**
 * Whoever kept a connection to a process that stops would find it closed at the next request (K03): with the answer to this
 * one, also when it was asked before, they are told to open another.
 */
function lettingGo(stopping: AbortSignal): (res: ServerResponse) => void {
  const open = new Set<ServerResponse>();
  const tell = (res: ServerResponse): void => {
    if (!res.headersSent) res.setHeader('Connection', 'close');
  };
  stopping.addEventListener('abort', () => open.forEach(tell), { once: true });
  return (res) => {
    if (stopping.aborted) return tell(res);
    open.add(res);
    res.on('close', () => open.delete(res));
  };
}

/** Answers the requests of one audience. `search` is the query with its question mark, or nothing. */
type Audience = (req: IncomingMessage, res: ServerResponse, path: string, search: string) => Promise<void>;

/** tRPC first, which needs nothing of Express; the pages, files and forms of the audience by Express. */
const audienceOf = (
  app: express.Express,
  headers: (res: ServerResponse) => void,
  trpc: (req: IncomingMessage, res: ServerResponse, path: string, search: string) => Promise<void>,
): Audience => {
  return async (req, res, path, search) => {
    if (path.startsWith('/trpc/')) {
      dataHeaders(res);
      return trpc(req, res, path.slice('/trpc/'.length), search);
    }
    headers(res);
    app(req, res);
  };
};

function newApp(parts: ServerParts, routes: (app: express.Express) => void): express.Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.use(compressed());
  routes(app);
  app.use((error: unknown, req: Request, res: Response, _next: NextFunction) => sendFault(parts, error, req, res));
  return app;
}

function sendFault(parts: ServerParts, error: unknown, req: IncomingMessage, res: ServerResponse): void {
  const { services, render } = parts;
  const requestId = requestIdOf(res);
  const status = clientStatus(error);
  if (res.headersSent) {
    if (status >= 500) services.log.error({ requestId, err: error }, 'a request failed in the middle of its answer');
    res.destroy();
    return;
  }
  const wantsPage = isShop(res) && (req.headers.accept ?? '').includes('text/html');
  if (isPassingFault(error)) {
    services.log.warn({ requestId, err: error }, 'the database could not answer');
    // The site itself may be what could not be read, so the shop's headers may be missing yet.
    if (wantsPage) return (shopHeaders(parts)(res), sendUnavailable(parts, res, RETRY_AFTER_SECONDS));
  }
  if (sendRefusal(res, error)) return;
  if (status >= 500)
    services.log.error({ requestId, path: pathForLog(req.url?.split('?')[0] ?? ''), err: error }, 'a request failed');
  res.statusCode = status;
  res.setHeader('Cache-Control', 'no-store');
  if (status >= 500 && wantsPage) {
    res.setHeader('Content-Type', 'text/html; charset=utf-8');
    res.end(render({ kind: 'error', referenceId: requestId }).html);
    return;
  }
  res.setHeader('Content-Type', 'application/json; charset=utf-8');
  res.end(
    JSON.stringify({
      message:
        status >= 500 ? 'Something went wrong on our side. Nothing was changed.' : 'This request cannot be read.',
      reference: requestId,
    }),
  );
}

function plain(res: ServerResponse, status: number, text: string): void {
  res.writeHead(status, { 'cache-control': 'no-store', 'content-type': 'text/plain; charset=utf-8' }).end(text);
}

async function tellReady({ services, stopping }: ServerParts, res: ServerResponse): Promise<void> {
  const ready =
    !stopping.aborted &&
    (await services.database.platform.query('select 1').then(
      () => true,
      () => false,
    ));
  plain(res, ready ? 200 : 503, ready ? 'ready' : 'not ready');
}

/** Hosts named in one request: two different ones are an attack, not a request (H01). */
function hostCount({ rawHeaders }: IncomingMessage): number {
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2)
    if (rawHeaders[i]?.length === 4 && rawHeaders[i]?.toLowerCase() === 'host') count += 1;
  return count;
}

function clientStatus(error: unknown): number {
  const status = typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : 500;
  return status >= 400 && status < 500 ? status : 500;
}

/** Refusals are answers; only what nobody expected is written down. */
const logFaults =
  ({ log }: Services) =>
  ({ error, path }: { error: TRPCError; path: string | undefined }): void => {
    if (error.code === 'INTERNAL_SERVER_ERROR' && !refusalOf(error))
      log.error({ path, err: error.cause ?? error }, 'a procedure failed');
    else if (isPassingFault(error.cause)) log.warn({ path, err: error.cause }, 'the database could not answer');
  };

function adminAudience(parts: ServerParts): Audience {
  const { services, adminFolder, live } = parts;
  const app = newApp(parts, (routes) => {
    routes.use(adminFiles(services, live));
    routes.use(
      '/assets',
      express.static(join(adminFolder, 'assets'), { immutable: true, maxAge: '1y', fallthrough: false, index: false }),
    );
    routes.use(express.static(adminFolder, { index: false, maxAge: 0 }));
    routes.get('/{*page}', async (_req, res) => {
      res
        .set('Cache-Control', 'no-store')
        .type('html')
        .send(await readFile(join(adminFolder, 'index.html'), 'utf8'));
    });
  });
  return audienceOf(
    app,
    securityHeaders(),
    trpcEndpoint({
      router: adminRouter,
      sameOrigin: true,
      createContext: (req, res) => Object.assign(requestFacts(services, req, res), { audience: 'admin' as const }),
      onError: logFaults(services),
    }),
  );
}

function apiAudience(parts: ServerParts): Audience {
  const { services, metrics } = parts;
  const app = newApp(parts, (routes) => {
    // Providers call from their own servers: they prove themselves by signature, not by origin.
    routes.post('/webhooks/payments/:configId', express.raw({ type: () => true, limit: '128kb' }), async (req, res) => {
      const { headers } = requestFacts(services, req, res);
      const answer = await receiveNotice(
        services,
        req.params.configId,
        headers,
        Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0),
      );
      if (answer !== 'accepted') metrics.noticeNotBelieved(answer);
      if (answer === 'accepted') res.status(200).json({ received: true });
      else
        res
          .status(answer === 'unknown' ? 404 : 401)
          .json({ message: answer === 'unknown' ? 'There is nothing here.' : 'The signature does not hold.' });
    });
    routes.get('/plain.css', (_req, res) =>
      res.sendFile(join(import.meta.dirname, 'openapi', 'plain.css'), { maxAge: 3_600_000 }),
    );
    routes.get('/', (_req, res) => void res.set('Cache-Control', 'no-cache').type('html').send(referencePage()));
    if (services.mode === 'development')
      routes.get(
        '/mailbox',
        async (_req, res) =>
          void res
            .set('Cache-Control', 'no-store')
            .type('html')
            .send(await mailboxPage(services.home)),
      );
    routes.use(
      (_req, res) => void res.status(404).set('Cache-Control', 'no-store').json({ message: 'There is nothing here.' }),
    );
  });
  return audienceOf(
    app,
    securityHeaders(),
    trpcEndpoint({
      router: serviceRouter,
      sameOrigin: false,
      createContext: (req, res) => Object.assign(requestFacts(services, req, res), { audience: 'service' as const }),
      onError: logFaults(services),
    }),
  );
}

function shopAudience(parts: ServerParts): Audience {
  const { services, render, storefrontFolder } = parts;
  const app = newApp(parts, (routes) => {
    routes.use(
      '/assets',
      express.static(join(storefrontFolder, 'assets'), {
        immutable: true,
        maxAge: '1y',
        index: false,
        fallthrough: false,
      }),
    );
    routes.use(async (_req, res, next) => {
      if (!(await isClosed(parts, res))) next();
    });
    routes.get('/media/:hash/:width.webp', (req, res) => sendPicture(services, siteOf(res).siteId, req, res, 'public'));
    routes.use((req, res, next) => {
      if (!leadsElsewhere(services, req, res)) next();
    });
    routes.use(shopRoutes(services, render));
  });
  const trpc = trpcEndpoint({
    router: storefrontRouter,
    sameOrigin: true,
    createContext: (req, res) =>
      Object.assign(requestFacts(services, req, res), { audience: 'storefront' as const, site: siteOf(res) }),
    onError: logFaults(services),
  });
  return audienceOf(app, shopHeaders(parts), async (req, res, path, search) => {
    if (!(await isClosed(parts, res))) await trpc(req, res, path, search);
  });
}

/**
 * The shop has one address; the others lead to it, path and query kept (I1). Forms are served where they were opened, and
 * so is whoever has a cart there: cookies know one host, and what was put into a cart would be left behind. No browser
 * remembers the answer, since another address may be the primary one tomorrow.
 */
function leadsElsewhere(services: Services, req: Request, res: Response): boolean {
  const { isServedHere, primaryDomain, handle } = siteOf(res);
  if (isServedHere || !primaryDomain || (req.method !== 'GET' && req.method !== 'HEAD')) return false;
  if (cartSession(readCookies(req.headers.cookie), services.mode, handle) !== NO_CART) return false;
  res.set('Cache-Control', 'no-store').redirect(308, `${services.shopOrigin(primaryDomain)}${req.originalUrl}`);
  return true;
}

const shopHeaders = ({ services, styleHashes }: ServerParts): ((res: ServerResponse) => void) =>
  securityHeaders({
    formAction: services.sandboxOrigin ? [services.sandboxOrigin.origin] : [],
    styles: styleHashes,
    isKept: !services.isCopy,
  });

/** Whether there is anything at the address of a site of this status: what is put away or gone answers as if it never was. */
const isAtAnAddress = (status: SiteStatus): boolean => status === 'active' || status === 'suspended';

/** How soon to look again whether a suspended shop is open, in seconds. */
const CLOSED_FOR_SECONDS = 3600;

/** Says calmly, in the shop's own language, that it is closed for the moment. */
async function isClosed(parts: ServerParts, res: ServerResponse): Promise<boolean> {
  const site = siteOf(res);
  if (site.status === 'active') return false;
  const page = await closedPage(parts.services, site);
  sendUnavailable(parts, res, CLOSED_FOR_SECONDS, page);
  return true;
}

/** A calm page instead of the shop's: it says when to come again. Without `page` it knows nothing of the site. */
function sendUnavailable(
  { render }: ServerParts,
  res: ServerResponse,
  retryAfterSeconds: number,
  page: Partial<UnavailablePage> = {},
): void {
  res
    .writeHead(503, {
      'retry-after': String(retryAfterSeconds),
      'cache-control': 'no-store',
      'content-type': 'text/html; charset=utf-8',
    })
    .end(render({ ...page, kind: 'unavailable', retryAfterSeconds }).html);
}

/** Mails that development did not send, newest first. */
async function mailboxPage(home: string): Promise<string> {
  const folder = join(home, 'mail');
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.json'));
  const mails = await Promise.all(
    names.map(
      async (name) =>
        JSON.parse(await readFile(join(folder, name), 'utf8')) as {
          to: string;
          subject: string;
          text: string;
          at: string;
        },
    ),
  );
  const newest = mails.toSorted((a, b) => (a.at < b.at ? 1 : -1)).slice(0, 200);
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Development mailbox</title><link rel="stylesheet" href="/plain.css"><body><main><h1>Development mailbox</h1><p>${newest.length === 0 ? 'No mail yet. Order something in a shop and pay it.' : `${newest.length} mails, newest first. They were written here, not sent.`}</p>${newest
    .map(
      (m) =>
        `<article><h2>${htmlText(m.subject)}</h2><p>To ${htmlText(m.to)} · ${htmlText(new Date(m.at).toLocaleString('en'))}</p><pre>${htmlText(m.text).replace(/(https?:\/\/[^\s<]+)/g, '<a href="$1">$1</a>')}</pre></article>`,
    )
    .join('')}</main></body></html>`;
}
