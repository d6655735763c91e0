import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBrowser, openPage } from './browser.ts';
import { type Started, npmStart } from './installation.ts';
import { looksRight } from './looks-right.ts';

/* A site's settings in a real browser: nothing typed is lost, not to a link, not to somebody who saves first. */

const home = join(mkdtempSync(join(tmpdir(), 'souk-sites-')), 'home');
const PASSWORD = 'quiet lamp under bridge';
const HERE = { locale: 'en-GB', timezoneId: 'Europe/Berlin' };

let souk: Started;
let browser: Browser;
let founder: Page;
const faults: string[][] = [];
const at = (path: string): string => `http://admin.localhost:${souk.port}${path}`;

beforeAll(async () => {
  souk = await npmStart(home, { demo: false });
  browser = await openBrowser();
  const opened = await openPage(browser, HERE);
  founder = opened.page;
  faults.push(opened.faults);
  await founder.goto(/(http:\S+\/set-up#\S+)/.exec(souk.output())?.[1] ?? '');
  await founder.getByLabel('Your name').fill('Mira Lindqvist');
  await founder.getByLabel('E-mail').fill('mira@example.org');
  await founder.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await founder.getByLabel('Name of the site').fill('Linden');
  await founder.getByRole('button', { name: 'Create account and site' }).click();
  await founder.getByText('First steps').waitFor();
}, 300_000);

afterAll(async () => {
  await browser?.close();
  if (souk?.process.exitCode === null && souk.process.pid) process.kill(-souk.process.pid, 'SIGINT');
  await souk?.ended();
  rmSync(home, { recursive: true, force: true });
}, 60_000);

describe('the settings of a site', () => {
  test('1 · are changed, say what is wrong where it is, and hold at once', async () => {
    await founder.getByRole('link', { name: 'Settings' }).click();
    await founder.getByRole('heading', { name: 'Settings', exact: true }).waitFor();
    expect(await founder.getByText('Unsaved changes').count()).toBe(0);
    await looksRight(founder, 'settings');
    await founder.getByLabel('Contact e-mail').fill('hello');
    await founder.getByLabel('Name', { exact: true }).fill('Linden & Oak');
    await founder.getByText('Unsaved changes').waitFor();
    await founder.getByRole('button', { name: 'Save settings' }).click();
    await founder.getByText('This does not look like an e-mail address.').waitFor();
    await expect
      .poll(() => founder.getByLabel('Contact e-mail').evaluate((field) => field === document.activeElement), {
        timeout: 10_000,
      })
      .toBe(true);
    await looksRight(founder, 'settings-errors');
    await founder.getByLabel('Contact e-mail').fill('hello@linden.example');
    await founder.getByRole('button', { name: 'Save settings' }).click();
    await founder.getByText('The settings are saved').waitFor();
    await founder.getByText('Unsaved changes').waitFor({ state: 'detached' });
    await founder.getByRole('button', { name: 'Linden & Oak. Switch site' }).first().waitFor();
  });

  test('2 · whoever leaves with something unsaved is asked first, and finds it as it was', async () => {
    await founder.getByLabel('Low stock from').fill('7');
    await founder.getByRole('link', { name: 'Products' }).first().click();
    await founder.getByRole('dialog', { name: 'Leave without saving?' }).waitFor();
    await looksRight(founder, 'settings-leave');
    await founder.getByRole('button', { name: 'Stay and go on' }).click();
    expect(await founder.getByLabel('Low stock from').inputValue()).toBe('7');
    await founder.getByRole('link', { name: 'Products' }).first().click();
    await founder.getByRole('button', { name: 'Leave without saving' }).click();
    await founder.getByRole('heading', { name: 'Products' }).waitFor();
    await founder.goBack();
    await founder.getByRole('heading', { name: 'Settings', exact: true }).waitFor();
    expect(await founder.getByLabel('Low stock from').inputValue()).toBe('3');
  });

  test('3 · two windows: who saves second sees both, chooses field by field, and loses nothing', async () => {
    const other = await founder.context().newPage();
    await other.goto(at('/s/linden/settings'));
    await other.getByLabel('Name', { exact: true }).fill('Oak');
    await other.getByLabel('Low stock from').fill('5');
    await founder.getByLabel('Name', { exact: true }).fill('Linden');
    await founder.getByLabel('Country').selectOption('AT');
    await other.getByRole('button', { name: 'Save settings' }).click();
    await other.getByText('The settings are saved').waitFor();
    await founder.getByRole('button', { name: 'Save settings' }).click();
    const dialog = founder.getByRole('dialog');
    await dialog.getByText('Mira Lindqvist has changed these settings too').waitFor();
    await looksRight(founder, 'settings-conflict');
    // One field was changed by both: it has to be chosen; the others are chosen already, and can be seen.
    expect(await dialog.getByRole('button', { name: 'Choose 1 more' }).isDisabled()).toBe(true);
    expect(await dialog.getByRole('radio', { checked: true }).count()).toBe(2);
    await dialog.getByRole('group', { name: 'Name' }).getByRole('radio', { name: /Yours/ }).check();
    await dialog.getByRole('button', { name: 'Save what is chosen' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await founder.getByLabel('Name', { exact: true }).inputValue()).toBe('Linden');
    expect(await founder.getByLabel('Low stock from').inputValue()).toBe('5');
    expect(await founder.getByLabel('Country').inputValue()).toBe('AT');
    await other.close();
  });

  test('4 · what is not fixed yet can be chosen: another currency asks what delivery costs in it', async () => {
    await founder.getByLabel('Currency').selectOption('JPY');
    await founder.getByLabel('Delivery, in JPY').fill('800');
    await founder.getByRole('button', { name: 'Save settings' }).click();
    await founder.getByText('Unsaved changes').waitFor({ state: 'detached' });
    await founder.getByRole('link', { name: 'Activity' }).click();
    await founder.getByText('changed the settings: currency').waitFor();
    expect(faults.flat()).toEqual([]);
  });
});

describe('a second site', () => {
  test('5 · is made by who runs the installation, and is there at once with its shop', async () => {
    await founder.goto(at('/'));
    await founder.getByRole('heading', { name: 'Your sites' }).waitFor();
    await looksRight(founder, 'your-sites');
    await founder.getByRole('link', { name: 'New site' }).click();
    await founder.getByRole('heading', { name: 'New site' }).waitFor();
    await looksRight(founder, 'new-site');
    await founder.getByRole('button', { name: 'Make the site' }).click();
    await founder.getByText('Give it a name').waitFor();
    await founder.getByLabel('Name of the site').fill('Linden');
    await founder.getByRole('button', { name: 'Make the site' }).click();
    await founder.getByText('Another site has this one.').waitFor();
    await founder.getByLabel('Name of the site').fill('Garden & Field');
    await founder.getByRole('button', { name: 'Make the site' }).click();
    await founder.getByText('First steps').waitFor();
    expect(founder.url()).toBe(at('/s/garden-field'));
  });

  test('6 · is found in the switcher and by ⌘K, by typing, with the keyboard alone', async () => {
    await founder.getByRole('button', { name: 'Garden & Field. Switch site' }).first().click();
    await founder.getByRole('dialog').getByText('owner').first().waitFor();
    await looksRight(founder, 'switcher');
    await founder.keyboard.type('lind');
    await founder.keyboard.press('Enter');
    await founder.getByRole('button', { name: 'Linden. Switch site' }).first().waitFor();
    expect(founder.url()).toBe(at('/s/linden'));
    await founder.keyboard.press('Control+k');
    await founder.keyboard.type('garden-field.local');
    await founder.getByRole('option', { name: /Garden & Field/ }).waitFor();
    await founder.keyboard.press('Enter');
    await founder.getByRole('button', { name: 'Garden & Field. Switch site' }).first().waitFor();
    expect(faults.flat()).toEqual([]);
  });
});

describe('whoever runs the installation', () => {
  test('7 · suspends a site with a reason: its shop says so calmly, its people see it on every page', async () => {
    await founder.goto(at('/'));
    await founder.getByRole('button', { name: 'Account of Mira Lindqvist' }).click();
    await founder.getByRole('menuitem', { name: 'This installation' }).click();
    await founder.getByRole('heading', { name: 'Sites of this installation' }).waitFor();
    await looksRight(founder, 'operator-sites');
    await founder.getByRole('button', { name: 'What to do with Garden & Field' }).click();
    await founder.getByRole('menuitem', { name: 'Suspend' }).click();
    const dialog = founder.getByRole('dialog');
    await dialog.getByLabel('What its people are told').fill('Please call us.');
    await looksRight(founder, 'operator-suspend');
    await dialog.getByRole('button', { name: 'Suspend' }).click();
    await founder.getByText('Garden & Field is suspended').waitFor();
    await founder
      .getByRole('listitem')
      .filter({ hasText: 'Garden & Field' })
      .getByText('suspended', { exact: true })
      .waitFor();
    const buyer = await openPage(browser, HERE);
    await buyer.page.goto(`http://garden-field.localhost:${souk.port}/`);
    await buyer.page.getByRole('heading', { name: 'This shop is closed for the moment.' }).waitFor();
    await looksRight(buyer.page, 'shop-closed');
    await buyer.context.close();
    await founder.goto(at('/s/garden-field/products'));
    await founder.getByText('Garden & Field is suspended: buyers see that it is closed').waitFor();
    await founder.getByText('They say: “Please call us.”').waitFor();
    await looksRight(founder, 'closed-banner');
  });

  test('8 · archives it and brings it back: nothing is lost on the way', async () => {
    await founder.goto(at('/operator'));
    for (const [step, done] of [
      ['Archive', 'is archived'],
      ['Bring back', 'is back, and suspended'],
      ['Open again', 'is open again'],
    ] as const) {
      await founder.getByRole('button', { name: 'What to do with Garden & Field' }).click();
      await founder.getByRole('menuitem', { name: step }).click();
      await founder.getByRole('dialog').getByRole('button', { name: step }).click();
      await founder.getByText(`Garden & Field ${done}`).waitFor();
      if (step === 'Archive') {
        await founder.goto(at('/'));
        await founder.getByRole('link', { name: /Linden/ }).waitFor();
        expect(await founder.getByRole('link', { name: /Garden/ }).count()).toBe(0);
        await founder.getByRole('checkbox', { name: 'Show archived sites (1)' }).check();
        await founder.getByRole('link', { name: /Garden/ }).waitFor();
        await looksRight(founder, 'your-sites-archived');
        await founder.goto(at('/operator?status=archived'));
      } else await founder.goto(at('/operator'));
    }
    await founder.goto(at('/s/garden-field/activity'));
    for (const words of ['suspended the site', 'archived the site', 'brought the site back', 'opened the site again'])
      await founder.getByText(words).first().waitFor();
    expect(faults.flat()).toEqual([]);
  });
});

describe('the installation itself', () => {
  test('9 · has a log of its own, says how it is, and keeps somebody who runs it', async () => {
    await founder.goto(at('/operator/log'));
    for (const words of ['made the site Garden & Field', 'suspended Garden & Field', 'archived Garden & Field'])
      await founder.getByText(words).first().waitFor();
    await looksRight(founder, 'operator-log');
    await founder.getByRole('link', { name: 'Health' }).click();
    await founder.getByRole('heading', { name: 'Health' }).waitFor();
    await founder.getByText('PostgreSQL').waitFor();
    await looksRight(founder, 'operator-health');
    await founder.getByRole('link', { name: 'People' }).click();
    await founder.getByText('Somebody has to run it.').waitFor();
    expect(await founder.getByRole('button', { name: 'Stop running this installation' }).count()).toBe(0);
    await founder.getByRole('button', { name: 'Add somebody' }).click();
    await founder.getByLabel('E-mail they sign in with').fill('nobody@example.org');
    await founder.getByRole('button', { name: 'Add them' }).click();
    await founder.getByText('Nobody signs in with this address.').waitFor();
    await looksRight(founder, 'operator-add');
    await founder.keyboard.press('Escape');
    await looksRight(founder, 'operator-people');
    expect(faults.flat()).toEqual([]);
  });
});
