import { PRODUCTS } from '../addresses.ts';
import type { Reader } from '../reader.ts';
import { SearchIcon } from './icons.tsx';

type Props = {
  readonly reader: Reader;
  readonly id: string;
  readonly q?: string | undefined;
  /** Tells it from the search of the header, for those who go from landmark to landmark. */
  readonly label?: string;
};

export function SearchForm({ reader, id, q, label }: Props) {
  const { t } = reader;
  return (
    <form className="search" role="search" aria-label={label ?? t.search} action={PRODUCTS} method="get">
      <label className="visually-hidden" htmlFor={id}>
        {t.searchLabel}
      </label>
      <input
        id={id}
        type="search"
        name="q"
        placeholder={t.search}
        defaultValue={q ?? ''}
        maxLength={200}
        autoComplete="off"
      />
      <button type="submit" className="icon-button" aria-label={t.search}>
        <SearchIcon />
      </button>
    </form>
  );
}
