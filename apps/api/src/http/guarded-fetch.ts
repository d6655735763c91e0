import { type LookupAddress, type LookupAllOptions, lookup } from 'node:dns';
import ipaddr from 'ipaddr.js';
import { Agent, type Dispatcher, request } from 'undici';

/** An address outside that we will not, or could not, read. The message is for the person who gave it. */
export class FetchRefused extends Error {}

const MAX_REDIRECTS = 3;
const TIMEOUT_MS = 15_000;
const USUAL_PORTS: ReadonlySet<string> = new Set(['', '80', '443']);

/** Whether an IP address is somewhere on the public internet: not private, loopback, link-local, mapped or reserved (H05). */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text);
  // The old IPv4-compatible block ::/96 counts as unicast, and some systems still route it to the IPv4 address in it.
  if (address.kind() === 'ipv6' && address.match(ipaddr.parseCIDR('::/96'))) return false;
  return address.range() === 'unicast';
}

/** Finds every address of a name, as `dns.lookup` does. */
export type NameLookup = (
  host: string,
  options: LookupAllOptions,
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** What a test may set otherwise; production uses none of it. */
export type FetchRules = {
  /** Which addresses may be connected to. */
  readonly mayConnect?: (address: string) => boolean;
  /** Ports besides the usual ones. */
  readonly ports?: ReadonlySet<string>;
  readonly resolve?: NameLookup;
  readonly timeoutMs?: number;
};

export type GuardedFetch = (address: string, limits: { readonly maxBytes: number }) => Promise<Buffer>;

/** Makes a guarded fetch; without rules it is the one of production. */
export function createGuardedFetch({
  mayConnect = isPublicAddress,
  ports = USUAL_PORTS,
  resolve = lookup,
  timeoutMs = TIMEOUT_MS,
}: FetchRules = {}): GuardedFetch {
  // The check sits in the connection's own name look-up, so a name that changes between check and use is checked in use.
  const agent = new Agent({
    connect: {
      timeout: 5_000,
      lookup: (host, options, done) => {
        resolve(host, { ...options, all: true }, (error, addresses) => {
          if (error) return done(error, []);
          const open = addresses.filter((a) => mayConnect(a.address));
          if (open.length === 0) return done(Object.assign(new Error('refused'), { code: 'EADDRNOTPUBLIC' }), []);
          done(null, open);
        });
      },
    },
    maxResponseSize: 25_000_000,
  });

  function allowed(address: string): URL {
    if (!URL.canParse(address)) throw new FetchRefused('This is not an address.');
    const url = new URL(address);
    if (!/^https?:$/.test(url.protocol) || url.username || url.password || !ports.has(url.port))
      throw new FetchRefused('Only plain http and https addresses are read.');
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (ipaddr.isValid(host) && !mayConnect(host)) throw new FetchRefused('This address is inside a private network.');
    return url;
  }

  return async (address, { maxBytes }) => {
    const deadline = AbortSignal.timeout(timeoutMs);
    let url = allowed(address);
    for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
      const answer = await request(url, {
        dispatcher: agent,
        signal: deadline,
        headers: { accept: 'image/*', 'user-agent': 'Souk' },
      }).catch((error: unknown) => {
        throw new FetchRefused(reason(error), { cause: error });
      });
      const { location } = answer.headers;
      if (answer.statusCode !== 200) {
        discard(answer.body);
        if (answer.statusCode < 300 || answer.statusCode >= 400 || typeof location !== 'string')
          throw new FetchRefused(`The address answered ${answer.statusCode}.`);
        url = allowed(URL.canParse(location, url.href) ? new URL(location, url).toString() : '');
        continue;
      }
      const pieces: Buffer[] = [];
      let size = 0;
      const tooLarge = new FetchRefused(`The file is larger than ${Math.floor(maxBytes / 1_000_000)} MB.`);
      try {
        if (Number(answer.headers['content-length'] ?? 0) > maxBytes) throw tooLarge;
        for await (const piece of answer.body as AsyncIterable<Buffer>) {
          size += piece.length;
          if (size > maxBytes) throw tooLarge;
          pieces.push(piece);
        }
      } catch (error) {
        answer.body.destroy();
        throw error instanceof FetchRefused ? error : new FetchRefused(reason(error), { cause: error });
      }
      return Buffer.concat(pieces);
    }
    throw new FetchRefused('The address leads from one to the next without an end.');
  };
}

/**
 * Reads a file from an address a person gave: http(s) on the usual ports, no credentials, public hosts only; the same holds
 * for every redirect. Bounded in bytes and time.
 * @throws FetchRefused
 */
export const guardedFetch: GuardedFetch = createGuardedFetch();

/** Ends an answer that nobody reads. Its server may send without an end, so it is not read to one. */
function discard(body: Dispatcher.ResponseData['body']): void {
  body.on('error', () => undefined);
  body.destroy();
}

function reason(error: unknown): string {
  const codes = [error, error instanceof Error ? error.cause : undefined].map((e) =>
    e instanceof Error && 'code' in e ? String(e.code) : '',
  );
  if (codes.includes('EADDRNOTPUBLIC')) return 'This address is inside a private network.';
  if (codes.some((code) => code === 'ENOTFOUND' || code === 'EAI_AGAIN'))
    return 'The host of this address was not found.';
  return error instanceof Error && error.name === 'TimeoutError'
    ? 'The address took too long to answer.'
    : 'The address could not be read.';
}
