/** A text as it may stand in HTML, between tags or in a quoted attribute. */
export const htmlText = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
