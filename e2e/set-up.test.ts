import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBrowser, openPage } from './browser.ts';
import { type Started, checkout, npmStart } from './installation.ts';
import { looksRight } from './looks-right.ts';

/*
 * A real installation, without the demo: from the link in the terminal to the first sale, in a real browser. The steps build
 * on each other. The founder types and looks as people do, and has a product in their shop within three minutes.
 */

const home = join(mkdtempSync(join(tmpdir(), 'souk-set-up-')), 'home');
const products = join(checkout, 'packages', 'testing', 'fixtures', 'example-export.csv');

let souk: Started;
let browser: Browser;
let founder: Page;
let link = '';
const faults: string[][] = [];
const at = (host: string, path = '/'): string => `http://${host}.localhost:${souk.port}${path}`;
const HERE = { locale: 'en-GB', timezoneId: 'Europe/Berlin' };

/** Looks, then types: what a person needs for it is part of the time. */
async function type(field: Locator, text: string): Promise<void> {
  await field.page().waitForTimeout(500);
  await field.fill('');
  await field.pressSequentially(text, { delay: 60 });
}
async function click(what: Locator): Promise<void> {
  await what.page().waitForTimeout(800);
  await what.click();
}

beforeAll(async () => {
  souk = await npmStart(home, { demo: false });
  browser = await openBrowser();
  const opened = await openPage(browser, HERE);
  founder = opened.page;
  faults.push(opened.faults);
}, 300_000);

afterAll(async () => {
  await browser?.close();
  if (souk?.process.exitCode === null && souk.process.pid) process.kill(-souk.process.pid, 'SIGINT');
  await souk?.ended();
  rmSync(home, { recursive: true, force: true });
}, 60_000);

describe('a real installation', () => {
  let startedAt = 0;

  test('1 · the terminal shows the link; without it nobody gets in, and is told where it is', async () => {
    link = /(http:\/\/admin\.localhost:\d+\/set-up#[\w-]{43})/.exec(souk.output())?.[1] ?? '';
    expect(link).not.toBe('');
    expect(souk.output()).not.toContain('Password');
    await founder.goto(at('admin'));
    await founder.getByText('Nobody can sign in yet').waitFor();
    await looksRight(founder, 'sign-in-nobody-yet');
    await founder.goto(at('admin', `/set-up#${'x'.repeat(43)}`));
    await founder.getByRole('heading', { name: 'This link is not good any more' }).waitFor();
    await looksRight(founder, 'set-up-dead');
  });

  test('2 · the form guesses, says what is missing, and makes account and site', async () => {
    startedAt = performance.now();
    // From one address to the other with another `#` alone is no new page.
    await founder.goto('about:blank');
    await founder.goto(link);
    await founder.getByRole('heading', { name: 'Set up Souk' }).waitFor();
    expect(await founder.getByLabel('Country').inputValue()).toBe('DE');
    expect(await founder.getByLabel('Currency').inputValue()).toBe('EUR');
    expect(await founder.getByLabel('Time zone').inputValue()).toBe('Europe/Berlin');
    expect(await founder.getByLabel('Tax on what you sell').inputValue()).toBe('19');
    await looksRight(founder, 'set-up');

    await click(founder.getByRole('button', { name: 'Create account and site' }));
    await founder.getByText('Say what we may call you.').waitFor();
    expect(await founder.getByLabel('Your name').evaluate((field) => field === document.activeElement)).toBe(true);
    await looksRight(founder, 'set-up-errors');

    await type(founder.getByLabel('Your name'), 'Mira Lindqvist');
    await type(founder.getByLabel('E-mail'), 'mira@example.org');
    await type(founder.getByLabel('Name of the site'), 'Linden & Oak');
    expect(await founder.getByLabel('Short name for addresses').inputValue()).toBe('linden-oak');
    // The founder's own name is no password, and everything typed is there after that was said.
    await type(founder.getByLabel('Password', { exact: true }), 'lindqvist2026');
    await click(founder.getByRole('button', { name: 'Create account and site' }));
    await founder.getByText('This is made of your name').waitFor();
    await type(founder.getByLabel('Password', { exact: true }), 'quiet lamp under bridge');

    // Guesses follow the country until they are set by hand.
    await founder.getByLabel('Country').selectOption('SE');
    expect(await founder.getByLabel('Currency').inputValue()).toBe('SEK');
    expect(await founder.getByLabel('Time zone').inputValue()).toBe('Europe/Stockholm');
    await founder.getByLabel('Currency').selectOption('EUR');
    await founder.getByLabel('Country').selectOption('AT');
    expect(await founder.getByLabel('Currency').inputValue()).toBe('EUR');
    expect(await founder.getByLabel('Tax on what you sell').inputValue()).toBe('20');

    // A page that is loaded again has lost nothing but the password.
    await founder.reload();
    expect(await founder.getByLabel('Name of the site').inputValue()).toBe('Linden & Oak');
    expect(await founder.getByLabel('Password', { exact: true }).inputValue()).toBe('');
    await type(founder.getByLabel('Password', { exact: true }), 'quiet lamp under bridge');
    await click(founder.getByRole('button', { name: 'Create account and site' }));
    await founder.getByText('0 of 4 done').waitFor();
    expect(founder.url()).toBe(at('admin', '/s/linden-oak'));
    expect(await founder.evaluate(() => JSON.stringify(Object.entries(localStorage)))).not.toMatch(/mira|quiet/i);
    await looksRight(founder, 'first-steps');
    await founder.goto(at('linden-oak'));
    await founder.getByText('Nothing here yet.').waitFor();
    await looksRight(founder, 'empty-shop');
  });

  test('3 · the link has died: whoever opens it now is told to sign in', async () => {
    const other = await openPage(browser, HERE);
    await other.page.goto(link);
    await other.page.getByRole('heading', { name: 'Souk is set up already' }).waitFor();
    await looksRight(other.page, 'set-up-done');
    await other.page.getByRole('link', { name: 'Sign in' }).click();
    await other.page.getByLabel('E-mail').fill('mira@example.org');
    await other.page.getByLabel('Password').fill('quiet lamp under bridge');
    await other.page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await other.page.getByRole('link', { name: /Linden & Oak/ }).waitFor();
    faults.push(other.faults);
    await other.context.close();
  });

  test('4 · the first steps tick themselves, on a screen that nobody touches', async () => {
    const watcher = await founder.context().newPage();
    await watcher.goto(at('admin', '/s/linden-oak'));
    await watcher.getByText('0 of 4 done').waitFor();

    await founder.goto(at('admin', '/s/linden-oak'));
    await click(founder.getByRole('link', { name: 'Import products' }));
    await founder.getByLabel('Product file').setInputFiles(products);
    await click(founder.getByRole('button', { name: /^Import \d+ products$/ }));
    await founder.getByText(/12 products were added/).waitFor();
    await watcher.getByText('1 of 4 done').waitFor();
    await founder.goto(at('admin', '/s/linden-oak/products?status=draft'));
    await click(founder.getByText(/Choose all \d+ shown/));
    await click(founder.getByRole('button', { name: /^Publish \d+/ }));
    await watcher.getByText('2 of 4 done').waitFor();
    const seconds = (performance.now() - startedAt) / 1000;
    process.stdout.write(`from the link to the first product in the shop: ${Math.round(seconds)} s\n`);
    expect(seconds).toBeLessThan(180);
    await looksRight(watcher, 'first-steps-half');

    const { page: buyer, context, faults: wrong } = await openPage(browser, HERE);
    faults.push(wrong);
    await buyer.goto(at('linden-oak', '/products?q=hook'));
    await buyer.locator('main a[href^="/products/"]').first().click();
    await buyer.getByRole('button', { name: /add to (cart|bag)/i }).click();
    await buyer
      .getByRole('dialog')
      .getByRole('link', { name: /check ?out/i })
      .click();
    for (const [label, value] of [
      ['E-mail', 'anna@example.org'],
      ['Full name', 'Anna Beispiel'],
      ['Street and number', 'Lindenweg 7'],
      ['Postal code', '1010'],
      ['City', 'Wien'],
    ] as const)
      await buyer.getByLabel(label).fill(value);
    await buyer.getByRole('button', { name: /Order and pay/ }).click();
    await buyer.waitForURL(/\/pay\//);
    await buyer.getByRole('button', { name: /Pay now/ }).click();
    await buyer.waitForURL(/\/orders\//);
    await buyer.getByText('Paid. We are getting your order ready.').first().waitFor();
    // What was to be done here is done: the list is gone, and the order is there.
    await watcher.getByText('First steps').waitFor({ state: 'detached' });
    await watcher.getByText('Anna Beispiel').first().waitFor();
    await Promise.all([context.close(), watcher.close()]);
  });

  test('5 · who made the site stands in its log', async () => {
    await founder.goto(at('admin', '/s/linden-oak/activity'));
    await founder.getByText('made the site').waitFor();
    expect(faults.flat()).toEqual([]);
  });
});
