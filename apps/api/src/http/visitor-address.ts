import { createHmac } from 'node:crypto';
import { isIPv6 } from 'node:net';
import type { MasterKey } from '@souk/db';

/** Where a visitor comes from, as far as a site may remember it: a keyed hash that no other site can compare. */
export type VisitorAddress = { readonly addressHash: Buffer; readonly isCrowd: boolean };

/** Addresses of this machine say nothing of the visitor behind them: a proxy we do not trust, or a program here. */
const OWN = new Set(['', '127.0.0.1', '::1']);

/** The address of a request for counting. Of IPv6 the network counts: one line has as many addresses as it likes. */
export function visitorAddress(key: MasterKey, siteId: string, address: string): VisitorAddress {
  const bare = bareAddress(address);
  const network = networkOf(address);
  return {
    addressHash: createHmac('sha256', key).update(`visitor-address ${siteId} ${network}`).digest().subarray(0, 16),
    isCrowd: OWN.has(bare),
  };
}

const bareAddress = (address: string): string => address.toLowerCase().replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/, '');

/** An address as it is counted: IPv4 whole, of IPv6 the first 64 bits. */
export function networkOf(address: string): string {
  const bare = bareAddress(address);
  return isIPv6(bare) ? first64Bits(bare) : bare;
}

function first64Bits(address: string): string {
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::');
  const before = head.split(':').filter(Boolean);
  const after = (tail ?? '').split(':').filter(Boolean);
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  return [...before, ...Array<string>(zeros).fill('0'), ...after]
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}
