import type { OperatorStep, SiteReason, SiteStatus } from '@souk/domain/identity';
import type { Tone } from '@souk/ui/admin';

/** How a site stands, in a word and a colour. */
export const SITE_STATUS_WORDS: Readonly<Record<SiteStatus, { readonly label: string; readonly tone: Tone }>> = {
  created: { label: 'not open yet', tone: 'neutral' },
  active: { label: 'open', tone: 'success' },
  suspended: { label: 'suspended', tone: 'warning' },
  archived: { label: 'archived', tone: 'neutral' },
  purged: { label: 'gone', tone: 'neutral' },
};

/** Why, as the end of a sentence. */
export const SITE_REASON_WORDS: Readonly<Record<SiteReason, string>> = {
  owner_asked: 'its owner asked for it',
  unpaid: 'the hosting is not paid',
  rules: 'it breaks the rules of this installation',
  security: 'something has to be made safe first',
  upkeep: 'it is being worked on',
  settled: 'what stood against it is settled',
  other: 'another reason',
};

/** The words for a code of the log; undefined for one that says nothing to people. */
export const reasonOfStatus = (code: string): string | undefined =>
  code === 'other' || !Object.hasOwn(SITE_REASON_WORDS, code) ? undefined : SITE_REASON_WORDS[code as SiteReason];

type StepWords = {
  readonly verb: string;
  readonly busy: string;
  readonly done: string;
  readonly says: string;
  readonly danger: boolean;
  /** Reasons that fit, the first chosen already. */
  readonly reasons: readonly SiteReason[];
  /** Its people can be told something, which they see as long as the site is closed. */
  readonly tells: boolean;
};

/** What a step is called, and what it does, before it is done. */
export const STEP_WORDS: Readonly<Record<OperatorStep, StepWords>> = {
  suspend: {
    verb: 'Suspend',
    busy: 'Suspending …',
    done: 'is suspended',
    says: 'Buyers see that the shop is closed for the moment, and nothing can be bought. Payments that are on their way are taken in, and their mails go out. Its people can look, and change nothing.',
    danger: true,
    reasons: ['unpaid', 'rules', 'security', 'upkeep', 'owner_asked', 'other'],
    tells: true,
  },
  resume: {
    verb: 'Open again',
    busy: 'Opening …',
    done: 'is open again',
    says: 'The shop sells again at once, and its people can change it.',
    danger: false,
    reasons: ['settled', 'owner_asked', 'other'],
    tells: false,
  },
  archive: {
    verb: 'Archive',
    busy: 'Archiving …',
    done: 'is archived',
    says: 'There is nothing at its address any more. Orders, products and people are kept, and can be looked at. It can be brought back; domains of its own are let go, and have to be proved again.',
    danger: true,
    reasons: ['owner_asked', 'unpaid', 'rules', 'other'],
    tells: true,
  },
  restore: {
    verb: 'Bring back',
    busy: 'Bringing back …',
    done: 'is back, and suspended',
    says: 'It is suspended then: its people see it again, and buyers that it is closed. Open it again when it is ready.',
    danger: false,
    reasons: ['owner_asked', 'settled', 'other'],
    tells: true,
  },
};

const DEEDS: Readonly<Record<string, (what: string) => string>> = {
  'site.created': (site) => `made the site ${site}`,
  'operator.suspend': (site) => `suspended ${site}`,
  'operator.resume': (site) => `opened ${site} again`,
  'operator.archive': (site) => `archived ${site}`,
  'operator.restore': (site) => `brought ${site} back`,
  'operator.added': (person) => `made ${person} an operator`,
  'operator.removed': (person) => `let ${person} go as an operator`,
};

/** What an operator did to a site or a person, as the end of a sentence that begins with their name. */
export const operatorDeedWords = (action: string, what: string): string =>
  Object.hasOwn(DEEDS, action) ? (DEEDS[action]?.(what) ?? action) : `${action} ${what}`;
