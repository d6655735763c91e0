import type { Tone } from '@souk/ui/admin';

export type ImportStatus = 'checking' | 'ready' | 'refused' | 'applying' | 'applied' | 'cancelled' | 'failed';

// oxfmt-ignore
export const IMPORT_STATUS_WORDS: Readonly<Record<ImportStatus, { readonly label: string; readonly tone: Tone }>> = {
  checking:  { label: 'Being checked',    tone: 'accent' },
  ready:     { label: 'Ready to import',  tone: 'accent' },
  refused:   { label: 'Has errors',       tone: 'danger' },
  applying:  { label: 'Being imported',   tone: 'accent' },
  applied:   { label: 'Imported',         tone: 'success' },
  cancelled: { label: 'Cancelled',        tone: 'neutral' },
  failed:    { label: 'Broke off',        tone: 'danger' },
};

export const isImportStatus = (text: string): text is ImportStatus => Object.hasOwn(IMPORT_STATUS_WORDS, text);

type Issue = { readonly severity: 'error' | 'warning'; readonly row: number; readonly handle?: string | undefined; readonly message: string; readonly column: string | null };

/** Errors first, then in the order of the file. */
export const inReadingOrder = <One extends Issue>(issues: readonly One[]): readonly One[] =>
  issues.toSorted((a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning') || a.row - b.row);

/** Products with errors, by their handle, each with how many and the first of them. */
export function refusedProducts(issues: readonly Issue[]): readonly { readonly handle: string; readonly errors: number; readonly first: string }[] {
  const byHandle = new Map<string, { handle: string; errors: number; first: string }>();
  for (const { severity, handle, message } of issues) {
    if (severity !== 'error' || handle === undefined) continue;
    const known = byHandle.get(handle);
    if (known) known.errors += 1;
    else byHandle.set(handle, { handle, errors: 1, first: message });
  }
  return [...byHandle.values()];
}

/** Errors that are of the file, not of one product: no choice of products makes it importable. */
export const fileErrors = <One extends Issue>(issues: readonly One[]): readonly One[] => issues.filter((issue) => issue.severity === 'error' && issue.handle === undefined);

/** What becomes of a column of the file. */
export const columnKind = (meaning: string): 'taken' | 'left' | 'unknown' => (meaning === 'unknown' ? 'unknown' : meaning === 'not_imported' ? 'left' : 'taken');

/** What an import came to. */
export function outcomeWords(done: { readonly newProducts: number; readonly changedProducts: number; readonly sameProducts: number }): string {
  const { newProducts, changedProducts, sameProducts } = done;
  const many = (n: number): string => `${n.toLocaleString()} ${n === 1 ? 'product' : 'products'}`;
  if (newProducts + changedProducts === 0) return 'Everything is already here, unchanged';
  const parts = [
    newProducts > 0 && `${many(newProducts)} ${newProducts === 1 ? 'was' : 'were'} added as ${newProducts === 1 ? 'a draft' : 'drafts'}`,
    changedProducts > 0 && `${many(changedProducts)} got a new version`,
    sameProducts > 0 && `${many(sameProducts)} ${sameProducts === 1 ? 'was' : 'were'} already here, unchanged`,
  ].filter((part) => part !== false);
  return parts.join(', ');
}
