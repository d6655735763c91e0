import { getDomain } from 'tldts';
import type { DomainLookup, TxtAnswer } from '../identity/domain-lookup.ts';

/** What receivers of mail look for under the domain it says it comes from. */
export type SenderRecord = 'SPF' | 'DKIM' | 'DMARC';

/**
 * How one of them stands. `open` is there and lets anybody send; `several` counts as none, by the RFCs; `revoked` is a key
 * that was taken back; `no_answer` says nothing about the domain, only about the name servers.
 */
export type SenderFinding = {
  readonly record: SenderRecord;
  readonly state: 'right' | 'missing' | 'several' | 'open' | 'revoked' | 'no_answer';
  /** Where it stands, or should. */
  readonly name: string;
  /** What it says to do, for a person. Empty where there is nothing to do. */
  readonly advice: string;
};

/** The domain of an address. */
export const senderDomain = (address: string): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase();

const textsOf = (answer: TxtAnswer, pattern: RegExp): readonly string[] =>
  answer.kind === 'records' ? answer.values.filter((value) => pattern.test(value)) : [];

/** SPF (RFC 7208): one record that says who may send; with `+all` at its end it says that anybody may. */
async function spf(lookup: DomainLookup, domain: string): Promise<SenderFinding> {
  const answer = await lookup.txt(domain);
  const found = textsOf(answer, /^v=spf1( |$)/i);
  const about = (state: SenderFinding['state'], advice: string): SenderFinding => ({
    record: 'SPF',
    state,
    name: domain,
    advice,
  });
  if (answer.kind === 'no_answer') return about('no_answer', 'The name servers did not answer. Look again later.');
  if (found.length === 0)
    return about(
      'missing',
      'Add a TXT record that names your mail server, as its provider tells: for instance "v=spf1 include:… ~all".',
    );
  if (found.length > 1) return about('several', 'There is more than one, and then none counts. Make one of them.');
  return /(^| )\+?all( |$)/i.test(found[0] ?? '')
    ? about('open', 'It lets anybody send in your name. End it with "~all" or "-all".')
    : about('right', '');
}

/** DKIM (RFC 6376): the key that mails are signed with, under the selector that the mail server uses. */
async function dkim(lookup: DomainLookup, domain: string, selector: string | undefined): Promise<SenderFinding> {
  const name = `${selector ?? '…'}._domainkey.${domain}`;
  const about = (state: SenderFinding['state'], advice: string): SenderFinding => ({
    record: 'DKIM',
    state,
    name,
    advice,
  });
  if (selector === undefined)
    return about(
      'missing',
      'Switch signing on at your mail provider, add the record it tells, and set MAIL_DKIM_SELECTOR to its selector.',
    );
  const answer = await lookup.txt(name);
  if (answer.kind === 'no_answer') return about('no_answer', 'The name servers did not answer. Look again later.');
  const found = textsOf(answer, /(^|;)\s*p\s*=/i);
  if (found.length === 0)
    return about('missing', 'Add the TXT record with the key that your mail provider tells, under this name.');
  return found.every((value) => /(^|;)\s*p\s*=\s*(;|$)/i.test(value))
    ? about('revoked', 'Its key was taken back. Add the record of the present key.')
    : about('right', '');
}

/** DMARC (RFC 7489): what receivers do with mails that neither of the two vouches for; the domain above answers for those below. */
async function dmarc(lookup: DomainLookup, domain: string): Promise<SenderFinding> {
  const above = getDomain(domain, { allowPrivateDomains: true }) ?? domain;
  const pattern = /^v\s*=\s*DMARC1\s*(;|$)/i;
  let silent = false;
  for (const name of new Set([`_dmarc.${domain}`, `_dmarc.${above}`])) {
    const answer = await lookup.txt(name);
    silent ||= answer.kind === 'no_answer';
    const found = textsOf(answer, pattern);
    if (found.length === 1) return { record: 'DMARC', state: 'right', name, advice: '' };
    if (found.length > 1)
      return {
        record: 'DMARC',
        state: 'several',
        name,
        advice: 'There is more than one, and then none counts. Keep one of them.',
      };
  }
  const name = `_dmarc.${domain}`;
  return silent
    ? { record: 'DMARC', state: 'no_answer', name, advice: 'The name servers did not answer. Look again later.' }
    : {
        record: 'DMARC',
        state: 'missing',
        name,
        advice:
          'Add a TXT record: "v=DMARC1; p=none; rua=mailto:you@…" to begin with, and a stricter p when all is well.',
      };
}

/**
 * Looks at what a domain says of who may send mail in its name, as receivers do: without it mails are thrown away, or land
 * among unwanted ones. Three or four questions to name servers, at once; nothing is sent. Nothing to look at in development.
 */
export const checkSender = (
  lookup: DomainLookup,
  { address, selector }: { address: string; selector: string | undefined },
): Promise<SenderFinding[]> => {
  const domain = senderDomain(address);
  return Promise.all([spf(lookup, domain), dkim(lookup, domain, selector), dmarc(lookup, domain)]);
};
