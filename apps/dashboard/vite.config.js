import { defineConfig } from 'vite';

export default defineConfig({
  // Everything has a file of its own: the page's policy allows no code or font inside of others.
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
});
