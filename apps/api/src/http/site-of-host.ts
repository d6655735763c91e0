import type { Database } from '@souk/db';
import { type Site, findSiteByHost } from '@souk/db/identity';

/**
 * How long the answer to "whose host is this?" is believed. Every request of a shop asks; a site that is suspended or moves
 * to another host is followed after this time at the latest.
 */
const BELIEVED_MS = 1000;
/** Names that anyone can make up must not fill the memory. */
const MOST_HOSTS = 10_000;

/** Host → site, asked of the database at most once a second and host. `host` is folded already (`hostName`). */
export function siteOfHost(db: Database): (host: string) => Promise<Site | undefined> {
  const known = new Map<string, { readonly answer: Promise<Site | undefined>; readonly until: number }>();
  return (host) => {
    const now = performance.now();
    const found = known.get(host);
    if (found && found.until > now) return found.answer;
    if (known.size >= MOST_HOSTS) known.clear();
    const answer = findSiteByHost(db, host);
    known.set(host, { answer, until: now + BELIEVED_MS });
    answer.catch(() => {
      if (known.get(host)?.answer === answer) known.delete(host);
    });
    return answer;
  };
}
