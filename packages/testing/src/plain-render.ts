import type { Page, Render } from '@souk/storefront/page-data';

/** Draws a page as its data: tests read what the shop says without a browser, and without building the storefront. */
export const plainRender: Render = (page: Page) => ({
  html: JSON.stringify(page),
  status: page.kind === 'notFound' ? 404 : page.kind === 'error' ? 500 : 200,
});
