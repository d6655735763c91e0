import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { openServices, startApi } from '@souk/api/start-api';
import { connectSandbox } from '@souk/api/integrations/connect-sandbox';
import { finishDemoPictures, newDemoPassword, seedDemo } from '@souk/api/demo/seed-demo';
import { newSetUpLink } from '@souk/api/identity/set-up';
import type { Services } from '@souk/api/services';
import { bootChecks, lintSchema } from '@souk/db';
import { listAllSites } from '@souk/db/identity';
import { findRunning } from '@souk/db/embedded';
import { inDatabase } from '@souk/db/testing';
import type { Environment } from '@souk/api/env';
import { dailyBackups } from './backup-command.ts';
import { buildApps } from './build-apps.ts';
import {
  checkout,
  configuredUrls,
  migrateInstallation,
  openInstallation,
  openServer,
  Stop,
  readJson,
  writePrivate,
} from './installation.ts';
import { recreateDatabase } from './reset.ts';

export type DemoFile = {
  readonly finished: boolean;
  readonly email: string;
  readonly password: string;
  readonly sites?: readonly { readonly handle: string; readonly name: string; readonly apiKey: string }[];
  readonly orders?: number;
  /** True when every picture has been drawn; the less important ones are drawn after the start. */
  readonly pictures?: boolean;
};

/** Who owns the demo's sites. */
const DEMO_EMAIL = 'owner@souk.localhost';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Does one step and says how long it took; a step that had nothing to do says so. */
async function step<Value>(
  label: string,
  work: () => Promise<Value>,
  found?: (value: Value) => string,
): Promise<Value> {
  const startedAt = performance.now();
  const value = await work();
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  say(`  ${label.padEnd(12)} ${(found ? found(value) : 'done').padEnd(44)} ${seconds.padStart(5)} s`);
  return value;
}

/** `npm start`: everything, from an empty folder to two running shops. Stops with one signal, the database last. */
export async function start(): Promise<number> {
  const opened = openInstallation();
  const { environment } = opened;
  refuseSecond(environment.home);
  await portFree(environment.port, 'PORT');
  say('Souk');
  const runningFile = join(environment.home, 'running.json');
  const demoFile = join(environment.home, 'demo.json');
  if (!process.env.SKIP_BUILD)
    await step(
      'Build',
      () => buildApps(),
      (built) => (built ? 'admin and storefront built' : 'nothing has changed'),
    );
  const server = await step(
    'Database',
    () => openServer(environment.home),
    (s) => (s.embedded ? (s.embedded.created ? 'PostgreSQL made and started' : 'PostgreSQL started') : 'connected'),
  );
  let sandbox: ChildProcess | undefined;
  let stopApi: (() => Promise<void>) | undefined;
  let stopBackups: (() => void) | undefined;
  const stopped = stopSignal();
  try {
    const halfSeeded = environment.demo && readJson<DemoFile>(demoFile)?.finished === false;
    if (halfSeeded && server.ownerUrl && !(await isSomebodysOwn(server.ownerUrl)))
      await recreateDatabase(server.ownerUrl, environment.home);
    const urls = server.ownerUrl
      ? (
          await step(
            'Migrations',
            () => migrateInstallation(server, opened),
            (m) => (m.applied.length > 0 ? `${m.applied.length} applied` : 'up to date'),
          )
        ).urls
      : { app: '', platform: '', relay: '', ...configuredUrls() };
    const findings: { readonly message: string }[] = await bootChecks(urls, environment.key);
    // A developer's change to the schema that breaks a promise is seen at the next start, not in a review.
    if (environment.mode === 'development' && server.ownerUrl) findings.push(...(await lintDatabase(server.ownerUrl)));
    if (findings.length > 0) {
      say(['', 'Souk does not start:', ...findings.map((f) => `  ${f.message}`)].join('\n'));
      return 1;
    }
    if (environment.sandboxOrigin) sandbox = await startSandbox(environment);
    const hasDemo = readJson<DemoFile>(demoFile)?.finished === true;
    const wantsDemo =
      environment.demo && (hasDemo || (server.ownerUrl !== undefined && !(await isSomebodysOwn(server.ownerUrl))));
    if (wantsDemo && !hasDemo) say('  Two demo shops with ninety days of orders are being made, once.');
    const demo = wantsDemo
      ? await step(
          'Demo data',
          () => seedOnce(environment, urls, demoFile),
          (d) => (d.seeded ? `2 shops, ${d.orders} orders of 90 days` : 'there already'),
        )
      : undefined;
    const api = await step(
      'Server',
      () => startApi({ environment, urls, checkout, logFile: join(environment.home, 'logs', 'api.log') }),
      () => `listening on port ${environment.port}`,
    );
    stopApi = api.stop;
    // The provider may have been away when a site was set up, and it listens at another port now and then.
    if (!demo) await connectSandbox(api.services);
    const setUpLink = await newSetUpLink(api.services);
    if (demo && !demo.access.pictures) void finishPictures(api.services, demoFile);
    if (server.embedded)
      writePrivate(runningFile, JSON.stringify({ pid: process.pid, admin: environment.adminOrigin.origin }));
    sayWhere(environment, demo?.access, setUpLink);
    const total = (performance.now() + Number(process.env.SOUK_BOOTSTRAP_MS ?? 0)) / 1000;
    say(`\nReady after ${total.toFixed(1)} s. Ctrl-C stops everything.`);
    stopBackups = server.ownerUrl ? dailyBackups(environment) : undefined;
    await stopped;
    say('\nStopping …');
    return 0;
  } finally {
    stopBackups?.();
    await stopApi?.();
    sandbox?.kill('SIGTERM');
    await server.stop();
    if (server.embedded) rmSync(runningFile, { force: true });
  }
}

/** What a running start says of itself, for whoever starts another from the same folder. */
type RunningFile = { readonly pid: number; readonly admin: string };

/**
 * One folder, one start: a second would serve the same shops at another address, with payments of its own, and lose its
 * database with the first. Processes that share a database of their own (`DATABASE_URL`) are as many as anyone likes.
 */
function refuseSecond(home: string): void {
  if (process.env.DATABASE_URL || process.env.APP_DATABASE_URL) return;
  const running = findRunning({ home });
  if (!running || running.isOrphan) return;
  const file = readJson<RunningFile>(join(home, 'running.json'));
  throw new Stop(
    file && file.pid === running.ownerPid
      ? `Souk runs from this folder already: ${file.admin}. Stop it first (Ctrl-C where it runs, or: kill ${file.pid}), or set SOUK_HOME and PORT for a second one beside it.`
      : `Another command of Souk uses the database of this folder (process ${running.ownerPid ?? running.pid}). Wait until it is done, or stop it, and start again.`,
  );
}

/**
 * Whether people have made this installation their own: somebody but the demo's owner has an account. No demo is then made
 * in it, and nothing of it is made again, whatever an older start has left unfinished.
 */
const isSomebodysOwn = (ownerUrl: string): Promise<boolean> =>
  inDatabase(ownerUrl, async (client) => {
    const { rows: known } = await client.query<{ known: boolean }>(
      "select to_regclass('public.admin_accounts') is not null as known",
    );
    if (!known[0]?.known) return false;
    const { rowCount } = await client.query('select 1 from admin_accounts where email <> $1 limit 1', [DEMO_EMAIL]);
    return (rowCount ?? 0) > 0;
  });

async function lintDatabase(ownerUrl: string): Promise<{ message: string }[]> {
  const found = await inDatabase(ownerUrl, lintSchema);
  return found.map(({ rule, table, message }) => ({ message: `${rule}: the table ${table} ${message}.` }));
}

/** Resolves when the process is asked to end, by a signal or because its parent is gone. */
function stopSignal(): Promise<void> {
  return new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const) process.once(signal, () => done());
  });
}

async function portFree(port: number, variable: string): Promise<void> {
  const server = createServer();
  await new Promise<void>((done, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      fail(
        error.code === 'EADDRINUSE'
          ? new PortTaken(
              `Port ${port} is taken: something else, perhaps another Souk, listens there. Stop it, or set ${variable} to another port.`,
            )
          : error,
      );
    });
    server.listen(port, () => server.close(() => done()));
  });
}

class PortTaken extends Stop {}

async function startSandbox(environment: Environment): Promise<ChildProcess> {
  const origin = environment.sandboxOrigin;
  if (!origin) throw new Error('no sandbox in production');
  const child = spawn(process.execPath, [join(checkout, 'apps', 'sandbox-provider', 'src', 'main.ts')], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      ...process.env,
      PORT: origin.port || '80',
      ORIGIN: origin.origin,
      DATA_FILE: join(environment.home, 'sandbox-provider.jsonl'),
    },
  });
  await new Promise<void>((done, fail) => {
    // Under `node --watch` a child also reports the files it reads.
    child.on('message', (message) => {
      if (message === 'listening') done();
    });
    child.once('exit', (code) =>
      fail(
        new PortTaken(
          `The sandbox payment provider could not start (exit code ${code}). Is port ${origin.port} taken? Set SANDBOX_ORIGIN to another address.`,
        ),
      ),
    );
  });
  return child;
}

async function seedOnce(
  environment: Environment,
  urls: Parameters<typeof openServices>[0]['urls'],
  demoFile: string,
): Promise<{ seeded: boolean; orders: number; access: DemoFile }> {
  const { services, stop } = await openServices({
    environment,
    urls,
    logFile: join(environment.home, 'logs', 'api.log'),
    logLevel: 'warn',
  });
  try {
    const existing = readJson<DemoFile>(demoFile);
    if (existing?.finished && (await listAllSites(services.database)).length > 0) {
      await connectSandbox(services);
      return { seeded: false, orders: existing.orders ?? 0, access: existing };
    }
    const access = { email: DEMO_EMAIL, password: existing?.password ?? newDemoPassword() };
    writePrivate(demoFile, JSON.stringify({ finished: false, ...access }));
    const made = await seedDemo(services, access);
    const file: DemoFile = { finished: true, ...made };
    writePrivate(demoFile, JSON.stringify(file, undefined, 2));
    return { seeded: true, orders: made.orders, access: file };
  } finally {
    await stop();
  }
}

/** `npm run seed`: makes the demo data where there is none, without starting the server. */
export async function seedCommand(): Promise<number> {
  const opened = openInstallation();
  const { environment } = opened;
  if (environment.mode === 'production') throw new Stop('Demo data is for development; this is production.');
  const server = await openServer(environment.home);
  let sandbox: ChildProcess | undefined;
  try {
    const { urls } = await migrateInstallation(server, opened);
    if (server.ownerUrl && (await isSomebodysOwn(server.ownerUrl)))
      throw new Stop(
        'This installation is somebody’s own: no demo is made beside it. Another SOUK_HOME is another one.',
      );
    sandbox = await startSandbox(environment).catch((error: unknown) => {
      if (error instanceof PortTaken) return undefined;
      throw error;
    });
    const demo = await seedOnce(environment, urls, join(environment.home, 'demo.json'));
    say(
      demo.seeded
        ? `Made 2 shops with ${demo.orders} orders.`
        : 'The demo data is there already. `npm run reset` removes it.',
    );
    return 0;
  } finally {
    sandbox?.kill('SIGTERM');
    await server.stop();
  }
}

/** Draws what is left of the demo's pictures while the shops are open already. What a stop breaks off, the next start ends. */
async function finishPictures(services: Services, demoFile: string): Promise<void> {
  try {
    await finishDemoPictures(services);
    writePrivate(demoFile, JSON.stringify({ ...readJson<DemoFile>(demoFile), pictures: true }, undefined, 2));
  } catch (error) {
    services.log.warn({ err: error }, 'not every picture of the demo could be drawn; the next start tries again');
  }
}

function sayWhere(environment: Environment, demo: DemoFile | undefined, setUpLink: string | undefined): void {
  const shop = (handle: string): string => `http://${handle}.localhost:${environment.port}`;
  const rows: [string, string][] = [
    ...(setUpLink === undefined ? [] : ([['Set up', setUpLink]] as [string, string][])),
    ['Admin', environment.adminOrigin.origin],
    ...(demo?.sites ?? []).map((s): [string, string] => [s.name, shop(s.handle)]),
    ...(demo
      ? ([
          ['Sign in as', demo.email],
          ['Password', demo.password],
        ] as [string, string][])
      : []),
    ...(environment.mode === 'development'
      ? ([
          ['Mailbox', `${environment.apiOrigin.origin}/mailbox`],
          ['API', environment.apiOrigin.origin],
          ['Payments', `${environment.sandboxOrigin?.origin ?? ''} (sandbox)`],
        ] as [string, string][])
      : []),
  ];
  if (setUpLink !== undefined) {
    say(
      '\n  Nobody has an account here yet. Open the link beside "Set up" to make the first one, and your first site.',
    );
    say('  It works once, for a day; the next start prints another.');
  }
  say('');
  for (const [what, where] of rows) say(`  ${what.padEnd(12)} ${where}`);
}
