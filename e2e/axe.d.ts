import type { Page } from 'playwright-core';
/** Serious and critical findings of the page as it stands, in words. An empty list is a yes. */
export declare function seriousFindings(page: Page): Promise<string[]>;
