import { PRODUCTS } from '../addresses.ts';
import type { Reader } from '../reader.ts';
import { SearchIcon } from './icons.tsx';

export function SearchForm({ reader, id, q }: { readonly reader: Reader; readonly id: string; readonly q?: string | undefined }) {
  const { t } = reader;
  return (
    <form className="search" role="search" action={PRODUCTS} method="get">
      <label className="visually-hidden" htmlFor={id}>
        {t.searchLabel}
      </label>
      <input id={id} type="search" name="q" placeholder={t.search} defaultValue={q ?? ''} maxLength={200} autoComplete="off" />
      <button type="submit" className="icon-button" aria-label={t.search}>
        <SearchIcon />
      </button>
    </form>
  );
}
