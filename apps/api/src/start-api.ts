import type { Server } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { type DatabaseUrls, type Patience, isPassingFault, openDatabase } from '@souk/db';
import { type OutboxKind, listenForLook } from '@souk/db/activity';
import { isCopy } from '@souk/db/identity';
import { orderNumbers } from '@souk/db/commerce';
import type { Render } from '@souk/storefront/page-data';
import { pino } from 'pino';
import { compile as trusting } from 'proxy-addr';
import { v7 } from 'uuid';
import { applyImport, checkImport } from './catalog/product-import.ts';
import { replayNotice } from './commerce/notices.ts';
import type { Environment } from './env.ts';
import { liveEvents } from './http/live-events.ts';
import { createMetrics, serveMetrics } from './http/metrics.ts';
import { requestLog } from './http/request-log.ts';
import { domainLookup } from './identity/domain-lookup.ts';
import { sandboxProvider } from './integrations/sandbox-provider.ts';
import { checkSender } from './integrations/sender-domain.ts';
import { mailboxMailer, smtpMailer } from './jobs/mailer.ts';
import { mediaFetch } from './jobs/media-fetch.ts';
import { domainMail } from './jobs/domain-mail.ts';
import { accountMail } from './jobs/account-mail.ts';
import { invitationMail } from './jobs/invitation-mail.ts';
import { supportMail } from './jobs/support-mail.ts';
import { orderMail } from './jobs/order-mail.ts';
import { type JobData, type JobWorker, startJobs } from './jobs/relay.ts';
import { onceReleased } from './jobs/once-released.ts';
import { startTimers } from './jobs/timers.ts';
import { createServer } from './server.ts';
import type { Services } from './services.ts';

export type ApiOptions = {
  readonly environment: Environment;
  readonly urls: DatabaseUrls;
  /** Folder of the checkout: the built apps are found below it. */
  readonly checkout: string;
  readonly storefrontRuntime?: 'preact' | 'react';
  /** Draws the shop's pages instead of the built storefront. */
  readonly render?: Render;
  /** Connections of the app role. */
  readonly poolSize?: number;
  /** How long the database is waited for. */
  readonly patience?: Partial<Patience>;
  /** The clock; an argument so that time can be told in tests. */
  readonly now?: () => Date;
  /** How often jobs whose process died are looked for, in seconds. */
  readonly superviseSeconds?: number;
  /** How often due work is looked for, in milliseconds. */
  readonly dueEveryMs?: number;
  readonly logFile?: string | undefined;
  readonly logLevel?: string;
};

export type RunningApi = { readonly services: Services; readonly port: number; stop(): Promise<void> };

/** Everything a request or a job may use, on open connections. `stop` waits for work under way, then closes them. */
export async function openServices(
  {
    environment,
    urls,
    logFile,
    logLevel,
    patience = {},
    now = () => new Date(),
  }: Pick<ApiOptions, 'environment' | 'urls' | 'logFile' | 'logLevel' | 'patience' | 'now'>,
  poolSize?: number,
): Promise<{ services: Services; stop(): Promise<void> }> {
  const database = openDatabase(urls, { patience, ...(poolSize ? { poolSize } : {}) });
  const destination = logFile ? pino.destination({ dest: logFile, mkdir: true, sync: false }) : pino.destination(1);
  // Lines of requests hold nothing that could need hiding, and there are very many of them: they are written 16 kB at a time,
  // and at the latest after a second.
  const requests = logFile
    ? pino.destination({ dest: logFile, mkdir: true, sync: false, minLength: 16_000, periodicFlush: 1000 })
    : destination;
  const level = logLevel ?? 'info';
  const log = pino({ level, base: null, redact: ['err.cause', '*.password', '*.email'] }, destination);
  const underWay = new Set<Promise<unknown>>();
  const services: Services = {
    database,
    key: environment.key,
    log,
    requestLog: requestLog(level, requests),
    now,
    newId: (at, n) => v7(at ? { msecs: at.getTime(), ...(n === undefined ? {} : { seq: n }) } : undefined),
    nextOrderNumber: orderNumbers(database),
    providers: new Map(environment.sandboxOrigin ? [['sandbox', sandboxProvider(environment.sandboxOrigin)]] : []),
    home: environment.home,
    backupFolder: environment.backupFolder,
    isCopy: await isCopy(database),
    mode: environment.mode,
    adminOrigin: environment.adminOrigin,
    apiOrigin: environment.apiOrigin,
    sandboxOrigin: environment.sandboxOrigin,
    domains: domainLookup(environment.dnsServers),
    publicAddresses: environment.publicAddresses,
    trusts: trusting([...environment.trustedProxies]),
    shopOrigin: (host) =>
      // In development the shops share the admin's port, which a balancer may hold for several processes.
      `${environment.adminOrigin.protocol}//${host}${environment.mode === 'development' && environment.adminOrigin.port ? `:${environment.adminOrigin.port}` : ''}`,
    background: (name, work) => {
      const watched = work
        .catch((error: unknown) =>
          log[isPassingFault(error) ? 'warn' : 'error']({ err: error, name }, 'background work failed'),
        )
        .finally(() => underWay.delete(watched));
      underWay.add(watched);
    },
  };
  return {
    services,
    stop: async () => {
      while (underWay.size > 0) await Promise.all(underWay);
      await database.close();
      if (logFile) requests.flushSync();
    },
  };
}

/** Before the first mail goes out it is told what its receivers will miss. */
async function tellOfSender(services: Services, environment: Environment): Promise<void> {
  const { mailFrom: address, dkimSelector: selector } = environment;
  for (const { record, state, name, advice } of await checkSender(services.domains, { address, selector }))
    if (state !== 'right') services.log.warn({ record, state, name }, `mails may not arrive: ${advice}`);
}

/** Runs an import to where it can go: a look at the file, or the writing of it. */
const importWorker =
  (services: Services) =>
  async ({ siteId, entityId }: JobData): Promise<void> => {
    await checkImport(services, siteId, entityId);
    await applyImport.run(services, siteId, entityId);
  };

/** Starts the HTTP server, the relay, the workers and the timers of one process. */
export async function startApi(options: ApiOptions): Promise<RunningApi> {
  const { environment, checkout } = options;
  const { services, stop: closeServices } = await openServices(options, options.poolSize);
  const runtime = options.storefrontRuntime ?? 'preact';
  const storefront = join(checkout, 'apps', 'storefront', 'dist', runtime);
  const { render, styleHashes } = options.render
    ? { render: options.render, styleHashes: [] }
    : ((await import(pathToFileURL(join(storefront, 'server', 'entry-server.js')).href)) as {
        render: Render;
        styleHashes: readonly string[];
      });
  const live = liveEvents(services.database, services.now);
  const metrics = createMetrics(services.database);
  const stopping = new AbortController();
  const server = createServer({
    services,
    render,
    styleHashes,
    live,
    metrics,
    adminFolder: join(checkout, 'apps', 'admin', 'dist'),
    storefrontFolder: join(storefront, 'client'),
    stopping: stopping.signal,
  });
  await listen(server, environment.port);
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : environment.port;
  const mailer =
    environment.smtpUrl && !services.isCopy ? smtpMailer(environment.smtpUrl) : mailboxMailer(environment.home);
  if (environment.smtpUrl && !services.isCopy)
    services.background('look at the sender', tellOfSender(services, environment));
  const orders = orderMail(services, mailer, environment.mailFrom);
  const aboutDomains = domainMail(services, mailer, environment.mailFrom);
  const mails: Partial<Record<OutboxKind, JobWorker>> = {
    'invitation.wanted': invitationMail(services, mailer, environment.mailFrom),
    'support.opened': supportMail(services, mailer, environment.mailFrom),
    'domain.lost': aboutDomains,
    'domain.released': aboutDomains,
  };
  const work = await onceReleased(services, async () => {
    const jobs = await startJobs(
      services.database,
      services.log,
      {
        mail: (job, isLastTry) => mails[job.kind]?.(job, isLastTry) ?? orders(job, isLastTry),
        media: mediaFetch(services),
        imports: importWorker(services),
        notices: ({ siteId, entityId }) => replayNotice(services, siteId, entityId),
      },
      {
        accountMail: accountMail(services, mailer, environment.mailFrom),
        superviseSeconds: options.superviseSeconds,
      },
    );
    const timers = startTimers(services, options.dueEveryMs);
    return { pause: timers.stop, stop: jobs.stop };
  });
  const look = listenForLook(services.database, live.look);
  const metricsServer =
    environment.metricsPort > 0
      ? await serveMetrics(metrics, environment.metricsPort).catch(() => undefined)
      : undefined;
  return {
    services,
    port,
    // Balancers are told first and given time to notice, while whoever still comes is served (K03). Then nobody new is let
    // in, requests under way are finished, and the work behind them.
    stop: async () => {
      stopping.abort();
      work.pause();
      await sleep(environment.drainSeconds * 1000);
      live.stop();
      metricsServer?.close();
      const closed = new Promise<void>((done) => server.close(() => done()));
      server.closeIdleConnections();
      const force = setTimeout(() => server.closeAllConnections(), 10_000);
      await closed;
      clearTimeout(force);
      await look.stop();
      await work.stop();
      await closeServices();
    },
  };
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(port, () => {
      server.off('error', fail);
      done();
    });
  });
}
