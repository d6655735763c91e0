import { i18n } from '../../../words.ts';
import type { Api } from '../../../api.ts';

export type Domains = Awaited<ReturnType<Api['client']['domains']['list']['query']>>;
export type Mapping = Domains['mappings'][number];
export type Claim = Domains['claims'][number];
export type Finding = NonNullable<Claim['finding']>;
export type Words = { readonly tone: 'neutral' | 'warning' | 'success'; readonly text: string };

/** What the last look at a record found, and what to do about it. */
export function recordWords(finding: Finding | undefined): Words {
  if (!finding)
    return {
      tone: 'neutral',
      text: i18n.t('Not looked at yet. Set the record, then check it; we also look by ourselves now and then.'),
    };
  switch (finding.record) {
    case 'right':
      return finding.isTaken
        ? {
            tone: 'warning',
            text: i18n.t(
              'The record is right, but another shop here has this domain at the moment. If it can no longer prove it, it loses it within three days, and the domain becomes yours by itself.',
            ),
          }
        : { tone: 'success', text: i18n.t('The record is right.') };
    case 'other':
      return {
        tone: 'warning',
        text: i18n.t(
          'There is a record of this name, but it says {values}. Replace its value by the one above, or add a second record.',
          { values: finding.values.map((value) => `“${value}”`).join(', ') },
        ),
      };
    case 'no_answer':
      return {
        tone: 'warning',
        text: i18n.t('The name servers did not answer. This usually passes; check again in a few minutes.'),
      };
    case 'no_record':
    case 'no_name':
      return {
        tone: 'warning',
        text: i18n.t(
          'There is no such record yet. When you have just set it: it can take minutes, and up to a day, until everybody sees it.',
        ),
      };
  }
}

const list = (values: readonly string[]): string => values.join(', ');

/** Whether visitors of a domain arrive here, as far as DNS tells; undefined when nobody knows. */
export function pointingWords(
  finding: Finding | undefined,
  { addresses, cname }: Domains['pointTo'],
): Words | undefined {
  if (!finding || finding.pointing === 'no_answer') return undefined;
  if (finding.pointing !== 'records') return { tone: 'warning', text: i18n.t('It leads nowhere yet.') };
  if (finding.cname !== undefined && finding.cname === cname)
    return { tone: 'success', text: i18n.t('It leads here.') };
  if (addresses.length === 0)
    return { tone: 'neutral', text: i18n.t('It leads to {addresses}.', { addresses: list(finding.addresses) }) };
  const elsewhere = finding.addresses.filter((address) => !addresses.includes(address));
  if (elsewhere.length === 0) return { tone: 'success', text: i18n.t('It leads here.') };
  return {
    tone: 'warning',
    text: i18n.t(
      'It leads to {addresses}, not here. That is right only where a service stands in between, such as a content network.',
      { addresses: list(elsewhere) },
    ),
  };
}

/** A name as it is entered at a provider, which puts the registered domain behind it by itself. */
export const relativeTo = (zone: string, name: string): string =>
  name === zone ? '@' : name.endsWith(`.${zone}`) ? name.slice(0, -(zone.length + 1)) : name;
