import type { Reader } from '@souk/ui/admin';
import { readerLocale } from './language.ts';

const locale = readerLocale();

/** Times as the reader's own clock shows them: for pages that are of no site. */
export const OWN_READER: Reader = {
  locale,
  dateLocale: locale,
  timeZone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
};
