import sanitize from 'sanitize-html';

/** The text of a piece of HTML without its tags, on one line, cut at a word. `max` is in characters. */
export function plainText(html: string, max: number): string {
  const text = sanitize(html.replace(/<\/(p|h\d|li|div|tr)>|<br\s*\/?>/gi, ' $&'), {
    allowedTags: [],
    allowedAttributes: {},
  })
    .replace(/&amp;/g, '&')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/\s+/g, ' ')
    .trim();
  if (text.length <= max) return text;
  const cut = text.slice(0, max - 1);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), max / 2)).trimEnd()}…`;
}
