import { domainLookup } from '@souk/api/identity/domain-lookup';
import { checkSender } from '@souk/api/integrations/sender-domain';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type NameServer, startNameServer } from '../index.ts';

/* What a domain says of who may send mail in its name, asked of a real name server. */

let dns: NameServer;
beforeAll(async () => {
  dns = await startNameServer();
});
afterAll(() => dns.close());
beforeEach(() => dns.failAll(undefined));

let n = 0;
async function states(
  zones: { spf?: readonly string[]; dkim?: readonly string[]; dmarc?: readonly string[]; above?: readonly string[] },
  selector: string | undefined = 's1',
): Promise<Record<string, string>> {
  n += 1;
  const above = `sender-${n}.example`;
  const domain = `mail.${above}`;
  if (zones.spf) dns.set(domain, { txt: zones.spf });
  if (zones.dkim) dns.set(`s1._domainkey.${domain}`, { txt: zones.dkim });
  if (zones.dmarc) dns.set(`_dmarc.${domain}`, { txt: zones.dmarc });
  if (zones.above) dns.set(`_dmarc.${above}`, { txt: zones.above });
  const found = await checkSender(domainLookup([dns.address]), { address: `shop@${domain.toUpperCase()}`, selector });
  for (const { state, advice } of found) expect(advice === '').toBe(state === 'right');
  return Object.fromEntries(found.map(({ record, state }) => [record, state]));
}

const SPF = ['something else', 'v=spf1 include:mail.example ~all'];
const DKIM = ['v=DKIM1; k=rsa; p=MIGfMA0GCSq'];
const DMARC = ['v=DMARC1; p=none'];

test.each([
  ['all three', { spf: SPF, dkim: DKIM, dmarc: DMARC }, { SPF: 'right', DKIM: 'right', DMARC: 'right' }],
  ['none', {}, { SPF: 'missing', DKIM: 'missing', DMARC: 'missing' }],
  ['the domain above', { spf: SPF, dkim: DKIM, above: DMARC }, { SPF: 'right', DKIM: 'right', DMARC: 'right' }],
  [
    'two of each',
    { spf: [...SPF, 'v=spf1 -all'], dkim: DKIM, dmarc: [...DMARC, 'v=DMARC1; p=reject'] },
    { SPF: 'several', DKIM: 'right', DMARC: 'several' },
  ],
  [
    'anybody, and a key that was taken back',
    { spf: ['v=spf1 mx +all'], dkim: ['v=DKIM1; p='], dmarc: DMARC },
    { SPF: 'open', DKIM: 'revoked', DMARC: 'right' },
  ],
  ['anybody, said shortly', { spf: ['v=spf1 all'] }, { SPF: 'open', DKIM: 'missing', DMARC: 'missing' }],
  [
    'what only looks like it',
    { spf: ['v=spf10 -all'], dkim: ['k=rsa'], dmarc: ['v=DMARC12'] },
    { SPF: 'missing', DKIM: 'missing', DMARC: 'missing' },
  ],
])('with %s', async (_what, zones, expected) => expect(await states(zones)).toEqual(expected));

test('without a selector the key cannot be looked for, and it says so', async () => {
  const [, dkim] = await checkSender(domainLookup([dns.address]), {
    address: 'a@nothing.example',
    selector: undefined,
  });
  expect(dkim).toMatchObject({ state: 'missing', advice: expect.stringContaining('MAIL_DKIM_SELECTOR') });
});

test('name servers that fail say nothing about the domain', async () => {
  dns.failAll('SERVFAIL');
  expect(await states({ spf: SPF })).toEqual({ SPF: 'no_answer', DKIM: 'no_answer', DMARC: 'no_answer' });
});
