import { i18n } from './words.ts';
import type { Amount, Tone } from '@souk/ui/admin';

export type ImportStatus = 'checking' | 'ready' | 'refused' | 'applying' | 'applied' | 'cancelled' | 'failed';

// oxfmt-ignore
export const IMPORT_STATUS_WORDS: Readonly<Record<ImportStatus, { readonly label: string; readonly tone: Tone }>> = {
  checking:  { label: i18n.t('Being checked'),    tone: 'accent' },
  ready:     { label: i18n.t('Ready to import'),  tone: 'accent' },
  refused:   { label: i18n.t('Has errors'),       tone: 'danger' },
  applying:  { label: i18n.t('Being imported'),   tone: 'accent' },
  applied:   { label: i18n.t('Imported'),         tone: 'success' },
  cancelled: { label: i18n.t({ id: 'import.cancelled', message: 'Cancelled' }),        tone: 'neutral' },
  failed:    { label: i18n.t('Broke off'),        tone: 'danger' },
};

export const isImportStatus = (text: string): text is ImportStatus => Object.hasOwn(IMPORT_STATUS_WORDS, text);

type Issue = {
  readonly severity: 'error' | 'warning';
  readonly row: number;
  readonly handle?: string | undefined;
  readonly message: string;
  readonly column: string | null;
};

/** Errors first, then in the order of the file. */
export const inReadingOrder = <One extends Issue>(issues: readonly One[]): readonly One[] =>
  issues.toSorted((a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning') || a.row - b.row);

export type RefusedProduct = { readonly handle: string; readonly errors: number; readonly first?: string };

/** Every refused product, with how many of its errors are listed and the first of them. */
export function refusedProducts(handles: readonly string[], issues: readonly Issue[]): readonly RefusedProduct[] {
  const errors = Map.groupBy(
    issues.filter((issue) => issue.severity === 'error' && issue.handle !== undefined),
    (issue) => issue.handle,
  );
  return handles.map((handle) => {
    const own = errors.get(handle) ?? [];
    return { handle, errors: own.length, ...(own[0] ? { first: own[0].message } : {}) };
  });
}

/** What is wrong with the file itself, which no choice of products can mend. */
export const fileErrorWords = (issues: readonly Issue[]): string =>
  issues.find((issue) => issue.severity === 'error' && issue.handle === undefined)?.message ??
  i18n.t('It has more errors than can be left out product by product.');

/** What becomes of a column of the file. */
export const columnKind = (meaning: string): 'taken' | 'left' | 'unknown' =>
  meaning === 'unknown' ? 'unknown' : meaning === 'not_imported' ? 'left' : 'taken';

/** What an import would do, said before it does it. */
export function consequenceWords({
  newProducts,
  changedProducts,
}: {
  readonly newProducts: number;
  readonly changedProducts: number;
}): string {
  return [
    newProducts > 0 && i18n.t('New ones become drafts.'),
    changedProducts > 0 && i18n.t('Changed ones get a new version, as a draft.'),
    i18n.t('Customers see nothing of it until you publish. All of them are written, or none.'),
  ]
    .filter((part) => part !== false)
    .join(' ');
}

/** What an import came to. */
export function outcomeWords(done: {
  readonly newProducts: number;
  readonly changedProducts: number;
  readonly sameProducts: number;
}): string {
  const { newProducts, changedProducts, sameProducts } = done;
  if (newProducts + changedProducts === 0) return i18n.t('Everything is already here, unchanged');
  const parts = [
    newProducts > 0 &&
      i18n.t('{n, plural, one {# product was added as a draft} other {# products were added as drafts}}', {
        n: newProducts,
      }),
    changedProducts > 0 &&
      i18n.t('{n, plural, one {# product got a new version} other {# products got a new version}}', {
        n: changedProducts,
      }),
    sameProducts > 0 &&
      i18n.t(
        '{n, plural, one {# product was already here, unchanged} other {# products were already here, unchanged}}',
        { n: sameProducts },
      ),
  ].filter((part) => part !== false);
  return parts.join(', ');
}

/** Reads `69.99 EUR`, written with all the currency's decimals, into an amount; undefined when it is something else. */
export function amountOf(text: string): Amount | undefined {
  const [, whole = '', fraction = '', currency = ''] = /^(\d+)(?:\.(\d+))? ([A-Z]{3})$/.exec(text) ?? [];
  const minorUnits = Number(whole + fraction);
  return currency === '' || !Number.isSafeInteger(minorUnits) ? undefined : { minorUnits, currency };
}
