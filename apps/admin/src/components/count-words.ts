import { MOST_COUNTED } from '@souk/domain/shared';

/** A count as it is shown; lists are not counted further than anybody reads. */
export const countWords = (count: number): string =>
  count > MOST_COUNTED ? `${MOST_COUNTED.toLocaleString()}+` : count.toLocaleString();
