import type { Permission } from '@souk/domain/identity';
import type { AdminId } from '@souk/domain/shared';
import { type SiteTransaction, row, rows, run, sql } from '../with-site.ts';

export type NewApiKey = {
  readonly apiKeyId: string;
  readonly name: string;
  /** SHA-256 of the secret part: all that is kept of it. */
  readonly keyHash: Buffer;
  readonly permissions: readonly Permission[];
  readonly expiresAt: Date | undefined;
  readonly createdBy: AdminId | undefined;
};

/** Makes a key; what it opens is decided by the caller. */
export async function insertApiKey(tx: SiteTransaction, key: NewApiKey): Promise<void> {
  await run(
    tx,
    sql`with k as (insert into api_keys (site_id, api_key_id, name, key_hash, expires_at, created_by, created_at)
        values (${tx.siteId}, ${key.apiKeyId}, ${key.name}, ${key.keyHash}, ${key.expiresAt ?? null}, ${key.createdBy ?? null}, ${tx.at}))
      insert into api_key_permissions (site_id, api_key_id, permission_key) select ${tx.siteId}, ${key.apiKeyId}, unnest(${[...key.permissions]}::text[])`,
  );
}

export type ApiKey = {
  readonly apiKeyId: string;
  readonly name: string;
  readonly permissions: readonly Permission[];
  readonly createdAt: Date;
  readonly createdBy: AdminId | undefined;
  readonly expiresAt: Date | undefined;
  readonly revokedAt: Date | undefined;
  /** To the minute. */
  readonly lastUsedAt: Date | undefined;
  /** The key that was made to take its place. */
  readonly replacedBy: string | undefined;
};

type ApiKeyRow = {
  api_key_id: string;
  name: string;
  permissions: Permission[];
  created_at: Date;
  created_by: AdminId | null;
  expires_at: Date | null;
  revoked_at: Date | null;
  last_used_at: Date | null;
  replaced_by: string | null;
};
const toApiKey = (r: ApiKeyRow): ApiKey => ({
  apiKeyId: r.api_key_id,
  name: r.name,
  permissions: r.permissions,
  createdAt: r.created_at,
  createdBy: r.created_by ?? undefined,
  expiresAt: r.expires_at ?? undefined,
  revokedAt: r.revoked_at ?? undefined,
  lastUsedAt: r.last_used_at ?? undefined,
  replacedBy: r.replaced_by ?? undefined,
});

const keys = (
  tx: SiteTransaction,
) => sql<ApiKeyRow>`select k.api_key_id, k.name, k.created_at, k.created_by, k.expires_at, k.revoked_at, k.last_used_at, k.replaced_by,
    array(select permission_key from api_key_permissions p where p.site_id = k.site_id and p.api_key_id = k.api_key_id order by 1) as permissions
  from api_keys k where k.site_id = ${tx.siteId}`;

/** The site's keys, newest first; those that open nothing any more only as long as they ended after `since`. */
export const listApiKeys = async (tx: SiteTransaction, since: Date): Promise<ApiKey[]> =>
  (
    await rows<ApiKeyRow>(
      tx,
      sql`${keys(tx)} and (k.revoked_at is null or k.revoked_at > ${since}) and (k.expires_at is null or k.expires_at > ${since})
        order by k.api_key_id desc`,
    )
  ).map(toApiKey);

/** How many keys open the site at this moment. */
export async function countApiKeys(tx: SiteTransaction): Promise<number> {
  const found = await row<{ n: number }>(
    tx,
    sql`select count(*)::int as n from api_keys where site_id = ${tx.siteId} and revoked_at is null and (expires_at is null or expires_at > ${tx.at})`,
  );
  return found?.n ?? 0;
}

/** One key of the site, whatever became of it. */
export async function findApiKey(tx: SiteTransaction, apiKeyId: string): Promise<ApiKey | undefined> {
  const found = await row<ApiKeyRow>(tx, sql`${keys(tx)} and k.api_key_id = ${apiKeyId}`);
  return found && toApiKey(found);
}

/** Ends a key that still opens something. False when it does not. */
export const revokeApiKey = async (tx: SiteTransaction, apiKeyId: string): Promise<boolean> =>
  (await run(
    tx,
    sql`update api_keys set revoked_at = ${tx.at}
      where site_id = ${tx.siteId} and api_key_id = ${apiKeyId} and revoked_at is null and (expires_at is null or expires_at > ${tx.at})`,
  )) > 0;

/**
 * Notes that another key, which is made in the same transaction, takes the place of this one, which ends at `endsAt` or
 * when it would have ended. False when it opens nothing any more, or has a successor already.
 */
export const replaceApiKey = async (
  tx: SiteTransaction,
  apiKeyId: string,
  { replacedBy, endsAt }: { readonly replacedBy: string; readonly endsAt: Date },
): Promise<boolean> =>
  (await run(
    tx,
    sql`update api_keys set replaced_by = ${replacedBy}, expires_at = least(expires_at, ${endsAt})
      where site_id = ${tx.siteId} and api_key_id = ${apiKeyId} and replaced_by is null and revoked_at is null and (expires_at is null or expires_at > ${tx.at})`,
  )) > 0;
