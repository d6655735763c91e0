/**
 * The text of a piece of HTML without its tags, on one line, cut at a word. `max` is in characters. The HTML has been
 * sanitised: every `<` of it begins a tag, and every tag ends with the next `>`.
 */
export function plainText(sanitisedHtml: string, max: number): string {
  const text = sanitisedHtml
    .replace(/<\/(p|h\d|li|div|tr|td|th|dt|dd|blockquote|pre|caption)>|<[bh]r\s*\/?>/gi, ' ')
    .replace(/<[^>]*>/g, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    // Last, so that the text `&lt;` written as `&amp;lt;` stays what it says.
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ')
    .trim();
  if (text.length <= max) return text;
  const cut = text.slice(0, max - 1);
  const word = cut.lastIndexOf(' ');
  // Where there is no word to end with (Japanese has none), half a character is not left at the end either.
  return `${(word > max / 2 ? cut.slice(0, word) : cut.replace(/[\ud800-\udbff]$/, '')).trimEnd()}…`;
}
