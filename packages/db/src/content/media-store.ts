import { type SiteTransaction, emOf } from '../with-site.ts';
import { MediaRow } from './content-entities.ts';

/** Whether a picture is there already, and where it is to be had. */
export async function findMedia(
  tx: SiteTransaction,
  mediaId: string,
): Promise<{ status: 'waiting' | 'ready' | 'failed'; sourceUrl: string | undefined } | undefined> {
  const found = await emOf(tx).findOne(MediaRow, { siteId: tx.siteId, mediaId });
  return found ? { status: found.status, sourceUrl: found.sourceUrl ?? undefined } : undefined;
}

/** The picture's file is there, in all widths. */
export async function setMediaReady(
  tx: SiteTransaction,
  mediaId: string,
  m: { contentHash: string; mimeType: string; width: number; height: number },
): Promise<void> {
  await emOf(tx).nativeUpdate(MediaRow, { mediaId }, { ...m, status: 'ready', failure: null, updatedAt: tx.at });
}

/** The picture could not be had; `failure` says why, in words for the person who gave its address. */
export async function setMediaFailed(tx: SiteTransaction, mediaId: string, failure: string): Promise<void> {
  await emOf(tx).nativeUpdate(
    MediaRow,
    { mediaId, status: { $ne: 'ready' } },
    { status: 'failed', failure, updatedAt: tx.at },
  );
}
