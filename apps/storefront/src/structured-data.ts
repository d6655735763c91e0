import { toDecimal } from '@souk/domain/shared';
import { HOME, productAddress } from './addresses.ts';
import type { Page, ProductPage, Shop, VariantStock } from './page-data.ts';

/** What search engines read about this page, as schema.org objects; undefined for pages they should not read. */
export function structuredDataOf(page: Page): object | undefined {
  if (page.kind === 'product')
    return { '@context': 'https://schema.org', '@graph': [productOf(page), breadcrumbsOf(page)] };
  if (page.kind === 'home') {
    return {
      '@context': 'https://schema.org',
      '@type': 'Organization',
      name: page.shop.name,
      url: page.shop.origin + HOME,
      ...(page.shop.contactEmail ? { email: page.shop.contactEmail } : {}),
    };
  }
  return undefined;
}

/** JSON that cannot end the script element it stands in, whatever a merchant typed. */
export const scriptSafeJson = (value: object): string =>
  JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

const AVAILABILITY: Readonly<Record<VariantStock['state'], string>> = {
  in_stock: 'https://schema.org/InStock',
  low: 'https://schema.org/LimitedAvailability',
  out: 'https://schema.org/OutOfStock',
  backorder: 'https://schema.org/BackOrder',
};

function productOf(page: ProductPage): object {
  const { shop } = page;
  return {
    '@type': 'Product',
    name: page.title,
    ...(page.shortDescription ? { description: page.shortDescription } : {}),
    ...(page.images.length > 0 ? { image: page.images.map((image) => absolute(shop, image.url)) } : {}),
    brand: { '@type': 'Brand', name: shop.name },
    offers: page.variants.map((variant) => ({
      '@type': 'Offer',
      ...(variant.sku ? { sku: variant.sku } : {}),
      ...(variant.options.length > 0 ? { name: variant.options.join(', ') } : {}),
      price: toDecimal(variant.price),
      priceCurrency: variant.price.currency,
      availability: AVAILABILITY[variant.stock.state],
      url: absolute(shop, productAddress(page.slug, variant.variantId)),
    })),
  };
}

function breadcrumbsOf(page: ProductPage): object {
  const trail = [...page.breadcrumbs, { label: page.title, href: productAddress(page.slug) }];
  return {
    '@type': 'BreadcrumbList',
    itemListElement: trail.map((link, index) => ({
      '@type': 'ListItem',
      position: index + 1,
      name: link.label,
      item: absolute(page.shop, link.href),
    })),
  };
}

/** A path on the shop's own origin, or an address that already names one. */
export const absolute = (shop: Shop, href: string): string => (/^https?:\/\//i.test(href) ? href : shop.origin + href);
