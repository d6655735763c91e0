/**
 * Lists are counted up to here. Counting further would take longer the more there is, and tell nobody anything: a count
 * that is greater means "more than a thousand".
 */
export const MOST_COUNTED = 1000;
