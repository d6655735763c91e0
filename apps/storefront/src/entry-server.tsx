import assets from 'virtual:client-assets';
import type { Currency } from '@souk/domain/shared';
import { renderToString } from 'react-dom/server';
import { Layout } from './components/layout.tsx';
import { Document } from './document.tsx';
import type { Page, Shop } from './page-data.ts';
import { CartPage } from './pages/cart-page.tsx';
import { CheckoutView } from './pages/checkout-view.tsx';
import { HomeView } from './pages/home-view.tsx';
import { ListView } from './pages/list-view.tsx';
import { OrderView } from './pages/order-view.tsx';
import { ProductViewPage } from './pages/product-view-page.tsx';
import { ErrorView, NotFoundView, UnavailableView } from './pages/trouble-view.tsx';
import { type Reader, readerFor } from './reader.ts';

export type * from './page-data.ts';

/** CSP sources of the styles that stand inside pages: `style-src` names them, so no other inline style can run. */
export const styleHashes: readonly string[] = Object.values(assets.themes).flatMap(({ hash }) =>
  hash === undefined ? [] : [hash],
);

const STATUS = { notFound: 404, unavailable: 503, error: 500 } as const;

/** A page as a complete HTML document and the HTTP status that goes with it. */
export function render(page: Page): { html: string; status: number } {
  const shop = page.shop ?? unknownShop();
  const reader = readerFor(shop.locale);
  const html = renderToString(
    <Document page={page} shop={shop} reader={reader}>
      <Layout
        shop={shop}
        reader={reader}
        cartCount={page.cartCount ?? 0}
        path={page.path ?? ''}
        bare={page.kind === 'checkout' || page.kind === 'unavailable' || page.shop === undefined}
        withoutSearch={page.kind === 'notFound'}
      >
        <Content page={page} reader={reader} />
      </Layout>
    </Document>,
  );
  return {
    html: `<!doctype html>${html}`,
    status: page.kind in STATUS ? STATUS[page.kind as keyof typeof STATUS] : 200,
  };
}

function Content({ page, reader }: { readonly page: Page; readonly reader: Reader }) {
  switch (page.kind) {
    case 'home':
      return <HomeView page={page} reader={reader} />;
    case 'list':
      return <ListView page={page} reader={reader} />;
    case 'product':
      return <ProductViewPage page={page} reader={reader} />;
    case 'cart':
      return <CartPage page={page} reader={reader} />;
    case 'checkout':
      return <CheckoutView page={page} reader={reader} />;
    case 'order':
      return <OrderView page={page} reader={reader} />;
    case 'notFound':
      return <NotFoundView page={page} reader={reader} />;
    case 'unavailable':
      return <UnavailableView page={page} reader={reader} />;
    case 'error':
      return <ErrorView page={page} reader={reader} />;
  }
}

/** Stands in when even the shop could not be read: a page that is calm and promises nothing. */
const unknownShop = (): Shop => ({
  name: 'Shop',
  handle: '',
  locale: 'en',
  currency: 'EUR' as Currency,
  theme: 'aurora',
  origin: '',
  timeZone: 'UTC',
  pricesIncludeTax: true,
  navigation: [],
  mode: 'live',
});
