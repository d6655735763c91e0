import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { seriousFindings } from './axe.ts';
import { DESK, PHONE } from './browser.ts';

/** A folder for pictures of what is looked at; without it none are taken. */
const pictures = process.env.SOUK_PICTURES;

/** The page at both widths, light and dark: axe has nothing to say, and nothing is wider than the screen. */
export async function looksRight(page: Page, name: string): Promise<void> {
  for (const [width, viewport] of [
    ['desk', DESK],
    ['phone', PHONE],
  ] as const)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme });
      // Colours that change take a moment to arrive.
      await page.waitForTimeout(400);
      // On a busy machine longer: asking for them begins those that no frame has begun yet.
      await page.evaluate(() =>
        Promise.allSettled(
          document.getAnimations().flatMap((one) => (one instanceof CSSTransition ? [one.finished] : [])),
        ).then(() => undefined),
      );
      expect([name, width, colorScheme, await seriousFindings(page)]).toEqual([name, width, colorScheme, []]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
      if (pictures)
        await page.screenshot({ path: join(pictures, `${name}-${width}-${colorScheme}.png`), fullPage: true });
    }
  await page.setViewportSize(DESK);
  await page.emulateMedia({ colorScheme: 'light' });
}
