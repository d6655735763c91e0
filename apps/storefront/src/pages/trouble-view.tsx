import { HOME, PRODUCTS } from '../addresses.ts';
import { ProductGrid } from '../components/product-card.tsx';
import { SearchForm } from '../components/search-form.tsx';
import type { ErrorPage, NotFoundPage, UnavailablePage } from '../page-data.ts';
import type { Reader } from '../reader.ts';

export function NotFoundView({ page, reader }: { readonly page: NotFoundPage; readonly reader: Reader }) {
  const { t } = reader;
  const suggestions = page.suggestions ?? [];
  return (
    <>
      <div className="trouble">
        <p className="trouble-code" aria-hidden="true">
          404
        </p>
        <h1 className="page-title">{t.notFound}</h1>
        <p>{t.notFoundText}</p>
        <SearchForm reader={reader} id="page-search" />
        <a className="quiet-link" href={PRODUCTS}>
          {t.startShopping}
        </a>
      </div>
      {suggestions.length > 0 && (
        <section className="home-section" aria-labelledby="suggestions-title">
          <header className="section-head">
            <h2 id="suggestions-title">{t.mightLike}</h2>
          </header>
          <ProductGrid products={suggestions} reader={reader} heading="h3" />
        </section>
      )}
    </>
  );
}

export function UnavailableView({ page, reader }: { readonly page: UnavailablePage; readonly reader: Reader }) {
  const { t } = reader;
  return (
    <div className="trouble">
      <h1 className="page-title">{page.isClosed ? t.closed : t.unavailable}</h1>
      <p>{page.isClosed ? t.closedText : t.unavailableText}</p>
      <a className="button" href={page.path ?? HOME}>
        {t.tryAgain}
      </a>
    </div>
  );
}

export function ErrorView({ page, reader }: { readonly page: ErrorPage; readonly reader: Reader }) {
  const { t } = reader;
  return (
    <div className="trouble">
      <h1 className="page-title">{t.error}</h1>
      <p>{page.words ?? t.errorText}</p>
      <a className="button" href={page.path ?? HOME}>
        {t.tryAgain}
      </a>
      <p className="trouble-reference">
        {t.reference}: <code>{page.referenceId}</code>
      </p>
    </div>
  );
}
