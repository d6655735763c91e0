import type { CompiledMessage } from '@lingui/message-utils/compileMessage';

const LETTERS: Readonly<Record<string, string>> = {
  a: 'á',
  e: 'é',
  i: 'í',
  o: 'ó',
  u: 'ú',
  A: 'Á',
  E: 'É',
  I: 'Í',
  O: 'Ó',
  U: 'Ú',
};

// Tags of a message stay as they are: they stand for elements of the page.
const accented = (text: string): string =>
  text
    .split(/(<\/?\d+\/?>)/)
    .map((part, i) => (i % 2 === 1 ? part : part.replaceAll(/[aeiou]/gi, (letter) => LETTERS[letter] ?? letter)))
    .join('');

type Part = CompiledMessage extends readonly (infer One)[] ? One : never;

const part = (one: Part): Part => {
  if (typeof one === 'string') return accented(one);
  const [name, format, cases] = one as [string, string?, Record<string, CompiledMessage>?];
  if (typeof cases !== 'object' || format === 'date' || format === 'number') return one;
  const said = Object.entries(cases).map(([key, message]) => [
    key,
    Array.isArray(message) ? message.map(part) : message,
  ]);
  return [name, format, Object.fromEntries(said)] as unknown as Part;
};

const lengthOf = (message: CompiledMessage): number =>
  message.reduce((sum, one) => {
    if (typeof one === 'string') return sum + one.length;
    const cases = (one as unknown[])[2];
    if (typeof cases !== 'object' || cases === null) return sum + 4;
    return (
      sum + Math.max(0, ...Object.values(cases).map((c) => (Array.isArray(c) ? lengthOf(c as CompiledMessage) : 0)))
    );
  }, 0);

/**
 * A message of the pseudo-locale: its letters with accents, brackets around it, and two fifths longer, as German and Finnish
 * are. What shows without brackets never went through the catalogue; what is cut off has no room for other languages.
 */
export function pseudo(message: CompiledMessage): CompiledMessage {
  const more = Math.ceil(lengthOf(message) * 0.4);
  const filling = Array.from({ length: Math.ceil(more / 5) }, () => ' more')
    .join('')
    .slice(0, more);
  return ['[', ...message.map(part), `${filling.trimEnd()}]`] as CompiledMessage;
}
