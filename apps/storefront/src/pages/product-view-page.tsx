import { ProductGrid } from '../components/product-card.tsx';
import { Island } from '../island.tsx';
import type { ProductPage } from '../page-data.ts';
import type { Reader } from '../reader.ts';

export function ProductViewPage({ page, reader }: { readonly page: ProductPage; readonly reader: Reader }) {
  const { t } = reader;
  const included = linesOf(page.inclusions);
  const notIncluded = linesOf(page.exclusions);
  return (
    <>
      {page.breadcrumbs.length > 0 && (
        <nav className="breadcrumbs" aria-label={t.breadcrumbs}>
          <ol>
            {page.breadcrumbs.map((link) => (
              <li key={link.href}>
                <a href={link.href}>{link.label}</a>
              </li>
            ))}
            <li aria-current="page">{page.title}</li>
          </ol>
        </nav>
      )}
      <Island
        name="product-view"
        props={{
          locale: reader.locale,
          slug: page.slug,
          title: page.title,
          shortDescription: page.shortDescription,
          images: page.images,
          optionNames: page.optionNames,
          swatches: page.swatches,
          variants: page.variants,
          selectedVariantId: page.selectedVariantId,
          delivery: page.delivery,
          maxQuantity: page.maxQuantity,
          problem: page.problem,
          includedTax: page.shop.pricesIncludeTax ? (page.shop.taxName ?? t.tax) : undefined,
        }}
      />
      {(page.descriptionHtml || included.length > 0 || notIncluded.length > 0) && (
        <div className="product-story">
          {page.descriptionHtml && (
            <section className="product-about" aria-labelledby="about-title">
              <h2 id="about-title">{t.about}</h2>
              <div className="prose" dangerouslySetInnerHTML={{ __html: page.descriptionHtml }} />
            </section>
          )}
          {(included.length > 0 || notIncluded.length > 0) && (
            <div className="product-scope">
              {included.length > 0 && <Scope kind="included" title={t.included} lines={included} />}
              {notIncluded.length > 0 && <Scope kind="excluded" title={t.notIncluded} lines={notIncluded} />}
            </div>
          )}
        </div>
      )}
      {page.related.length > 0 && (
        <section className="home-section" aria-labelledby="related-title">
          <header className="section-head">
            <h2 id="related-title">{t.related}</h2>
          </header>
          <ProductGrid products={page.related} reader={reader} heading="h3" />
        </section>
      )}
    </>
  );
}

function Scope({
  kind,
  title,
  lines,
}: {
  readonly kind: 'included' | 'excluded';
  readonly title: string;
  readonly lines: readonly string[];
}) {
  return (
    <section className={`scope scope-${kind}`}>
      <h2>{title}</h2>
      <ul>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </section>
  );
}

/** A text of several lines as its lines; leading dashes and bullets are the list's own. */
export const linesOf = (text: string | undefined): readonly string[] =>
  [...new Set((text ?? '').split(/\r?\n/).map((line) => line.replace(/^\s*[-–•*]\s+/, '').trim()))].filter(
    (line) => line !== '',
  );
