export type BrokenQuote = {
  readonly code: 'bad_quote' | 'unclosed_quote';
  /** Which cell of the record, from 0. */
  readonly index: number;
  /** Where the cell begins in the record. */
  readonly start: number;
};

/**
 * Finds the cell of a raw record whose quotation marks are broken: text after a closing one, or no closing one at all.
 * A quotation mark inside a bare cell (5" plate) is plain text.
 */
export function findBrokenQuote(raw: string, separator: string): BrokenQuote | undefined {
  let index = 0;
  let start = 0;
  let quoted = false;
  for (let i = 0; i < raw.length; i += 1) {
    const character = raw[i];
    const next = raw[i + 1];
    if (!quoted) {
      if (character === '"' && i === start) quoted = true;
      else if (character === separator) {
        index += 1;
        start = i + 1;
      }
    } else if (character === '"' && next === '"') i += 1;
    else if (character === '"') {
      quoted = false;
      const endsRecord = next === undefined || (i + 2 === raw.length && /[\r\n]/.test(next));
      if (endsRecord || next === separator) continue;
      // A text that runs over lines before it "closes" was not meant to: the rows it swallowed cannot be told apart.
      const code = /[\r\n]/.test(raw.slice(start, i)) ? 'unclosed_quote' : 'bad_quote';
      return { code, index, start };
    }
  }
  return quoted ? { code: 'unclosed_quote', index, start } : undefined;
}
