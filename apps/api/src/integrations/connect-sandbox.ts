import { withSite } from '@souk/db';
import { listAllSites } from '@souk/db/identity';
import { enableAfterTest, findPaymentCredential, listConfigurationsToConnect } from '@souk/db/integrations';
import type { ConfigId } from '@souk/domain/shared';
import type { Services } from '../services.ts';

/** Where a provider sends the notices of a configuration. */
export const noticeUrl = (services: Pick<Services, 'apiOrigin'>, configId: ConfigId): string =>
  new URL(`/webhooks/payments/${configId}`, services.apiOrigin).href;

/**
 * Tells the sandbox provider where this installation listens now: in development the port may be another one each time. A
 * configuration whose first test was never passed, because the provider was away or a crash came between, is switched on now.
 */
export async function connectSandbox(services: Services): Promise<void> {
  const provider = services.providers.get('sandbox');
  if (!provider) return;
  for (const { siteId } of await listAllSites(services.database)) {
    const found = await withSite(services.database, siteId, async (tx) => {
      const sandbox = (await listConfigurationsToConnect(tx)).filter((c) => c.providerName === provider.name);
      return Promise.all(
        sandbox.map(async (c) => ({ ...c, secret: await findPaymentCredential(tx, services.key, c.configId) })),
      );
    });
    for (const { configId, isTested, secret } of found) {
      if (!secret) continue;
      await provider.connect(secret.credential, noticeUrl(services, configId));
      if (!isTested) await withSite(services.database, siteId, (tx) => enableAfterTest(tx, configId));
    }
  }
}
