import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type BrowserContext, type Page, chromium } from 'playwright-core';

const INSTALLED = ['google-chrome-stable', 'google-chrome', 'chromium', 'chromium-headless-shell'];
const MAC = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** A browser to test with: one named by CHROMIUM_PATH, one that is installed, else the one among the packages (Linux x64). */
export async function browserPath(): Promise<string | undefined> {
  if (process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH;
  for (const path of MAC) if (existsSync(path)) return path;
  for (const name of INSTALLED) {
    try {
      return execFileSync('which', [name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    } catch {
      // Not installed under this name.
    }
  }
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  // The package unpacks into the folder for temporary files under a fixed name; a folder of our own keeps others out of it.
  const folder = join(import.meta.dirname, '..', 'node_modules', '.cache', 'souk', 'chromium');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const before = process.env.TMPDIR;
  process.env.TMPDIR = folder;
  try {
    const { default: packaged } = await import('@sparticuz/chromium');
    return await packaged.executablePath();
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
}

/** Starts the browser; every `*.localhost` is this machine. @throws when there is none: a run without a browser proves nothing. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = await browserPath();
  if (!executablePath) throw new Error('No Chromium was found. Install one, or set CHROMIUM_PATH to it.');
  return chromium.launch({
    executablePath,
    args: [
      '--host-resolver-rules=MAP *.localhost 127.0.0.1',
      '--disable-gpu',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });
}

export const PHONE = { width: 390, height: 844 } as const;
export const DESK = { width: 1440, height: 900 } as const;

/** A page that remembers everything that went wrong in it: errors of scripts, of the content policy, answers of 500. */
export async function openPage(
  browser: Browser,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<{ page: Page; context: BrowserContext; faults: string[] }> {
  const context = await browser.newContext({ viewport: DESK, reducedMotion: 'reduce', ...options });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(`script: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && /Content Security Policy|Refused to|Uncaught|hydrat/i.test(message.text()))
      faults.push(`console: ${message.text()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 500) faults.push(`${response.status()} ${response.url()}`);
  });
  return { page, context, faults };
}
