import { buildApps } from './build-apps.ts';

/** `npm run screens`: takes every screen in its states at both widths. */
export async function screens(words: readonly string[]): Promise<number> {
  await buildApps();
  const { takeScreens } = await import('../e2e/screens.ts');
  return takeScreens(words);
}
