import { i18n } from '../../../words.ts';
/** A round number at or above the largest value, that is easily halved. */
export function niceTop(largest: number, smallest = 4): number {
  if (largest <= smallest) return smallest;
  const power = 10 ** Math.floor(Math.log10(largest));
  const step = [1, 1.2, 1.6, 2, 3, 4, 5, 6, 8, 10].find((n) => n * power >= largest) ?? 10;
  return step * power;
}

/** Change against an earlier period in whole percent; undefined when there is nothing to compare with. */
export const changePercent = (now: number, before: number): number | undefined =>
  before === 0 ? undefined : Math.round(((now - before) / before) * 100);

/** `+25 %`; beyond tenfold a percentage says nothing any more. */
export const changeWords = (percent: number): string =>
  percent >= 900 ? i18n.t('over tenfold') : `${percent > 0 ? '+' : ''}${percent} %`;

/** Which of `count` labels to show so that about `wanted` stand evenly, the last one always. */
export function labelled(count: number, wanted: number): ReadonlySet<number> {
  const every = Math.max(1, Math.ceil(count / wanted));
  return new Set(Array.from({ length: count }, (_, i) => i).filter((i) => (count - 1 - i) % every === 0));
}
