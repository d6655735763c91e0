import { browserPath } from './browser.ts';

/** Vitest's global set-up of the browser's tests: the browser is unpacked once, since two that do so at once run into each other. */
export default async function setup(): Promise<void> {
  const path = await browserPath();
  if (path) process.env.CHROMIUM_PATH = path;
}
