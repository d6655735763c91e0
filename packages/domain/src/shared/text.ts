/** NFC, outer white space off, inner runs of white space as one space. For names and titles, not for bodies. */
export const tidy = (text: string): string => text.normalize('NFC').replace(/\s+/gu, ' ').trim();
