import { type Database, withSite } from '@souk/db';
import { type EventPlace, eventPlace, eventsSince } from '@souk/db/activity';
import type { SiteId } from '@souk/domain/shared';

export type LiveEvent = { readonly kind: string; readonly entityId: string };
type Listener = {
  readonly mayStill: () => Promise<boolean>;
  readonly send: (event: LiveEvent) => void;
  readonly end: () => void;
};

/** The open streams of this process. */
export type LiveEvents = { subscribe(siteId: SiteId, listener: Listener): () => void; look(): void; stop(): void };

/**
 * Tells open screens what happened in their site. "Look" comes from the relay and says nothing; what happened is then read
 * once per site with an open stream, inside that site, however many listen.
 */
export function liveEvents(db: Database, now: () => Date): LiveEvents {
  const sites = new Map<SiteId, { listeners: Set<Listener>; since: EventPlace }>();
  let isOver = false;
  let looking = false;
  let again = false;

  const lookOnce = async (): Promise<void> => {
    for (const [siteId, site] of sites) {
      const { events, until, more } = await withSite(db, siteId, (tx) => eventsSince(tx, site.since)).catch(() => ({
        events: [],
        until: site.since,
        more: false,
      }));
      site.since = until;
      // An import makes thousands of events: the rest is read in the next round, so that nobody's order waits behind them.
      again ||= more;
      if (events.length === 0) continue;
      for (const listener of site.listeners) {
        if (await listener.mayStill()) events.forEach(listener.send);
        else {
          site.listeners.delete(listener);
          listener.end();
        }
      }
    }
  };
  const look = (): void => {
    again = true;
    if (looking) return;
    looking = true;
    void (async () => {
      try {
        while (again) {
          again = false;
          await lookOnce();
        }
      } finally {
        // Whatever went wrong, the next "look" looks again.
        looking = false;
      }
    })();
  };
  // Streams are asked whether they may stay even when nothing happens, and proxies see that they live.
  const heartbeat = setInterval(() => {
    for (const site of sites.values()) {
      for (const listener of site.listeners) {
        void listener.mayStill().then((may) => {
          if (may) listener.send({ kind: 'still.here', entityId: '' });
          else {
            site.listeners.delete(listener);
            listener.end();
          }
        });
      }
    }
  }, 10_000);
  return {
    subscribe(siteId, listener) {
      // A stream that is opened while the process stops would keep it from stopping.
      if (isOver) {
        listener.end();
        return () => undefined;
      }
      const site = sites.get(siteId) ?? { listeners: new Set(), since: eventPlace(now()) };
      sites.set(siteId, site);
      site.listeners.add(listener);
      return () => {
        site.listeners.delete(listener);
        if (site.listeners.size === 0) sites.delete(siteId);
      };
    },
    look,
    stop() {
      isOver = true;
      clearInterval(heartbeat);
      for (const site of sites.values()) for (const listener of site.listeners) listener.end();
      sites.clear();
    },
  };
}
