import { type Database, withSite } from '@souk/db';
import { type EventPlace, eventPlace, eventsSince, placeNow } from '@souk/db/activity';
import type { SiteId } from '@souk/domain/shared';

export type LiveEvent = { readonly kind: string; readonly entityId: string };
type Listener = {
  readonly mayStill: () => Promise<boolean>;
  readonly send: (event: LiveEvent) => void;
  readonly end: () => void;
};

/** The open streams of this process. */
export type LiveEvents = {
  /** Tells the listener all that happens from when this resolves, until the function it gives is called. */
  subscribe(siteId: SiteId, listener: Listener): Promise<() => void>;
  look(): void;
  stop(): void;
};

/**
 * Tells open screens what happened in their site. "Look" comes from the relay and says nothing; what happened is then read
 * once per site with an open stream, inside that site, however many listen.
 */
export function liveEvents(db: Database, now: () => Date): LiveEvents {
  type Listened = { listeners: Set<Listener>; since: EventPlace | undefined; readonly begun: Promise<EventPlace> };
  const sites = new Map<SiteId, Listened>();
  let isOver = false;
  let looking = false;
  let again = false;

  const lookOnce = async (): Promise<void> => {
    for (const [siteId, site] of sites) {
      const since = site.since ?? (await site.begun);
      const { events, until, more } = await withSite(db, siteId, (tx) => eventsSince(tx, since)).catch(() => ({
        events: [],
        until: since,
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
    async subscribe(siteId, listener) {
      // A stream that is opened while the process stops would keep it from stopping.
      if (isOver) {
        listener.end();
        return () => undefined;
      }
      const site: Listened = sites.get(siteId) ?? {
        listeners: new Set(),
        since: undefined,
        begun: withSite(db, siteId, placeNow).catch(() => eventPlace(now())),
      };
      sites.set(siteId, site);
      site.listeners.add(listener);
      await site.begun;
      return () => {
        site.listeners.delete(listener);
        if (site.listeners.size === 0 && sites.get(siteId) === site) sites.delete(siteId);
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
