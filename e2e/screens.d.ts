import type { Browser, BrowserContext, Page } from 'playwright-core';
/** A running installation with the demo, as the screens need it. */
export type World = {
  readonly port: number;
  readonly password: string;
};
type Screen = {
  readonly name: string;
  readonly app: 'admin' | 'aurora' | 'kumo';
  /** Signed in as the demo's owner; the sign-in page alone is seen without. */
  readonly anonymous?: true;
  /** Goes to the screen from anywhere and waits until it stands. */
  readonly open: (page: Page, origin: string) => Promise<void>;
};
export declare const SCREENS: readonly Screen[];
export declare const originOf: ({ port }: World, { app }: Screen) => string;
/** A context for the screens of one width: signed in at the admin, except for `anonymous` screens. */
export declare function openContext(
  browser: Browser,
  world: World,
  options: {
    width: 'phone' | 'desk';
    scheme: 'light' | 'dark';
    signedIn: boolean;
  },
): Promise<BrowserContext>;
/**
 * `npm run screens`: every screen in its states at both widths, light and dark, as pictures in `.screens/`, each looked at
 * by axe. Words after `--` choose screens by a part of their name.
 */
export declare function takeScreens(words: readonly string[]): Promise<number>;
export {};
