import { MOST_COUNTED } from '@souk/domain/shared';
import { formatNumber } from '../language.ts';

/** A count as it is shown; lists are not counted further than anybody reads. */
export const countWords = (count: number): string =>
  count > MOST_COUNTED ? `${formatNumber(MOST_COUNTED)}+` : formatNumber(count);
