import { resolve } from 'node:path';
import { masterKey } from '@souk/db';
import type { DatabaseUrls } from '@souk/db';
import { startApi } from '@souk/api/start-api';

/* The API in a process of its own, so that its memory can be measured and it can be killed. Its options come as one argument. */

type Options = { readonly urls: DatabaseUrls; readonly home: string; readonly port: number; readonly key: string };
const { urls, home, port, key: keyText } = JSON.parse(process.argv[2] ?? '') as Options;
const key = masterKey(keyText);
if (!key) throw new Error('no key');

const api = await startApi({
  checkout: resolve(import.meta.dirname, '..', '..', '..', '..'),
  urls,
  logLevel: 'warn',
  render: () => ({ html: '', status: 200 }),
  environment: {
    mode: 'development',
    port,
    home,
    key,
    demo: false,
    adminOrigin: new URL(`http://admin.localhost:${port}`),
    apiOrigin: new URL(`http://api.localhost:${port}`),
    sandboxOrigin: undefined,
    trustedProxies: [],
    metricsPort: 0,
    smtpUrl: undefined,
    mailFrom: 'shop@example.org',
  },
});
process.on('message', (word) => {
  if (word === 'memory') process.send?.({ rss: process.memoryUsage.rss() });
});
process.on('disconnect', () => process.exit(1));
process.send?.({ port: api.port });
