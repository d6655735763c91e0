import tailwindcss from '@tailwindcss/vite';
import { tanstackRouter } from '@tanstack/router-plugin/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { words } from './words-plugin.ts';

const browsers = ['chrome123', 'firefox120', 'safari17.5'];

export default defineConfig({
  plugins: [
    words(),
    tanstackRouter({
      target: 'react',
      autoCodeSplitting: true,
      quoteStyle: 'single',
      semicolons: true,
      routeFileIgnorePattern: '\\.test\\.',
    }),
    tailwindcss(),
    react(),
  ],
  build: {
    target: browsers,
    cssTarget: browsers,
    // The pages are served without permission for inline fonts and scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
  },
});
