import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBrowser, openPage } from './browser.ts';
import { type Started, age, npmStart } from './installation.ts';
import { looksRight, openDialog } from './looks-right.ts';

/* Two people and their site, in a real browser: one invites, the other comes, works within the role, and is gone at once. */

const home = join(mkdtempSync(join(tmpdir(), 'souk-team-')), 'home');
const PASSWORD = 'quiet lamp under bridge';
const HERE = { locale: 'en-GB', timezoneId: 'Europe/Berlin' };

let souk: Started;
let browser: Browser;
let owner: Page;
let colleague: Page;
const faults: string[][] = [];
const at = (path: string): string => `http://admin.localhost:${souk.port}${path}`;

/** The links of the mails to an address, oldest first. */
async function linksTo(address: string, count: number): Promise<string[]> {
  const folder = join(home, 'mail');
  for (let tries = 0; ; tries += 1) {
    const mails = readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as { to: string; text: string; at: string })
      .filter((mail) => mail.to === address)
      .toSorted((a, b) => (a.at < b.at ? -1 : 1));
    if (mails.length >= count) return mails.map((mail) => /http\S+\/invitation#[\w-]{43}/.exec(mail.text)?.[0] ?? '');
    if (tries > 100) throw new Error(`there are ${mails.length} mails to ${address}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}

async function fillInvitation(email: string, role: string): Promise<void> {
  await owner.getByRole('button', { name: 'Invite somebody' }).click();
  const dialog = owner.getByRole('dialog');
  await dialog.getByLabel('E-mail').fill(email);
  await dialog.getByLabel('Role').click();
  await owner.getByRole('option', { name: role }).click();
  await dialog.getByRole('button', { name: 'Send the invitation' }).click();
}

async function invite(email: string, role: string): Promise<void> {
  await fillInvitation(email, role);
  await openDialog(owner).waitFor({ state: 'detached' });
}

beforeAll(async () => {
  souk = await npmStart(home, { demo: false });
  browser = await openBrowser();
  const [a, b] = [await openPage(browser, HERE), await openPage(browser, HERE)];
  [owner, colleague] = [a.page, b.page];
  faults.push(a.faults, b.faults);
  await owner.goto(/(http:\S+\/set-up#\S+)/.exec(souk.output())?.[1] ?? '');
  await owner.getByLabel('Your name').fill('Mira Lindqvist');
  await owner.getByLabel('E-mail').fill('mira@example.org');
  await owner.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await owner.getByLabel('Name of the site').fill('Linden');
  await owner.getByRole('button', { name: 'Create account and site' }).click();
  await owner.getByText('First steps').waitFor();
}, 300_000);

afterAll(async () => {
  await browser?.close();
  if (souk?.process.exitCode === null && souk.process.pid) process.kill(-souk.process.pid, 'SIGINT');
  await souk?.ended();
  rmSync(home, { recursive: true, force: true });
}, 60_000);

describe('a colleague', () => {
  test('1 · is invited as editor; the invitation stands on the team’s page until it is used', async () => {
    await owner.getByRole('link', { name: 'Team' }).click();
    await owner.getByRole('heading', { name: 'Team' }).waitFor();
    // The only owner cannot go.
    await owner.getByText('A site keeps an owner.').waitFor();
    expect(await owner.getByRole('button', { name: 'More about yourself' }).count()).toBe(0);
    await owner.getByRole('button', { name: 'Invite somebody' }).click();
    await owner.getByRole('dialog').getByRole('button', { name: 'Send the invitation' }).click();
    await owner.getByText('Say where the invitation goes.').waitFor();
    await looksRight(owner, 'team-invite');
    await owner.keyboard.press('Escape');
    await invite('jonas@example.org', 'editor');
    await owner.getByText('as editor, sent').waitFor();
    await owner.getByText('7 days left').waitFor();
    await fillInvitation('jonas@example.org', 'viewer');
    await owner.getByText('They are invited already.').waitFor();
    await owner.keyboard.press('Escape');
    await looksRight(owner, 'team');
  });

  test('2 · makes an account with the link, and sees only what an editor may', async () => {
    const [link = ''] = await linksTo('jonas@example.org', 1);
    await colleague.goto(link);
    await colleague.getByRole('heading', { name: 'Work on Linden' }).waitFor();
    await colleague.getByText('Mira Lindqvist invites you as editor.').waitFor();
    await looksRight(colleague, 'invitation');
    await colleague.getByLabel('Your name').fill('Jonas Falk');
    await colleague.getByLabel('Password', { exact: true }).fill('jonas falk 1');
    await colleague.getByRole('button', { name: 'Make an account and join' }).click();
    await colleague.getByText('This is made of your name').waitFor();
    await colleague.getByLabel('Password', { exact: true }).fill('tulip kettle fog');
    await colleague.getByRole('button', { name: 'Make an account and join' }).click();
    await colleague.getByRole('link', { name: 'Products' }).first().waitFor();
    expect(colleague.url()).toBe(at('/s/linden'));
    const rail = colleague.getByRole('navigation', { name: 'Site' });
    expect(await rail.getByRole('link').allInnerTexts()).toEqual(['Home', 'Products', 'Import']);
    expect(await colleague.getByText('First steps').count()).toBe(0);
    await colleague.goto(at('/s/linden/team'));
    await colleague.getByText('Team is not open to you').waitFor();
    await colleague.goto(at('/s/linden/products'));
    await colleague.getByRole('heading', { name: 'Products' }).waitFor();
    // The owner sees them come without doing anything.
    await owner.getByText('Jonas Falk').waitFor();
    await owner.getByText('Open invitations').waitFor({ state: 'detached' });
    await looksRight(owner, 'team-of-two');
  });

  test('3 · the link has been used: it says so, and to whom to turn', async () => {
    const other = await openPage(browser, HERE);
    faults.push(other.faults);
    const [link = ''] = await linksTo('jonas@example.org', 1);
    await other.page.goto(link);
    await other.page.getByRole('heading', { name: 'This invitation is not good any more' }).waitFor();
    await looksRight(other.page, 'invitation-dead');
    await other.context.close();
  });

  test('4 · works in a role that the founder has made, as soon as it is given', async () => {
    await owner.getByRole('link', { name: 'Roles' }).click();
    await owner.getByRole('heading', { name: 'Roles' }).waitFor();
    await looksRight(owner, 'roles');
    await owner.getByRole('button', { name: 'New role' }).click();
    const dialog = owner.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Make the role' }).click();
    await dialog.getByText('Give the role a name.').waitFor();
    await dialog.getByLabel('Name').fill('Packing');
    await dialog.getByLabel('Begin with').click();
    await owner.getByRole('option', { name: 'What support may do' }).click();
    await looksRight(owner, 'roles-new');
    await dialog.getByRole('button', { name: 'Make the role' }).click();
    await dialog.waitFor({ state: 'detached' });
    const cell = (what: string) => owner.getByRole('checkbox', { name: what }).filter({ visible: true });
    // The owner's role stays as it is.
    expect(await cell('owner: See orders and payments, not yours to change').isDisabled()).toBe(true);
    await cell('Packing: Change customers').click();
    await cell('Packing: Answer customers').click();
    await cell('Packing: See the dashboard and its figures').click();
    await owner.getByText('“Packing” is changed, not saved.').waitFor();
    await looksRight(owner, 'roles-changed');
    await owner.getByRole('button', { name: 'Save' }).click();
    await owner.getByText('It counts from this moment').waitFor();
    await owner.getByRole('link', { name: 'Team' }).click();
    await owner.getByRole('button', { name: 'More about Jonas Falk' }).click();
    await looksRight(owner, 'team-menu');
    await owner.getByRole('menuitem', { name: 'Change the role' }).click();
    await owner.getByRole('dialog').getByLabel('Role').click();
    await owner.getByRole('option', { name: 'Packing' }).click();
    await looksRight(owner, 'team-change-role');
    await owner.getByRole('dialog').getByRole('button', { name: 'Change the role' }).click();
    await openDialog(owner).waitFor({ state: 'detached' });
    // What the colleague has open follows without their doing.
    const rail = colleague.getByRole('navigation', { name: 'Site' });
    await rail.getByRole('link', { name: 'Orders' }).waitFor();
    expect(await rail.getByRole('link').allInnerTexts()).toEqual(['Home', 'Orders', 'Products']);
  });

  test('5 · leaves a key for a program behind, which is shown once', async () => {
    await owner.getByRole('link', { name: 'API keys' }).click();
    await owner.getByText('There are no keys yet').waitFor();
    await looksRight(owner, 'keys-empty');
    await owner.getByRole('button', { name: 'New key' }).click();
    const dialog = owner.getByRole('dialog');
    await dialog.getByLabel('What it is for').fill('Warehouse');
    await dialog.getByRole('button', { name: 'Make the key' }).click();
    await dialog.getByText('Choose what the key may do.').waitFor();
    await dialog.getByRole('checkbox', { name: 'See orders and payments' }).click();
    await looksRight(owner, 'keys-new');
    await dialog.getByRole('button', { name: 'Make the key' }).click();
    await owner.getByText('Copy the key now').waitFor();
    expect(await owner.getByRole('textbox', { name: 'The key' }).inputValue()).toMatch(/^souk_[\w-]{36}_[\w-]{43}$/);
    await looksRight(owner, 'keys-made');
    await owner.getByRole('button', { name: 'I have copied it' }).click();
    await owner.getByText('never used').waitFor();
    await owner.getByRole('button', { name: 'Renew Warehouse' }).click();
    await owner.getByRole('button', { name: 'Make the new key' }).click();
    await owner.getByRole('button', { name: 'I have copied it' }).click();
    await owner.getByText('being replaced').waitFor();
    await owner.getByRole('button', { name: 'End Warehouse' }).last().click();
    await owner.getByRole('button', { name: 'End the key' }).click();
    await owner.getByText('ended', { exact: true }).waitFor();
    await looksRight(owner, 'keys');
    await owner.getByRole('link', { name: 'Team' }).click();
  });

  test('6 · is removed: what they have open closes by itself, and nothing of the site is left on it', async () => {
    await owner.getByRole('button', { name: 'More about Jonas Falk' }).click();
    await owner.getByRole('menuitem', { name: 'Remove Jonas Falk' }).click();
    await looksRight(owner, 'team-remove');
    await owner.getByRole('dialog').getByRole('button', { name: 'Remove Jonas Falk' }).click();
    const removedAt = performance.now();
    await colleague.getByRole('heading', { name: 'You no longer work on Linden' }).waitFor();
    expect(performance.now() - removedAt).toBeLessThan(3_000);
    await looksRight(colleague, 'removed');
    await colleague.getByRole('link', { name: 'Go to your sites' }).click();
    await colleague.getByText('You are not a member of any site yet').waitFor();
    await owner.getByRole('main').getByText('Jonas Falk').waitFor({ state: 'detached' });
  });

  test('7 · is to be owner: that asks the first one to confirm who they are, and then goes on by itself', async () => {
    await age(home, 'admin_sessions', 'proved_at', '11 minutes');
    await fillInvitation('jonas@example.org', 'owner');
    const confirm = owner.getByRole('dialog', { name: 'Confirm it is you' });
    await confirm.waitFor();
    await looksRight(owner, 'proof');
    await confirm.getByLabel('Your password').fill('something else');
    await confirm.getByRole('button', { name: 'Confirm' }).click();
    await confirm.getByText('This is not your password.').waitFor();
    await looksRight(owner, 'proof-wrong');
    await confirm.getByRole('button', { name: 'Not now' }).click();
    // Nothing that was typed is lost, and nothing was done.
    await owner.getByText('Confirm that it is you, then try again.').waitFor();
    expect(await owner.getByLabel('E-mail').inputValue()).toBe('jonas@example.org');
    await owner.getByRole('button', { name: 'Send the invitation' }).click();
    await confirm.getByLabel('Your password').fill(PASSWORD);
    await owner.keyboard.press('Enter');
    await openDialog(owner).waitFor({ state: 'detached' });
    await owner.getByText('as owner, sent').waitFor();
  });

  test('8 · comes back as owner with the account they have, and the first one leaves', async () => {
    const link = (await linksTo('jonas@example.org', 2))[1] ?? '';
    await colleague.goto('about:blank');
    await colleague.goto(link);
    await colleague.getByText('You are signed in as').waitFor();
    await looksRight(colleague, 'invitation-signed-in');
    await colleague.getByRole('button', { name: 'Accept the invitation' }).click();
    await colleague.getByText('First steps').waitFor();
    await owner.getByRole('button', { name: 'More about yourself' }).click();
    await owner.getByRole('menuitem', { name: 'Leave this site' }).click();
    await owner.getByRole('dialog').getByRole('button', { name: 'Leave Linden' }).click();
    await owner.getByText('You are not a member of any site yet').waitFor();
    await colleague.goto(at('/s/linden/activity'));
    for (const words of [
      'made the site',
      'invited somebody as editor',
      'accepted an invitation as editor',
      'made the role “Packing”',
      'changed the role “Packing”',
      'made somebody Packing',
      'removed a member who was Packing',
      'left',
    ])
      await colleague.getByText(words).first().waitFor();
    expect(faults.flat()).toEqual([]);
  });

  test('9 · lets the first one in again, as support: looking, for a while, and seen on every page', async () => {
    const founder = owner;
    await colleague.goto(at('/s/linden/team'));
    await colleague.getByText('Nobody of support can see anything of Linden.').waitFor();
    await colleague.getByRole('button', { name: 'Let support in' }).click();
    const dialog = colleague.getByRole('dialog', { name: 'Let support in' });
    await dialog.getByRole('button', { name: 'Let them in' }).click();
    await dialog.getByText('Say whom: the address they sign in with.').waitFor();
    await dialog.getByLabel('Their e-mail').fill('nobody@example.org');
    await dialog.getByLabel('What they are to look at').fill('The import of Monday stopped half way');
    await looksRight(colleague, 'support-dialog');
    await dialog.getByRole('button', { name: 'Let them in' }).click();
    // Their last proof was made old above: what is dangerous asks for another one first.
    const confirm = colleague.getByRole('dialog', { name: 'Confirm it is you' });
    await confirm.getByLabel('Your password').fill('tulip kettle fog');
    await colleague.keyboard.press('Enter');
    await dialog.getByText('Nobody who runs this installation has this address.').waitFor();
    await dialog.getByLabel('Their e-mail').fill('mira@example.org');
    await dialog.getByRole('button', { name: 'Let them in' }).click();
    await dialog.waitFor({ state: 'detached' });
    await colleague.getByText('Support may be in Linden until').waitFor();
    await colleague.getByText('let in by Jonas Falk').waitFor();
    await looksRight(colleague, 'support-open');

    await founder.goto(at('/s/linden'));
    await founder.getByText('You are in Linden as support, until').waitFor();
    expect(await founder.getByRole('link', { name: 'Team', exact: true }).count()).toBe(0);
    await looksRight(founder, 'support-inside');
    await colleague.getByRole('button', { name: 'End now: the access of Mira Lindqvist' }).click();
    await founder.getByRole('heading', { name: 'Your access to Linden has ended' }).waitFor();
    await looksRight(founder, 'support-over');
    await colleague.getByText('Support may be in Linden until').waitFor({ state: 'detached' });
    await colleague.goto(at('/s/linden/activity'));
    await colleague.getByText('let support in').first().waitFor();
    await colleague.getByText('ended an access for support').first().waitFor();
    expect(faults.flat()).toEqual([]);
  });
});
