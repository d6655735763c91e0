import { i18n } from './words.ts';
import type { LostFactorReason, OperatorStep, SiteReason, SiteStatus } from '@souk/domain/identity';
import type { Tone } from '@souk/ui/admin';

/** How a site stands, in a word and a colour. */
export const SITE_STATUS_WORDS: Readonly<Record<SiteStatus, { readonly label: string; readonly tone: Tone }>> = {
  created: { label: i18n.t('not open yet'), tone: 'neutral' },
  active: { label: i18n.t('open'), tone: 'success' },
  suspended: { label: i18n.t('suspended'), tone: 'warning' },
  archived: { label: i18n.t('archived'), tone: 'neutral' },
  purged: { label: i18n.t('gone'), tone: 'neutral' },
};

/** A status as people call it; one that is not known is shown as it is. */
export const statusWord = (status: string): string =>
  Object.hasOwn(SITE_STATUS_WORDS, status) ? SITE_STATUS_WORDS[status as SiteStatus].label : status;

/** Why, as the end of a sentence. */
export const SITE_REASON_WORDS: Readonly<Record<SiteReason, string>> = {
  owner_asked: i18n.t('its owner asked for it'),
  unpaid: i18n.t('the hosting is not paid'),
  rules: i18n.t('it breaks the rules of this installation'),
  security: i18n.t('something has to be made safe first'),
  upkeep: i18n.t('it is being worked on'),
  settled: i18n.t('what stood against it is settled'),
  other: i18n.t('another reason'),
};

/** Why somebody is let in again without a second factor. */
export const LOST_FACTOR_WORDS: Readonly<Record<LostFactorReason, string>> = {
  lost_device: i18n.t('the device is lost'),
  stolen_device: i18n.t('the device was stolen'),
  broken_device: i18n.t('the device is broken'),
  other: i18n.t('another reason'),
};

const REASONS: Readonly<Record<string, string>> = { ...SITE_REASON_WORDS, ...LOST_FACTOR_WORDS };

/** The words for a code of the log; undefined for one that says nothing to people. */
export const reasonOfStatus = (code: string): string | undefined =>
  code === 'other' || !Object.hasOwn(REASONS, code) ? undefined : REASONS[code];

type StepWords = {
  readonly verb: string;
  readonly busy: string;
  /** Said of the site when it is done. */
  readonly done: (site: string) => string;
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
    verb: i18n.t('Suspend'),
    busy: i18n.t('Suspending …'),
    done: (site) => i18n.t('{site} is suspended', { site }),
    says: i18n.t(
      'Buyers see that the shop is closed for the moment, and nothing can be bought. Payments that are on their way are taken in, and their mails go out. Its people can look, and change nothing.',
    ),
    danger: true,
    reasons: ['unpaid', 'rules', 'security', 'upkeep', 'owner_asked', 'other'],
    tells: true,
  },
  resume: {
    verb: i18n.t('Open again'),
    busy: i18n.t('Opening …'),
    done: (site) => i18n.t('{site} is open again', { site }),
    says: i18n.t('The shop sells again at once, and its people can change it.'),
    danger: false,
    reasons: ['settled', 'owner_asked', 'other'],
    tells: false,
  },
  archive: {
    verb: i18n.t('Archive'),
    busy: i18n.t('Archiving …'),
    done: (site) => i18n.t('{site} is archived', { site }),
    says: i18n.t(
      'There is nothing at its address any more. Orders, products and people are kept, and can be looked at. It can be brought back; domains of its own are let go, and have to be proved again.',
    ),
    danger: true,
    reasons: ['owner_asked', 'unpaid', 'rules', 'other'],
    tells: true,
  },
  restore: {
    verb: i18n.t('Bring back'),
    busy: i18n.t('Bringing back …'),
    done: (site) => i18n.t('{site} is back, and suspended', { site }),
    says: i18n.t(
      'It is suspended then: its people see it again, and buyers that it is closed. Open it again when it is ready.',
    ),
    danger: false,
    reasons: ['owner_asked', 'settled', 'other'],
    tells: true,
  },
};

const DEEDS: Readonly<Record<string, (what: string) => string>> = {
  'site.created': (site) => i18n.t('made the site {site}', { site }),
  'operator.suspend': (site) => i18n.t('suspended {site}', { site }),
  'operator.resume': (site) => i18n.t('opened {site} again', { site }),
  'operator.archive': (site) => i18n.t('archived {site}', { site }),
  'operator.restore': (site) => i18n.t('brought {site} back', { site }),
  'operator.added': (person) => i18n.t('made {person} an operator', { person }),
  'account.factors_taken': (person) => i18n.t('took the second factors of {person} away', { person }),
  'operator.removed': (person) => i18n.t('let {person} go as an operator', { person }),
};

/** What an operator did to a site or a person, as the end of a sentence that begins with their name. */
export const operatorDeedWords = (action: string, what: string): string =>
  Object.hasOwn(DEEDS, action) ? (DEEDS[action]?.(what) ?? action) : `${action} ${what}`;
