import { type Browser, type BrowserContext, type Page } from 'playwright-core';
/** Starts the browser; every `*.localhost` is this machine. @throws when there is none: a run without a browser proves nothing. */
export declare function openBrowser(): Promise<Browser>;
export declare const PHONE: {
  readonly width: 390;
  readonly height: 844;
};
export declare const DESK: {
  readonly width: 1440;
  readonly height: 900;
};
/** A page that remembers everything that went wrong in it: errors of scripts, of the content policy, answers of 500. */
export declare function openPage(
  browser: Browser,
  options?: Parameters<Browser['newContext']>[0],
): Promise<{
  page: Page;
  context: BrowserContext;
  faults: string[];
}>;
