import { slugFrom } from '../content/index.ts';
import { type Brand, type Result, ok, refuse } from '../shared/index.ts';

/** The site's name in addresses: `/s/kumo/…`, `kumo.localhost`. Never changes. */
export type SiteHandle = Brand<string, 'SiteHandle'>;

const RESERVED = new Set(['admin', 'api', 'www', 'mail', 'localhost', 'assets', 'static', 'trpc', 'souk']);

export function siteHandle(text: string): Result<SiteHandle, 'bad_handle' | 'reserved_handle'> {
  if (!/^[a-z][a-z0-9-]{1,30}[a-z0-9]$/.test(text)) return refuse('bad_handle');
  return RESERVED.has(text) ? refuse('reserved_handle') : ok(text as SiteHandle);
}

/** The letters before an order's number: `ACME-1042`. Unique on the platform, never changes. */
export type OrderPrefix = Brand<string, 'OrderPrefix'>;

export const orderPrefix = (text: string): Result<OrderPrefix, 'bad_prefix'> =>
  /^[A-Z][A-Z0-9]{1,7}$/.test(text) ? ok(text as OrderPrefix) : refuse('bad_prefix');

/** A handle made from a site's name; empty when the name has nothing that one could be made of. */
export function handleFrom(name: string): string {
  const made = slugFrom(name)
    .replace(/^[^a-z]+/, '')
    .slice(0, 32)
    .replace(/-+$/, '');
  return siteHandle(made).ok ? made : '';
}

/** The letters before the order numbers of a new site, made from its handle, which begins with a letter and has three characters. */
export function orderPrefixFrom(handle: SiteHandle): OrderPrefix {
  const made = orderPrefix(handle.replaceAll('-', '').slice(0, 6).toUpperCase());
  if (!made.ok) throw new Error(`no prefix can be made of ${handle}`);
  return made.value;
}

/** The same with what comes next where another site has it, best first: `LINDEN`, `LINDEN2` … `LINDEN99`. */
export const orderPrefixesFrom = (handle: SiteHandle): readonly OrderPrefix[] => {
  const first = orderPrefixFrom(handle);
  return [first, ...Array.from({ length: 98 }, (_, i) => `${first}${i + 2}` as OrderPrefix)];
};

/**
 * The host of a site's shop: the admin's with the handle in place of its first part. `admin.example.com` has
 * `kumo.example.com` beside it; an admin without a first part to spare, `example.com`, has `kumo.example.com` below it.
 */
export const shopHost = (handle: SiteHandle, adminHost: string): string => {
  const [, ...parent] = adminHost.split('.');
  return `${handle}.${parent.length > 1 || parent[0] === 'localhost' ? parent.join('.') : adminHost}`;
};

/** A host as it is looked up: lower case, no port, no trailing dot. Undefined when it is no host name at all. */
export function hostName(header: string | undefined): string | undefined {
  if (header === undefined || header.length > 260) return undefined;
  const host = header
    .toLowerCase()
    .replace(/:\d{1,5}$/, '')
    .replace(/\.$/, '');
  return /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/.test(host) && host.length <= 253
    ? host
    : undefined;
}
