import { defineConfig } from 'vitest/config';

// Node runs the TypeScript as it is, in tests as in production: no transform between the code and what is tested.
const forks = {
  pool: 'forks',
  experimental: { viteModuleRunner: false },
  maxWorkers: 2,
  testTimeout: 30_000,
  hookTimeout: 60_000,
} as const;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...forks,
          name: 'pure',
          include: ['packages/domain/**/*.test.ts', 'packages/ui/**/*.test.{ts,tsx}', 'apps/admin/**/*.test.{ts,tsx}'],
        },
      },
      // Components are TSX, which Node cannot strip: these alone go through the storefront's own build.
      {
        extends: './apps/storefront/vite.config.ts',
        test: { name: 'storefront', pool: 'forks', maxWorkers: 2, include: ['apps/storefront/**/*.test.{ts,tsx}'] },
      },
      {
        test: {
          ...forks,
          name: 'database',
          include: [
            'packages/db/**/*.test.ts',
            'apps/api/**/*.test.ts',
            'apps/sandbox-provider/**/*.test.ts',
            'packages/testing/**/*.test.ts',
            'scripts/**/*.test.ts',
          ],
          globalSetup: ['packages/db/src/testing/global-setup.ts'],
        },
      },
      {
        test: {
          ...forks,
          maxWorkers: 1,
          name: 'browser',
          include: ['e2e/**/*.test.ts'],
          globalSetup: ['packages/db/src/testing/global-setup.ts'],
          testTimeout: 120_000,
        },
      },
    ],
  },
});
