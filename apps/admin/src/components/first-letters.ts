const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The first letter of each of the first words, as people see letters: `Demo Owner` → `DO`. */
export const firstLetters = (name: string, words: number): string =>
  name
    .split(/\s+/)
    .slice(0, words)
    .map((word) => [...graphemes.segment(word)][0]?.segment ?? '')
    .join('')
    .toUpperCase();
