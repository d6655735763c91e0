import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DESK, PHONE, openBrowser, openPage } from './browser.ts';
import { type Started, checkout, npmStart } from './installation.ts';
import { standsStill } from './looks-right.ts';
import { stringsIn, wordsOutside } from './said.ts';

/*
 * Every screen of the admin in a locale whose texts are bracketed and two fifths longer: what stands outside of brackets and
 * is no data of the API never went through the catalogue. Then the same screens from right to left, and in German.
 */

const pictures = process.env.SOUK_PICTURES;
const home = join(mkdtempSync(join(tmpdir(), 'souk-words-')), 'home');

let souk: Started;
let browser: Browser;
let page: Page;
let faults: string[];
const paths = new Map<string, string>();
/** What the API has answered. */
const answers: Promise<unknown>[] = [];
/** Every text in it: it may stand anywhere. */
const data = new Set<string>();

const at = (path: string): string => `http://admin.localhost:${souk.port}${path}`;

/** Opens a screen and waits until it stands still. */
async function visit(path: string): Promise<void> {
  await page.goto(at(path));
  await page.locator('h1').first().waitFor();
  await page.waitForFunction(() => document.querySelector('.animate-skeleton') === null);
}

/** Whether all of it is as wide as the screen, once a change of width has arrived. */
async function fits(): Promise<boolean> {
  await standsStill(page);
  return page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);
}

/** The routes as the router knows them, so that a new one cannot be forgotten. */
function routesOfAdmin(): string[] {
  const tree = readFileSync(join(checkout, 'apps/admin/src/routeTree.gen.ts'), 'utf8');
  const list = /fullPaths:([^;]+);/.exec(tree)?.[1] ?? '';
  return [...list.matchAll(/'([^']+)'/g)].map(([, path]) => path ?? '');
}

/** Shows the admin in a language of this browser, as its owner would have chosen it. */
const speak = (language: string, direction = 'ltr'): Promise<void> =>
  page.evaluate(
    ([chosen, way]) => {
      localStorage.setItem('souk.language', chosen ?? '');
      localStorage.setItem('souk.direction', way ?? '');
    },
    [language, direction],
  );

beforeAll(async () => {
  souk = await npmStart(home);
  browser = await openBrowser();
  ({ page, faults } = await openPage(browser, { locale: 'en-GB', timezoneId: 'Europe/Berlin' }));
  page.on('response', (response) => {
    if (response.url().includes('/trpc/')) answers.push(response.json().catch(() => undefined));
  });
  await page.goto(at('/sign-in'));
  await page.getByLabel('E-mail').fill('owner@souk.localhost');
  await page.getByLabel('Password').fill(souk.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page
    .getByRole('link', { name: /Aurora/ })
    .first()
    .waitFor();
  const idIn = async (list: string, rows: string): Promise<string> => {
    await visit(list);
    return (await page.locator(rows).first().getAttribute('href')) ?? '';
  };
  paths.set('/s/$site/orders/$orderId', await idIn('/s/aurora/orders', 'a[href*="/orders/0"]:visible'));
  paths.set('/s/$site/products/$productId', await idIn('/s/aurora/products', 'a[href*="/products/0"]:visible'));
  await visit('/s/aurora/products/import');
  await page
    .locator('input[type=file]')
    .setInputFiles(join(checkout, 'packages/testing/fixtures/csv/price-not-a-number.csv'));
  await page.waitForURL(/import\/0/);
  await page
    .getByText(/cannot be imported|nothing is imported/)
    .first()
    .waitFor();
  paths.set('/s/$site/products/import/$importId', new URL(page.url()).pathname);
}, 300_000);

afterAll(async () => {
  await browser?.close();
  if (souk?.process.exitCode === null && souk.process.pid) process.kill(-souk.process.pid, 'SIGINT');
  await souk?.ended();
  rmSync(home, { recursive: true, force: true });
}, 60_000);

/** The signed-in screens, then those before one is inside; a route without an id opens as it is. */
const screens = (): [route: string, path: string][] =>
  routesOfAdmin().map((route) => [route, paths.get(route) ?? route.replace('$site', 'aurora')]);

test('no text of any screen is hard-wired, and two fifths more room are there for other languages', async () => {
  await speak('pseudo');
  const wired: string[] = [];
  const look = async (name: string): Promise<void> => {
    for (const answer of await Promise.all(answers.splice(0))) for (const text of stringsIn(answer)) data.add(text);
    for (const words of await wordsOutside(page, data)) wired.push(`${name}: ${words}`);
    if (!(await fits())) wired.push(`${name}: wider than the screen`);
  };
  for (const [route, path] of screens()) {
    expect(path).not.toContain('$');
    await page.setViewportSize(DESK);
    await visit(path);
    await look(route);
    if (pictures) await page.screenshot({ path: join(pictures, `pseudo-desk${route.replaceAll('/', '-')}.png`) });
    await page.setViewportSize(PHONE);
    await look(`${route} on a phone`);
    if (pictures) await page.screenshot({ path: join(pictures, `pseudo-phone${route.replaceAll('/', '-')}.png`) });
  }
  await page.setViewportSize(DESK);
  // What lies over a page: the keys, the commands, the menus, the dialogs behind a page's first button.
  await visit('/s/aurora');
  for (const keys of ['?', 'Control+k']) {
    await page.keyboard.press(keys);
    await page.getByRole('dialog').waitFor();
    await look(keys);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }
  for (const path of ['/s/aurora/team', '/s/aurora/roles', '/s/aurora/keys', '/s/aurora/domains', '/operator/people']) {
    await visit(path);
    await page.locator('main header button, main button').first().click();
    await page.getByRole('dialog').waitFor();
    await look(`the dialog of ${path}`);
  }
  expect(wired).toEqual([]);
  expect(faults).toEqual([]);
});

test('every screen fits from right to left', async () => {
  await speak('pseudo', 'rtl');
  const wide: string[] = [];
  for (const [route, path] of screens()) {
    await page.setViewportSize(DESK);
    await visit(path);
    expect(await page.evaluate(() => document.documentElement.dir)).toBe('rtl');
    if (!(await fits())) wide.push(route);
    if (pictures) await page.screenshot({ path: join(pictures, `rtl-desk${route.replaceAll('/', '-')}.png`) });
    await page.setViewportSize(PHONE);
    if (!(await fits())) wide.push(`${route} on a phone`);
    if (pictures) await page.screenshot({ path: join(pictures, `rtl-phone${route.replaceAll('/', '-')}.png`) });
  }
  expect(wide).toEqual([]);
});

test('somebody who chooses German reads German, here and at the next browser', async () => {
  await page.setViewportSize(DESK);
  await speak('en');
  await visit('/account');
  await page.getByLabel('Language you read').click();
  await page.getByRole('option', { name: 'Deutsch' }).click();
  await page.getByRole('heading', { level: 1, name: 'Ihr Konto' }).waitFor();
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('de');
  await visit('/s/aurora');
  await page.getByRole('heading', { level: 1, name: /^(?:Guten|Gute)/ }).waitFor();
  const other = await openPage(browser, { locale: 'en-GB' });
  await other.page.goto(at('/sign-in'));
  await other.page.getByLabel('E-mail').fill('owner@souk.localhost');
  await other.page.getByLabel('Password').fill(souk.password);
  await other.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await other.page.getByRole('heading', { level: 1, name: 'Ihre Shops' }).waitFor();
  await other.context.close();
  if (pictures)
    for (const [route, path] of screens())
      for (const [width, viewport] of [
        ['desk', DESK],
        ['phone', PHONE],
      ] as const) {
        await page.setViewportSize(viewport);
        await visit(path);
        expect([route, await fits()]).toEqual([route, true]);
        await page.screenshot({ path: join(pictures, `de-${width}${route.replaceAll('/', '-')}.png`), fullPage: true });
      }
});
