import { type Database, withSite } from '@souk/db';
import { type EventPlace, type OutboxKind, eventPlace, eventsSince, placeNow } from '@souk/db/activity';
import { type OpenDoor, findOpenDoors } from '@souk/db/identity';
import { type Permission, holds } from '@souk/domain/identity';
import type { SiteId } from '@souk/domain/shared';

/** What one has to be allowed to see to hear of it; `any` is told to all. A kind without a line here is told to nobody. */
// oxfmt-ignore
const PERMISSION_TO_HEAR: Readonly<Record<OutboxKind, Permission | 'any'>> = {
  'order.submitted':    'VIEW_ORDERS',
  'order.moved':        'VIEW_ORDERS',
  'order.confirmed':    'VIEW_ORDERS',
  'order.fulfilled':    'VIEW_ORDERS',
  'notice.received':    'VIEW_ORDERS',
  'products.published': 'VIEW_PRODUCTS',
  'product.imported':   'VIEW_PRODUCTS',
  'media.wanted':       'VIEW_PRODUCTS',
  'media.settled':      'VIEW_PRODUCTS',
  'import.wanted':      'MANAGE_PRODUCTS',
  'import.moved':       'MANAGE_PRODUCTS',
  'invitation.wanted':  'MANAGE_TEAM',
  'team.changed':       'MANAGE_TEAM',
  'support.opened':     'any',
  'support.ended':      'any',
  'domains.changed':    'MANAGE_SITE_SETTINGS',
  'domain.lost':        'MANAGE_SITE_SETTINGS',
  'domain.released':    'MANAGE_SITE_SETTINGS',
};

/** How often the doors of all open streams are asked, in milliseconds: what ends a stream ends it within a second (E09). */
const ASK_EVERY_MS = 500;
/** Rounds of asking between two signs of life, which keep proxies from closing a quiet stream. */
const ROUNDS_PER_SIGN = 20;

export type LiveEvent = { readonly kind: OutboxKind | 'still.here'; readonly entityId: string };

/** One open stream: the session and site it was opened with, and what the door said then. */
export type LiveStream = {
  readonly sessionId: string;
  readonly siteId: SiteId;
  readonly opened: OpenDoor;
  readonly send: (event: LiveEvent) => void;
  readonly end: () => void;
};

/** The open streams of this process. */
export type LiveEvents = {
  /** Tells the stream all that happens from when this resolves, until the function it gives is called. */
  subscribe(stream: LiveStream): Promise<() => void>;
  look(): void;
  stop(): void;
};

/**
 * Tells open screens what happened in their site. "Look" comes from the relay and says nothing; what happened is then read
 * once per site with an open stream, inside that site, however many listen. A stream lives as long as the door says what it
 * said when the stream was opened: whatever changes it (signing out, a lock, a role, the site's status) ends the stream,
 * and the screen that opens it again gets what it may see now. The doors of all streams are asked in one statement.
 */
export function liveEvents(db: Database, now: () => Date, ask: typeof findOpenDoors = findOpenDoors): LiveEvents {
  type Listened = { streams: Set<LiveStream>; since: EventPlace | undefined; readonly begun: Promise<EventPlace> };
  const sites = new Map<SiteId, Listened>();
  let isOver = false;
  let looking = false;
  let again = false;

  const leave = (stream: LiveStream): void => {
    const site = sites.get(stream.siteId);
    site?.streams.delete(stream);
    if (site?.streams.size === 0) sites.delete(stream.siteId);
  };
  /** Ends the streams whose door has changed and returns the others. When the door cannot be asked, it counts as shut. */
  const stillOpen = async (streams: readonly LiveStream[]): Promise<LiveStream[]> => {
    if (streams.length === 0) return [];
    const doors = await ask(db, streams, now()).catch(() => []);
    return streams.filter((stream, i) => {
      if (isSame(stream.opened, doors[i])) return true;
      leave(stream);
      stream.end();
      return false;
    });
  };

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
      for (const { opened, send } of await stillOpen([...site.streams]))
        for (const event of events) if (mayHear(opened, event.kind)) send(event);
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

  let asking = false;
  let rounds = 0;
  // Streams are asked whether they may stay even when nothing happens, and proxies see that they live.
  const heartbeat = setInterval(() => {
    if (asking || sites.size === 0) return;
    asking = true;
    rounds = (rounds + 1) % ROUNDS_PER_SIGN;
    const isSign = rounds === 0;
    void stillOpen([...sites.values()].flatMap(({ streams }) => [...streams]))
      .then((open) => {
        if (isSign) for (const { send } of open) send({ kind: 'still.here', entityId: '' });
      })
      .finally(() => (asking = false));
  }, ASK_EVERY_MS);
  return {
    async subscribe(stream) {
      // A stream that is opened while the process stops would keep it from stopping.
      if (isOver) {
        stream.end();
        return () => undefined;
      }
      const site: Listened = sites.get(stream.siteId) ?? {
        streams: new Set(),
        since: undefined,
        begun: withSite(db, stream.siteId, placeNow).catch(() => eventPlace(now())),
      };
      sites.set(stream.siteId, site);
      site.streams.add(stream);
      await site.begun;
      return () => leave(stream);
    },
    look,
    stop() {
      isOver = true;
      clearInterval(heartbeat);
      for (const { streams } of sites.values()) for (const { end } of streams) end();
      sites.clear();
    },
  };
}

const mayHear = ({ permissions }: OpenDoor, kind: OutboxKind): boolean => {
  // A row of a newer release may hold a kind that this one does not know.
  const needed: Permission | 'any' | undefined = PERMISSION_TO_HEAR[kind];
  return needed === 'any' || (needed !== undefined && holds(permissions, needed));
};

const isSame = (before: OpenDoor, now: OpenDoor | undefined): boolean =>
  now !== undefined &&
  now.status === before.status &&
  now.permissions.length === before.permissions.length &&
  now.permissions.every((permission) => before.permissions.includes(permission));
