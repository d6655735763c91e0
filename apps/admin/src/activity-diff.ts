import { i18n } from './words.ts';

/** One value of the log, in the form it is shown in. */
export type Shown =
  | { readonly kind: 'none' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'money'; readonly amount: string; readonly currency: string };

/** One field that was changed, or only written down. */
export type FieldChange = { readonly name: string; readonly before: Shown; readonly after: Shown };

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isMoney = (value: unknown): value is { amount: string; currency: string } =>
  isRecord(value) && typeof value['amount'] === 'string' && typeof value['currency'] === 'string';

/** A value as people read it: an amount as money, a list as its parts, a yes as a yes. */
export function shownOf(value: unknown): Shown {
  if (value === undefined || value === null) return { kind: 'none' };
  if (isMoney(value)) return { kind: 'money', amount: value.amount, currency: value.currency };
  if (typeof value === 'string') return value === '' ? { kind: 'none' } : { kind: 'text', text: value };
  if (typeof value === 'boolean') return { kind: 'text', text: value ? i18n.t('yes') : i18n.t('no') };
  if (Array.isArray(value) && value.every((part) => typeof part === 'string' || typeof part === 'number'))
    return value.length === 0 ? { kind: 'none' } : { kind: 'text', text: value.join(', ') };
  return { kind: 'text', text: typeof value === 'number' ? String(value) : JSON.stringify(value) };
}

/**
 * Every field that either side names, changed ones first; those that are the same on both sides say nothing and are left out,
 * and so is the id of the person it was done to, who is named beside it.
 */
export function changesOf(before: unknown, after: unknown): FieldChange[] {
  const [was, is] = [isRecord(before) ? before : {}, isRecord(after) ? after : {}];
  const both = (name: string): boolean => name in was && name in is;
  return [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .map((name) => ({ name, before: shownOf(was[name]), after: shownOf(is[name]) }))
    .filter(({ name }) => name !== 'admin')
    .filter((change) => !both(change.name) || JSON.stringify(change.before) !== JSON.stringify(change.after))
    .toSorted((a, b) => Number(both(b.name)) - Number(both(a.name)));
}

/** A stretch of text, and whether it was taken out or put in. */
export type Stretch = { readonly text: string; readonly is: 'same' | 'gone' | 'new' };

/** Longer texts are not compared word by word: each is shown whole. */
const MOST_WORDS = 400;

/** What became of a text, word by word: the longest common run of words stays, the rest was taken out or put in. */
export function wordChanges(before: string, after: string): Stretch[] {
  const [was, is] = [before, after].map((text) => text.split(/(?<=\s)/)) as [string[], string[]];
  if (was.length > MOST_WORDS || is.length > MOST_WORDS)
    return [
      { text: before, is: 'gone' },
      { text: after, is: 'new' },
    ];
  const common = Array.from({ length: was.length + 1 }, () => new Uint16Array(is.length + 1));
  for (let i = was.length - 1; i >= 0; i -= 1) {
    const [row, below] = [common[i], common[i + 1]];
    if (row && below)
      for (let j = is.length - 1; j >= 0; j -= 1)
        row[j] = was[i] === is[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
  }
  const found: Stretch[] = [];
  const put = (text: string, kind: Stretch['is']): void => {
    const last = found.at(-1);
    if (last?.is === kind) found[found.length - 1] = { text: last.text + text, is: kind };
    else found.push({ text, is: kind });
  };
  let [i, j] = [0, 0];
  while (i < was.length || j < is.length) {
    const [one, other] = [was[i], is[j]];
    if (one !== undefined && one === other) {
      put(one, 'same');
      i += 1;
      j += 1;
    } else if (one !== undefined && (other === undefined || (common[i + 1]?.[j] ?? 0) >= (common[i]?.[j + 1] ?? 0))) {
      put(one, 'gone');
      i += 1;
    } else if (other !== undefined) {
      put(other, 'new');
      j += 1;
    }
  }
  return found;
}
