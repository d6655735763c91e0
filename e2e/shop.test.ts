import { gzipSync } from 'node:zlib';
import {
  type TestApi,
  type TestProduct,
  type TestSite,
  expectInvariants,
  publishPrices,
  startTestApi,
} from '@souk/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PHONE, openBrowser, openPage } from './browser.ts';

/* The shop in a browser, on both runtimes its code is built for: with scripts, without them, and by keyboard alone. */

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

/** Bytes of JavaScript a product page may load, gzipped. */
const SCRIPT_BUDGET = { built: 35_000, react: 100_000 } as const;

describe.each(['built', 'react'] as const)('the shop, %s', (render) => {
  let souk: TestApi;
  let site: TestSite;
  let lamp: TestProduct | undefined;
  const at = (path: string): string => `http://${site.host}:${souk.port}${path}`;

  beforeAll(async () => {
    souk = await startTestApi({ render });
    site = await souk.makeSite({
      handle: 'lumen',
      products: [
        [
          { price: 1990, stock: 5 },
          { price: 2990, stock: 0 },
        ],
      ],
    });
    [lamp] = site.products;
  });
  afterAll(() => souk.close());

  const fillIn = async (page: Page): Promise<void> => {
    for (const [label, value] of [
      ['E-mail', 'ida@example.org'],
      ['Full name', 'Ida Probe'],
      ['Street and number', 'Weg 3'],
      ['Postal code', '10115'],
      ['City', 'Berlin'],
    ] as const)
      await page.getByLabel(label).fill(value);
  };

  test('a product page loads little JavaScript, breaks no policy and says what is sold out', async () => {
    const { page, context, faults } = await openPage(browser, { locale: 'en-GB' });
    let bytes = 0;
    page.on('response', async (response) => {
      if (/javascript/.test(response.headers()['content-type'] ?? '')) bytes += gzipSync(await response.body()).length;
    });
    const answer = await page.goto(at(`/products/${lamp?.slug}`), { waitUntil: 'networkidle' });
    expect(answer?.headers()['content-security-policy']).not.toMatch(/unsafe/);
    expect(bytes).toBeGreaterThan(1000);
    expect(bytes).toBeLessThan(SCRIPT_BUDGET[render]);
    await page.getByRole('radio', { name: /size 2/ }).focus();
    await page.keyboard.press('Space');
    await page
      .getByText(/sold out/i)
      .first()
      .waitFor();
    expect(faults).toEqual([]);
    await context.close();
  });

  test('by keyboard alone: choose, add, see the drawer, leave it by Escape', async () => {
    const { page, context, faults } = await openPage(browser, { locale: 'en-GB', viewport: PHONE });
    await page.goto(at(`/products/${lamp?.slug}`), { waitUntil: 'networkidle' });
    await page
      .getByRole('button', { name: /add to cart/i })
      .first()
      .focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByText('Thing 1 of lumen').first().waitFor();
    expect(await page.evaluate(() => document.activeElement?.closest('dialog, [role=dialog]') !== null)).toBe(true);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(faults).toEqual([]);
    await context.close();
  });

  test('without JavaScript: list, product, cart, checkout, payment, the order’s page', async () => {
    const { page, context } = await openPage(browser, { locale: 'en-GB', javaScriptEnabled: false });
    await page.goto(at('/products'));
    await page.getByRole('link', { name: 'Thing 1 of lumen' }).first().click();
    await page
      .getByRole('button', { name: /add to cart/i })
      .first()
      .click();
    await page.waitForURL(/\/cart/);
    await page
      .getByRole('link', { name: /check ?out/i })
      .first()
      .click();
    // Nonsense first, past the browser's own checks: the errors stand beside the fields, and nothing typed is lost.
    await page
      .locator('main form')
      .last()
      .evaluate((form: HTMLFormElement) => form.setAttribute('novalidate', ''));
    await page.getByLabel('Full name').fill('Ida Probe');
    await page.getByRole('button', { name: /Order and pay/ }).click();
    await page
      .getByText(/E-mail is missing|e-mail address/i)
      .first()
      .waitFor();
    expect(await page.getByLabel('Full name').inputValue()).toBe('Ida Probe');
    await fillIn(page);
    // Enter in a field is the button that orders, not the one that brings the total up to date.
    await page.getByLabel('City').press('Enter');
    await page.getByRole('button', { name: 'Pay now' }).click();
    await page.waitForURL(/\/orders\//);
    await expect
      .poll(
        async () => {
          await page.reload();
          return page.getByText('Paid. We are getting your order ready.').count();
        },
        { timeout: 15_000 },
      )
      .toBeGreaterThan(0);
    await context.close();
  });

  test('C04 · a price that changed between cart and checkout is said before anything is ordered', async () => {
    const { page, context } = await openPage(browser, { locale: 'en-GB' });
    await page.goto(at(`/products/${lamp?.slug}`), { waitUntil: 'networkidle' });
    await page
      .getByRole('button', { name: /add to cart/i })
      .first()
      .click();
    await page
      .getByRole('dialog')
      .getByRole('link', { name: /check ?out/i })
      .click();
    await fillIn(page);
    if (!lamp) throw new Error('the shop has a lamp');
    await publishPrices(souk.db.database, site, lamp, 2, [2590, 2990]);
    await page.getByRole('button', { name: /Order and pay/ }).click();
    await page
      .getByText(/price of Thing 1 of lumen has changed/)
      .first()
      .waitFor();
    expect(page.url()).toContain('/checkout');
    expect(await page.getByLabel('E-mail').inputValue()).toBe('ida@example.org');
    await page.getByText('€30.90').first().waitFor();
    await page.getByRole('button', { name: /Order and pay/ }).click();
    await page.getByRole('button', { name: 'Decline' }).click();
    await page.getByText('The payment did not go through').first().waitFor();
    // Pay again from the order's own page.
    await page.getByRole('button', { name: /pay/i }).first().click();
    await page.getByRole('button', { name: 'Pay now' }).click();
    await page.getByText('Paid. We are getting your order ready.').first().waitFor();
    await context.close();
    await expectInvariants(souk.db);
  });
});
