import sanitize from 'sanitize-html';

const DIRECTION_OVERRIDES = /[\u202A-\u202E\u2066-\u2069]/g;

// oxfmt-ignore
const TEXT_TAGS = [
  'p', 'br', 'hr', 'h2', 'h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'li', 'dl', 'dt', 'dd', 'blockquote', 'pre', 'div', 'span',
  'strong', 'b', 'em', 'i', 'u', 's', 'small', 'sub', 'sup', 'code', 'abbr', 'a',
  'table', 'caption', 'thead', 'tbody', 'tfoot', 'tr', 'th', 'td',
];

/** Tags whose content is no text of the description: it goes with them. */
// oxfmt-ignore
const DROPPED_WHOLE = [
  'script', 'style', 'title', 'textarea', 'select', 'option', 'xmp', 'plaintext', 'noscript', 'noembed', 'noframes', 'template',
  'iframe', 'object', 'svg', 'math',
];

const OPTIONS: sanitize.IOptions = {
  allowedTags: TEXT_TAGS,
  allowedAttributes: {
    a: ['href', 'title', 'rel'],
    abbr: ['title'],
    th: ['colspan', 'rowspan', 'scope'],
    td: ['colspan', 'rowspan'],
  },
  allowedSchemes: ['http', 'https', 'mailto', 'tel'],
  allowProtocolRelative: false,
  disallowedTagsMode: 'discard',
  nonTextTags: DROPPED_WHOLE,
  enforceHtmlBoundary: false,
  nestingLimit: 50,
  transformTags: {
    // The page has one h1: the product's title.
    h1: 'h2',
    a: (tagName, attribs) => ({ tagName, attribs: { ...attribs, rel: 'noopener' } }),
  },
};

/**
 * A product description as the shop may show it: text tags only, no pictures, styles, scripts or handlers, links to the web,
 * to mail and to telephones. The result is stable: sanitised again it stays the same.
 */
export const sanitizeProductHtml = (html: string): string =>
  sanitize(html, OPTIONS).replace(DIRECTION_OVERRIDES, '').trim();
