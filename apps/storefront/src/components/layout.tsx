import type { ReactNode } from 'react';
import { HOME } from '../addresses.ts';
import { Island } from '../island.tsx';
import type { Shop } from '../page-data.ts';
import type { Reader } from '../reader.ts';
import { MenuIcon } from './icons.tsx';
import { SearchForm } from './search-form.tsx';

type Props = {
  readonly shop: Shop;
  readonly reader: Reader;
  readonly cartCount: number;
  readonly path: string;
  /** Checkout keeps to itself: the name and the way back to the cart, nothing that leads away. */
  readonly bare?: boolean;
  /** Said by the page's own search field instead. */
  readonly withoutSearch?: boolean;
  readonly children: ReactNode;
};

export function Layout({ shop, reader, cartCount, path, bare = false, withoutSearch = false, children }: Props) {
  const { t } = reader;
  const isHere = (href: string): boolean => path === href || (href !== HOME && path.startsWith(`${href}&`));
  const links = shop.navigation.map((link) => (
    <li key={link.href}>
      <a href={link.href} {...(isHere(link.href) ? { 'aria-current': 'page' as const } : {})}>
        {link.label}
      </a>
    </li>
  ));
  return (
    <>
      <a className="skip-link" href="#content">
        {t.skip}
      </a>
      {shop.mode === 'test' && (
        <aside className="ribbon" aria-label={t.notice}>
          {t.testShop}
        </aside>
      )}
      <header className={bare ? 'site-header site-header-bare' : 'site-header'}>
        {!bare && links.length > 0 && (
          <>
            <nav className="site-nav" aria-label={t.mainNavigation}>
              <ul>{links}</ul>
            </nav>
            <details className="site-menu">
              <summary aria-label={t.menu}>
                <MenuIcon />
              </summary>
              <nav aria-label={t.menu}>
                <ul>{links}</ul>
                {!withoutSearch && <SearchForm reader={reader} id="menu-search" />}
              </nav>
            </details>
          </>
        )}
        <a className="wordmark" href={HOME}>
          {shop.name}
        </a>
        <div className="site-tools">
          {!bare && !withoutSearch && <SearchForm reader={reader} id="site-search" />}
          <Island name="cart-button" props={{ locale: reader.locale, count: cartCount }} />
        </div>
      </header>
      <main id="content" tabIndex={-1}>
        {children}
      </main>
      <p className="visually-hidden" role="status" data-announcements />
      <footer className="site-footer">
        <p className="footer-name">{shop.name}</p>
        {shop.tagline && <p className="footer-tagline">{shop.tagline}</p>}
        <ul className="footer-links">
          {(shop.footer ?? []).map((link) => (
            <li key={link.href}>
              <a href={link.href}>{link.label}</a>
            </li>
          ))}
        </ul>
        {shop.contactEmail && (
          <p className="footer-contact">
            {t.questions} <a href={`mailto:${shop.contactEmail}`}>{shop.contactEmail}</a>
          </p>
        )}
        {shop.languages && shop.languages.length > 1 && (
          <nav aria-label={t.languages} className="footer-languages">
            <ul>
              {shop.languages.map((language) => (
                <li key={language.locale}>
                  <a
                    href={language.href}
                    lang={language.locale}
                    hrefLang={language.locale}
                    {...(language.locale === shop.locale ? { 'aria-current': 'true' as const } : {})}
                  >
                    {language.label}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
        )}
        <p className="footer-tax">
          {(shop.pricesIncludeTax ? t.taxIncluded : t.taxExcluded)(shop.taxName ?? t.tax)} · {t.poweredBy}
        </p>
      </footer>
    </>
  );
}
