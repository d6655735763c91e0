import { type DnsHandler, Packet, createServer } from 'dns2';
import { freePort } from './free-port.ts';

/** What stands under a name, or how the server fails when it is asked about it. */
export type Zone = {
  readonly txt?: readonly (string | readonly string[] | Buffer)[];
  readonly a?: readonly string[];
  readonly aaaa?: readonly string[];
  readonly cname?: string;
  /** `silent` never answers; the others are answers that say nothing of the name. */
  readonly fails?: 'silent' | 'SERVFAIL' | 'REFUSED';
};

/** A real DNS server on 127.0.0.1, over UDP and TCP. What it is told is what it answers from then on. */
export type NameServer = {
  /** As `DNS_SERVERS` names it. */
  readonly address: string;
  /** Sets what stands under a name; undefined takes the name away. */
  set(name: string, zone: Zone | undefined): void;
  /** Whatever it is asked, it fails like this; undefined: it works again. */
  failAll(how: Zone['fails']): void;
  /** Names it was asked about, with the type, in order. */
  readonly asked: string[];
  close(): Promise<void>;
};

type TypeName = 'TXT' | 'A' | 'AAAA' | 'CNAME';
const TYPES: readonly TypeName[] = ['TXT', 'A', 'AAAA', 'CNAME'];

export async function startNameServer(): Promise<NameServer> {
  const zones = new Map<string, Zone>();
  const asked: string[] = [];
  let all: Zone['fails'];

  const recordsOf = (name: string, zone: Zone, type: TypeName): object[] => {
    const at = (kind: TypeName, more: object) => ({
      name,
      type: Packet.TYPE[kind],
      class: Packet.CLASS.IN,
      ttl: 0,
      ...more,
    });
    // An alias answers for whatever it is asked, and its target is somebody else's.
    const alias = zone.cname === undefined ? [] : [at('CNAME', { domain: zone.cname })];
    if (type === 'TXT') return [...alias, ...(zone.txt ?? []).map((data) => at('TXT', { data }))];
    if (type === 'A') return [...alias, ...(zone.a ?? []).map((address) => at('A', { address }))];
    if (type === 'AAAA') return [...alias, ...(zone.aaaa ?? []).map((address) => at('AAAA', { address }))];
    return alias;
  };

  const handle: DnsHandler = (request, send) => {
    const [question] = request.questions;
    const name = question?.name.toLowerCase() ?? '';
    const type = TYPES.find((one) => Packet.TYPE[one] === question?.type);
    asked.push(`${type ?? question?.type} ${name}`);
    const zone = zones.get(name);
    const fails = all ?? zone?.fails;
    if (fails === 'silent') return;
    const response = Packet.createResponseFromRequest(request);
    if (fails) response.header.rcode = Packet.RCODE[fails];
    // Names that others stand below exist too.
    else if (!zone && ![...zones.keys()].some((known) => known.endsWith(`.${name}`)))
      response.header.rcode = Packet.RCODE.NXDOMAIN;
    else if (zone && type) response.answers.push(...(recordsOf(name, zone, type) as typeof response.answers));
    send(response).catch(() => undefined);
  };

  const port = await freePort();
  const server = createServer({ udp: true, tcp: true, handle });
  await server.listen({ udp: { port, address: '127.0.0.1' }, tcp: { port, address: '127.0.0.1' } });
  return {
    address: `127.0.0.1:${port}`,
    set: (name, zone) => void (zone ? zones.set(name.toLowerCase(), zone) : zones.delete(name.toLowerCase())),
    failAll: (how) => {
      all = how;
    },
    asked,
    close: async () => {
      await server.close();
    },
  };
}
