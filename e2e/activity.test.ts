import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, openPage } from './browser.ts';
import { type Started, npmStart } from './installation.ts';
import { looksRight } from './looks-right.ts';

/* "Who changed this?" Asked of a product, by person and action, and taken home as a file. */

const list = () => founder.getByRole('list', { name: 'Activity' });
const home = join(mkdtempSync(join(tmpdir(), 'souk-activity-')), 'home');
let souk: Started;
let browser: Browser;
let founder: Page;
let faults: string[];

beforeAll(async () => {
  souk = await npmStart(home, { demo: false });
  browser = await openBrowser();
  ({ page: founder, faults } = await openPage(browser, { locale: 'en-GB', timezoneId: 'Europe/Berlin' }));
  await founder.goto(/(http:\S+\/set-up#\S+)/.exec(souk.output())?.[1] ?? '');
  await founder.getByLabel('Your name').fill('Mira Lindqvist');
  await founder.getByLabel('E-mail').fill('mira@example.org');
  await founder.getByLabel('Password', { exact: true }).fill('quiet lamp under bridge');
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

test('settings that were changed are told field by field, before and after', async () => {
  await founder.getByRole('link', { name: 'Settings' }).click();
  await founder.getByLabel('Name', { exact: true }).fill('Linden and Oak');
  await founder.getByLabel('Contact e-mail').fill('hello@example.org');
  await founder.getByRole('button', { name: /^Save/ }).click();
  await founder.getByText('Unsaved changes').waitFor({ state: 'detached' });
  await founder.getByRole('link', { name: 'Activity' }).first().click();
  await founder.getByText('changed the settings: name, contact address').waitFor();
  await founder.getByText('Details').first().click();
  await founder.getByText('→').first().waitFor();
  await looksRight(founder, 'activity');
});

test('what is asked stands in the address, and what nobody did is said', async () => {
  await founder.getByLabel('What').click();
  await founder.getByRole('option', { name: 'Made the site' }).click();
  await list().getByText('changed the settings').waitFor({ state: 'detached' });
  expect(founder.url()).toContain('action=site.created');
  await list().getByText('made the site').first().waitFor();
  await founder.getByLabel('To', { exact: true }).fill('2020-01-01');
  await founder.getByText('Nothing fits').waitFor();
  await looksRight(founder, 'activity-nothing-fits');
  await founder.reload();
  await founder.getByText('Nothing fits').waitFor();
  await founder.getByRole('button', { name: 'Show everything' }).click();
  await list().getByText('changed the settings').waitFor();
});

test('it is taken home as a file, and that stands in it', async () => {
  await founder.getByRole('button', { name: 'Export' }).click();
  const coming = founder.waitForEvent('download');
  await founder.getByRole('menuitem', { name: 'For a spreadsheet (CSV)' }).click();
  const file = await coming;
  expect(file.suggestedFilename()).toMatch(/^activity-linden-\d{4}-\d\d-\d\d\.csv$/);
  const text = readFileSync(await file.path(), 'utf8');
  expect(text).toContain('time,who,role,action');
  expect(text).toContain('site.update');
  await founder.reload();
  await list().getByText('exported the activity').waitFor();
  expect(faults).toEqual([]);
});
