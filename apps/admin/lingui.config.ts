import { defineConfig } from '@lingui/conf';
import { formatter } from '@lingui/format-po';

/** Which texts there are, and where their translations lie. English is what stands in the code. */
export default defineConfig({
  sourceLocale: 'en',
  locales: ['en', 'de'],
  catalogs: [
    {
      path: '<rootDir>/src/words/{locale}',
      include: ['<rootDir>/src', '<rootDir>/../../packages/ui/src/admin'],
      exclude: ['**/*.test.ts', '**/routeTree.gen.ts'],
    },
  ],
  // Sorted, and without places: two people who add texts seldom meet in one line.
  orderBy: 'messageId',
  format: formatter({ origins: false, explicitIdAsDefault: true }),
});
