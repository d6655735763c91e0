import { listAddress, PRODUCTS } from '../addresses.ts';
import { ProductGrid } from '../components/product-card.tsx';
import { SearchForm } from '../components/search-form.tsx';
import type { ListPage, ListSort } from '../page-data.ts';
import type { Reader } from '../reader.ts';

export function ListView({ page, reader }: { readonly page: ListPage; readonly reader: Reader }) {
  const { t } = reader;
  const { query } = page;
  const title = query.q ? t.resultsFor(query.q) : page.title;
  return (
    <div className="list">
      <header className="list-head">
        <h1 className="page-title">{title}</h1>
        {page.description && !query.q && <p className="list-description">{page.description}</p>}
      </header>
      <div className="list-bar">
        {page.collections.length > 0 && (
          <nav aria-label={t.collections} className="chips">
            <ul>
              <li>
                <a
                  href={listAddress({ ...query, collection: undefined })}
                  {...(query.collection === undefined ? { 'aria-current': 'true' as const } : {})}
                >
                  {t.allProducts}
                </a>
              </li>
              {page.collections.map((collection) => (
                <li key={collection.slug}>
                  <a
                    href={listAddress({ ...query, collection: collection.slug })}
                    {...(query.collection === collection.slug ? { 'aria-current': 'true' as const } : {})}
                  >
                    {collection.label}{' '}
                    {collection.count !== undefined && <span className="chip-count">{collection.count}</span>}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
        )}
        <Filters page={page} reader={reader} />
      </div>
      {page.products.length > 0 ? (
        <>
          <ProductGrid products={page.products} reader={reader} heading="h2" firstInView={3} />
          <Pager page={page} reader={reader} />
        </>
      ) : (
        <EmptyList page={page} reader={reader} />
      )}
    </div>
  );
}

/** A plain GET form; with JavaScript it sends itself as soon as something is chosen. */
function Filters({ page, reader }: { readonly page: ListPage; readonly reader: Reader }) {
  const { t } = reader;
  const { query } = page;
  const sorts: readonly (readonly [ListSort, string])[] = [
    ['newest', t.sortNewest],
    ['price_asc', t.sortPriceUp],
    ['price_desc', t.sortPriceDown],
  ];
  return (
    // Without autocomplete: going back shows the filters of that address, not those chosen last.
    <form
      className="filters"
      method="get"
      action={PRODUCTS}
      aria-label={t.filters}
      autoComplete="off"
      data-enhance="auto-submit"
    >
      {query.q && <input type="hidden" name="q" value={query.q} />}
      {query.collection && <input type="hidden" name="collection" value={query.collection} />}
      {page.totalCount !== undefined && <p className="list-count">{t.products(page.totalCount)}</p>}
      <label className="filter-check">
        <input type="checkbox" name="inStock" value="1" defaultChecked={query.inStock === true} />
        {t.inStockOnly}
      </label>
      <label className="filter-sort">
        <span className="visually-hidden">{t.sort}</span>
        <select name="sort" defaultValue={query.sort ?? 'newest'}>
          {sorts.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" className="button button-quiet without-script">
        {t.apply}
      </button>
    </form>
  );
}

function Pager({ page, reader }: { readonly page: ListPage; readonly reader: Reader }) {
  const { t } = reader;
  if (page.first === undefined && page.next === undefined) return null;
  return (
    <nav className="pager" aria-label={t.pages}>
      {page.first !== undefined && (
        <a className="button button-quiet" href={page.first}>
          {t.firstPage}
        </a>
      )}
      {page.next !== undefined && (
        <a className="button button-quiet" rel="next" href={page.next}>
          {t.nextPage}
        </a>
      )}
    </nav>
  );
}

function EmptyList({ page, reader }: { readonly page: ListPage; readonly reader: Reader }) {
  const { t } = reader;
  const { q, collection, inStock } = page.query;
  if (q) {
    return (
      <div className="empty">
        <p className="empty-title">{t.noResult(q)}</p>
        <p>{t.noResultText}</p>
        <SearchForm reader={reader} id="list-search" q={q} label={t.searchAgain} />
        <a className="quiet-link" href={PRODUCTS}>
          {t.clearFilters}
        </a>
      </div>
    );
  }
  const filtered = collection !== undefined || inStock === true;
  return (
    <div className="empty">
      <p className="empty-title">{filtered ? t.noMatch : t.emptyList}</p>
      {filtered ? (
        <a className="button" href={PRODUCTS}>
          {t.clearFilters}
        </a>
      ) : (
        <p>{t.emptyListText}</p>
      )}
    </div>
  );
}
