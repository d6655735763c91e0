import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Preact takes React's place on server and client alike; components are written against React and do not know. */
const PREACT = [
  { find: /^react-dom\/server$/, replacement: 'preact-render-to-string' },
  { find: /^react-dom\/client$/, replacement: 'preact/compat/client' },
  { find: /^react-dom$/, replacement: 'preact/compat' },
  { find: /^react$/, replacement: 'preact/compat' },
  { find: /^react\/jsx-runtime$/, replacement: 'preact/jsx-runtime' },
  { find: /^react\/jsx-dev-runtime$/, replacement: 'preact/jsx-dev-runtime' },
];

/**
 * `virtual:client-assets`: the hashed addresses of what the client build wrote, so that the server bundle needs no file beside it.
 * In a dev server and in tests, where nothing is built, they are the sources' own addresses.
 */
function clientAssets(runtime: string): Plugin {
  const id = 'virtual:client-assets';
  const manifestFile = new URL(`dist/${runtime}/client/manifest.json`, import.meta.url);
  let built = false;
  return {
    name: 'souk:client-assets',
    configResolved: (config) => {
      built = config.command === 'build';
    },
    resolveId: (source) => (source === id ? `\0${id}` : undefined),
    load(source) {
      if (source !== `\0${id}`) return undefined;
      if (!built) return `export default ${JSON.stringify(SOURCES)};`;
      if (!existsSync(manifestFile)) this.error(`build the client first: ${manifestFile.pathname} is missing`);
      const manifest: Manifest = JSON.parse(readFileSync(manifestFile, 'utf8'));
      const files = Object.values(manifest).map((chunk) => chunk.file);
      const named = (pattern: RegExp): string => {
        const file = files.find((name) => pattern.test(name));
        return file === undefined ? this.error(`the client build has no file like ${pattern}`) : `/${file}`;
      };
      // The style is part of the page: one round trip less before anything is seen. Its hash lets the content policy allow just it.
      const styled = (style: string, font: string) => {
        const css = readFileSync(new URL(`dist/${runtime}/client${style}`, import.meta.url), 'utf8');
        if (css.includes('</')) this.error(`${style} cannot stand inside a page`);
        return { style, css, hash: `sha256-${createHash('sha256').update(css).digest('base64')}`, font };
      };
      return `export default ${JSON.stringify({
        script: named(/client-.*\.js$/),
        themes: {
          aurora: styled(named(/aurora-.*\.css$/), named(/fraunces-.*\.woff2$/)),
          kumo: styled(named(/kumo-.*\.css$/), named(/archivo-.*\.woff2$/)),
        },
      })};`;
    },
  };
}

type Manifest = Readonly<Record<string, { readonly file: string }>>;

const SOURCES = {
  script: '/src/client.ts',
  themes: { aurora: { style: '/src/themes/aurora.css' }, kumo: { style: '/src/themes/kumo.css' } },
};

export default defineConfig(({ command, isSsrBuild, mode }) => {
  const runtime = mode === 'react' || process.env['STOREFRONT_RUNTIME'] === 'react' ? 'react' : 'preact';
  return {
    // The dev server may share its origin with the API's pages; only the assets carry this app's addresses.
    appType: 'custom',
    plugins: [react(), clientAssets(runtime)],
    resolve: { alias: runtime === 'preact' ? PREACT : [] },
    // In the server bundle too: whichever way the API was started, a built page is rendered by the library's production half.
    define: command === 'build' ? { 'process.env.NODE_ENV': '"production"' } : {},
    // The server bundle carries its libraries, so that it runs from any folder and under any layout of node_modules.
    ssr: { noExternal: true },
    build: {
      outDir: `dist/${runtime}/${isSsrBuild ? 'server' : 'client'}`,
      target: 'es2022',
      manifest: isSsrBuild ? false : 'manifest.json',
      assetsInlineLimit: 0,
      modulePreload: false,
      rolldownOptions: {
        input: isSsrBuild ? 'src/entry-server.tsx' : ['src/client.ts', 'src/themes/aurora.css', 'src/themes/kumo.css'],
      },
    },
  };
});
