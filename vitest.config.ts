import { statSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const WORKERS = 3;

// Node runs the TypeScript as it is, in tests as in production: no transform between the code and what is tested.
const forks = {
  pool: 'forks',
  experimental: { viteModuleRunner: false },
  maxWorkers: WORKERS,
  testTimeout: 30_000,
  hookTimeout: 60_000,
} as const;

/**
 * Large files first, and the kinds side by side: a browser's test waits most of its time for pages and processes, one of the
 * database works, so that neither stands in the way of its like.
 */
class SideBySide extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const kinds = Map.groupBy(files, (file) => file.project.name);
    const placed = [...kinds.values()].flatMap((kind) => {
      const sized = kind
        .map((file) => ({ file, size: statSync(file.moduleId).size }))
        .toSorted((one, other) => other.size - one.size);
      const all = sized.reduce((sum, { size }) => sum + size, 0);
      let before = 0;
      return sized.map(({ file, size }) => {
        const place = before / all;
        before += size;
        return { file, place };
      });
    });
    return Promise.resolve(placed.toSorted((one, other) => one.place - other.place).map(({ file }) => file));
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: SideBySide },
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
        test: {
          name: 'storefront',
          pool: 'forks',
          maxWorkers: WORKERS,
          include: ['apps/storefront/**/*.test.{ts,tsx}'],
        },
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
          name: 'browser',
          include: ['e2e/**/*.test.ts'],
          globalSetup: ['packages/db/src/testing/global-setup.ts', 'e2e/global-setup.ts'],
          testTimeout: 120_000,
        },
      },
    ],
  },
});
