import { resolve } from 'node:path';
import { masterKey } from '@souk/db';
import { startApi } from '@souk/api/start-api';
import { environmentOf } from './environment.ts';
import { type ApiProcessOptions, optionsOf, tellMemory } from './processes.ts';

/* The whole API as it serves, in a process of its own. Its log goes to a file, as in production. */

const startedAt = performance.now();
const { urls, home, port, keyText, providerOrigin, logLevel } = optionsOf<ApiProcessOptions>();
const key = masterKey(keyText);
if (!key) throw new Error('no key');
const api = await startApi({
  checkout: resolve(import.meta.dirname, '..', '..'),
  urls,
  logFile: `${home}/api.log`,
  logLevel,
  environment: environmentOf({ port, home, key, providerOrigin: new URL(providerOrigin) }),
});
tellMemory(() => api.stop());
process.send?.({ ready: api.port, ms: performance.now() - startedAt });
