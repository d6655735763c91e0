import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { expect, it } from 'vitest';

const BUDGET_BYTES = 35_000;

// React itself is larger than the budget; it is built only to prove that the components do not know which of the two runs them.
it.skipIf(process.env['STOREFRONT_RUNTIME'] === 'react')(
  'all JavaScript of a page is one file within 35 kB gzip',
  async () => {
    const built = await build({
      root: fileURLToPath(new URL('..', import.meta.url)),
      mode: 'production',
      logLevel: 'silent',
      build: { write: false },
    });
    const scripts = [built]
      .flat()
      .flatMap((bundle) => ('output' in bundle ? bundle.output : []))
      .filter((file) => file.type === 'chunk' && file.fileName.endsWith('.js'));
    const loaded = scripts.filter((script) => /client-/.test(script.fileName));
    expect(loaded).toHaveLength(1);
    const bytes = loaded.reduce((sum, script) => sum + ('code' in script ? gzipSync(script.code).length : 0), 0);
    console.log(`client JavaScript: ${(bytes / 1000).toFixed(1)} kB gzip`);
    expect(bytes).toBeGreaterThan(1000);
    expect(bytes).toBeLessThanOrEqual(BUDGET_BYTES);
  },
  60_000,
);
