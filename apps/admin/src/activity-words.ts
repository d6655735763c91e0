import { i18n } from './words.ts';
import { reasonWords } from './order-words.ts';
import { productCount } from './product-words.ts';

const ACTIONS: Readonly<Record<string, string>> = {
  'site.created': i18n.t('made the site'),
  'team.revoke': i18n.t('took an invitation back'),
  'team.leave': i18n.t('left'),
  'support.open': i18n.t('let support in'),
  'support.end': i18n.t('ended an access for support'),
  'team.transferOwnership': i18n.t('made somebody an owner in their place'),
  'keys.create': i18n.t('made an API key'),
  'keys.rotate': i18n.t('renewed an API key'),
  'keys.revoke': i18n.t('ended an API key'),
  'imports.upload': i18n.t('brought a product file'),
  'imports.cancel': i18n.t('cancelled an import'),
  'orders.fulfil': i18n.t('marked an order as sent'),
  'operator.suspend': i18n.t('suspended the site'),
  'operator.resume': i18n.t('opened the site again'),
  'operator.archive': i18n.t('archived the site'),
  'operator.restore': i18n.t('brought the site back, suspended'),
};

/** What is chosen by, where the sentence of a row alone says too much or too little. */
const CHOICES: Readonly<Record<string, string>> = {
  'products.publish': i18n.t('published a product'),
  'imports.start': i18n.t('imported a product file'),
  'site.update': i18n.t('changed the settings'),
  'domains.claim': i18n.t('added a domain'),
  'domains.check': i18n.t('looked for the record of a domain'),
  'domains.verify': i18n.t('found a domain proved'),
  'domains.expire': i18n.t('saw a claim run out'),
  'domains.withdraw': i18n.t('took back a domain'),
  'domains.checkAgain': i18n.t('looked at a domain again'),
  'domains.lose': i18n.t('found a record missing'),
  'domains.find': i18n.t('found a record back'),
  'domains.release': i18n.t('let a domain go'),
  'domains.remove': i18n.t('removed a domain'),
  'team.invite': i18n.t('invited somebody'),
  'team.sendAgain': i18n.t('sent an invitation again'),
  'team.joined': i18n.t('accepted an invitation'),
  'team.changeRole': i18n.t('changed somebody’s role'),
  'roles.create': i18n.t('made a role'),
  'roles.save': i18n.t('changed a role'),
};

/** What the log calls the settings of a site, and people do. */
const SETTING_WORDS: Readonly<Record<string, string>> = {
  locale: i18n.t('language'),
  timeZone: i18n.t('time zone'),
  contactEmail: i18n.t('contact address'),
  lowStockAt: i18n.t('when stock counts as low'),
  theme: i18n.t('look'),
  pricesIncludeTax: i18n.t('tax in prices'),
};
const settings = (facts: object): string => {
  // A new country alone moves the locale with it.
  const names = Object.keys(facts).filter((name) => !(name === 'locale' && 'country' in facts));
  return names.map((name) => SETTING_WORDS[name] ?? name).join(', ');
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const lengthOf = (value: unknown): number => (Array.isArray(value) ? value.length : 0);

const nameIn = (facts: Readonly<Record<string, unknown>>): string =>
  typeof facts['name'] === 'string' ? `“${facts['name']}”` : '';
const domainOf = (facts: Readonly<Record<string, unknown>>): string =>
  typeof facts['domain'] === 'string' ? facts['domain'] : i18n.t('of the site');

/** What somebody did, as the end of a sentence that begins with their name. */
export function actionWords(action: string, after: unknown): string {
  const facts = isRecord(after) ? after : {};
  const known = typeof facts['role'] === 'string' ? facts['role'] : undefined;
  const role = known ?? i18n.t('member');
  switch (action) {
    case 'team.requireSecondFactor':
      return facts['secondFactorRequired'] === true
        ? i18n.t('asked a second factor of everybody')
        : i18n.t('left the second factor to each');
    case 'products.publish':
      // Rows of before name all products of one call; since then each has its own.
      if ('published' in facts)
        return lengthOf(facts['published']) === 0
          ? i18n.t('published nothing new')
          : i18n.t('published {products}', { products: productCount(lengthOf(facts['published'])) });
      return typeof facts['title'] === 'string'
        ? i18n.t('published “{title}”', { title: facts['title'] })
        : i18n.t('published nothing new');
    case 'products.unpublish':
      return 'unpublished' in facts
        ? i18n.t('took {products} off the shop', { products: productCount(lengthOf(facts['unpublished'])) })
        : i18n.t('took a product off the shop');
    case 'activity.export':
      return i18n.t('exported the activity');
    case 'imports.start':
      return Number(facts['excluded'] ?? 0) === 0
        ? i18n.t('imported a product file')
        : i18n.t('imported a product file, leaving out {products}', {
            products: productCount(Number(facts['excluded'])),
          });
    case 'team.invite':
      return i18n.t('invited somebody as {role}', { role });
    case 'team.sendAgain':
      return i18n.t('sent an invitation as {role} again', { role });
    case 'team.joined':
      return i18n.t('accepted an invitation as {role}', { role });
    case 'team.remove':
      return known === undefined ? i18n.t('removed a member') : i18n.t('removed a member who was {role}', { role });
    case 'site.update':
      return settings(facts) === ''
        ? i18n.t('saved the settings as they were')
        : i18n.t('changed the settings: {settings}', { settings: settings(facts) });
    case 'team.changeRole':
      return i18n.t('made somebody {role}', { role });
    case 'roles.create':
      return i18n.t('made the role {name}', { name: nameIn(facts) });
    case 'roles.save':
      return i18n.t('changed the role {name}', { name: nameIn(facts) });
    case 'roles.retire':
      return i18n.t('deleted a role');
    case 'domains.claim':
      return i18n.t('added the domain {domain}', { domain: domainOf(facts) });
    case 'domains.check':
      return facts['outcome'] === 'verified'
        ? i18n.t('proved the domain {domain}', { domain: domainOf(facts) })
        : i18n.t('looked for the record of {domain}', { domain: domainOf(facts) });
    case 'domains.verify':
      return i18n.t('found the domain {domain} proved', { domain: domainOf(facts) });
    case 'domains.expire':
    case 'domains.withdraw':
      return i18n.t('took back the domain {domain}, which was not proved', { domain: domainOf(facts) });
    case 'domains.checkAgain':
      return i18n.t('looked for the record of {domain}', { domain: domainOf(facts) });
    case 'domains.lose':
      return i18n.t('found the record of {domain} missing', { domain: domainOf(facts) });
    case 'domains.find':
      return i18n.t('found the record of {domain} back', { domain: domainOf(facts) });
    case 'domains.release':
    case 'domains.remove':
      return i18n.t('let the domain {domain} go', { domain: domainOf(facts) });
    case 'domains.makePrimary':
      return typeof facts['primary'] === 'string'
        ? i18n.t('made {domain} the main address', { domain: facts['primary'] })
        : i18n.t('changed the main address');
    case 'orders.cancel':
      return typeof facts['reason'] === 'string'
        ? i18n.t('cancelled an order: {reason}', { reason: reasonWords(facts['reason']) })
        : i18n.t('cancelled an order');
    default:
      return ACTIONS[action] ?? action.replace('.', ': ').replaceAll('_', ' ');
  }
}

/** Names of fields, as people call them. */
const FIELD_WORDS: Readonly<Record<string, string>> = {
  ...SETTING_WORDS,
  lowestPrice: i18n.t('lowest price'),
  highestPrice: i18n.t('highest price'),
  byteSize: i18n.t('size in bytes'),
  entityType: i18n.t('kind'),
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
