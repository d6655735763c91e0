import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seriousFindings } from './axe.ts';
import { openBrowser, openPage } from './browser.ts';
import { type Started, checkout, npmStart } from './installation.ts';
import { SCREENS, openContext, originOf } from './screens.ts';

/*
 * The story of the first order, told by hand in a real browser against `npm start`: from a fresh folder to a parcel on its
 * way. The steps build on each other, so they run in order and the first failure ends the story.
 */

const home = join(mkdtempSync(join(tmpdir(), 'souk-story-')), 'home');
const realExport = join(checkout, '..', 'shared', 'data', 'products', 'packt-home-garden.csv');
const ownExport = join(checkout, 'packages', 'testing', 'fixtures', 'example-export.csv');
const source = existsSync(realExport) ? realExport : ownExport;

let souk: Started;
let browser: Browser;
let admin: Page;
let shop: Page;
const faults: string[][] = [];
const at = (host: string, path = '/'): string => `http://${host}.localhost:${souk.port}${path}`;

beforeAll(async () => {
  if (source === ownExport)
    console.warn('The folder of real exports is missing: the story imports the project’s own example.');
  souk = await npmStart(home);
  browser = await openBrowser();
  const [a, s] = [await openPage(browser, { locale: 'en-GB' }), await openPage(browser, { locale: 'en-GB' })];
  [admin, shop] = [a.page, s.page];
  faults.push(a.faults, s.faults);
}, 300_000);

afterAll(async () => {
  await browser?.close();
  if (souk?.process.exitCode === null && souk.process.pid) process.kill(-souk.process.pid, 'SIGINT');
  await souk?.ended();
  rmSync(home, { recursive: true, force: true });
}, 60_000);

describe('the first order', () => {
  test('1 · npm start says what it does and where everything is', () => {
    const said = souk.output();
    for (const line of [
      'Database',
      'Migrations',
      'Demo data',
      'Admin',
      'Aurora',
      'Kumo',
      'Sign in as',
      'Password',
      'Mailbox',
      'API',
    ])
      expect(said).toContain(line);
    expect(souk.password).toMatch(/^[0-9a-f-]{20,}$/);
  });

  test('2 · sign in, see both sites, enter one, true figures on the dashboard', async () => {
    await admin.goto(at('admin'));
    await admin.getByLabel('E-mail').fill('owner@souk.localhost');
    await admin.getByLabel('Password').fill('not the password');
    await admin.getByRole('button', { name: 'Sign in', exact: true }).click();
    await admin.getByText('E-mail or password is not right.').waitFor();
    await admin.getByLabel('Password').fill(souk.password);
    await admin.getByRole('button', { name: 'Sign in', exact: true }).click();
    await admin.getByRole('link', { name: /Kumo/ }).first().waitFor();
    await admin
      .getByRole('link', { name: /Aurora/ })
      .first()
      .click();
    await admin.getByText('Best sellers').waitFor();
    const shown = await admin.getByRole('main').innerText();
    const orders = Number(/Orders\s+(\d+)/.exec(shown)?.[1]);
    expect(orders).toBeGreaterThan(50);
    expect(shown).toMatch(/€[\d,]{4,}/);
  });

  test('3 · import a real export: preview first, then all of it, then "unchanged"', async () => {
    await admin.goto(at('admin', '/s/aurora/products/import'));
    await admin.getByLabel('Product file').setInputFiles(source);
    await admin.getByRole('button', { name: /^Import \d+ products$/ }).waitFor();
    const preview = await admin.getByRole('main').innerText();
    const products = Number(/Import (\d+) products/.exec(preview)?.[1] ?? 0);
    expect(products).toBe(source === realExport ? 20 : 12);
    await admin.getByRole('button', { name: /^Import \d+ products$/ }).click();
    await admin.getByText(new RegExp(`${products} products? (was|were) added`)).waitFor();
    await admin.goto(at('admin', '/s/aurora/products?status=draft'));
    await admin
      .getByRole('link', { name: source === realExport ? 'Floor Lamp' : /./ })
      .first()
      .waitFor();
    // The same file again.
    await admin.goto(at('admin', '/s/aurora/products/import'));
    await admin.getByLabel('Product file').setInputFiles(source);
    await admin
      .getByText(/unchanged/i)
      .first()
      .waitFor();
    // A file with one bad price among nine good ones: nothing is written, the row is named, the report can be had.
    await admin.goto(at('admin', '/s/aurora/products/import'));
    await admin
      .getByLabel('Product file')
      .setInputFiles(join(checkout, 'packages', 'testing', 'fixtures', 'csv', 'nine-good-rows-one-bad.csv'));
    await admin
      .getByText(/below zero/)
      .first()
      .waitFor();
    const report = await admin.getByRole('link', { name: 'Download report' }).getAttribute('href');
    const text = await admin.evaluate(async (href) => (await fetch(href)).text(), report ?? '');
    expect(text).toContain('price_negative');
  });

  // One with stock and without options: which of an import comes first differs from run to run, and some are sold out.
  const title = source === realExport ? 'Brown Pots' : 'Brass wall hook';
  test('4 · publish one by itself and the rest in bulk; the shop shows them at once', async () => {
    await admin.goto(at('admin', '/s/aurora/products?status=draft'));
    await admin.getByRole('table').getByRole('link', { name: title, exact: true }).click();
    await admin
      .getByRole('button', { name: /^Publish/ })
      .first()
      .click();
    await admin
      .getByText(/in the shop|Published/i)
      .first()
      .waitFor();
    await shop.goto(at('aurora', `/products?q=${encodeURIComponent(title)}`));
    await shop.getByRole('link', { name: title }).first().waitFor();
    await admin.goto(at('admin', '/s/aurora/products?status=draft'));
    await admin.getByText(/Choose all \d+ shown/).click();
    await admin.getByRole('button', { name: /^Publish \d+/ }).click();
    await admin.getByText('No product fits').waitFor();
    await shop.goto(at('aurora', '/products'));
    expect(await shop.getByRole('main').innerText()).toContain(`${24 + (source === realExport ? 20 : 12)} products`);
  });

  let orderUrl = '';
  test('5 · a guest fills a cart, checks out, pays at the provider; the page confirms by itself', async () => {
    await shop.goto(at('aurora', `/products?q=${encodeURIComponent(title)}`));
    await shop.getByRole('link', { name: title }).first().click();
    await shop.getByRole('button', { name: /add to (cart|bag)/i }).click();
    await shop.getByRole('dialog').getByText(title).waitFor();
    await shop
      .getByRole('dialog')
      .getByRole('link', { name: /check ?out/i })
      .click();
    await shop.getByLabel('E-mail').fill('anna@example.org');
    await shop.getByLabel('Full name').fill('Anna Beispiel');
    await shop.getByLabel('Street and number').fill('Lindenweg 7');
    await shop.getByLabel('Postal code').fill('10115');
    await shop.getByLabel('City').fill('Berlin');
    await shop.getByRole('button', { name: /Order and pay/ }).click();
    await shop.waitForURL(/\/pay\//);
    await shop.getByLabel('Deliver the notice twice').check();
    await shop.getByRole('button', { name: /Pay now/ }).click();
    await shop.waitForURL(/\/orders\//);
    orderUrl = shop.url();
    await shop.getByText('Paid. We are getting your order ready.').first().waitFor();
  });

  test('6 · the admin sees it arrive without reloading, opens it, sends it; the customer’s page and the mailbox say so', async () => {
    await admin.goto(at('admin', '/s/aurora/orders'));
    await admin.getByRole('link', { name: /AUR-/ }).first().waitFor();
    const before = await admin.getByRole('link', { name: /AUR-/ }).first().innerText();
    // A second order, by another buyer, while the list is open.
    const other = await openPage(browser, { locale: 'en-GB' });
    await other.page.goto(at('aurora', '/products?inStock=1&sort=price_asc'));
    await other.page.locator('main a[href^="/products/"]').first().click();
    await other.page.getByRole('button', { name: /add to (cart|bag)/i }).click();
    await other.page
      .getByRole('dialog')
      .getByRole('link', { name: /check ?out/i })
      .click();
    for (const [label, value] of [
      ['E-mail', 'ben@example.org'],
      ['Full name', 'Ben Zweiter'],
      ['Street and number', 'Weg 2'],
      ['Postal code', '20095'],
      ['City', 'Hamburg'],
    ] as const)
      await other.page.getByLabel(label).fill(value);
    await other.page.getByRole('button', { name: /Order and pay/ }).click();
    await other.page.waitForURL(/\/pay\//);
    await admin.getByText('Ben Zweiter').first().waitFor();
    expect(await admin.getByRole('link', { name: /AUR-/ }).first().innerText()).not.toBe(before);
    await other.page.getByRole('button', { name: /Decline/ }).click();
    await other.page.waitForURL(/\/orders\//);
    await other.page.getByText('The payment did not go through').first().waitFor();
    await other.context.close();

    await admin
      .getByRole('row', { name: /Anna Beispiel/ })
      .first()
      .getByRole('link')
      .first()
      .click();
    await admin.getByText('Proof of payment').first().waitFor();
    const order = await admin.getByRole('main').innerText();
    expect(order).toContain(title);
    expect(order).toContain('Payment provider');
    await admin.getByRole('button', { name: 'Mark as sent' }).click();
    await admin.getByLabel(/Carrier/).fill('DHL');
    await admin.getByLabel(/Tracking number/).fill('JJD0123456789');
    await admin
      .getByRole('dialog')
      .getByRole('button', { name: /Mark as sent/ })
      .click();
    await admin
      .getByText(/JJD0123456789/)
      .first()
      .waitFor();
    await shop.goto(orderUrl);
    await shop.getByText('Your order is on its way.').first().waitFor();
    expect(await shop.getByRole('main').innerText()).toContain('JJD0123456789');
    const mailbox = await openPage(browser);
    await expect
      .poll(
        async () => {
          await mailbox.page.goto(at('api', '/mailbox'));
          return mailbox.page.getByText('anna@example.org').count();
        },
        { timeout: 15_000 },
      )
      .toBe(2);
    await mailbox.context.close();
  });

  test('7 · nothing of it is visible in Kumo, through any door', async () => {
    const kumo = await openPage(browser, { locale: 'en-GB' });
    await kumo.page.goto(at('kumo', `/products?q=${encodeURIComponent(title)}`));
    expect(await kumo.page.locator('main a[href^="/products/"]').count()).toBe(0);
    const token = new URL(orderUrl).pathname;
    expect((await kumo.page.goto(at('kumo', token)))?.status()).toBe(404);
    const slug = await shop
      .goto(at('aurora', `/products?q=${encodeURIComponent(title)}`))
      .then(() => shop.locator('main a[href^="/products/"]').first().getAttribute('href'));
    expect((await kumo.page.goto(at('kumo', slug ?? '/missing')))?.status()).toBe(404);
    await kumo.context.close();
    await admin.goto(at('admin', '/s/kumo/orders?q=Anna%20Beispiel'));
    await admin.getByText('No order fits').waitFor();
    expect(await admin.getByRole('link', { name: /AUR-/ }).count()).toBe(0);
  });

  test('nothing went wrong in any page on the way: no script error, no breach of the content policy, no 500', () => {
    expect(faults.flat()).toEqual([]);
  });
});

describe.each(['phone', 'desk'] as const)('axe · no serious finding at %s width', (width) => {
  let signedIn: BrowserContext;
  let anonymous: BrowserContext;
  beforeAll(async () => {
    const world = { port: souk.port, password: souk.password };
    signedIn = await openContext(browser, world, { width, scheme: 'light', signedIn: true });
    anonymous = await openContext(browser, world, { width, scheme: 'light', signedIn: false });
  });
  afterAll(async () => {
    await Promise.all([signedIn.close(), anonymous.close()]);
  });

  test.each(SCREENS.map((screen) => [`${screen.app} ${screen.name}`, screen] as const))('%s', async (_name, screen) => {
    const page = await (screen.anonymous ? anonymous : signedIn).newPage();
    try {
      await screen.open(page, originOf(souk, screen));
      expect(await seriousFindings(page)).toEqual([]);
      // Nothing sticks out to the side: a phone never has to scroll there.
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
      ).toBeLessThanOrEqual(0);
    } finally {
      await page.close();
    }
  });
});

describe('starting and stopping', () => {
  const postgres = (): number => {
    try {
      return execFileSync('pgrep', ['-f', join(home, 'postgres')], { encoding: 'utf8' })
        .split('\n')
        .filter(Boolean).length;
    } catch {
      return 0;
    }
  };
  const gone = async (): Promise<void> => {
    await expect.poll(postgres, { timeout: 15_000 }).toBe(0);
  };

  test('K07 · Ctrl-C ends everything, and the second start is quick and makes nothing again', async () => {
    if (souk.process.pid) process.kill(-souk.process.pid, 'SIGINT');
    await souk.ended();
    await gone();
    const mails = readdirSync(join(home, 'mail')).length;
    souk = await npmStart(home);
    expect(souk.output()).toContain('there already');
    expect(souk.output()).toContain('up to date');
    // The issue of timing is stated, not decided, here: a slow machine is not a fault.
    console.info(`second start: ${souk.seconds.toFixed(1)} s`);
    expect(readdirSync(join(home, 'mail')).length).toBe(mails);
  }, 120_000);

  test.each(['SIGTERM', 'SIGKILL'] as const)(
    'K07 · npm killed with %s leaves nothing running, and it starts again',
    async (signal) => {
      souk.process.kill(signal);
      await gone();
      souk = await npmStart(home, { port: souk.port });
      expect(souk.output()).toContain('there already');
    },
    120_000,
  );
});
