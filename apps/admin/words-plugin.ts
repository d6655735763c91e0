import { formatter } from '@lingui/format-po';
import { type CompiledMessage, compileMessageOrThrow } from '@lingui/message-utils/compileMessage';
import { readFile } from 'node:fs/promises';
import type { Plugin } from 'vite';
import { pseudo } from './src/pseudo.ts';

const po = formatter({ explicitIdAsDefault: true });

type Entries = Readonly<Record<string, { readonly translation: string; readonly obsolete?: boolean }>>;

/** The messages of a catalogue, ready to be said. English says what the code says: it holds only what has parts. */
async function compiled(file: string, locale: 'en' | 'de' | 'pseudo'): Promise<Record<string, CompiledMessage>> {
  const entries = (await po.parse(await readFile(file, 'utf8'), {
    locale,
    sourceLocale: 'en',
    filename: file,
  })) as Entries;
  const messages: Record<string, CompiledMessage> = {};
  for (const [id, { translation, obsolete }] of Object.entries(entries)) {
    if (obsolete) continue;
    const text = translation === '' && locale !== 'de' ? id : translation;
    if (text === '') continue;
    const message = compileMessageOrThrow(text);
    if (locale === 'pseudo') messages[id] = pseudo(message);
    else if (locale === 'de' || !(message.length === 1 && message[0] === id)) messages[id] = message;
  }
  return messages;
}

/** Makes modules of the catalogues: `import('./words/de.po')`. `?pseudo` gives the pseudo-locale of the English one. */
export const words = (): Plugin => ({
  name: 'souk-words',
  enforce: 'pre',
  async load(id) {
    const [file = '', query] = id.split('?');
    if (!file.endsWith('.po')) return null;
    this.addWatchFile(file);
    const locale = query === 'pseudo' ? 'pseudo' : file.endsWith('/de.po') ? 'de' : 'en';
    const text = JSON.stringify(JSON.stringify(await compiled(file, locale)));
    return { code: `export const messages = JSON.parse(${text});`, map: null };
  },
});
