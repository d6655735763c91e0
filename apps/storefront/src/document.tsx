import assets from 'virtual:client-assets';
import type { ReactNode } from 'react';
import { HOME, listAddress, productAddress } from './addresses.ts';
import { srcSetOf } from './components/picture.tsx';
import { CARD_SIZES } from './components/product-card.tsx';
import { STAGE_SIZES } from './islands/gallery.tsx';
import type { Page, Picture, Shop } from './page-data.ts';
import { HERO_SIZES } from './pages/home-view.tsx';
import type { Reader } from './reader.ts';
import { absolute, scriptSafeJson, structuredDataOf } from './structured-data.ts';
import { THEME_LAYOUTS } from './theme-layouts.ts';

type Props = { readonly page: Page; readonly shop: Shop; readonly reader: Reader; readonly children: ReactNode };

export function Document({ page, shop, reader, children }: Props) {
  const theme = assets.themes[shop.theme];
  const layout = THEME_LAYOUTS[shop.theme];
  const title = titleOf(page, shop, reader);
  const description = descriptionOf(page, shop);
  const canonical = canonicalOf(page);
  const hero = heroOf(page);
  const heroSrcSet = hero && srcSetOf(hero.picture);
  const data = structuredDataOf(page);
  return (
    <html
      lang={reader.locale}
      data-theme={shop.theme}
      data-header={layout.header}
      data-hero={layout.hero}
      data-cards={layout.cards}
      data-options={layout.options}
      data-buy={layout.buy}
      data-page={page.kind}
    >
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <title>{title}</title>
        {theme.css === undefined ? (
          <link rel="stylesheet" href={theme.style} />
        ) : (
          <style dangerouslySetInnerHTML={{ __html: theme.css }} />
        )}
        {hero && (
          <link
            rel="preload"
            as="image"
            fetchPriority="high"
            href={hero.picture.url}
            {...(heroSrcSet ? { imageSrcSet: heroSrcSet, imageSizes: hero.sizes } : {})}
          />
        )}
        <script type="module" src={assets.script} />
        {description && <meta name="description" content={description} />}
        {canonical === undefined ? (
          <meta name="robots" content="noindex" />
        ) : (
          <>
            <link rel="canonical" href={absolute(shop, canonical)} />
            <meta property="og:url" content={absolute(shop, canonical)} />
            <meta property="og:type" content={page.kind === 'product' ? 'product' : 'website'} />
            <meta property="og:title" content={title} />
            <meta property="og:site_name" content={shop.name} />
            {description && <meta property="og:description" content={description} />}
            {hero && <meta property="og:image" content={absolute(shop, hero.picture.url)} />}
            {hero && <meta property="og:image:alt" content={hero.picture.alt} />}
          </>
        )}
        {(shop.languages ?? []).map((language) => (
          <link key={language.locale} rel="alternate" hrefLang={language.locale} href={absolute(shop, language.href)} />
        ))}
        {data && <script type="application/ld+json" dangerouslySetInnerHTML={{ __html: scriptSafeJson(data) }} />}
      </head>
      <body>{children}</body>
    </html>
  );
}

function titleOf(page: Page, shop: Shop, { t }: Reader): string {
  switch (page.kind) {
    case 'home':
      return shop.tagline ? `${shop.name} — ${shop.tagline}` : shop.name;
    case 'list':
      return `${page.query.q ? t.resultsFor(page.query.q) : page.title} · ${shop.name}`;
    case 'product':
      return `${page.title} · ${shop.name}`;
    case 'cart':
      return `${t.yourCart} · ${shop.name}`;
    case 'checkout':
      return `${t.checkout} · ${shop.name}`;
    case 'order':
      return `${t.order(page.orderNumber)} · ${shop.name}`;
    case 'notFound':
      return `${t.notFound} · ${shop.name}`;
    case 'unavailable':
      return `${page.isClosed ? t.closed : t.unavailable} · ${shop.name}`;
    case 'error':
      return `${t.error} · ${shop.name}`;
  }
}

function descriptionOf(page: Page, shop: Shop): string | undefined {
  if (page.kind === 'product') return page.shortDescription ?? shop.tagline;
  if (page.kind === 'home' || page.kind === 'list') return page.description ?? shop.tagline;
  return undefined;
}

/** The address a search engine should keep; undefined for what is one person's own or no content at all. */
function canonicalOf(page: Page): string | undefined {
  if (page.kind === 'home') return HOME;
  if (page.kind === 'product') return productAddress(page.slug);
  if (page.kind === 'list' && !page.query.q) return listAddress({ collection: page.query.collection });
  return undefined;
}

/** The largest picture in view before scrolling, fetched with the page's first bytes. */
function heroOf(page: Page): { readonly picture: Picture; readonly sizes: string } | undefined {
  if (page.kind === 'home' && page.hero?.image) return { picture: page.hero.image, sizes: HERO_SIZES };
  if (page.kind === 'list') {
    const picture = page.products[0]?.images[0];
    return picture && { picture, sizes: CARD_SIZES };
  }
  if (page.kind === 'product') {
    const selected = page.variants.find((variant) => variant.variantId === page.selectedVariantId);
    const picture = page.images[selected?.imageIndex ?? 0] ?? page.images[0];
    return picture && { picture, sizes: STAGE_SIZES };
  }
  return undefined;
}
