import { hostName } from '@souk/domain/identity';
import type { Services } from '../services.ts';

const BELIEVED_MS = 300_000;
const known = new WeakMap<Services, { readonly answer: Promise<readonly string[]>; readonly until: number }>();

/**
 * The addresses a domain has to lead to: those of the configuration, else those the admin itself has. Empty where neither
 * says, as on a developer's machine.
 */
export async function whereToPoint(services: Services): Promise<string[]> {
  if (services.publicAddresses.length > 0) return [...services.publicAddresses];
  const host = hostName(services.adminOrigin.host) ?? '';
  if (host === 'localhost' || host.endsWith('.localhost')) return [];
  const now = performance.now();
  let found = known.get(services);
  if (!found || found.until < now) {
    const answer = services.domains.addresses(host).then((a) => (a.kind === 'records' ? a.addresses : []));
    found = { answer, until: now + BELIEVED_MS };
    known.set(services, found);
  }
  return [...(await found.answer)];
}
