import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type NameServer, httpClient, startNameServer } from '@souk/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBrowser, openPage } from './browser.ts';
import { type Started, age, npmStart } from './installation.ts';
import { looksRight, openDialog } from './looks-right.ts';

/* A founder connects a domain: adds it, sets the record, hears what is wrong, proves it, makes it the main address. */

const home = join(mkdtempSync(join(tmpdir(), 'souk-domains-')), 'home');
let dns: NameServer;
let souk: Started;
let browser: Browser;
let founder: Page;
const faults: string[][] = [];

beforeAll(async () => {
  dns = await startNameServer();
  souk = await npmStart(home, {
    demo: false,
    settings: { DNS_SERVERS: dns.address, PUBLIC_ADDRESSES: '192.0.2.10, 2001:db8::10' },
  });
  browser = await openBrowser();
  const opened = await openPage(browser, { locale: 'en-GB', timezoneId: 'Europe/Berlin' });
  founder = opened.page;
  faults.push(opened.faults);
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
  await dns?.close();
  rmSync(home, { recursive: true, force: true });
}, 60_000);

async function add(domain: string): Promise<void> {
  await founder.getByRole('button', { name: 'Add a domain' }).first().click();
  const dialog = founder.getByRole('dialog');
  await dialog.getByLabel('Domain').fill(domain);
  await dialog.getByRole('button', { name: 'Add the domain' }).click();
}
/** As if the moment had passed in which a claim or a domain is not looked at again. */
async function mayBeLookedAt(): Promise<void> {
  for (const table of ['domain_claims', 'domain_mappings']) await age(home, table, 'checked_at', '11 seconds');
}

async function check(domain: string): Promise<void> {
  await mayBeLookedAt();
  await founder.getByRole('button', { name: `Check now: the record of ${domain}` }).click();
}

describe('a domain', () => {
  test('1 · is added from the first steps; what is no domain is told', async () => {
    await founder.getByRole('link', { name: 'Add your domain' }).click();
    await founder.getByRole('heading', { name: 'Domains', exact: true }).waitFor();
    await founder.getByText('No domain of your own yet').waitFor();
    await looksRight(founder, 'domains-none');
    await add('linden');
    await founder.getByText('The ending is missing').waitFor();
    await looksRight(founder, 'domains-add');
    await founder.getByRole('dialog').getByLabel('Domain').fill('https://www.Linden.example/');
    await founder.getByRole('dialog').getByRole('button', { name: 'Add the domain' }).click();
    await openDialog(founder).waitFor({ state: 'detached' });
    await founder.getByText('_souk-challenge.www.linden.example', { exact: true }).waitFor();
    await founder.getByText('Not looked at yet').waitFor();
    await founder.getByText('Where do I enter this?').click();
    await looksRight(founder, 'domains-claim');
  });

  test('2 · its record is looked for, and what stands there instead is said', async () => {
    await founder.getByRole('button', { name: 'Check now: the record of www.linden.example' }).click();
    await founder.getByText('There is no such record yet').waitFor();
    dns.set('_souk-challenge.www.linden.example', { txt: ['v=spf1 -all'] });
    await check('www.linden.example');
    await founder.getByText('it says “v=spf1 -all”').waitFor();
    await looksRight(founder, 'domains-other-record');
  });

  test('3 · is proved, leads to the shop, and becomes the main address', async () => {
    const value = await founder.getByText(/^souk-site-verification=/).innerText();
    await founder.getByRole('button', { name: /Copy the value of the record/ }).click();
    dns.set('_souk-challenge.www.linden.example', { txt: [value] });
    dns.set('www.linden.example', { a: ['203.0.113.5'] });
    await check('www.linden.example');
    await founder.getByText('leads to the main one').waitFor();
    await founder.getByText('It leads to 203.0.113.5, not here.').waitFor();
    await looksRight(founder, 'domains-elsewhere');
    await founder.getByRole('button', { name: 'Make main: www.linden.example' }).click();
    await looksRight(founder, 'domains-primary');
    await founder.getByRole('dialog').getByRole('button', { name: 'Make it the main address' }).click();
    await founder.getByRole('button', { name: 'Make it the main address' }).waitFor({ state: 'detached' });
    await founder.getByText('main address', { exact: true }).first().waitFor();
    await expect
      .poll(async () => (await httpClient(souk.port, 'linden.localhost').get('/products?q=a')).headers.location, {
        timeout: 5000,
      })
      .toBe(`http://www.linden.example:${souk.port}/products?q=a`);
    await founder.getByRole('link', { name: 'Home' }).first().click();
    await founder.getByRole('listitem').filter({ hasText: 'Verify your domain' }).getByLabel('Done:').waitFor();
  });

  test('4 · a look-alike is shown as it is; the record vanishes, is set again, and the domain is removed', async () => {
    await founder.getByRole('link', { name: 'Domains' }).click();
    await add('lіnden.example');
    await founder.getByText('It mixes letters of several scripts').waitFor();
    await founder.getByRole('button', { name: /^Take back/ }).click();
    await founder.getByText('It mixes letters of several scripts').waitFor({ state: 'detached' });
    dns.set('_souk-challenge.www.linden.example', undefined);
    await mayBeLookedAt();
    await founder.getByRole('button', { name: 'Check: www.linden.example' }).click();
    await founder.getByText('The record of www.linden.example has vanished').waitFor({ timeout: 15_000 });
    await looksRight(founder, 'domains-grace');
    await founder.getByRole('button', { name: 'Remove www.linden.example' }).click();
    await looksRight(founder, 'domains-remove');
    await founder.getByRole('dialog').getByRole('button', { name: 'Remove www.linden.example' }).click();
    await founder.getByText('Let go lately').waitFor();
    expect(faults.flat()).toEqual([]);
  });
});
