import { withSite } from '@souk/db';
import { insertOutbox } from '@souk/db/activity';
import { findMedia, setMediaFailed, setMediaReady } from '@souk/db/content';
import { NotAPicture, storePicture } from '../content/media-files.ts';
import { FetchRefused, type GuardedFetch, guardedFetch } from '../http/guarded-fetch.ts';
import type { Services } from '../services.ts';
import type { JobData } from './relay.ts';

const MAX_PICTURE_BYTES = 20_000_000;

/** Fetches a picture by its address (H05, H12). Where that fails the product is whole without it, and the reason is kept in words. */
export const mediaFetch =
  (services: Services, fetchFile: GuardedFetch = guardedFetch) =>
  async ({ siteId, entityId: mediaId }: JobData): Promise<void> => {
    const found = await withSite(services.database, siteId, (tx) => findMedia(tx, mediaId));
    if (!found || found.status === 'ready' || !found.sourceUrl) return;
    let failure: string | undefined;
    try {
      const bytes = await fetchFile(found.sourceUrl, { maxBytes: MAX_PICTURE_BYTES });
      const stored = await storePicture(services.home, siteId, bytes);
      await withSite(services.database, siteId, (tx) => setMediaReady(tx, mediaId, stored), services.now());
    } catch (error) {
      if (!(error instanceof FetchRefused) && !(error instanceof NotAPicture)) throw error;
      failure = error.message;
    }
    await withSite(
      services.database,
      siteId,
      async (tx) => {
        if (failure) await setMediaFailed(tx, mediaId, failure);
        insertOutbox(tx, [{ eventId: services.newId(), kind: 'media.settled', entityId: mediaId }]);
      },
      services.now(),
    );
  };
