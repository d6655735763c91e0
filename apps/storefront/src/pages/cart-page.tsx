import { ProductGrid } from '../components/product-card.tsx';
import { Island } from '../island.tsx';
import type { CartPage as CartPageFacts } from '../page-data.ts';
import type { Reader } from '../reader.ts';

export function CartPage({ page, reader }: { readonly page: CartPageFacts; readonly reader: Reader }) {
  const { t } = reader;
  const suggestions = page.suggestions ?? [];
  return (
    <div className="cart-page">
      <h1 className="page-title">{t.yourCart}</h1>
      <Island name="cart-view" props={{ locale: reader.locale, cart: page.cart }} />
      {suggestions.length > 0 && (
        <section className="home-section" aria-labelledby="suggestions-title">
          <header className="section-head">
            <h2 id="suggestions-title">{t.mightLike}</h2>
          </header>
          <ProductGrid products={suggestions} reader={reader} heading="h3" />
        </section>
      )}
    </div>
  );
}
