/** NFC, outer white space off, inner runs of white space as one space. For names and titles, not for bodies. */
export const tidy = (text: string): string => text.normalize('NFC').replace(/\s+/gu, ' ').trim();

/** Characters that show nothing: zero-width, joiners alone, soft hyphens, byte order marks. */
const INVISIBLE =
  /[\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180E\u200B-\u200F\u202A-\u202E\u2060-\u206F\u3164\uFE00-\uFE0F\uFEFF\uFFA0]/gu;

/** Whether nothing would be seen if the text were printed. */
export const isBlank = (text: string): boolean => text.replace(INVISIBLE, '').trim() === '';

/** Marks that change the reading direction of what follows them: they can make a text read as something it is not. */
export const withoutDirectionMarks = (text: string): string => text.replace(/[\u202A-\u202E\u2066-\u2069]/gu, '');
