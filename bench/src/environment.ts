import { join } from 'node:path';
import type { Environment } from '@souk/api/env';
import type { MasterKey } from '@souk/db';

/** The configuration of a measured API: as in development, so that hosts need no certificate. */
export const environmentOf = ({
  port,
  home,
  key,
  providerOrigin,
}: {
  port: number;
  home: string;
  key: MasterKey;
  providerOrigin: URL;
}): Environment => ({
  mode: 'development',
  port,
  home,
  backupFolder: join(home, 'backups'),
  dailyBackups: false,
  key,
  demo: false,
  adminOrigin: new URL(`http://admin.localhost:${port}`),
  apiOrigin: new URL(`http://api.localhost:${port}`),
  sandboxOrigin: providerOrigin,
  trustedProxies: [],
  dnsServers: [],
  publicAddresses: [],
  metricsPort: 0,
  drainSeconds: 0,
  smtpUrl: undefined,
  mailFrom: 'shop@example.org',
  dkimSelector: undefined,
});
