import { lookup } from 'node:dns';
import ipaddr from 'ipaddr.js';
import { Agent, request } from 'undici';

/** An address outside that we will not, or could not, read. The message is for the person who gave it. */
export class FetchRefused extends Error {}

const MAX_REDIRECTS = 3;
const TIMEOUT_MS = 15_000;

/** Whether an IP address is somewhere on the public internet: not private, loopback, link-local, mapped or reserved (H05). */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text);
  return address.range() === 'unicast';
}

// The check sits in the connection's own name look-up, so a name that changes between check and use is checked in use.
const agent = new Agent({
  connect: {
    timeout: 5_000,
    lookup: (host, options, done) => {
      lookup(host, { ...options, all: true }, (error, addresses) => {
        if (error) return done(error, []);
        const open = addresses.filter((a) => isPublicAddress(a.address));
        if (open.length === 0) return done(Object.assign(new Error('refused'), { code: 'EADDRNOTPUBLIC' }), []);
        done(null, open);
      });
    },
  },
  maxResponseSize: 25_000_000,
});

/**
 * Reads a file from an address a person gave: http(s) on the usual ports, no credentials, public hosts only; the same holds
 * for every redirect. Bounded in bytes and time.
 * @throws FetchRefused
 */
export async function guardedFetch(address: string, { maxBytes }: { maxBytes: number }): Promise<Buffer> {
  const deadline = AbortSignal.timeout(TIMEOUT_MS);
  let url = allowed(address);
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    let answer: Awaited<ReturnType<typeof request>>;
    try {
      answer = await request(url, {
        dispatcher: agent,
        signal: deadline,
        headers: { accept: 'image/*', 'user-agent': 'Souk' },
      });
    } catch (error) {
      throw new FetchRefused(reason(error), { cause: error });
    }
    const { location } = answer.headers;
    if (answer.statusCode >= 300 && answer.statusCode < 400 && typeof location === 'string') {
      await answer.body.dump();
      url = allowed(URL.canParse(location, url.href) ? new URL(location, url).toString() : '');
      continue;
    }
    if (answer.statusCode !== 200) {
      await answer.body.dump();
      throw new FetchRefused(`The address answered ${answer.statusCode}.`);
    }
    const pieces: Buffer[] = [];
    let size = 0;
    try {
      for await (const piece of answer.body as AsyncIterable<Buffer>) {
        size += piece.length;
        if (size > maxBytes) throw new FetchRefused(`The file is larger than ${Math.floor(maxBytes / 1_000_000)} MB.`);
        pieces.push(piece);
      }
    } catch (error) {
      answer.body.destroy();
      throw error instanceof FetchRefused ? error : new FetchRefused(reason(error), { cause: error });
    }
    return Buffer.concat(pieces);
  }
  throw new FetchRefused('The address leads from one to the next without an end.');
}

function allowed(address: string): URL {
  if (!URL.canParse(address)) throw new FetchRefused('This is not an address.');
  const url = new URL(address);
  const usualPort = url.port === '' || url.port === '80' || url.port === '443';
  if (!/^https?:$/.test(url.protocol) || url.username || url.password || !usualPort)
    throw new FetchRefused('Only plain http and https addresses are read.');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (ipaddr.isValid(host) && !isPublicAddress(host))
    throw new FetchRefused('This address is inside a private network.');
  return url;
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
