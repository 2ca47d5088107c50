import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const target = process.env.API_URL ?? 'http://127.0.0.1:8080';
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here('.'),
  plugins: [react()],
  resolve: {
    // The package's main entry is one file per icon behind an index; this one lets the dev server read it at once.
    alias: { '@tabler/icons-react': '@tabler/icons-react/dist/esm/icons/index.mjs' },
  },
  build: {
    outDir: here('../../dist/web'),
    emptyOutDir: true,
    assetsDir: 'assets',
    target: 'es2022',
    // The content security policy allows no data: scripts or fonts; everything is a file of its own.
    assetsInlineLimit: 0,
  },
  server: {
    port: 5173,
    // The origin is rewritten because the service refuses cookies from a foreign one.
    proxy: {
      '/api': { target, headers: { origin: target } },
      '/sync': { target, ws: true, headers: { origin: target } },
    },
  },
});
