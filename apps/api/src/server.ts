import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { type Server, createServer as createHttpServer } from 'node:http';
import { join } from 'node:path';
import { type Site, findSiteByHost } from '@souk/db/identity';
import { hostName } from '@souk/domain/identity';
import type { Render } from '@souk/storefront/page-data';
import type { TRPCError } from '@trpc/server';
import { createExpressMiddleware } from '@trpc/server/adapters/express';
import express, { type NextFunction, type Request, type Response } from 'express';
import { adminRouter } from './admin-router.ts';
import { receiveNotice } from './commerce/notices.ts';
import { adminFiles, sendPicture, sendRefusal } from './http/admin-files.ts';
import { compressed } from './http/compressed.ts';
import { htmlText } from './http/html-text.ts';
import type { LiveEvents } from './http/live-events.ts';
import type { Metrics } from './http/metrics.ts';
import { requestFacts } from './http/request-facts.ts';
import { securityHeaders } from './http/security-headers.ts';
import { TRPC_LIMITS, trpcGuard } from './http/trpc-over-http.ts';
import { referencePage } from './openapi/reference-page.ts';
import { serviceRouter } from './service-router.ts';
import type { Services } from './services.ts';
import { shopRoutes } from './storefront-html/shop-routes.ts';
import { storefrontRouter } from './storefront-router.ts';

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
  readonly trustedProxies: readonly string[];
  /** False while the process is stopping: load balancers send nobody any more. */
  readonly isReady: () => boolean;
};

/** The one HTTP server. The audience is chosen by host: the admin, the API, or a site's shop; no other host gets anything. */
export function createServer(parts: ServerParts): Server {
  const { services, metrics } = parts;
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', parts.trustedProxies.length > 0 ? parts.trustedProxies : false);
  app.set('query parser', 'simple');

  app.use((req, res, next) => {
    const requestId = randomUUID();
    const startedAt = performance.now();
    res.locals.requestId = requestId;
    res.setHeader('X-Request-Id', requestId);
    res.on('finish', () => {
      const seconds = (performance.now() - startedAt) / 1000;
      metrics.observe(req.method, res.statusCode, seconds);
      const site = res.locals.site as Site | undefined;
      // The path alone: queries hold what people search for, and order links are secrets.
      services.log.info(
        {
          requestId,
          site: site?.siteId,
          method: req.method,
          path: pathForLog(req.path),
          status: res.statusCode,
          ms: Math.round(seconds * 1000),
        },
        'request',
      );
    });
    next();
  });

  app.use(compressed());
  app.get('/healthz', (_req, res) => void res.set('Cache-Control', 'no-store').type('text').send('ok'));
  app.get('/readyz', async (_req, res) => {
    const ready =
      parts.isReady() &&
      (await services.database.platform.query('select 1').then(
        () => true,
        () => false,
      ));
    res
      .status(ready ? 200 : 503)
      .set('Cache-Control', 'no-store')
      .type('text')
      .send(ready ? 'ready' : 'not ready');
  });

  const admin = adminApp(parts);
  const api = apiApp(parts);
  const shop = shopApp(parts);
  app.use(async (req, res, next) => {
    // A whole address in the request line could name another host than the header does: it is no request of a browser.
    const host = req.originalUrl.startsWith('/') && hostCount(req) === 1 ? hostName(req.headers.host) : undefined;
    if (host === hostName(services.adminOrigin.host)) return admin(req, res, next);
    if (host === hostName(services.apiOrigin.host)) return api(req, res, next);
    // What a newcomer types first.
    if (services.mode === 'development' && host === 'localhost' && req.method === 'GET')
      return res.redirect(302, services.adminOrigin.href);
    const site = host ? await findSiteByHost(services.database, host) : undefined;
    if (!site || site.status === 'created' || site.status === 'purged') return unknownHost(res);
    res.locals.site = site;
    return shop(req, res, next);
  });

  app.use((error: unknown, req: Request, res: Response, next: NextFunction) => {
    if (res.headersSent) return next(error);
    if (sendRefusal(res, error)) return;
    const status = clientStatus(error);
    const requestId = String(res.locals.requestId);
    if (status >= 500) services.log.error({ requestId, path: pathForLog(req.path), err: error }, 'a request failed');
    res.status(status).set('Cache-Control', 'no-store');
    if ((req.headers.accept ?? '').includes('text/html') && res.locals.site) {
      if (status >= 500)
        return void res.type('html').send(parts.render({ kind: 'error', referenceId: requestId }).html);
    }
    res.json({
      message:
        status >= 500 ? 'Something went wrong on our side. Nothing was changed.' : 'This request cannot be read.',
      reference: requestId,
    });
  });
  const server = createHttpServer({ maxHeaderSize: 32 * 1024, requestTimeout: 300_000, headersTimeout: 20_000 }, app);
  server.keepAliveTimeout = 65_000;
  return server;
}

/** Hosts named in one request: two different ones are an attack, not a request (H01). */
const hostCount = (req: Request): number =>
  req.rawHeaders.filter((_, i) => i % 2 === 0 && req.rawHeaders[i]?.toLowerCase() === 'host').length;

const pathForLog = (path: string): string =>
  path
    .replace(/^\/orders\/[^/]+/i, '/orders/…')
    .replaceAll(/[\w-]{43}/g, '…')
    .slice(0, 200);

function clientStatus(error: unknown): number {
  const status = typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : 500;
  return status >= 400 && status < 500 ? status : 500;
}

function unknownHost(res: Response): void {
  res.status(404).set('Cache-Control', 'no-store').type('text').send('There is nothing at this address.');
}

/** Refusals are answers; only what nobody expected is written down. */
const logFaults =
  ({ log }: Services) =>
  ({ error, path }: { error: TRPCError; path: string | undefined }): void => {
    if (error.code === 'INTERNAL_SERVER_ERROR') log.error({ path, err: error.cause ?? error }, 'a procedure failed');
  };

function adminApp({ services, adminFolder, live }: ServerParts): express.Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(securityHeaders());
  app.use(
    '/trpc',
    trpcGuard({ sameOrigin: true }),
    createExpressMiddleware({
      router: adminRouter,
      createContext: ({ req, res }) => ({ audience: 'admin' as const, ...requestFacts(services, req, res) }),
      onError: logFaults(services),
      ...TRPC_LIMITS,
    }),
  );
  app.use(adminFiles(services, live));
  app.use(
    '/assets',
    express.static(join(adminFolder, 'assets'), { immutable: true, maxAge: '1y', fallthrough: false, index: false }),
  );
  app.use(express.static(adminFolder, { index: false, maxAge: 0 }));
  app.get('/{*page}', async (_req, res) => {
    res
      .set('Cache-Control', 'no-store')
      .type('html')
      .send(await readFile(join(adminFolder, 'index.html'), 'utf8'));
  });
  return app;
}

function apiApp({ services, metrics }: ServerParts): express.Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(securityHeaders());
  // Providers call from their own servers: they prove themselves by signature, not by origin.
  app.post('/webhooks/payments/:configId', express.raw({ type: () => true, limit: '128kb' }), async (req, res) => {
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
  app.use(
    '/trpc',
    trpcGuard({ sameOrigin: false }),
    createExpressMiddleware({
      router: serviceRouter,
      createContext: ({ req, res }) => ({ audience: 'service' as const, ...requestFacts(services, req, res) }),
      onError: logFaults(services),
      ...TRPC_LIMITS,
    }),
  );
  app.get('/plain.css', (_req, res) =>
    res.sendFile(join(import.meta.dirname, 'openapi', 'plain.css'), { maxAge: 3_600_000 }),
  );
  app.get('/', (_req, res) => void res.set('Cache-Control', 'no-cache').type('html').send(referencePage()));
  if (services.mode === 'development')
    app.get(
      '/mailbox',
      async (_req, res) =>
        void res
          .set('Cache-Control', 'no-store')
          .type('html')
          .send(await mailboxPage(services.home)),
    );
  app.use(
    (_req, res) => void res.status(404).set('Cache-Control', 'no-store').json({ message: 'There is nothing here.' }),
  );
  return app;
}

function shopApp({ services, render, styleHashes, storefrontFolder }: ServerParts): express.Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(
    securityHeaders({ formAction: services.sandboxOrigin ? [services.sandboxOrigin.origin] : [], styles: styleHashes }),
  );
  app.use(
    '/assets',
    express.static(join(storefrontFolder, 'assets'), {
      immutable: true,
      maxAge: '1y',
      index: false,
      fallthrough: false,
    }),
  );
  app.get('/media/:hash/:width.webp', (req, res) =>
    sendPicture(services, (res.locals.site as Site).siteId, req, res, 'public'),
  );
  app.use((req, res, next) => {
    const site = res.locals.site as Site;
    if (site.status !== 'active') {
      res
        .status(503)
        .set({ 'Retry-After': '3600', 'Cache-Control': 'no-store' })
        .type('html')
        .send(render({ kind: 'unavailable', retryAfterSeconds: 3600 }).html);
      return;
    }
    // The shop has one address; the others lead to it, path and query kept.
    if (!site.isPrimaryHost && site.primaryDomain && req.method === 'GET')
      return res.redirect(308, `${services.shopOrigin(site.primaryDomain)}${req.originalUrl}`);
    next();
  });
  app.use(
    '/trpc',
    trpcGuard({ sameOrigin: true }),
    createExpressMiddleware({
      router: storefrontRouter,
      createContext: ({ req, res }) => ({
        audience: 'storefront' as const,
        site: res.locals.site as Site,
        ...requestFacts(services, req, res),
      }),
      onError: logFaults(services),
      ...TRPC_LIMITS,
    }),
  );
  app.use(shopRoutes(services, render));
  return app;
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
