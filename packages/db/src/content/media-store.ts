import { type SiteTransaction, row, run, sql } from '../with-site.ts';

export async function findMedia(tx: SiteTransaction, mediaId: string): Promise<{ status: 'waiting' | 'ready' | 'failed'; sourceUrl: string | undefined } | undefined> {
  const found = await row<{ status: 'waiting' | 'ready' | 'failed'; source_url: string | null }>(tx, sql`select status, source_url from media where site_id = ${tx.siteId} and media_id = ${mediaId}`);
  return found && { status: found.status, sourceUrl: found.source_url ?? undefined };
}

/** The picture's file is there, in all widths. */
export async function setMediaReady(tx: SiteTransaction, mediaId: string, m: { contentHash: string; mimeType: string; width: number; height: number }): Promise<void> {
  await run(
    tx,
    sql`update media set status = 'ready', content_hash = ${m.contentHash}, mime_type = ${m.mimeType}, width = ${m.width}, height = ${m.height}, failure = null, updated_at = ${tx.at} where site_id = ${tx.siteId} and media_id = ${mediaId}`,
  );
}

/** The picture could not be had; `failure` says why, in words for the person who gave its address. */
export async function setMediaFailed(tx: SiteTransaction, mediaId: string, failure: string): Promise<void> {
  await run(tx, sql`update media set status = 'failed', failure = ${failure}, updated_at = ${tx.at} where site_id = ${tx.siteId} and media_id = ${mediaId} and status <> 'ready'`);
}
