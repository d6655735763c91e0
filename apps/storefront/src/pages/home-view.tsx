import { Picture } from '../components/picture.tsx';
import { ProductGrid } from '../components/product-card.tsx';
import type { Banner, HomePage } from '../page-data.ts';
import type { Reader } from '../reader.ts';

/** How wide the first picture of the page is shown; it is preloaded in this width. */
export const HERO_SIZES = '(min-width: 64rem) 60vw, 100vw';

export function HomeView({ page, reader }: { readonly page: HomePage; readonly reader: Reader }) {
  const { t } = reader;
  const sections = page.sections.filter((section) => section.products.length > 0);
  return (
    <>
      {page.hero ? (
        <section className="hero">
          {page.hero.image && <Picture picture={page.hero.image} sizes={HERO_SIZES} first />}
          <div className="hero-words">
            <h1>{page.hero.title}</h1>
            <BannerWords banner={page.hero} />
          </div>
        </section>
      ) : (
        <h1 className="page-title">{page.shop.name}</h1>
      )}
      {page.collections.length > 0 && (
        <section className="collections" aria-labelledby="collections-title">
          <h2 id="collections-title" className="visually-hidden">
            {t.collections}
          </h2>
          <ul>
            {page.collections.map((collection) => (
              <li key={collection.href}>
                <a href={collection.href}>
                  {collection.image && (
                    <Picture picture={collection.image} sizes="(min-width: 64rem) 25vw, 50vw" alt="" />
                  )}
                  <span className="collection-name">{collection.label}</span>
                  {collection.count !== undefined && (
                    <span className="collection-count">{t.products(collection.count)}</span>
                  )}
                </a>
              </li>
            ))}
          </ul>
        </section>
      )}
      {sections.length === 0 && (
        <div className="empty">
          <p className="empty-title">{t.emptyList}</p>
          <p>{t.emptyListText}</p>
        </div>
      )}
      {sections.map((section, index) => (
        <section key={section.href} className="home-section" aria-labelledby={`section-${index}`}>
          <header className="section-head">
            <h2 id={`section-${index}`}>{section.title}</h2>
            <a href={section.href}>
              {t.viewAll}
              <span className="visually-hidden">: {section.title}</span>
            </a>
          </header>
          <ProductGrid products={section.products} reader={reader} heading="h3" />
        </section>
      ))}
      {page.story && (
        <section className="story">
          {page.story.image && <Picture picture={page.story.image} sizes="(min-width: 64rem) 50vw, 100vw" />}
          <div className="story-words">
            <h2>{page.story.title}</h2>
            <BannerWords banner={page.story} />
          </div>
        </section>
      )}
    </>
  );
}

function BannerWords({ banner }: { readonly banner: Banner }) {
  return (
    <>
      {banner.text && <p>{banner.text}</p>}
      {banner.link && (
        <a className="button" href={banner.link.href}>
          {banner.link.label}
        </a>
      )}
    </>
  );
}
