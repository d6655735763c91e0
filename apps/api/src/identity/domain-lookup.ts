import { CANCELLED, NODATA, NOTFOUND, Resolver } from 'node:dns/promises';

/** Texts of the TXT records of a name, or why there are none. */
export type TxtAnswer =
  | { readonly kind: 'records'; readonly values: readonly string[] }
  /** The name is not there at all, or has no TXT record. */
  | { readonly kind: 'no_name' | 'no_record' }
  /** Nobody said anything that could be believed: it says nothing of the name. */
  | { readonly kind: 'no_answer' };

/** Where a name leads. */
export type AddressAnswer =
  | { readonly kind: 'records'; readonly addresses: readonly string[]; readonly cname: string | undefined }
  | { readonly kind: 'no_name' | 'no_record' | 'no_answer' };

export type DomainLookup = {
  readonly txt: (name: string) => Promise<TxtAnswer>;
  readonly addresses: (name: string) => Promise<AddressAnswer>;
};

/** Two tries of two seconds each, per server. */
const PATIENCE = { timeout: 2000, tries: 2 };

const isSilence = (error: unknown): 'no_name' | 'no_record' | 'no_answer' => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === NOTFOUND) return 'no_name';
  if (code === NODATA) return 'no_record';
  if (code === CANCELLED || typeof code === 'string') return 'no_answer';
  throw error;
};

/**
 * Asks the domain name system: the given servers, or those of this machine. Only names are asked about; nothing is ever
 * connected to because of an answer (H05).
 * @param servers addresses with or without a port, as `setServers` takes them.
 */
export function domainLookup(servers: readonly string[]): DomainLookup {
  // One for each question: questions of one resolver share a connection where answers are long, and lose it together.
  const ask = (): Resolver => {
    const resolver = new Resolver(PATIENCE);
    if (servers.length > 0) resolver.setServers(servers);
    return resolver;
  };
  const records = (name: string, type: 'A' | 'AAAA' | 'CNAME'): Promise<string[] | ReturnType<typeof isSilence>> =>
    (type === 'A' ? ask().resolve4(name) : type === 'AAAA' ? ask().resolve6(name) : ask().resolveCname(name)).catch(
      isSilence,
    );
  return {
    txt: async (name) => {
      try {
        // A record longer than 255 bytes comes in pieces. An alias whose target has no record is answered with none.
        const values = (await ask().resolveTxt(name)).map((pieces) => pieces.join(''));
        return values.length > 0 ? { kind: 'records', values } : { kind: 'no_record' };
      } catch (error) {
        return { kind: isSilence(error) };
      }
    },
    addresses: async (name) => {
      const [v4, v6, cname] = await Promise.all([records(name, 'A'), records(name, 'AAAA'), records(name, 'CNAME')]);
      const found = [v4, v6].filter((answer) => typeof answer !== 'string').flat();
      const alias = typeof cname === 'string' ? undefined : cname[0]?.toLowerCase();
      if (found.length > 0 || alias !== undefined)
        return { kind: 'records', addresses: found.toSorted(), cname: alias };
      if (v4 === 'no_answer' || v6 === 'no_answer') return { kind: 'no_answer' };
      return { kind: v4 === 'no_name' ? 'no_name' : 'no_record' };
    },
  };
}
