import { join, resolve } from 'node:path';
import { type DatabaseUrls, masterKey } from '@souk/db';
import { startApi } from '@souk/api/start-api';
import { plainRender } from './plain-render.ts';

/* The API in a process of its own, so that it can be killed, stopped and measured. Its options come as one argument. */

export type ApiProcessOptions = {
  readonly urls: DatabaseUrls;
  readonly home: string;
  readonly port: number;
  /** The port that visitors know: the same for every process, as behind a load balancer. */
  readonly publicPort?: number;
  /** The master key in base64. */
  readonly key: string;
  readonly sandboxOrigin?: string;
  readonly poolSize?: number;
  readonly logFile?: string;
  readonly superviseSeconds?: number;
  readonly dueEveryMs?: number;
  readonly drainSeconds?: number;
  /** Whose word for a visitor's address is believed. */
  readonly trustedProxies?: readonly string[];
  /** Who is asked about domains. */
  readonly dnsServers?: readonly string[];
};
const {
  urls,
  home,
  port,
  publicPort = port,
  key: keyText,
  sandboxOrigin,
  drainSeconds = 0,
  trustedProxies = [],
  dnsServers = [],
  ...rest
} = JSON.parse(process.argv[2] ?? '') as ApiProcessOptions;
const key = masterKey(keyText);
if (!key) throw new Error('no key');

const api = await startApi({
  checkout: resolve(import.meta.dirname, '..', '..', '..'),
  urls,
  logLevel: rest.logFile ? 'error' : 'warn',
  render: plainRender,
  ...rest,
  environment: {
    mode: 'development',
    port,
    home,
    backupFolder: join(home, 'backups'),
    dailyBackups: false,
    key,
    demo: false,
    adminOrigin: new URL(`http://admin.localhost:${publicPort}`),
    apiOrigin: new URL(`http://api.localhost:${publicPort}`),
    sandboxOrigin: sandboxOrigin ? new URL(sandboxOrigin) : undefined,
    trustedProxies,
    dnsServers,
    publicAddresses: [],
    metricsPort: 0,
    drainSeconds,
    smtpUrl: undefined,
    mailFrom: 'shop@example.org',
    dkimSelector: undefined,
  },
});
process.on('message', (word) => {
  if (word === 'memory') process.send?.({ rss: process.memoryUsage.rss() });
});
process.on('disconnect', () => process.exit(1));
process.once('SIGTERM', () => void api.stop().then(() => process.exit(0)));
process.send?.({ port: api.port });
