type Sign = readonly [sign: RegExp, words: string];

// The first that fits: most browsers also name those that they want to be taken for.
const BROWSERS: readonly Sign[] = [
  [/\bEdg(e|A|iOS)?\//, 'Edge'],
  [/\b(OPR|Opera|OPT)\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bVivaldi\//, 'Vivaldi'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\b(Chrome|CriOS|Chromium|HeadlessChrome)\//, 'Chrome'],
  [/\bVersion\/[\d.]+ .*Safari\//, 'Safari'],
];
const SYSTEMS: readonly Sign[] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'Mac'],
  [/\bLinux\b/, 'Linux'],
];

const wordsFor = (signs: readonly Sign[], text: string): string | undefined =>
  signs.find(([sign]) => sign.test(text))?.[1];

/**
 * A browser and its system in words, from what it says of itself: "Firefox on Windows". Only words of our own come out, so
 * nothing that a browser says is kept or shown.
 */
export function deviceWords(userAgent: string): string {
  const text = userAgent.slice(0, 500);
  const browser = wordsFor(BROWSERS, text);
  const system = wordsFor(SYSTEMS, text);
  if (browser === undefined && system === undefined) return 'An unknown device';
  return `${browser ?? 'A browser'} on ${system ?? 'an unknown system'}`;
}

/** The city whose time somebody's clock shows: "Berlin". Empty where it tells of none. */
export const clockCity = (timeZone: string): string =>
  timeZone.includes('/') && !timeZone.startsWith('Etc/')
    ? (timeZone.split('/').at(-1)?.replaceAll('_', ' ') ?? '')
    : '';

/**
 * The part of an address that tells a network from another and no person from their neighbours: of IPv4 the first three
 * numbers, of IPv6 the first three groups. Empty for an address of this machine, which says nothing.
 */
export function networkWords(address: string): string {
  const bare = address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '');
  if (bare === '' || bare === '::1' || bare.startsWith('127.')) return '';
  const v4 = /^(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}$/.exec(bare);
  if (v4) return `${v4[1]}.…`;
  const groups = bare.split('::')[0]?.split(':').filter(Boolean).slice(0, 3) ?? [];
  return groups.length > 0 && groups.every((group) => /^[0-9a-f]{1,4}$/.test(group)) ? `${groups.join(':')}:…` : '';
}
