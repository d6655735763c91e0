import { type SiteTransaction, entitiesOf, run, sql } from '../with-site.ts';

/** Whether a picture is there already, and where it is to be had. */
export async function findMedia(
  tx: SiteTransaction,
  mediaId: string,
): Promise<{ status: 'waiting' | 'ready' | 'failed'; sourceUrl: string | undefined } | undefined> {
  const { em, MediaRow } = await entitiesOf(tx);
  const found = await em.findOne(MediaRow, { siteId: tx.siteId, mediaId });
  return found ? { status: found.status, sourceUrl: found.sourceUrl ?? undefined } : undefined;
}

/** The picture's file is there, in all widths. */
export async function setMediaReady(
  tx: SiteTransaction,
  mediaId: string,
  m: { contentHash: string; mimeType: string; width: number; height: number },
): Promise<void> {
  const { em, MediaRow } = await entitiesOf(tx);
  await em.nativeUpdate(MediaRow, { mediaId }, { ...m, status: 'ready', failure: null, updatedAt: tx.at });
}

/** The picture could not be had; `failure` says why, in words for the person who gave its address. */
export async function setMediaFailed(tx: SiteTransaction, mediaId: string, failure: string): Promise<void> {
  const { em, MediaRow } = await entitiesOf(tx);
  await em.nativeUpdate(
    MediaRow,
    { mediaId, status: { $ne: 'ready' } },
    { status: 'failed', failure, updatedAt: tx.at },
  );
}

export type NewMedia = {
  readonly mediaId: string;
  /** Where it still has to be fetched from. */
  readonly sourceUrl: string | undefined;
  readonly alt: string;
  readonly ready?: { contentHash: string; mimeType: string; width: number; height: number };
};

/** Notes pictures: ready ones by their content, the others as waiting to be fetched. One statement. */
export async function insertMedia(tx: SiteTransaction, media: readonly NewMedia[]): Promise<void> {
  const given = media.map((m) => ({
    media_id: m.mediaId,
    status: m.ready ? 'ready' : 'waiting',
    source_url: m.sourceUrl ?? null,
    alt: m.alt,
    content_hash: m.ready?.contentHash ?? null,
    mime_type: m.ready?.mimeType ?? null,
    width: m.ready?.width ?? null,
    height: m.ready?.height ?? null,
  }));
  await run(
    tx,
    sql`insert into media (site_id, media_id, status, source_url, content_hash, mime_type, width, height, alt, created_at, updated_at)
      select ${tx.siteId}, media_id, status, source_url, content_hash, mime_type, width, height, alt, ${tx.at}, ${tx.at}
      from jsonb_to_recordset(${JSON.stringify(given)}::jsonb)
        as g (media_id uuid, status text, source_url text, content_hash text, mime_type text, width integer, height integer, alt text)`,
  );
}
