import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { seriousFindings } from './axe.ts';
import { DESK, PHONE } from './browser.ts';

/** A folder for pictures of what is looked at; without it none are taken. */
const pictures = process.env.SOUK_PICTURES;

const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];

/**
 * Brings what moves to its end, but for what turns for ever. A colour that is inherited moves on in those that inherit it when
 * it has arrived itself, so one round is not enough.
 */
export const standsStill = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    const frame = (): Promise<unknown> => new Promise((drawn) => requestAnimationFrame(drawn));
    await frame();
    for (let moving = true; moving; await frame()) {
      const all = document.getAnimations().filter((one) => one.effect?.getComputedTiming().endTime !== Infinity);
      moving = all.length > 0;
      for (const one of all) one.finish();
    }
  });

/** The page at both widths, light and dark: axe has nothing to say, and nothing is wider than the screen. */
export async function looksRight(page: Page, name: string): Promise<void> {
  for (const [width, viewport] of [
    ['desk', DESK],
    ['phone', PHONE],
  ] as const)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme });
      await standsStill(page);
      // In the dark only the colours are others.
      const found = await seriousFindings(page, colorScheme === 'dark' ? COLOUR_RULES : undefined);
      expect([name, width, colorScheme, found]).toEqual([name, width, colorScheme, []]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
      if (pictures)
        await page.screenshot({ path: join(pictures, `${name}-${width}-${colorScheme}.png`), fullPage: true });
    }
  await page.setViewportSize(DESK);
  await page.emulateMedia({ colorScheme: 'light' });
}

/** The dialog that is open. What is told in passing is one too for who hears it read, and goes by itself. */
export const openDialog = (page: Page): Locator =>
  page.getByRole('dialog').and(page.locator(':not([aria-modal="false"])'));
