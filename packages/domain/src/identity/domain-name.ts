import { type Brand, type Result, ok, refuse } from '../shared/index.ts';

/** A public host name as DNS knows it: lower case, punycode, no dot at the end. Two names are the same when these are. */
export type DomainName = Brand<string, 'DomainName'>;

export type DomainNameFault =
  | 'missing'
  | 'not_a_name'
  | 'too_long'
  | 'ip_address'
  | 'single_label'
  | 'reserved'
  | 'public_suffix'
  | 'ours';

export const DOMAIN_NAME_WORDS: Readonly<Record<DomainNameFault, string>> = {
  missing: 'Write your domain, such as shop.example.',
  not_a_name: 'This is no domain. Write it as it stands in a browser’s address bar, such as shop.example.',
  too_long: 'This is too long for a domain.',
  ip_address: 'This is the address of a machine. Write the name that people type, such as shop.example.',
  single_label: 'The ending is missing, such as .com or .de.',
  reserved: 'Names with this ending work inside one network only. Write the domain that you have registered.',
  public_suffix: 'This is an ending under which others register. Write the whole domain, such as shop.co.uk.',
  ours: 'This address belongs to this installation itself. Write a domain of your own.',
};

/** What the platform knows and pure code does not. */
export type NameRules = {
  /** A name in any script as DNS writes it (UTS 46); empty when it cannot be written. */
  readonly toAscii: (name: string) => string;
  /** Whether anybody may register below this name, as below `co.uk`. */
  readonly isPublicSuffix: (name: string) => boolean;
  /** Whether the name is one of the installation's own. */
  readonly isOurs: (name: string) => boolean;
};

/** Endings that no registrar sells, and that a browser or a resolver treats in a way of its own. */
const RESERVED = new Set([
  'localhost',
  'local',
  'internal',
  'intranet',
  'lan',
  'home',
  'corp',
  'invalid',
  'onion',
  'alt',
  'arpa',
]);

/** The host below which a site shows that a name is its own. */
export const CHALLENGE_LABEL = '_souk-challenge';
const MAX_NAME = 253 - CHALLENGE_LABEL.length - 1;

const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
/** What stands in no host name of any script, and what a parser of addresses would give a meaning. */
const FOREIGN = /[\s\p{C}%@:?#\\[\]^|<>"'`{}$&+,;=*!()~_]/u;

/**
 * A domain as a person types or pastes it, folded to the one form it is compared in: scheme, path and the dot at the end
 * are forgiven, anything else that is no plain host name is refused.
 */
export function domainName(
  text: string,
  { toAscii, isPublicSuffix, isOurs }: NameRules,
): Result<DomainName, DomainNameFault> {
  const typed = text
    .trim()
    .replace(/^https?:\/\//i, '')
    .replace(/\/.*$/s, '');
  if (typed === '') return refuse('missing');
  if (/^\[?[0-9a-f]*:[0-9a-f:.]*\]?$/i.test(typed) && typed.split(':').length > 2) return refuse('ip_address');
  if (FOREIGN.test(typed)) return refuse('not_a_name');
  const name = toAscii(typed).toLowerCase().replace(/\.$/, '');
  const labels = name.split('.');
  const last = labels.at(-1) ?? '';
  if (labels.length > 1 && /^(\d+|0x[0-9a-f]*)$/.test(last)) return refuse('ip_address');
  if (name.length > MAX_NAME || labels.some((label) => label.length > 63)) return refuse('too_long');
  // Two hyphens in the third place announce another writing; only one such writing is in use.
  if (labels.some((label) => !LABEL.test(label) || (/^..--/.test(label) && !label.startsWith('xn--'))))
    return refuse('not_a_name');
  if (RESERVED.has(last)) return refuse('reserved');
  if (isOurs(name)) return refuse('ours');
  if (labels.length === 1) return refuse(/^\d+$/.test(name) ? 'ip_address' : 'single_label');
  if (isPublicSuffix(name)) return refuse('public_suffix');
  return ok(name as DomainName);
}

/** Scripts that are written together, each with Latin letters; a label with letters of two rows mixes them. */
const TOGETHER: readonly RegExp[] = [
  /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Bopomofo}|\p{Script=Hangul}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Armenian}/u,
  /\p{Script=Hebrew}/u,
  /\p{Script=Arabic}/u,
  /\p{Script=Devanagari}/u,
  /\p{Script=Thai}/u,
  /\p{Script=Georgian}/u,
  /\p{Script=Cherokee}/u,
  /\p{Script=Coptic}/u,
];
const LATIN = /\p{Script=Latin}/u;
const ASIAN = TOGETHER[0];

/**
 * Whether one part of a name has letters of scripts that nobody writes together, as a name that looks like another has
 * (L03). Latin letters beside Chinese, Japanese or Korean ones are usual.
 */
export const mixesScripts = (unicode: string): boolean =>
  unicode.split('.').some((label) => {
    const found = TOGETHER.filter((script) => script.test(label));
    return found.length > 1 || (found.length === 1 && found[0] !== ASIAN && LATIN.test(label));
  });
