import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { Api } from './api.ts';
import { queryClient } from './api.ts';
import { refusalOf } from './refusal.ts';

/** Longest silence of a stream that lives, in milliseconds: the server says something every ten seconds. */
const SILENCE_MS = 25_000;
const TINT_MS = 4_000;
/** Events come in flocks; what they make stale is fetched once per flock. */
const FLOCK_MS = 300;

type LiveState = 'connecting' | 'live' | 'lost';

let state: LiveState = 'connecting';
let arrivals: ReadonlySet<string> = new Set();
const listeners = new Set<() => void>();
const tell = (): void => listeners.forEach((listener) => listener());
const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

function setState(next: LiveState): void {
  if (state === next) return;
  state = next;
  tell();
}

function arrived(orderId: string): void {
  arrivals = new Set([...arrivals, orderId]);
  tell();
  setTimeout(() => {
    arrivals = new Set([...arrivals].filter((id) => id !== orderId));
    tell();
  }, TINT_MS);
}

export const useLiveState = (): LiveState => useSyncExternalStore(subscribe, () => state);
/** Orders that have come in while this page was open, for a moment. */
export const useArrivals = (): ReadonlySet<string> => useSyncExternalStore(subscribe, () => arrivals);

type LiveEvent = { readonly kind: string; readonly entityId: string };

function parseEvent(text: string): LiveEvent | undefined {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || !('kind' in value) || !('entityId' in value)) return undefined;
  return typeof value.kind === 'string' && typeof value.entityId === 'string'
    ? { kind: value.kind, entityId: value.entityId }
    : undefined;
}

/** Which queries an event makes stale. */
function staleAfter(api: Api, kind: string): readonly { readonly queryKey: readonly unknown[] }[] {
  if (kind.startsWith('order.'))
    return [api.orders.pathFilter(), api.dashboard.pathFilter(), api.products.list.pathFilter()];
  if (kind === 'import.moved') return [api.imports.pathFilter()];
  if (kind === 'team.changed' || kind === 'invitation.wanted') return [api.team.pathFilter(), api.roles.pathFilter()];
  if (kind.startsWith('support.')) return [api.site.pathFilter(), api.team.pathFilter()];
  if (kind.startsWith('domain'))
    return [api.domains.pathFilter(), api.dashboard.firstSteps.pathFilter(), api.site.pathFilter()];
  return [api.products.pathFilter(), api.dashboard.pathFilter()];
}

/** Keeps a site's stream open, whatever breaks it, until the returned function is called. */
function listen(api: Api, handle: string, onCaughtUp: () => void, onGone: () => void): () => void {
  let source: EventSource | undefined;
  let ended = false;
  let attempts = 0;
  let silence: ReturnType<typeof setTimeout> | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;
  let flock: ReturnType<typeof setTimeout> | undefined;
  const kinds = new Set<string>();

  const heard = (): void => {
    clearTimeout(silence);
    silence = setTimeout(lose, SILENCE_MS);
  };
  const lose = (): void => {
    source?.close();
    clearTimeout(silence);
    if (ended) return;
    if (attempts > 0 || state === 'live') setState('lost');
    // A stream also ends when the session or the membership does: asking for the site tells them apart.
    void queryClient
      .fetchQuery(api.site.get.queryOptions(undefined, { staleTime: 0, retry: false }))
      .catch((error: unknown) => {
        const code = ended ? undefined : refusalOf(error)?.code;
        if (code === 'not_found') onGone();
        // A page from anew says what to do, and nothing of the site stays on the screen.
        if (code === 'second_factor_required') window.location.reload();
      });
    again = setTimeout(open, Math.min(1000 * 2 ** attempts, 15_000));
    attempts += 1;
  };
  const open = (): void => {
    source = new EventSource(`/s/${encodeURIComponent(handle)}/live`);
    heard();
    source.addEventListener('open', () => {
      heard();
      // Whatever happened while nobody listened is fetched now.
      if (attempts > 0) {
        void queryClient.invalidateQueries();
        onCaughtUp();
      }
      attempts = 0;
      setState('live');
    });
    source.addEventListener('error', lose);
    source.addEventListener('message', (message: MessageEvent<string>) => {
      heard();
      const event = parseEvent(message.data);
      if (!event || event.kind === 'still.here') return;
      if (event.kind === 'order.submitted') arrived(event.entityId);
      kinds.add(event.kind);
      flock ??= setTimeout(() => {
        flock = undefined;
        for (const filter of new Set([...kinds].flatMap((kind) => staleAfter(api, kind))))
          void queryClient.invalidateQueries(filter);
        kinds.clear();
      }, FLOCK_MS);
    });
  };
  open();
  return () => {
    ended = true;
    source?.close();
    clearTimeout(silence);
    clearTimeout(again);
    clearTimeout(flock);
    setState('connecting');
  };
}

/** Listens to what happens in a site while it is open, and fetches again what that makes stale. A lost connection comes back by itself and catches up; one that ended because one is no member any more says so. */
export function useLive(api: Api, handle: string, onCaughtUp: () => void): { readonly isGone: boolean } {
  const latest = useRef(onCaughtUp);
  const [gone, setGone] = useState<string>();
  useEffect(() => {
    latest.current = onCaughtUp;
  });
  useEffect(
    () =>
      listen(
        api,
        handle,
        () => latest.current(),
        () => setGone(handle),
      ),
    [api, handle],
  );
  return { isGone: gone === handle };
}
