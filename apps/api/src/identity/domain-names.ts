import { domainToASCII, domainToUnicode } from 'node:url';
import {
  DOMAIN_NAME_WORDS,
  type DomainName,
  type DomainNameFault,
  domainName,
  hostName,
  mixesScripts,
} from '@souk/domain/identity';
import type { Result } from '@souk/domain/shared';
import { getDomain, getPublicSuffix } from 'tldts';
import type { Services } from '../services.ts';
import { Refused } from '../trpc/refusals.ts';

type Origins = Pick<Services, 'adminOrigin' | 'apiOrigin' | 'sandboxOrigin'>;

/** Endings under which anybody may register, also those of companies: who proves `github.io` would have all below it. */
const isPublicSuffix = (name: string): boolean =>
  getPublicSuffix(name, { allowPrivateDomains: true, extractHostname: false }) === name;

/**
 * The names of the installation: admin, API and provider with all below them, and the name below which its shops are, which
 * is what is left of the admin's without its first part.
 */
function isOurs({ adminOrigin, apiOrigin, sandboxOrigin }: Origins) {
  const admin = hostName(adminOrigin.host) ?? '';
  const [, ...parent] = admin.split('.');
  const names = [
    admin,
    ...(parent.length > 1 ? [parent.join('.')] : []),
    ...[apiOrigin, sandboxOrigin].flatMap((origin) => (origin ? [hostName(origin.host) ?? ''] : [])),
  ].filter(Boolean);
  return (name: string): boolean => names.some((own) => name === own || name.endsWith(`.${own}`));
}

/** Reads a domain as a person typed it, by the rules of this platform and this installation. */
export const parseDomainName = (text: string, services: Origins): Result<DomainName, DomainNameFault> =>
  domainName(text, { toAscii: domainToASCII, isPublicSuffix, isOurs: isOurs(services) });

/** A domain as a person typed it, folded. @throws Refused wrong_field in words for that person. */
export function domainNameOf(text: string, services: Origins): DomainName {
  const parsed = parseDomainName(text, services);
  if (parsed.ok) return parsed.value;
  const message = DOMAIN_NAME_WORDS[parsed.refusal];
  throw new Refused({ code: 'wrong_field', message, field: 'domain', fields: { domain: message } });
}

/** A name as people read it. Where it mixes scripts, or is written in another way by DNS, both are shown (L03). */
export const shownName = (name: DomainName): { domainName: string; unicodeName: string; mixesScripts: boolean } => {
  const unicodeName = domainToUnicode(name) || name;
  return { domainName: name, unicodeName, mixesScripts: mixesScripts(unicodeName) };
};

/** The part of a name that was registered, whose records its owner sets: `brand.co.uk` of `shop.brand.co.uk`. */
export const zoneOf = (name: DomainName): string =>
  getDomain(name, { allowPrivateDomains: true, extractHostname: false }) ?? name;
