import { countKnownColumns } from '@souk/domain/catalog/product-import';

/** How a file is written: what separates its cells and what ends its records. */
export type CsvFormat = { readonly separator: string; readonly lineEnds: readonly string[] };

const SEPARATORS = [',', ';', '\t'];

/** The first record of a text, blank lines before it left out, with the characters after it; undefined while it has no end. */
function firstRecord(text: string): { readonly record: string; readonly rest: string } | undefined {
  const start = text.search(/[^\r\n]/);
  let quoted = false;
  for (let i = Math.max(start, 0); i < text.length; i += 1) {
    const character = text[i];
    if (character === '"') quoted = !quoted;
    else if (!quoted && (character === '\n' || character === '\r') && start !== -1) {
      return { record: text.slice(start, i), rest: text.slice(i) };
    }
  }
  return undefined;
}

/** True when the beginning of a file holds its whole header and enough after it to tell the line ends. */
export const holdsHeader = (head: string): boolean => (firstRecord(head)?.rest.length ?? 0) > 1;

/** Tells the format by the header: the separator under which most of its names are columns of a product export; a comma in doubt. */
export function detectFormat(head: string): CsvFormat {
  const { record, rest } = firstRecord(head) ?? { record: head, rest: '\n' };
  let separator = ',';
  let most = 0;
  for (const candidate of SEPARATORS) {
    const known = countKnownColumns(record.split(candidate).map((name) => name.trim().replace(/^"|"$/g, '')));
    if (known > most) {
      most = known;
      separator = candidate;
    }
  }
  const ofOldMac = rest.startsWith('\r') && !rest.startsWith('\r\n');
  return { separator, lineEnds: ofOldMac ? ['\r\n', '\n', '\r'] : ['\r\n', '\n'] };
}
