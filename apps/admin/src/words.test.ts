import { extractFromFileWithBabel } from '@lingui/cli/api';
import { getConfig } from '@lingui/conf';
import { formatter } from '@lingui/format-po';
import { type CompiledMessage, compileMessageOrThrow } from '@lingui/message-utils/compileMessage';
import { readFileSync } from 'node:fs';
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { firstKnown, localeOf } from './language.ts';
import { pseudo } from './pseudo.ts';

/* The catalogues say what the code says, and German says all of it. */

const root = join(import.meta.dirname, '..');
const linguiConfig = getConfig({ cwd: root });
const po = formatter({ explicitIdAsDefault: true });
type Entries = Readonly<Record<string, { readonly translation: string }>>;

const catalogue = async (locale: 'en' | 'de'): Promise<ReadonlyMap<string, string>> => {
  const file = join(root, 'src/words', `${locale}.po`);
  const entries = (await po.parse(readFileSync(file, 'utf8'), {
    locale,
    sourceLocale: 'en',
    filename: file,
  })) as Entries;
  return new Map(Object.entries(entries).map(([id, { translation }]) => [id, translation]));
};

/** The names of a message's values, and the elements it puts around words: `{name}`, `<0>`. */
function partsOf(message: string): string[] {
  const names = new Set<string>();
  const walk = (parts: CompiledMessage): void => {
    for (const part of parts) {
      if (typeof part === 'string') continue;
      const [name, , cases] = part as readonly [string, string?, Readonly<Record<string, unknown>>?];
      names.add(name);
      for (const one of Object.values(cases ?? {})) if (Array.isArray(one)) walk(one as CompiledMessage);
    }
  };
  walk(compileMessageOrThrow(message));
  return [...names, ...new Set(message.match(/<\d+\/?>/g))].toSorted();
}

type Said = { readonly file: string; readonly id: string; readonly message: string; readonly values: string[] };
const said: Said[] = [];
beforeAll(async () => {
  const folders = [join(root, 'src'), join(root, '../../packages/ui/src/admin')];
  for (const folder of folders)
    for await (const name of glob('**/*.{ts,tsx}', { cwd: folder })) {
      if (/\.test\.|\.gen\.|\.d\.ts/.test(name)) continue;
      const file = join(folder, name);
      await extractFromFileWithBabel(
        file,
        await readFile(file, 'utf8'),
        ({ id, message, placeholders }) =>
          said.push({ file, id, message: message ?? id, values: Object.keys(placeholders ?? {}) }),
        { linguiConfig },
        { plugins: ['typescript', 'jsx'] },
      );
    }
}, 60_000);

test('every text of the code is in the catalogues, and nothing else is: `npm run words -w apps/admin` writes them anew', async () => {
  const inCode = [...new Set(said.map(({ id }) => id))].toSorted();
  expect(inCode.length).toBeGreaterThan(1000);
  for (const locale of ['en', 'de'] as const) expect([...(await catalogue(locale)).keys()].toSorted()).toEqual(inCode);
});

test('every text has its German, with the same parts', async () => {
  const english = await catalogue('en');
  const wrong = [...(await catalogue('de'))]
    .filter(([id, text]) => text === '' || partsOf(text).join() !== partsOf(english.get(id) || id).join())
    .map(([id]) => id);
  expect(wrong).toEqual([]);
});

test('every text is said with the values it names', () => {
  const wrong = said
    .filter(
      ({ message, values }) =>
        partsOf(message)
          .filter((part) => !part.startsWith('<'))
          .join() !== values.toSorted().join(),
    )
    .map(({ file, message }) => `${file}: ${message}`);
  expect(wrong).toEqual([]);
});

test('German has the words of shops, and speaks to people as they expect', async () => {
  for (const text of (await catalogue('de')).values()) expect(text).not.toMatch(/\b(?:du|dein|deine|dich|dir)\b/i);
});

test('the pseudo-locale is bracketed, longer, and keeps what a message is made of', () => {
  expect(pseudo(['Save'])).toEqual(['[', 'Sávé', ' m]']);
  expect(pseudo(['Hello ', ['name'], ' <0>there</0>']).slice(0, 4)).toEqual(['[', 'Hélló ', ['name'], ' <0>théré</0>']);
  expect(pseudo([['n', 'plural', { offset: 0, one: ['one thing'], other: ['#', ' things'] }]])[1]).toEqual([
    'n',
    'plural',
    { offset: 0, one: ['óné thíng'], other: ['#', ' thíngs'] },
  ]);
});

test.each([
  [['de-AT', 'en'], 'de'],
  [['fr', 'en-GB', 'de'], 'en'],
  [['tr', 'ar'], 'en'],
  [[], 'en'],
])('somebody who reads %j is shown %s', (languages, shown) => {
  expect(firstKnown(languages)).toBe(shown);
});

test('numbers and dates are those of the language, as written where the reader is at home', () => {
  expect(localeOf('de', ['en-US', 'de-AT'])).toBe('de-AT');
  expect(localeOf('de', ['en-US'])).toBe('de-DE');
  expect(localeOf('en', ['de-DE', 'en-US'])).toBe('en-US');
  expect(localeOf('pseudo', ['de-DE'])).toBe('en-GB');
});
