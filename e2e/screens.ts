import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { seriousFindings } from './axe.ts';
import { DESK, PHONE, openBrowser } from './browser.ts';
import { checkout, npmStart } from './installation.ts';

/** A running installation with the demo, as the screens need it. */
export type World = { readonly port: number; readonly password: string };

type Screen = {
  readonly name: string;
  readonly app: 'admin' | 'aurora' | 'kumo';
  /** Signed in as the demo's owner; the sign-in page alone is seen without. */
  readonly anonymous?: true;
  /** Goes to the screen from anywhere and waits until it stands. */
  readonly open: (page: Page, origin: string) => Promise<void>;
};

const visit =
  (path: string, waitFor: string) =>
  async (page: Page, origin: string): Promise<void> => {
    await page.goto(origin + path);
    await page.locator(waitFor).first().waitFor();
  };

/** Puts something of the demo's own, of which there is plenty, into the cart. */
async function fillCart(page: Page, origin: string): Promise<void> {
  await page.goto(`${origin}/products?inStock=1&q=${origin.includes('kumo') ? 'socks' : 'candles'}`);
  await page.locator('main a[href^="/products/"]').first().click();
  await page.getByRole('button', { name: /add to (cart|bag)/i }).click();
  await page
    .getByRole('dialog')
    .getByRole('link', { name: /check ?out/i })
    .waitFor();
}

const exampleFile = join(checkout, 'packages', 'testing', 'fixtures', 'example-export.csv');
const brokenFile = join(checkout, 'packages', 'testing', 'fixtures', 'csv', 'price-not-a-number.csv');

const importOf = (file: string, waitFor: RegExp) => async (page: Page, origin: string) => {
  await page.goto(`${origin}/s/aurora/products/import`);
  await page.getByLabel('Product file').setInputFiles(file);
  await page.getByText(waitFor).first().waitFor();
};

const shop = (app: 'aurora' | 'kumo'): Screen[] => [
  { name: 'home', app, open: visit('/', 'main h1') },
  { name: 'list', app, open: visit('/products', 'main a[href^="/products/"]') },
  { name: 'search-empty', app, open: visit('/products?q=nothing-like-this', 'main h1') },
  { name: 'cart-empty', app, open: visit('/cart', 'main h1') },
  {
    name: 'product',
    app,
    open: async (page, origin) => {
      await page.goto(`${origin}/products?inStock=1`);
      await page.locator('main a[href^="/products/"]').first().click();
      await page.locator('main h1').waitFor();
    },
  },
  { name: 'drawer', app, open: fillCart },
  { name: 'cart', app, open: visit('/cart', 'main h1') },
  { name: 'checkout', app, open: visit('/checkout', 'main h1') },
  {
    name: 'checkout-errors',
    app,
    open: async (page, origin) => {
      await page.goto(`${origin}/checkout`);
      await page.getByLabel('E-mail').fill('nobody');
      await page.getByRole('button', { name: /Order and pay/ }).click();
      await page.locator('[aria-invalid=true]').first().waitFor();
    },
  },
  {
    name: 'order-waiting',
    app,
    open: async (page, origin) => {
      await fillCart(page, origin);
      await page.goto(`${origin}/checkout`);
      for (const [label, value] of [
        ['E-mail', 'screen@example.org'],
        ['Full name', 'Mira Screen'],
        ['Street and number', 'Weg 1'],
        ['Postal code', '10115'],
        ['City', 'Berlin'],
      ] as const)
        await page.getByLabel(label).fill(value);
      await page.getByRole('button', { name: /Order and pay/ }).click();
      await page.getByRole('button', { name: 'Close the window' }).click();
      await page.waitForURL(/\/orders\//);
    },
  },
  { name: 'not-found', app, open: visit('/nothing-here', 'main h1') },
];

export const SCREENS: readonly Screen[] = [
  ...shop('aurora'),
  ...shop('kumo'),
  { name: 'sign-in', app: 'admin', anonymous: true, open: visit('/sign-in', 'input[type=password]') },
  { name: 'sites', app: 'admin', open: visit('/', 'a[href="/s/aurora"]') },
  { name: 'dashboard', app: 'admin', open: visit('/s/aurora', 'text=Best sellers') },
  { name: 'orders', app: 'admin', open: visit('/s/aurora/orders', 'a[href*="/orders/0"]:visible') },
  { name: 'orders-empty', app: 'admin', open: visit('/s/aurora/orders?q=nobody-like-this', 'text=No order fits') },
  {
    name: 'order',
    app: 'admin',
    open: async (page, origin) => {
      await page.goto(`${origin}/s/aurora/orders`);
      await page.locator('a[href*="/orders/0"]:visible').first().click();
      await page.getByText('History').first().waitFor();
    },
  },
  { name: 'products', app: 'admin', open: visit('/s/aurora/products', 'a[href*="/products/0"]:visible') },
  {
    name: 'product',
    app: 'admin',
    open: async (page, origin) => {
      await page.goto(`${origin}/s/aurora/products?status=published`);
      await page.locator('a[href*="/products/0"]:visible').first().click();
      await page.getByText('Variants').first().waitFor();
    },
  },
  { name: 'import', app: 'admin', open: visit('/s/aurora/products/import', 'text=Drop your product file here') },
  { name: 'import-preview', app: 'admin', open: importOf(exampleFile, /^Import \d+ products|unchanged/) },
  { name: 'import-errors', app: 'admin', open: importOf(brokenFile, /cannot be imported|Leave out|left out/i) },
  { name: 'activity', app: 'admin', open: visit('/s/aurora/activity', 'main h1') },
  {
    name: 'command-menu',
    app: 'admin',
    open: async (page, origin) => {
      await page.goto(`${origin}/s/aurora`);
      await page.getByText('Best sellers').waitFor();
      await page.keyboard.press('Control+k');
      await page.getByRole('dialog').waitFor();
    },
  },
  { name: 'not-found', app: 'admin', open: visit('/s/aurora/nothing-here', 'text=/nothing|not found|does not/i') },
];

export const originOf = ({ port }: World, { app }: Screen): string => `http://${app}.localhost:${port}`;

/** A context for the screens of one width: signed in at the admin, except for `anonymous` screens. */
export async function openContext(
  browser: Browser,
  world: World,
  options: { width: 'phone' | 'desk'; scheme: 'light' | 'dark'; signedIn: boolean },
): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport: options.width === 'phone' ? PHONE : DESK,
    hasTouch: options.width === 'phone',
    isMobile: options.width === 'phone',
    colorScheme: options.scheme,
    reducedMotion: 'reduce',
    locale: 'en-GB',
  });
  context.setDefaultTimeout(20_000);
  if (options.signedIn) {
    const page = await context.newPage();
    await page.goto(`http://admin.localhost:${world.port}/sign-in`);
    await page.getByLabel('E-mail').fill('owner@souk.localhost');
    await page.getByLabel('Password').fill(world.password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page
      .getByRole('link', { name: /Aurora/ })
      .first()
      .waitFor();
    await page.close();
  }
  return context;
}

/**
 * `npm run screens`: every screen in its states at both widths, light and dark, as pictures in `.screens/`, each looked at
 * by axe. Words after `--` choose screens by a part of their name.
 */
export async function takeScreens(words: readonly string[]): Promise<number> {
  const folder = join(checkout, '.screens');
  mkdirSync(folder, { recursive: true });
  const souk = await npmStart(join(checkout, 'node_modules', '.cache', 'souk', 'screens-home'));
  const world = { port: souk.port, password: souk.password };
  const browser = await openBrowser();
  let found = 0;
  try {
    for (const width of ['phone', 'desk'] as const) {
      for (const scheme of ['light', 'dark'] as const) {
        const [signedIn, anonymous] = [
          await openContext(browser, world, { width, scheme, signedIn: true }),
          await openContext(browser, world, { width, scheme, signedIn: false }),
        ];
        for (const screen of SCREENS) {
          const name = `${screen.app}-${screen.name}-${width}-${scheme}`;
          if (words.length > 0 && !words.some((word) => name.includes(word))) continue;
          if (scheme === 'dark' && screen.app !== 'admin') continue;
          const page = await (screen.anonymous ? anonymous : signedIn).newPage();
          try {
            await screen.open(page, originOf(world, screen));
            await page.waitForLoadState('networkidle').catch(() => undefined);
            await page.screenshot({ path: join(folder, `${name}.png`), fullPage: screen.name !== 'drawer' });
            const findings = await seriousFindings(page);
            found += findings.length;
            process.stdout.write(
              `${findings.length === 0 ? 'ok  ' : 'AXE '} ${name}${findings.map((f) => `\n       ${f}`).join('')}\n`,
            );
          } catch (error) {
            found += 1;
            process.stdout.write(
              `FAIL ${name}: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}\n`,
            );
          } finally {
            await page.close();
          }
        }
        await Promise.all([signedIn.close(), anonymous.close()]);
      }
    }
  } finally {
    await browser.close();
    if (souk.process.pid) process.kill(-souk.process.pid, 'SIGINT');
    await souk.ended();
  }
  process.stdout.write(`\nPictures are in .screens/. ${found} findings.\n`);
  return found > 0 ? 1 : 0;
}
