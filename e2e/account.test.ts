import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret, TOTP } from 'otpauth';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBrowser, openPage } from './browser.ts';
import { type Started, age, npmStart } from './installation.ts';
import { looksRight, openDialog } from './looks-right.ts';

/* One person and their account, in a real browser: where they are signed in, their password, and what happened. */

const home = join(mkdtempSync(join(tmpdir(), 'souk-account-')), 'home');
const EMAIL = 'mira@example.org';
const PASSWORD = 'quiet lamp under bridge';
const SECOND = 'tulip kettle fog station';
const THIRD = 'copper violin marsh ladder';
const HERE = { locale: 'en-GB', timezoneId: 'Europe/Berlin' };

let souk: Started;
let browser: Browser;
let page: Page;
let setupKey = '';
let recoveryCodes: string[] = [];
const faults: string[][] = [];
const contexts: BrowserContext[] = [];
const at = (path: string): string => `http://admin.localhost:${souk.port}${path}`;

async function anotherBrowser(options: Parameters<Browser['newContext']>[0] = HERE): Promise<Page> {
  const opened = await openPage(browser, options);
  faults.push(opened.faults);
  contexts.push(opened.context);
  return opened.page;
}

async function signIn(on: Page, password: string, email = EMAIL): Promise<void> {
  await on.goto(at('/sign-in'));
  await on.getByLabel('E-mail').fill(email);
  await on.getByLabel('Password', { exact: true }).fill(password);
  await on.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** What the app shows, so many seconds from now. */
const code = (seconds = 0): string =>
  new TOTP({ secret: Secret.fromBase32(setupKey) }).generate({ timestamp: Date.now() + seconds * 1000 });

/** The link of the newest mail to an address whose subject fits. */
async function linkTo(address: string, subject: RegExp): Promise<string> {
  for (let tries = 0; tries < 100; tries += 1) {
    const folder = join(home, 'mail');
    const mails = readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .map(
        (name) =>
          JSON.parse(readFileSync(join(folder, name), 'utf8')) as Record<'to' | 'subject' | 'text' | 'at', string>,
      )
      .filter((mail) => mail.to === address && subject.test(mail.subject))
      .toSorted((a, b) => (a.at < b.at ? 1 : -1));
    const link = /http\S+/.exec(mails[0]?.text ?? '')?.[0];
    if (link !== undefined) return link;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`no mail ${subject} to ${address}`);
}

beforeAll(async () => {
  souk = await npmStart(home, { demo: false });
  browser = await openBrowser();
  page = await anotherBrowser();
  await page.goto(/(http:\S+\/set-up#\S+)/.exec(souk.output())?.[1] ?? '');
  await page.getByLabel('Your name').fill('Mira Lindqvist');
  await page.getByLabel('E-mail').fill(EMAIL);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByLabel('Name of the site').fill('Linden');
  await page.getByRole('button', { name: 'Create account and site' }).click();
  await page.getByText('First steps').waitFor();
}, 300_000);

afterAll(async () => {
  await browser?.close();
  if (souk?.process.exitCode === null && souk.process.pid) process.kill(-souk.process.pid, 'SIGINT');
  await souk?.ended();
  rmSync(home, { recursive: true, force: true });
}, 60_000);

describe('the account', () => {
  test('1 · is reached from the menu, and says where one is signed in', async () => {
    await page.getByRole('button', { name: 'Mira Lindqvist' }).click();
    await page.getByRole('menuitem', { name: 'Your account' }).click();
    await page.getByRole('heading', { name: 'Your account', exact: true }).waitFor();
    const sessions = page.getByRole('list', { name: 'Where you are signed in' });
    await sessions.getByText('Chrome on Linux').waitFor();
    await sessions.getByText('Berlin time · in use now').waitFor();
    await page.getByText('You set this installation up').waitFor();
    await page.getByLabel('Name', { exact: true }).fill('Mira L.');
    await page.getByRole('button', { name: 'Save the name' }).click();
    await page.getByText('Your name is saved').first().waitFor();
    await page.getByRole('button', { name: 'Account of Mira L.' }).waitFor();
    await looksRight(page, 'account');
  });

  test('2 · a session elsewhere is seen and ended; it closes by itself', async () => {
    const other = await anotherBrowser({ locale: 'en-US', timezoneId: 'America/New_York' });
    await signIn(other, PASSWORD);
    await other.getByText('Your sites').waitFor();
    await other.goto(at('/s/linden'));
    await other.getByText('First steps').waitFor();
    await page.reload();
    const sessions = page.getByRole('list', { name: 'Where you are signed in' });
    await sessions.getByText('New York time').waitFor();
    await looksRight(page, 'account-two-sessions');
    await sessions.getByRole('button', { name: 'End the session of Chrome on Linux' }).click();
    await sessions.getByText('New York time').waitFor({ state: 'detached' });
    const endedAt = performance.now();
    await other.getByRole('dialog', { name: 'Sign in again' }).waitFor();
    expect(performance.now() - endedAt).toBeLessThan(4_000);
    await page.getByText('One of your sessions was ended').waitFor();
  });

  test('3 · another password asks for the old one, goes on by itself, and signs out everywhere else', async () => {
    const other = await anotherBrowser();
    await signIn(other, PASSWORD);
    await other.getByText('Your sites').waitFor();
    await age(home, 'admin_sessions', 'proved_at', '11 minutes');
    const field = page.getByRole('form', { name: 'New password' }).getByLabel('New password');
    await field.fill('password1234');
    await page.getByRole('button', { name: 'Change the password' }).click();
    await page.getByText('This is one of the first passwords anybody tries.').waitFor();
    await looksRight(page, 'account-password-refused');
    await field.fill(SECOND);
    await page.getByRole('button', { name: 'Change the password' }).click();
    const confirm = page.getByRole('dialog', { name: 'Confirm it is you' });
    await confirm.getByLabel('Your password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByText('Your password is changed', { exact: true }).first().waitFor();
    await confirm.waitFor({ state: 'detached' });
    await page.getByText('Your password was changed, and all other sessions ended').waitFor();
    await other.reload();
    await other.getByRole('heading', { name: 'Sign in to Souk' }).waitFor();
    await signIn(other, PASSWORD);
    await other.getByText('E-mail or password is not right.').waitFor();
    await signIn(other, SECOND);
    await other.getByText('Your sites').waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'End all others' }).click();
    await looksRight(page, 'account-end-others');
    await page.getByRole('dialog').getByRole('button', { name: 'End all others' }).click();
    await openDialog(page).waitFor({ state: 'detached' });
    await other.reload();
    await other.getByRole('heading', { name: 'Sign in to Souk' }).waitFor();
  });

  test('4 · a new browser is told of by mail, with the way to where one is signed in', async () => {
    expect(await linkTo(EMAIL, /new browser/)).toBe(at('/account'));
  });

  test('5 · a forgotten password is set anew by a link, which works once', async () => {
    const other = await anotherBrowser();
    await other.goto(at('/sign-in'));
    await other.getByRole('link', { name: 'Forgot your password?' }).click();
    await other.getByRole('heading', { name: 'Forgot your password?' }).waitFor();
    await looksRight(other, 'forgot-password');
    await other.getByLabel('E-mail').fill(EMAIL);
    await other.getByRole('button', { name: 'Send me a link' }).click();
    await other.getByRole('heading', { name: 'Look into your mailbox' }).waitFor();
    await looksRight(other, 'forgot-password-asked');
    const link = await linkTo(EMAIL, /Set a new password/);
    await other.goto(link);
    await other.getByRole('textbox', { name: 'New password' }).fill('mira example 1');
    await other.getByRole('button', { name: 'Set the password' }).click();
    await other.getByText('This is made of your name').waitFor();
    await looksRight(other, 'reset-password');
    await other.getByRole('textbox', { name: 'New password' }).fill(THIRD);
    await other.getByRole('button', { name: 'Set the password' }).click();
    await other.getByText('Your new password is set. Sign in with it.').waitFor();
    await looksRight(other, 'sign-in-after-reset');
    await other.goto('about:blank');
    await other.goto(link);
    await other.getByRole('heading', { name: 'This link is not good any more' }).waitFor();
    await looksRight(other, 'reset-password-dead');
    await signIn(other, THIRD);
    await other.getByText('Your sites').waitFor();
    // Where one was signed in, one is not any more.
    await page.reload();
    await page.getByRole('heading', { name: 'Sign in to Souk' }).waitFor();
  });

  test('6 · another address is confirmed at both, and signs in', async () => {
    await signIn(page, THIRD);
    await page.getByText('Your sites').waitFor();
    await page.goto(at('/account'));
    const form = page.getByRole('form', { name: 'Another address' });
    await form.getByRole('textbox', { name: 'Another address' }).fill('mira.l@example.org');
    await form.getByRole('button', { name: 'Change the address' }).click();
    await page.getByText('waiting').first().waitFor();
    await looksRight(page, 'account-email-waiting');
    const other = await anotherBrowser();
    await other.goto(await linkTo('mira.l@example.org', /new address/));
    await other.getByRole('heading', { name: 'Is this address yours?' }).waitFor();
    await looksRight(other, 'confirm-email');
    await other.getByRole('button', { name: 'Confirm' }).click();
    await other.getByRole('heading', { name: 'Confirmed here' }).waitFor();
    await other.goto('about:blank');
    await other.goto(await linkTo(EMAIL, /address changes/));
    await other.getByRole('button', { name: 'Confirm' }).click();
    await other.getByRole('heading', { name: 'Your address is changed' }).waitFor();
    await looksRight(other, 'confirm-email-done');
    await page.reload();
    await page.getByText('You sign in with mira.l@example.org.').waitFor();
    await page.getByText('Your address was changed').waitFor();
  });

  test('7 · an authenticator app is set up, and its recovery codes are saved', async () => {
    await page.getByRole('button', { name: 'Set up an authenticator app' }).click();
    const dialog = page.getByRole('dialog', { name: 'Set up an authenticator app' });
    await dialog.waitFor();
    setupKey = (await dialog.locator('.font-mono').innerText()).replaceAll(' ', '');
    await looksRight(page, 'account-set-up-app');
    await dialog.getByLabel('Code').fill('000000');
    await dialog.getByRole('button', { name: 'Turn it on' }).click();
    await dialog.getByText('This is not the code the app shows now.').waitFor();
    await dialog.getByLabel('Code').fill(code());
    await page.keyboard.press('Enter');
    const codes = page.getByRole('dialog', { name: 'Save your recovery codes' });
    await codes.waitFor();
    await looksRight(page, 'account-recovery-codes');
    recoveryCodes = await codes.getByRole('listitem').allInnerTexts();
    expect(recoveryCodes).toHaveLength(10);
    const download = page.waitForEvent('download');
    await codes.getByRole('button', { name: 'Download' }).click();
    const saved = readFileSync(await (await download).path(), 'utf8');
    for (const each of recoveryCodes) expect(saved).toContain(each);
    await codes.getByRole('checkbox', { name: 'I have saved them' }).click();
    await codes.getByRole('button', { name: 'Done' }).click();
    await page.getByText('An authenticator app is in use').waitFor();
    await looksRight(page, 'account-second-factor');
  });

  test('8 · signing in asks for a code; without the phone, a recovery code', async () => {
    const other = await anotherBrowser();
    await signIn(other, THIRD, 'mira.l@example.org');
    await other.getByText('One more step').waitFor();
    await looksRight(other, 'sign-in-second-step');
    await other.getByLabel('Code').fill('000000');
    await other.getByRole('button', { name: 'Sign in', exact: true }).click();
    await other.getByText('This code is not right').waitFor();
    // The step after the one with which the app was set up.
    await other.getByLabel('Code').fill(code(30));
    await other.getByRole('button', { name: 'Sign in', exact: true }).click();
    await other.getByText('Your sites').waitFor();
    const third = await anotherBrowser();
    await signIn(third, THIRD, 'mira.l@example.org');
    await third.getByLabel('Code').fill(recoveryCodes[0] ?? '');
    await third.keyboard.press('Enter');
    await third.getByText('Your sites').waitFor();
    await third.goto(at('/account'));
    await third.getByText('9 recovery codes are left.').waitFor();
    await third.getByText('A recovery code was used').waitFor();
    expect(await linkTo('mira.l@example.org', /recovery code was used/)).toBe(at('/account'));
  });

  test('9 · the site asks it of everybody', async () => {
    await page.goto(at('/s/linden/team'));
    await page.getByText('Left to each of you').waitFor();
    await page.getByRole('button', { name: 'Require a second factor' }).click();
    await looksRight(page, 'team-require-second-factor');
    await page.getByRole('dialog').getByRole('button', { name: 'Require it' }).click();
    await page.getByText('Required of everybody here').waitFor();
    await looksRight(page, 'team-second-factor');
    await page.goto(at('/account'));
  });

  test('10 · what is dangerous asks for a code; the app is turned off with one', async () => {
    await age(home, 'admin_sessions', 'proved_at', '11 minutes');
    await page.getByRole('button', { name: 'Turn it off' }).click();
    await page
      .getByRole('dialog', { name: 'Turn the authenticator app off?' })
      .getByRole('button', { name: 'Turn it off' })
      .click();
    const confirm = page.getByRole('dialog', { name: 'Confirm it is you' });
    await confirm.getByLabel('Code').fill(recoveryCodes[1] ?? '');
    await looksRight(page, 'proof-code');
    await confirm.getByRole('button', { name: 'Confirm' }).click();
    await page.getByRole('button', { name: 'Set up an authenticator app' }).waitFor();
    await page.getByText('The authenticator app was turned off').waitFor();
    // Without it the site shows nothing but what to do.
    await page.goto(at('/s/linden'));
    await page.getByRole('heading', { name: 'Set up your second factor' }).waitFor();
    await looksRight(page, 'second-factor-required');
    await page.getByRole('link', { name: 'Go to your account' }).click();
    await page.getByRole('button', { name: 'Set up an authenticator app' }).waitFor();
    expect(faults.flat()).toEqual([]);
  });
});
