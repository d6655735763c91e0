/** One of the sites somebody works on. */
export type OwnSite = {
  readonly name: string;
  readonly handle: string;
  readonly status: string;
  readonly role: string;
  readonly shopUrl: string;
  /** The letters before its order numbers, where one may see orders. */
  readonly orderPrefix?: string | undefined;
};

const folded = (text: string): string => text.normalize('NFKC').toLowerCase();

/** The sites whose name, short name or address holds every word; all of them for none. */
export function sitesMatching<Site extends OwnSite>(sites: readonly Site[], words: string): Site[] {
  const wanted = folded(words).split(/\s+/).filter(Boolean);
  return sites.filter((site) => {
    const said = folded(`${site.name} ${site.handle} ${new URL(site.shopUrl).host}`);
    return wanted.every((word) => said.includes(word));
  });
}

/** Those one was in last come first, in that order; the others as they stand. */
export function recentFirst<Site extends OwnSite>(sites: readonly Site[], recent: readonly string[]): Site[] {
  const place = (site: Site): number => {
    const at = recent.indexOf(site.handle);
    return at < 0 ? recent.length : at;
  };
  return sites.toSorted((a, b) => place(a) - place(b));
}

/** The site an order number belongs to, by the letters before it: `KUMO-1042`. They are of one site in the installation. */
export function siteOfOrderNumber<Site extends OwnSite>(sites: readonly Site[], words: string): Site | undefined {
  const [, prefix] = /^([A-Za-z][A-Za-z0-9]{1,7})-\d+$/.exec(words.trim()) ?? [];
  return prefix === undefined ? undefined : sites.find((site) => site.orderPrefix === prefix.toUpperCase());
}

const KEY = 'souk.kept.recent-sites';
const MOST = 12;

/** Short names of the sites one was in, the last one first. Forgotten at signing out, like all that is kept. */
export function recentSites(): readonly string[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(found) ? found.filter((handle) => typeof handle === 'string') : [];
  } catch {
    return [];
  }
}

/** Notes that one is in this site now. */
export function noteSite(handle: string): void {
  try {
    localStorage.setItem(KEY, JSON.stringify([handle, ...recentSites().filter((h) => h !== handle)].slice(0, MOST)));
  } catch {
    // Full or forbidden storage: sites stay in the order of their names.
  }
}
