import { withSite } from '@souk/db';
import { listAllSites } from '@souk/db/identity';
import { findPaymentCredential, listEnabledConfigurations } from '@souk/db/integrations';
import type { ConfigId } from '@souk/domain/shared';
import type { Services } from '../services.ts';

/** Where a provider sends the notices of a configuration. */
export const noticeUrl = (services: Pick<Services, 'apiOrigin'>, configId: ConfigId): string =>
  new URL(`/webhooks/payments/${configId}`, services.apiOrigin).href;

/** Tells the sandbox provider where this installation listens now: in development the port may be another one each time. */
export async function connectSandbox(services: Services): Promise<void> {
  const provider = services.providers.get('sandbox');
  if (!provider) return;
  for (const { siteId } of await listAllSites(services.database)) {
    const credentials = await withSite(services.database, siteId, async (tx) => {
      const sandbox = (await listEnabledConfigurations(tx)).filter((config) => config.providerName === provider.name);
      return Promise.all(sandbox.map(({ configId }) => findPaymentCredential(tx, services.key, configId)));
    });
    for (const config of credentials) {
      if (config) await provider.connect(config.credential, noticeUrl(services, config.configId));
    }
  }
}
