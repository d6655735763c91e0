import { reasonWords } from './order-words.ts';

const ACTIONS: Readonly<Record<string, string>> = {
  'site.created': 'made the site',
  'team.revoke': 'took an invitation back',
  'team.leave': 'left',
  'team.transferOwnership': 'made somebody an owner in their place',
  'keys.create': 'made an API key',
  'keys.rotate': 'renewed an API key',
  'keys.revoke': 'ended an API key',
  'imports.upload': 'brought a product file',
  'imports.cancel': 'cancelled an import',
  'orders.fulfil': 'marked an order as sent',
  'operator.suspend': 'suspended the site',
  'operator.resume': 'opened the site again',
  'operator.archive': 'archived the site',
  'operator.restore': 'brought the site back, suspended',
};

/** What is chosen by, where the sentence of a row alone says too much or too little. */
const CHOICES: Readonly<Record<string, string>> = {
  'products.publish': 'published a product',
  'imports.start': 'imported a product file',
  'site.update': 'changed the settings',
  'domains.claim': 'added a domain',
  'domains.check': 'looked for the record of a domain',
  'domains.verify': 'found a domain proved',
  'domains.expire': 'saw a claim run out',
  'domains.withdraw': 'took back a domain',
  'domains.checkAgain': 'looked at a domain again',
  'domains.lose': 'found a record missing',
  'domains.find': 'found a record back',
  'domains.release': 'let a domain go',
  'domains.remove': 'removed a domain',
  'team.invite': 'invited somebody',
  'team.sendAgain': 'sent an invitation again',
  'team.joined': 'accepted an invitation',
  'team.changeRole': 'changed somebody’s role',
  'roles.create': 'made a role',
  'roles.save': 'changed a role',
};

/** What the log calls the settings of a site, and people do. */
const SETTING_WORDS: Readonly<Record<string, string>> = {
  locale: 'language',
  timeZone: 'time zone',
  contactEmail: 'contact address',
  lowStockAt: 'when stock counts as low',
  theme: 'look',
  pricesIncludeTax: 'tax in prices',
};
const settings = (facts: object): string => {
  // A new country alone moves the locale with it.
  const names = Object.keys(facts).filter((name) => !(name === 'locale' && 'country' in facts));
  return names.map((name) => SETTING_WORDS[name] ?? name).join(', ');
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const lengthOf = (value: unknown): number => (Array.isArray(value) ? value.length : 0);
const products = (n: number): string => `${n} ${n === 1 ? 'product' : 'products'}`;

const nameIn = (facts: Readonly<Record<string, unknown>>): string =>
  typeof facts['name'] === 'string' ? `“${facts['name']}”` : '';
const domainOf = (facts: Readonly<Record<string, unknown>>): string =>
  typeof facts['domain'] === 'string' ? facts['domain'] : 'of the site';

/** What somebody did, as the end of a sentence that begins with their name. */
export function actionWords(action: string, after: unknown): string {
  const facts = isRecord(after) ? after : {};
  const role = typeof facts['role'] === 'string' ? facts['role'] : 'member';
  switch (action) {
    case 'team.requireSecondFactor':
      return facts['secondFactorRequired'] === true
        ? 'asked a second factor of everybody'
        : 'left the second factor to each';
    case 'products.publish':
      // Rows of before name all products of one call; since then each has its own.
      if ('published' in facts)
        return lengthOf(facts['published']) === 0
          ? 'published nothing new'
          : `published ${products(lengthOf(facts['published']))}`;
      return typeof facts['title'] === 'string' ? `published “${facts['title']}”` : 'published nothing new';
    case 'products.unpublish':
      return 'unpublished' in facts
        ? `took ${products(lengthOf(facts['unpublished']))} off the shop`
        : 'took a product off the shop';
    case 'activity.export':
      return 'exported the activity';
    case 'imports.start':
      return Number(facts['excluded'] ?? 0) === 0
        ? 'imported a product file'
        : `imported a product file, leaving out ${products(Number(facts['excluded']))}`;
    case 'team.invite':
      return `invited somebody as ${role}`;
    case 'team.sendAgain':
      return `sent an invitation as ${role} again`;
    case 'team.joined':
      return `accepted an invitation as ${role}`;
    case 'team.remove':
      return role === 'member' ? 'removed a member' : `removed a member who was ${role}`;
    case 'site.update':
      return settings(facts) === '' ? 'saved the settings as they were' : `changed the settings: ${settings(facts)}`;
    case 'team.changeRole':
      return `made somebody ${role}`;
    case 'roles.create':
      return `made the role ${nameIn(facts)}`;
    case 'roles.save':
      return `changed the role ${nameIn(facts)}`;
    case 'roles.retire':
      return 'deleted a role';
    case 'domains.claim':
      return `added the domain ${domainOf(facts)}`;
    case 'domains.check':
      return facts['outcome'] === 'verified'
        ? `proved the domain ${domainOf(facts)}`
        : `looked for the record of ${domainOf(facts)}`;
    case 'domains.verify':
      return `found the domain ${domainOf(facts)} proved`;
    case 'domains.expire':
    case 'domains.withdraw':
      return `took back the domain ${domainOf(facts)}, which was not proved`;
    case 'domains.checkAgain':
      return `looked for the record of ${domainOf(facts)}`;
    case 'domains.lose':
      return `found the record of ${domainOf(facts)} missing`;
    case 'domains.find':
      return `found the record of ${domainOf(facts)} back`;
    case 'domains.release':
    case 'domains.remove':
      return `let the domain ${domainOf(facts)} go`;
    case 'domains.makePrimary':
      return typeof facts['primary'] === 'string'
        ? `made ${facts['primary']} the main address`
        : 'changed the main address';
    case 'orders.cancel':
      return typeof facts['reason'] === 'string'
        ? `cancelled an order: ${reasonWords(facts['reason'])}`
        : 'cancelled an order';
    default:
      return ACTIONS[action] ?? action.replace('.', ': ').replaceAll('_', ' ');
  }
}

/** Names of fields, as people call them. */
const FIELD_WORDS: Readonly<Record<string, string>> = {
  ...SETTING_WORDS,
  lowestPrice: 'lowest price',
  highestPrice: 'highest price',
  byteSize: 'size in bytes',
  entityType: 'kind',
};

/** A field of the log as people call it: `lowStockAt` is "when stock counts as low", an unknown one is its words. */
export const fieldWords = (name: string): string =>
  FIELD_WORDS[name] ??
  name
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase();

/** An action as a choice in a list: what somebody did, without what to. */
export const actionLabel = (action: string): string => {
  const words = CHOICES[action] ?? actionWords(action, undefined);
  return words.charAt(0).toUpperCase() + words.slice(1);
};
