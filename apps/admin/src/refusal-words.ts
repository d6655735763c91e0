import { PERMISSIONS } from '@souk/domain/identity';
import { permissionWords } from './permission-groups.ts';
import { statusWord } from './site-status-words.ts';
import { i18n } from './words.ts';

/*
 * The API says no in English sentences, each with a code. Here are those that the admin can meet; where a sentence has parts,
 * they are found in it and said in the reader's language. One that is not here is shown as it came: better than a code.
 */

/** A permission is named in the sentence by its English words. */
const permissionOf = (english = ''): string => {
  const key = Object.entries(PERMISSIONS).find(([, words]) => words === english)?.[0];
  return key === undefined ? english : permissionWords(key);
};

/** What the API calls a field at the beginning of a sentence. */
const FIELDS: Readonly<Record<string, string>> = {
  'Your name': i18n.t('Your name'),
  'The name': i18n.t('The name'),
  'The name of the site': i18n.t('The name of the site'),
  'The name of your site': i18n.t('The name of your site'),
  'The address': i18n.t('The address'),
  'The description': i18n.t('The description'),
  'What its people are told': i18n.t('What its people are told'),
  'What they are to look at': i18n.t('What they are to look at'),
};
const fieldOf = (english = ''): string => FIELDS[english] ?? english;

type Parts = Readonly<Record<string, string>>;
/** A sentence as the API writes it, and how it is said. */
type Sentence = readonly [said: string, words: (parts: Parts) => string];

const SENTENCES: readonly Sentence[] = [
  [
    'Your session has ended. Sign in again; nothing you typed is lost.',
    () => i18n.t('Your session has ended. Sign in again; nothing you typed is lost.'),
  ],
  [
    'Something went wrong on our side. Nothing was changed.',
    () => i18n.t('Something went wrong on our side. Nothing was changed.'),
  ],
  ['The input is not valid.', () => i18n.t('The input is not valid.')],
  ['Something here is not valid.', () => i18n.t('Something here is not valid.')],
  ['This is not valid.', () => i18n.t('This is not valid.')],
  ['This is not a valid id.', () => i18n.t('This is not a valid id.')],
  [
    '{site} is {status}: you can look and take access away, but change nothing else.',
    (p) =>
      i18n.t('{site} is {status}: you can look and take access away, but change nothing else.', {
        site: p['site'],
        status: statusWord(p['status'] ?? ''),
      }),
  ],
  [
    '{site} asks everybody who works there for a second factor. Set yours up on the page of your account.',
    (p) =>
      i18n.t('{site} asks everybody who works there for a second factor. Set yours up on the page of your account.', {
        site: p['site'],
      }),
  ],
  [
    'This needs the permission “{permission}” ({key}). Ask an owner of the site to give it to you.',
    (p) =>
      i18n.t('This needs the permission “{permission}” ({key}). Ask an owner of the site to give it to you.', {
        permission: permissionOf(p['permission']),
        key: p['key'],
      }),
  ],
  [
    'We cannot answer at this moment. Wait a few seconds, look whether it was done, and if not, try it again.',
    () =>
      i18n.t(
        'We cannot answer at this moment. Wait a few seconds, look whether it was done, and if not, try it again.',
      ),
  ],
  [
    'Confirm that it is you, then try again. Nothing was changed.',
    () => i18n.t('Confirm that it is you, then try again. Nothing was changed.'),
  ],
  [
    'There is nothing here. It may have been removed, or the address may be wrong.',
    () => i18n.t('There is nothing here. It may have been removed, or the address may be wrong.'),
  ],
  [
    '{what} is too long: {max} characters at most.',
    (p) => i18n.t('{what} is too long: {max} characters at most.', { what: fieldOf(p['what']), max: p['max'] }),
  ],
  [
    '{what} contains characters that cannot be printed.',
    (p) => i18n.t('{what} contains characters that cannot be printed.', { what: fieldOf(p['what']) }),
  ],
  ['{what} is missing.', (p) => i18n.t('{what} is missing.', { what: fieldOf(p['what']) })],
  [
    'This contains characters that cannot be printed.',
    () => i18n.t('This contains characters that cannot be printed.'),
  ],
  ['This contains characters that cannot be seen.', () => i18n.t('This contains characters that cannot be seen.')],
  ['E-mail or password is not right.', () => i18n.t('E-mail or password is not right.')],
  ['Enter your password.', () => i18n.t('Enter your password.')],
  ['This is longer than any password here.', () => i18n.t('This is longer than any password here.')],
  ['This is not your password.', () => i18n.t('This is not your password.')],
  ['Your account asks for a second factor.', () => i18n.t('Your account asks for a second factor.')],
  ['Too many tries. Wait a minute, then try again.', () => i18n.t('Too many tries. Wait a minute, then try again.')],
  [
    'Too many tries. Wait {minutes} minutes, then try again.',
    (p) => i18n.t('Too many tries. Wait {minutes} minutes, then try again.', { minutes: p['minutes'] }),
  ],
  [
    'Many people are signing in at this moment. Wait a few seconds.',
    () => i18n.t('Many people are signing in at this moment. Wait a few seconds.'),
  ],
  [
    'That took too long, was finished already, or the code was wrong too often. Begin again with your password.',
    () =>
      i18n.t(
        'That took too long, was finished already, or the code was wrong too often. Begin again with your password.',
      ),
  ],
  [
    'This code is not right, or it was used already. Codes of the app change every half minute.',
    () => i18n.t('This code is not right, or it was used already. Codes of the app change every half minute.'),
  ],
  [
    'This is you. Turn yours off on the page of your account, or ask somebody else who runs this installation.',
    () =>
      i18n.t(
        'This is you. Turn yours off on the page of your account, or ask somebody else who runs this installation.',
      ),
  ],
  [
    'This account has no second factor: its password alone signs in.',
    () => i18n.t('This account has no second factor: its password alone signs in.'),
  ],
  ['Nobody signs in with this address.', () => i18n.t('Nobody signs in with this address.')],
  [
    'Your account has no second factor. Set one up first.',
    () => i18n.t('Your account has no second factor. Set one up first.'),
  ],
  [
    'This is not the code the app shows now. Is the clock of your phone right? If you began anew in another window, scan the picture there.',
    () =>
      i18n.t(
        'This is not the code the app shows now. Is the clock of your phone right? If you began anew in another window, scan the picture there.',
      ),
  ],
  [
    'Your account has an authenticator app already. Turn it off before you set up another one.',
    () => i18n.t('Your account has an authenticator app already. Turn it off before you set up another one.'),
  ],
  [
    'This passkey did not work: it may have been removed, or it took too long. Try again, or use another way.',
    () =>
      i18n.t(
        'This passkey did not work: it may have been removed, or it took too long. Try again, or use another way.',
      ),
  ],
  [
    'This passkey is set up already, or you have too many.',
    () => i18n.t('This passkey is set up already, or you have too many.'),
  ],
  [
    'An account has {n} passkeys at most. Remove one that you do not use any more.',
    (p) => i18n.t('An account has {n} passkeys at most. Remove one that you do not use any more.', { n: p['n'] }),
  ],
  [
    'Use at least {n} characters. Four or five words in a row are easy to remember.',
    (p) => i18n.t('Use at least {n} characters. Four or five words in a row are easy to remember.', { n: p['n'] }),
  ],
  [
    'This is one of the first passwords anybody tries. Take another one, such as four words that do not belong together.',
    () =>
      i18n.t(
        'This is one of the first passwords anybody tries. Take another one, such as four words that do not belong together.',
      ),
  ],
  [
    'This is a pattern, and patterns are tried first. Take another one, such as four words that do not belong together.',
    () =>
      i18n.t(
        'This is a pattern, and patterns are tried first. Take another one, such as four words that do not belong together.',
      ),
  ],
  [
    'This is made of your name, your address or the name of your site. Take something nobody knows of you.',
    () =>
      i18n.t('This is made of your name, your address or the name of your site. Take something nobody knows of you.'),
  ],
  ['This does not look like an e-mail address.', () => i18n.t('This does not look like an e-mail address.')],
  ['This is your address already.', () => i18n.t('This is your address already.')],
  ['This address has an account of its own already.', () => i18n.t('This address has an account of its own already.')],
  [
    'This link is not good any more. Ask for the change again on the page of your account.',
    () => i18n.t('This link is not good any more. Ask for the change again on the page of your account.'),
  ],
  [
    'This link is not good any more. It works once, for an hour; ask for another one.',
    () => i18n.t('This link is not good any more. It works once, for an hour; ask for another one.'),
  ],
  [
    'This link is not good any more. The terminal shows the newest one; stopping and starting Souk prints another.',
    () =>
      i18n.t(
        'This link is not good any more. The terminal shows the newest one; stopping and starting Souk prints another.',
      ),
  ],
  [
    'This invitation is not good any more. Ask whoever invited you to send it again.',
    () => i18n.t('This invitation is not good any more. Ask whoever invited you to send it again.'),
  ],
  ['You are a member of this site already.', () => i18n.t('You are a member of this site already.')],
  [
    'You have an account already. Sign in with it to accept.',
    () => i18n.t('You have an account already. Sign in with it to accept.'),
  ],
  [
    '{n} domains wait for their proof. Take back those that you do not need.',
    (p) => i18n.t('{n} domains wait for their proof. Take back those that you do not need.', { n: p['n'] }),
  ],
  [
    'Many domains were added since yesterday. Wait until tomorrow for more.',
    () => i18n.t('Many domains were added since yesterday. Wait until tomorrow for more.'),
  ],
  [
    'A site has {n} domains at most. Remove one first.',
    (p) => i18n.t('A site has {n} domains at most. Remove one first.', { n: p['n'] }),
  ],
  [
    'It was looked up just now. Give it a few seconds.',
    () => i18n.t('It was looked up just now. Give it a few seconds.'),
  ],
  ['This is an address of your site already.', () => i18n.t('This is an address of your site already.')],
  [
    'You have added this domain already. Set its record, then check it.',
    () => i18n.t('You have added this domain already. Set its record, then check it.'),
  ],
  [
    'The record of this domain has vanished. Set it again and check it; then it can be your main address.',
    () =>
      i18n.t('The record of this domain has vanished. Set it again and check it; then it can be your main address.'),
  ],
  [
    'This address came with your site and stays, so that the shop can always be reached.',
    () => i18n.t('This address came with your site and stays, so that the shop can always be reached.'),
  ],
  ['Write your domain, such as shop.example.', () => i18n.t('Write your domain, such as shop.example.')],
  [
    'This is no domain. Write it as it stands in a browser’s address bar, such as shop.example.',
    () => i18n.t('This is no domain. Write it as it stands in a browser’s address bar, such as shop.example.'),
  ],
  ['This is too long for a domain.', () => i18n.t('This is too long for a domain.')],
  [
    'This is the address of a machine. Write the name that people type, such as shop.example.',
    () => i18n.t('This is the address of a machine. Write the name that people type, such as shop.example.'),
  ],
  ['The ending is missing, such as .com or .de.', () => i18n.t('The ending is missing, such as .com or .de.')],
  [
    'Names with this ending work inside one network only. Write the domain that you have registered.',
    () => i18n.t('Names with this ending work inside one network only. Write the domain that you have registered.'),
  ],
  [
    'This is an ending under which others register. Write the whole domain, such as shop.co.uk.',
    () => i18n.t('This is an ending under which others register. Write the whole domain, such as shop.co.uk.'),
  ],
  [
    'This address belongs to this installation itself. Write a domain of your own.',
    () => i18n.t('This address belongs to this installation itself. Write a domain of your own.'),
  ],
  [
    'The database does not know this one. Choose another.',
    () => i18n.t('The database does not know this one. Choose another.'),
  ],
  [
    'Too many sites begin like this one. Take another short name.',
    () => i18n.t('Too many sites begin like this one. Take another short name.'),
  ],
  ['Another site has this one. Take another.', () => i18n.t('Another site has this one. Take another.')],
  [
    'Use 3 to 32 small letters, digits and hyphens, beginning with a letter.',
    () => i18n.t('Use 3 to 32 small letters, digits and hyphens, beginning with a letter.'),
  ],
  ['Souk uses this one itself. Take another.', () => i18n.t('Souk uses this one itself. Take another.')],
  ['Choose a country.', () => i18n.t('Choose a country.')],
  ['Choose a currency.', () => i18n.t('Choose a currency.')],
  ['Choose a time zone.', () => i18n.t('Choose a time zone.')],
  [
    'Write the rate as a number between 0 and 100, such as 19.',
    () => i18n.t('Write the rate as a number between 0 and 100, such as 19.'),
  ],
  ['{currency} has no such decimals.', (p) => i18n.t('{currency} has no such decimals.', { currency: p['currency'] })],
  [
    'Write the price as a number, or 0 where delivery is free.',
    () => i18n.t('Write the price as a number, or 0 where delivery is free.'),
  ],
  [
    'There are products with prices in it, so it stays.',
    () => i18n.t('There are products with prices in it, so it stays.'),
  ],
  ['Buyers have seen prices that way, so it stays.', () => i18n.t('Buyers have seen prices that way, so it stays.')],
  [
    'Write a whole number between 0 and {max}.',
    (p) => i18n.t('Write a whole number between 0 and {max}.', { max: p['max'] }),
  ],
  [
    '{who} has saved these settings since you opened them. Look at both, then save again.',
    (p) =>
      i18n.t('{who} has saved these settings since you opened them. Look at both, then save again.', {
        who: p['who'] === 'Somebody' ? i18n.t('Somebody') : p['who'],
      }),
  ],
  [
    'There are {n} keys. End one that nobody needs any more.',
    (p) => i18n.t('There are {n} keys. End one that nobody needs any more.', { n: p['n'] }),
  ],
  [
    'A key may do no more than whoever makes it, and you do not hold “{permission}”.',
    (p) =>
      i18n.t('A key may do no more than whoever makes it, and you do not hold “{permission}”.', {
        permission: permissionOf(p['permission']),
      }),
  ],
  [
    'This key opens nothing any more, or another one takes its place already.',
    () => i18n.t('This key opens nothing any more, or another one takes its place already.'),
  ],
  ['Choose a day after today.', () => i18n.t('Choose a day after today.')],
  ['Choose {n} days at most.', (p) => i18n.t('Choose {n} days at most.', { n: p['n'] })],
  ['No service can use this.', () => i18n.t('No service can use this.')],
  ['Choose what the key may do.', () => i18n.t('Choose what the key may do.')],
  ['Choose {n} hours at most.', (p) => i18n.t('Choose {n} hours at most.', { n: p['n'] })],
  [
    '{site} is {status} now: somebody has changed it since you looked. Look again, then decide.',
    (p) =>
      i18n.t('{site} is {status} now: somebody has changed it since you looked. Look again, then decide.', {
        site: p['site'],
        status: statusWord(p['status'] ?? ''),
      }),
  ],
  [
    '{site} is {status}: that is no step from there.',
    (p) =>
      i18n.t('{site} is {status}: that is no step from there.', {
        site: p['site'],
        status: statusWord(p['status'] ?? ''),
      }),
  ],
  [
    'Nobody signs in with this address. Invite them to a site first, so that they make an account.',
    () => i18n.t('Nobody signs in with this address. Invite them to a site first, so that they make an account.'),
  ],
  ['They run this installation already.', () => i18n.t('They run this installation already.')],
  [
    'Somebody has to run this installation. Add another one first; then this one can go.',
    () => i18n.t('Somebody has to run this installation. Add another one first; then this one can go.'),
  ],
  ['Give the role a name.', () => i18n.t('Give the role a name.')],
  ['Use {n} characters at most.', (p) => i18n.t('Use {n} characters at most.', { n: p['n'] })],
  [
    'This mixes letters of different scripts that look alike. Use those of one.',
    () => i18n.t('This mixes letters of different scripts that look alike. Use those of one.'),
  ],
  ['This is not a permission.', () => i18n.t('This is not a permission.')],
  [
    'Somebody changed the role “{role}” since you opened it.',
    (p) => i18n.t('Somebody changed the role “{role}” since you opened it.', { role: p['role'] }),
  ],
  [
    'The role “owner” stays as it is: a site always has people who may do everything.',
    () => i18n.t('The role “owner” stays as it is: a site always has people who may do everything.'),
  ],
  [
    'Nobody gives, or takes away, what they do not hold themselves. Ask somebody who holds all of it.',
    () => i18n.t('Nobody gives, or takes away, what they do not hold themselves. Ask somebody who holds all of it.'),
  ],
  ['Another role has this name already.', () => i18n.t('Another role has this name already.')],
  [
    'There are {n} roles. Delete one that nobody needs any more.',
    (p) => i18n.t('There are {n} roles. Delete one that nobody needs any more.', { n: p['n'] }),
  ],
  [
    'Somebody is {role}, or invited to be. Give them another role first.',
    (p) => i18n.t('Somebody is {role}, or invited to be. Give them another role first.', { role: p['role'] }),
  ],
  [
    'The role “{role}” may do more than you may yourself. Ask somebody who holds all of it.',
    (p) =>
      i18n.t('The role “{role}” may do more than you may yourself. Ask somebody who holds all of it.', {
        role: p['role'],
      }),
  ],
  [
    'There are {n} open invitations. Take back those that nobody needs any more.',
    (p) => i18n.t('There are {n} open invitations. Take back those that nobody needs any more.', { n: p['n'] }),
  ],
  [
    'Many invitations have gone out since yesterday. Wait until tomorrow for more.',
    () => i18n.t('Many invitations have gone out since yesterday. Wait until tomorrow for more.'),
  ],
  [
    'A site keeps an owner. Invite another one first; when they have come, this one can go.',
    () => i18n.t('A site keeps an owner. Invite another one first; when they have come, this one can go.'),
  ],
  [
    'A site keeps an owner. Make somebody else an owner first.',
    () => i18n.t('A site keeps an owner. Make somebody else an owner first.'),
  ],
  ['Only an owner lets support in. Ask one of them.', () => i18n.t('Only an owner lets support in. Ask one of them.')],
  [
    'Nobody who runs this installation has this address. Ask them which one they sign in with.',
    () => i18n.t('Nobody who runs this installation has this address. Ask them which one they sign in with.'),
  ],
  ['They work on this site already.', () => i18n.t('They work on this site already.')],
  [
    'They have been let in already. End that first, if it is to be something else.',
    () => i18n.t('They have been let in already. End that first, if it is to be something else.'),
  ],
  [
    'Support takes nothing out of a site. Ask somebody who works here to do it.',
    () => i18n.t('Support takes nothing out of a site. Ask somebody who works here to do it.'),
  ],
  ['They are a member of this site already.', () => i18n.t('They are a member of this site already.')],
  [
    'They are invited already. Send the invitation again, or take it back first.',
    () => i18n.t('They are invited already. Send the invitation again, or take it back first.'),
  ],
  [
    'It was sent {n} times. Ask them to look among unwanted mail, or take it back.',
    (p) => i18n.t('It was sent {n} times. Ask them to look among unwanted mail, or take it back.', { n: p['n'] }),
  ],
  ['It went out just now. Give it a minute.', () => i18n.t('It went out just now. Give it a minute.')],
  [
    'Somebody made them {role} meanwhile. Look again, then decide.',
    (p) => i18n.t('Somebody made them {role} meanwhile. Look again, then decide.', { role: p['role'] }),
  ],
  [
    'Choose what you will be yourself: another role than owner.',
    () => i18n.t('Choose what you will be yourself: another role than owner.'),
  ],
  [
    'Set your own second factor up first, on the page of your account: otherwise you would lock yourself out.',
    () =>
      i18n.t(
        'Set your own second factor up first, on the page of your account: otherwise you would lock yourself out.',
      ),
  ],
  [
    'This order has changed since you opened it. Look at it again, then decide.',
    () => i18n.t('This order has changed since you opened it. Look at it again, then decide.'),
  ],
  [
    'Meanwhile something of this order is sold out. Order again what is left.',
    () => i18n.t('Meanwhile something of this order is sold out. Order again what is left.'),
  ],
  [
    'This file cannot be imported as it is: it still has errors, or it has been imported already. Look at its report.',
    () =>
      i18n.t(
        'This file cannot be imported as it is: it still has errors, or it has been imported already. Look at its report.',
      ),
  ],
  ['Choose at least one product.', () => i18n.t('Choose at least one product.')],
  ['Choose 500 products at most.', () => i18n.t('Choose 500 products at most.')],
  [
    'The file is larger than {n} MB. Split it into several files; the rest of it was not read.',
    (p) =>
      i18n.t('The file is larger than {n} MB. Split it into several files; the rest of it was not read.', {
        n: p['n'],
      }),
  ],
];

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
const asPattern = (said: string): RegExp =>
  new RegExp(
    `^${said
      .split(/\{(\w+)\}/)
      .map((piece, i) => (i % 2 === 1 ? `(?<${piece}>.+)` : escaped(piece)))
      .join('')}$`,
    's',
  );

const whole = new Map(SENTENCES.filter(([said]) => !said.includes('{')));
const withParts = SENTENCES.filter(([said]) => said.includes('{')).map(
  ([said, words]) => [asPattern(said), words] as const,
);

/** A sentence of the API in the reader's language; as it came where it is not known. */
export function inOwnWords(sentence: string): string {
  const known = whole.get(sentence);
  if (known) return known({});
  for (const [pattern, words] of withParts) {
    const parts = pattern.exec(sentence)?.groups;
    if (parts) return words(parts);
  }
  return sentence;
}
