import type { ConfigId } from '@souk/domain/shared';
import type { OrderMode } from '@souk/domain/commerce';
import { type MasterKey, newDataKey, seal, unseal, unwrapDataKey } from '../sealing.ts';
import { type SiteTransaction, row, rows, run, sql } from '../with-site.ts';

/** What a payment provider needs to know us by, and we to know its notices. Never leaves the server (IN3). */
export type PaymentCredential = { readonly apiKey: string; readonly noticeSecret: string };

const keyPurpose = (tx: SiteTransaction, id: string): string => `credential-key ${tx.siteId} ${id}`;
const valuePurpose = (tx: SiteTransaction, id: string): string => `credential ${tx.siteId} ${id}`;

/** Stores a credential: a key of its own, wrapped by the master key, then the sealed value. Layout: wrapped key 60 · value. */
export async function insertCredential(
  tx: SiteTransaction,
  master: MasterKey,
  credentialId: string,
  credential: PaymentCredential,
): Promise<void> {
  const { key, wrapped } = newDataKey(master, keyPurpose(tx, credentialId));
  const sealed = Buffer.concat([wrapped, seal(key, valuePurpose(tx, credentialId), JSON.stringify(credential))]);
  await run(
    tx,
    sql`insert into integration_credential_references (site_id, credential_reference_id, encrypted_reference_key, created_at) values (${tx.siteId}, ${credentialId}, ${sealed}, ${tx.at})`,
  );
}

export type PaymentConfiguration = {
  readonly configId: ConfigId;
  readonly providerName: string;
  readonly mode: OrderMode;
  readonly isEnabled: boolean;
};

/** A way of taking payments, not enabled before its credential has passed a test (IN1). */
export async function insertPaymentConfiguration(
  tx: SiteTransaction,
  config: { configId: ConfigId; providerName: string; mode: OrderMode; credentialId: string },
): Promise<void> {
  await run(
    tx,
    sql`insert into payment_configurations (site_id, config_id, provider_name, mode, is_enabled, credential_reference_id, created_at, updated_at)
      values (${tx.siteId}, ${config.configId}, ${config.providerName}, ${config.mode}, false, ${config.credentialId}, ${tx.at}, ${tx.at})`,
  );
}

/** Notes that the very credential in use has passed its test, and enables the configuration (IN1). */
export async function enableAfterTest(tx: SiteTransaction, configId: ConfigId): Promise<void> {
  await run(
    tx,
    sql`update payment_configurations set tested_credential_reference_id = credential_reference_id, is_enabled = true, updated_at = ${tx.at} where site_id = ${tx.siteId} and config_id = ${configId}`,
  );
}

/** A configuration with its opened credential, for the adapter that talks to the provider. */
export async function findPaymentCredential(
  tx: SiteTransaction,
  master: MasterKey,
  configId: ConfigId,
): Promise<(PaymentConfiguration & { credential: PaymentCredential }) | undefined> {
  const found = await row<{
    provider_name: string;
    mode: OrderMode;
    is_enabled: boolean;
    credential_reference_id: string;
    encrypted_reference_key: Buffer;
  }>(
    tx,
    sql`select c.provider_name, c.mode, c.is_enabled, c.credential_reference_id, r.encrypted_reference_key
      from payment_configurations c join integration_credential_references r on r.site_id = c.site_id and r.credential_reference_id = c.credential_reference_id
      where c.site_id = ${tx.siteId} and c.config_id = ${configId}`,
  );
  if (!found) return undefined;
  const id = found.credential_reference_id;
  const key = unwrapDataKey(master, keyPurpose(tx, id), found.encrypted_reference_key.subarray(0, 60));
  const credential = JSON.parse(
    unseal(key, valuePurpose(tx, id), found.encrypted_reference_key.subarray(60)).toString('utf8'),
  ) as PaymentCredential;
  return { configId, providerName: found.provider_name, mode: found.mode, isEnabled: found.is_enabled, credential };
}

/** The configurations a site takes payments with. */
export async function listEnabledConfigurations(
  tx: SiteTransaction,
): Promise<{ configId: ConfigId; providerName: string }[]> {
  const found = await rows<{ config_id: ConfigId; provider_name: string }>(
    tx,
    sql`select config_id, provider_name from payment_configurations where site_id = ${tx.siteId} and is_enabled`,
  );
  return found.map((c) => ({ configId: c.config_id, providerName: c.provider_name }));
}

/** The configurations a site takes payments with, and those whose credential was never tried. */
export async function listConfigurationsToConnect(
  tx: SiteTransaction,
): Promise<{ configId: ConfigId; providerName: string; isTested: boolean }[]> {
  const found = await rows<{ config_id: ConfigId; provider_name: string; is_tested: boolean }>(
    tx,
    sql`select config_id, provider_name, tested_credential_reference_id is not null as is_tested from payment_configurations
      where site_id = ${tx.siteId} and (is_enabled or tested_credential_reference_id is null)`,
  );
  return found.map((c) => ({ configId: c.config_id, providerName: c.provider_name, isTested: c.is_tested }));
}
