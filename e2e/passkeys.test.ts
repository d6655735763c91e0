import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBrowser, openPage } from './browser.ts';
import { type Started, age, checkout, npmStart } from './installation.ts';
import { looksRight } from './looks-right.ts';

/* Passkeys in a real browser, kept by an authenticator that the browser plays: made, used after a password, alone, as a proof. */

const home = join(mkdtempSync(join(tmpdir(), 'souk-passkeys-')), 'home');
const EMAIL = 'mira@example.org';
const PASSWORD = 'quiet lamp under bridge';

let souk: Started;
let browser: Browser;
let page: Page;
let context: BrowserContext;
let device: CDPSession;
let authenticatorId = '';
let recoveryCodes: string[] = [];
const faults: string[][] = [];
const at = (path: string): string => `http://admin.localhost:${souk.port}${path}`;

/** Whether whoever sits there is who they say, as far as the device can tell. */
const ownerIsThere = (isUserVerified: boolean) =>
  device.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified });

async function signOut(): Promise<void> {
  await context.clearCookies({ name: 'souk-admin' });
  await page.goto(at('/sign-in'));
  await page.getByRole('heading', { name: 'Sign in to Souk' }).waitFor();
}
async function typePassword(): Promise<void> {
  await page.getByLabel('E-mail').fill(EMAIL);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}
const passkeys = () => page.getByRole('list', { name: 'Passkeys' });

beforeAll(async () => {
  souk = await npmStart(home, { demo: false });
  browser = await openBrowser();
  const opened = await openPage(browser, { locale: 'en-GB', timezoneId: 'Europe/Berlin' });
  ({ page, context } = opened);
  faults.push(opened.faults);
  device = await context.newCDPSession(page);
  await device.send('WebAuthn.enable');
  ({ authenticatorId } = await device.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  }));
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

describe('a passkey', () => {
  test('1 · is added from the account, and comes with recovery codes', async () => {
    await page.goto(at('/account'));
    await page.getByRole('button', { name: 'Add a passkey' }).waitFor();
    await looksRight(page, 'passkeys-none');
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add a passkey' });
    await dialog.waitFor();
    expect(await dialog.getByLabel('Name').inputValue()).toBe('Chrome on Linux');
    await looksRight(page, 'passkey-add');
    await ownerIsThere(false);
    await dialog.getByRole('button', { name: 'Add the passkey' }).click();
    await dialog.getByText('No passkey was used: it was cancelled, or took too long.').waitFor();
    await looksRight(page, 'passkey-add-refused');
    await ownerIsThere(true);
    await dialog.getByLabel('Name').fill('Desk computer');
    await dialog.getByRole('button', { name: 'Add the passkey' }).click();
    const codes = page.getByRole('dialog', { name: 'Save your recovery codes' });
    await codes.waitFor();
    recoveryCodes = await codes.getByRole('listitem').allInnerTexts();
    expect(recoveryCodes).toHaveLength(10);
    await codes.getByRole('checkbox', { name: 'I have saved them' }).click();
    await codes.getByRole('button', { name: 'Done' }).click();
    await passkeys().getByText('Desk computer').waitFor();
    await passkeys().getByText('not used yet').waitFor();
    await page.getByText('10 recovery codes are left.').waitFor();
    await page.getByText('A passkey was added').first().waitFor();
    await looksRight(page, 'passkeys-one');
    // The same device does not make a second one.
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await page.getByRole('button', { name: 'Add the passkey' }).click();
    await page.getByText('This device has a passkey for your account already.').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
  });

  test('2 · is asked for after the password', async () => {
    await signOut();
    await typePassword();
    await page.getByText('Your password is right.').waitFor();
    await looksRight(page, 'passkey-second-step');
    await page.getByRole('button', { name: 'Use your passkey' }).click();
    await page.getByText('Your sites').waitFor();
  });

  test('3 · signs in alone, without anything typed', async () => {
    await signOut();
    // The half that talks to the device is loaded when it is asked for.
    const loaded: string[] = [];
    page.on('request', (request) => loaded.push(request.url()));
    await page.reload();
    await page.getByRole('button', { name: 'Sign in with a passkey' }).waitFor();
    await looksRight(page, 'sign-in-passkey');
    const before = loaded.length;
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.getByText('Your sites').waitFor();
    expect(loaded.slice(before).some((url) => url.endsWith('.js'))).toBe(true);
  });

  test('4 · confirms that it is them', async () => {
    await page.goto(at('/account'));
    await passkeys().getByText('last used').waitFor();
    await page.getByText('Signed in by passkey').first().waitFor();
    await age(home, 'admin_sessions', 'proved_at', '11 minutes');
    await page.getByRole('button', { name: 'New recovery codes' }).click();
    const confirm = page.getByRole('dialog', { name: 'Confirm it is you' });
    await confirm.waitFor();
    await looksRight(page, 'passkey-proof');
    await confirm.getByRole('button', { name: 'Use your passkey' }).click();
    const codes = page.getByRole('dialog', { name: 'Save your recovery codes' });
    await codes.waitFor();
    recoveryCodes = await codes.getByRole('listitem').allInnerTexts();
    await codes.getByRole('checkbox', { name: 'I have saved them' }).click();
    await codes.getByRole('button', { name: 'Done' }).click();
  });

  test('5 · is renamed, and a recovery code stands in for it', async () => {
    await passkeys().getByRole('button', { name: 'Rename Desk computer' }).click();
    const rename = page.getByRole('dialog', { name: 'Rename Desk computer' });
    await rename.getByLabel('Name').fill('');
    await rename.getByRole('button', { name: 'Save the name' }).click();
    await rename.getByText('Enter a name.').waitFor();
    await rename.getByLabel('Name').fill('The one at home');
    await rename.getByRole('button', { name: 'Save the name' }).click();
    await passkeys().getByText('The one at home').waitFor();
    await signOut();
    await typePassword();
    await page.getByLabel('Recovery code').fill(recoveryCodes[0] ?? '');
    await page.getByRole('button', { name: 'Sign in with the code' }).click();
    await page.getByText('Your sites').waitFor();
  });

  test('6 · that is removed signs in no more', async () => {
    await page.goto(at('/account'));
    await passkeys().getByRole('button', { name: 'Remove The one at home' }).click();
    const remove = page.getByRole('dialog', { name: 'Remove The one at home?' });
    await remove.getByText('It is your only second factor').waitFor();
    await looksRight(page, 'passkey-remove');
    await remove.getByRole('button', { name: 'Remove it' }).click();
    await page.getByText('A passkey was removed').first().waitFor();
    await passkeys().waitFor({ state: 'detached' });
    await signOut();
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.getByText('This passkey did not work').waitFor();
    await looksRight(page, 'sign-in-passkey-refused');
    await typePassword();
    await page.getByText('Your sites').waitFor();
  });

  test('7 · that is lost with all codes: nobody takes it away for themselves on a screen, the machine does', async () => {
    await page.goto(at('/account'));
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await page.getByRole('button', { name: 'Add the passkey' }).click();
    const codes = page.getByRole('dialog', { name: 'Save your recovery codes' });
    await codes.getByRole('checkbox', { name: 'I have saved them' }).click();
    await codes.getByRole('button', { name: 'Done' }).click();
    await page.goto(at('/operator/people'));
    await page.getByText('Somebody lost their second factor').waitFor();
    await looksRight(page, 'operator-people-lost');
    await page.getByRole('button', { name: 'Let somebody in again' }).click();
    const dialog = page.getByRole('dialog', { name: 'Let somebody in again' });
    await dialog.getByLabel('E-mail they sign in with').fill(EMAIL);
    await dialog.getByRole('button', { name: 'Remove their second factor' }).click();
    await dialog.getByText('This is you.').waitFor();
    await looksRight(page, 'operator-lost-factor');
    const command = (...words: string[]): string =>
      execFileSync('npm', ['run', '--silent', 'account', '--', ...words], {
        cwd: checkout,
        env: { ...process.env, SOUK_HOME: home },
        encoding: 'utf8',
        stdio: 'pipe',
      });
    expect(() => command('lost-factor', EMAIL)).toThrow('Say whose and why');
    expect(() => command('lost-factor', 'nobody@example.org', '--reason', 'other')).toThrow(
      'Nobody signs in with this',
    );
    expect(() => command('lost-factor', EMAIL, '--reason', 'other', '--as', 'nobody@example.org')).toThrow(
      'does not run this installation',
    );
    expect(command('lost-factor', EMAIL, '--reason', 'lost_device')).toContain('signs in with the password alone now');
    // What was open is over, and the password alone signs in.
    await page.goto(at('/operator/log'));
    await page.getByRole('heading', { name: 'Sign in to Souk' }).waitFor();
    await typePassword();
    await page.getByText('took the second factors of Mira Lindqvist away').waitFor();
    await page.getByText('the device is lost').waitFor();
    await page.goto(at('/account'));
    await page.getByText('Whoever runs this installation took your second factors away').waitFor();
  });

  test('no page had a fault of its own', () => {
    expect(faults.flat()).toEqual([]);
  });
});
