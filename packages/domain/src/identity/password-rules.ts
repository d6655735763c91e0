/** Fewest characters of a password. Length is what makes guessing dear; kinds of characters are nobody's business. */
export const PASSWORD_MIN = 10;
/** Most characters of a password: far more than anybody types, and few enough that hashing one costs the same as any. */
export const PASSWORD_MAX = 200;

export type PasswordFault = 'too_short' | 'too_long' | 'too_common' | 'too_regular' | 'about_you';

/**
 * Words that lists of leaked passwords are made of. A password that is one of them, with digits and signs around it or
 * letters written as digits, is among the first that anybody tries.
 */
// oxfmt-ignore
const COMMON = new Set([
  'password', 'passwort', 'passwords', 'mypassword', 'thepassword', 'yourpassword', 'newpassword', 'changeme', 'changemenow', 'changeit',
  'letmein', 'letmeinnow', 'welcome', 'welcomeback', 'willkommen', 'bienvenue', 'secret', 'topsecret', 'geheim', 'default', 'master',
  'administrator', 'admin', 'adminadmin', 'administrador', 'root', 'rootroot', 'superuser', 'superadmin', 'manager', 'support', 'service',
  'test', 'testing', 'testtest', 'tester', 'testpassword', 'demo', 'guest', 'user', 'username', 'login', 'access', 'system', 'server',
  'iloveyou', 'ilovegod', 'loveyou', 'lovelove', 'iloveme', 'hello', 'hallo', 'helloworld', 'hallohallo', 'hellohello', 'goodmorning',
  'sunshine', 'princess', 'football', 'baseball', 'basketball', 'soccer', 'superman', 'batman', 'spiderman', 'pokemon', 'starwars',
  'dragon', 'monkey', 'shadow', 'michael', 'jennifer', 'jessica', 'jordan', 'charlie', 'daniel', 'thomas', 'matthew', 'ashley', 'nicole',
  'computer', 'internet', 'samsung', 'google', 'facebook', 'instagram', 'whatsapp', 'microsoft', 'apple', 'android', 'windows', 'linkedin',
  'summer', 'winter', 'spring', 'autumn', 'sommer', 'january', 'february', 'march', 'april', 'june', 'july', 'august', 'september',
  'october', 'november', 'december', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday',
  'liverpool', 'chelsea', 'arsenal', 'manchester', 'barcelona', 'realmadrid', 'juventus', 'bayern', 'schalke', 'london', 'berlin', 'paris',
  'trustno', 'trustnoone', 'whatever', 'freedom', 'corvette', 'mustang', 'mercedes', 'ferrari', 'porsche', 'harley', 'yamaha',
  'butterfly', 'chocolate', 'cookie', 'cheese', 'banana', 'strawberry', 'unicorn', 'diamond', 'lovely', 'sweetheart', 'babygirl', 'fuckyou',
  'qazwsx', 'qazwsxedc', 'zaqxsw', 'asdf', 'asdfasdf', 'asdfghjkl', 'qwertz', 'qwerty', 'qwertyuiop', 'azerty', 'zxcvbn', 'zxcvbnm', 'abc', 'abcabc',
  'correcthorsebatterystaple', 'correcthorse', 'nopassword', 'idontknow', 'iforgot', 'opensesame', 'sesame', 'abracadabra', 'souk', 'soukadmin',
  'shop', 'myshop', 'webshop', 'onlineshop', 'store', 'business', 'company', 'office', 'money', 'family', 'forever', 'christmas', 'blessed',
]);

/** What fingers run along: the alphabet, the digits, the rows and columns of keyboards. */
// oxfmt-ignore
const RUNS = [
  'abcdefghijklmnopqrstuvwxyz', '01234567890', 'qwertyuiop', 'qwertzuiop', 'azertyuiop', 'asdfghjkl', 'qsdfghjklm', 'zxcvbnm', 'yxcvbnm', 'wxcvbn',
  '1q2w3e4r5t6y7u8i9o0p', '1qaz2wsx3edc4rfv5tgb6yhn7ujm', 'qazwsxedcrfvtgbyhnujm', 'zaqxswcdevfrbgtnhymju',
];
const ALL_RUNS = [...RUNS, ...RUNS.map((run) => Array.from(run).toReversed().join(''))];

const SPELT: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};

const asLetters = (text: string): string => text.replace(/[013457@$!]/g, (sign) => SPELT[sign] ?? sign);
const lettersOnly = (text: string): string => text.replace(/[^\p{L}]/gu, '');

/** Pieces of a text that are each a stretch of four or more of a run, or one character. */
function runPieces(text: string): number {
  let pieces = 0;
  for (let at = 0; at < text.length; pieces += 1) {
    let length = 1;
    while (at + length < text.length && ALL_RUNS.some((run) => run.includes(text.slice(at, at + length + 1))))
      length += 1;
    at += length >= 4 ? length : 1;
  }
  return pieces;
}

/**
 * What speaks against a password; undefined when nothing does. `known` is what anybody knows of the person: their name,
 * address, site. Rules are about how soon it is guessed, so they are the same whatever characters it is made of.
 */
export function passwordFault(password: string, known: readonly string[] = []): PasswordFault | undefined {
  const typed = password.normalize('NFKC');
  // In characters as people count most of them, not in the halves that some are stored as.
  const length = Array.from(typed).length;
  if (length < PASSWORD_MIN) return 'too_short';
  if (length > PASSWORD_MAX) return 'too_long';
  const folded = typed.toLowerCase();
  if (new Set(folded).size < 4 || /^(.{1,8}?)\1+.{0,3}$/u.test(folded)) return 'too_regular';
  // Digits and signs at the ends are what people add when they are asked for some.
  const bare = folded.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
  const tried = [folded, bare].flatMap((text) => [text, asLetters(text)]);
  if (tried.some((text) => COMMON.has(lettersOnly(text)))) return 'too_common';
  if (runPieces(folded.replace(/\s/g, '')) <= 3) return 'too_regular';
  const words = known
    .flatMap((text) =>
      text
        .normalize('NFKC')
        .toLowerCase()
        .split(/[^\p{L}\p{N}]+/u),
    )
    .filter((word) => word.length >= 4)
    .toSorted((a, b) => b.length - a.length);
  const rest = words.reduce((left, word) => left.replaceAll(word, ''), folded);
  return rest !== folded && lettersOnly(rest).length < 4 ? 'about_you' : undefined;
}

/** What to tell the person who chose it. */
// oxfmt-ignore
export const PASSWORD_WORDS: Readonly<Record<PasswordFault, string>> = {
  too_short:   `Use at least ${PASSWORD_MIN} characters. Four or five words in a row are easy to remember.`,
  too_long:    `Use at most ${PASSWORD_MAX} characters.`,
  too_common:  'This is one of the first passwords anybody tries. Take another one, such as four words that do not belong together.',
  too_regular: 'This is a pattern, and patterns are tried first. Take another one, such as four words that do not belong together.',
  about_you:   'This is made of your name, your address or the name of your site. Take something nobody knows of you.',
};
