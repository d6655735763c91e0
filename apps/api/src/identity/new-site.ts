import { randomBytes } from 'node:crypto';
import { type SiteTransaction, withSite } from '@souk/db';
import { insertShippingMethod } from '@souk/db/commerce';
import { type NewSite, addMember, createSite } from '@souk/db/identity';
import {
  type PaymentCredential,
  enableAfterTest,
  insertCredential,
  insertPaymentConfiguration,
} from '@souk/db/integrations';
import { DEFAULT_ROLES } from '@souk/domain/identity';
import { type AdminId, type ConfigId, type Money, type SiteId, id } from '@souk/domain/shared';
import { noticeUrl } from '../integrations/connect-sandbox.ts';
import type { Services } from '../services.ts';

/** What a person decides of a new site; the rest is the same for all. */
export type SitePlan = Omit<NewSite, 'domains' | 'taxRate' | 'locationId' | 'transitionId' | 'roleIds'> & {
  /** Where its shop is, without the port. */
  readonly host: string;
  readonly tax: { readonly name: string; readonly ratePerMillion: number };
  readonly shipping: { readonly name: string; readonly description: string; readonly price: Money };
};

/** A site's account at the sandbox payment provider, as long as it is not connected. */
export type SandboxAccount = { readonly configId: ConfigId; readonly credential: PaymentCredential };

/**
 * Makes a whole site in its own transaction: configuration, roles, owner, first stock location, tax, one way of sending and,
 * where there is one, an account at the sandbox payment provider, which `connectPayments` switches on after the commit.
 */
export async function insertSite(
  tx: SiteTransaction,
  services: Services,
  plan: SitePlan,
  owner: AdminId,
): Promise<SandboxAccount | undefined> {
  const newId = (): string => services.newId(tx.at);
  await createSite(tx, {
    ...plan,
    domains: [{ mappingId: newId(), domainName: plan.host, isPrimary: true }],
    taxRate: { taxRateId: newId(), ...plan.tax },
    locationId: newId(),
    transitionId: newId(),
    roleIds: Object.keys(DEFAULT_ROLES).map(newId),
  });
  await addMember(tx, { membershipId: newId(), adminId: owner, roleName: 'owner' });
  await insertShippingMethod(tx, { shippingMethodId: newId(), ...plan.shipping });
  const provider = services.providers.get('sandbox');
  if (!provider) return undefined;
  const configId = id<ConfigId>(newId());
  const credentialId = newId();
  const credential = {
    apiKey: `sandbox_key_${randomBytes(18).toString('base64url')}`,
    noticeSecret: `whsec_${randomBytes(32).toString('base64')}`,
  };
  await insertCredential(tx, services.key, credentialId, credential);
  await insertPaymentConfiguration(tx, { configId, providerName: provider.name, mode: 'test', credentialId });
  return { configId, credential };
}

/** Tries the credential at the provider, and only then switches payments on with it (IN1). @throws when the provider is away. */
export async function connectPayments(
  services: Services,
  siteId: SiteId,
  { configId, credential }: SandboxAccount,
  at: Date,
): Promise<void> {
  await services.providers.get('sandbox')?.connect(credential, noticeUrl(services, configId));
  await withSite(services.database, siteId, (tx) => enableAfterTest(tx, configId), at);
}
