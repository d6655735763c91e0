import type { Page } from 'playwright-core';

const countries = new Intl.DisplayNames(['en'], { type: 'region' });

/** Every string and number anywhere in an answer of the API, and the country of a code. */
export function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return /^[A-Z]{2}$/.test(value) ? [value, countries.of(value) ?? value] : [value];
  if (typeof value === 'number') return [String(value)];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(stringsIn);
}

/** What is the same in every language: names, signs, keys. */
const SAME_EVERYWHERE: ReadonlySet<string> = new Set([
  'Souk',
  'Node.js',
  'PostgreSQL',
  'souk_…',
  'souk_',
  '…',
  'English',
  'Deutsch',
  'SKU',
  'Live',
  'g',
  'j',
  'k',
  'x',
  'K',
]);

/** Numbers, amounts, times and dates, which `Intl` writes: `14 Nov`, `€1.2K`, `3 of …`. */
const FORMATTED =
  /^(?:[\d\s.,:%+\-–—·•×→€$£¥/()“”@|<>*?&⌘]|\b(?:[KMGkT]?B|byte|bytes|kB|EUR|K|M|days?|hours?|minutes?|Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]*\b)*$/;

/**
 * Texts of a page that a reader can see or hear and that no brackets of the pseudo-locale go around: pieces of text, names,
 * hints and titles. What the API has said is left out, and what `Intl` writes.
 */
export async function wordsOutside(page: Page, data: ReadonlySet<string>): Promise<string[]> {
  const pieces = await page.evaluate(() => {
    const found: string[] = [];
    const shown = (element: Element): boolean => element.checkVisibility({ checkVisibilityCSS: true });
    // Brackets may open in one node and close in another: a message with an element in it.
    let depth = 0;
    const outside = (text: string): string => {
      let rest = '';
      for (const letter of text) {
        if (letter === '[') depth += 1;
        else if (letter === ']') depth = Math.max(0, depth - 1);
        else if (depth === 0) rest += letter;
      }
      return rest;
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement;
      if (!parent || !shown(parent) || parent.closest('time, option, script, style, noscript, [data-said]')) {
        // A time inside of a message is the message's: its brackets are counted, its words are not asked for.
        if (parent?.closest('time')) outside(node.textContent ?? '');
        continue;
      }
      // A message ends where its element ends.
      const text = outside(node.textContent ?? '').trim();
      if (text !== '') found.push(text);
    }
    for (const element of document.querySelectorAll(
      '[aria-label], [placeholder], [title], [alt], [aria-roledescription]',
    )) {
      if (!shown(element)) continue;
      for (const name of ['aria-label', 'placeholder', 'title', 'alt', 'aria-roledescription']) {
        const value = element.getAttribute(name);
        if (value === null || element.tagName === 'TIME') continue;
        depth = 0;
        const text = outside(value).trim();
        if (text !== '') found.push(text);
      }
    }
    depth = 0;
    const title = outside(document.title).trim();
    if (title !== '') found.push(title);
    return found;
  });
  const known = [...data].filter((text) => text.length > 1);
  const isData = (text: string): boolean =>
    text === '' ||
    FORMATTED.test(text) ||
    SAME_EVERYWHERE.has(text) ||
    data.has(text) ||
    known.some((one) => one.includes(text));
  // A piece may be several data with signs between them: `Aurora · aurora.localhost`, `/products/hill-jar`, `50667 Köln`.
  return [...new Set(pieces)].filter(
    (text) =>
      !isData(text) &&
      !text
        .split(/(?:^|\s+)[·–—→×](?:\s+|$)|[,:“”()/]\s*|\n|(?<=^\d+) /)
        .map((part) => part.trim())
        .every(isData),
  );
}
