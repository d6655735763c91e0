import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Site } from '@souk/db/identity';
import { hostName } from '@souk/domain/identity';
import type { Services } from '../services.ts';

/** The path a proxy asks before it gets a certificate for a name. */
export const TLS_ASK_PATH = '/internal/tls-ask';

/** Names that are looked up in a second, at most: handshakes for made-up names must not reach the database without end. */
const PER_SECOND = 100;
const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;

/**
 * Tells a proxy whether to get a certificate for a name: 200 for names that lead to a site which is open or suspended, 404
 * for any other, and for whoever is no proxy of ours (H10). Only this machine and `TRUSTED_PROXIES` are answered, and only
 * when they ask for themselves: what they pass on for somebody carries X-Forwarded-For.
 */
export function tlsAsk(services: Services, findSite: (host: string) => Promise<Site | undefined>) {
  let second = 0;
  let asked = 0;
  const isTooMuch = (): boolean => {
    const now = Math.floor(performance.now() / 1000);
    if (now !== second) [second, asked] = [now, 0];
    asked += 1;
    return asked > PER_SECOND;
  };
  const isOurs = ({ socket, headers }: IncomingMessage): boolean => {
    const peer = socket.remoteAddress ?? '';
    return (
      headers['x-forwarded-for'] === undefined &&
      headers.forwarded === undefined &&
      (LOOPBACK.test(peer) || services.trusts(peer, 0))
    );
  };
  const answer = async (req: IncomingMessage, search: string): Promise<200 | 404 | 503> => {
    if (req.method !== 'GET' || !isOurs(req)) return 404;
    const host = hostName(new URLSearchParams(search).get('domain') ?? undefined);
    // No authority writes certificates for names of one machine.
    if (!host || !host.includes('.') || host.endsWith('.localhost')) return 404;
    if (isTooMuch()) return 503;
    const site = await findSite(host);
    return site && (site.status === 'active' || site.status === 'suspended') ? 200 : 404;
  };
  return async (req: IncomingMessage, res: ServerResponse, search: string): Promise<void> => {
    res.writeHead(await answer(req, search), { 'cache-control': 'no-store' }).end();
  };
}
