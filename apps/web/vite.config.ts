import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { build, defineConfig, type Plugin } from 'vite';
import supported from '../../supported-versions.json' with { type: 'json' };

const target = process.env.API_URL ?? 'http://127.0.0.1:8080';
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** What is built runs in these and newer ones; `public/supported.js` tells the others. */
const BROWSERS = Object.entries(supported.browsers);
const BUILD_TARGET = BROWSERS.map(([name, version]) => `${name}${version}`);

const packages = (...names: string[]): string => `node_modules/(${names.join('|')})/`;

/**
 * What every first view needs, in four files: as dozens of small ones they would wait for each other on HTTP/1.1.
 * Everything else follows the pages and menus that load it.
 */
const FIRST_VIEW = [
  {
    name: 'framework',
    test: new RegExp(
      packages(
        'react',
        'react-dom',
        'scheduler',
        '@tanstack/(react-router|router-core|history|store|react-store|query-core|react-query)',
        'use-intl',
        'use-sync-external-store',
        '@formatjs',
        'intl-messageformat',
        'icu-minify',
      ),
    ),
    priority: 3,
  },
  {
    name: 'sync',
    test: /node_modules\/(zod|idb)\/|packages\/(client|protocol|domain)\/(?!src\/(operations|lack|audit|administration|api\/(administration|audit|entry)|http\/(administration|audit)))|web\/src\/(sync|preferences|api\/(api|quer)|people\/(actor|person-color|use-people))/,
    priority: 3,
  },
  {
    name: 'ui',
    test: /@mantine\/core\/esm\/(core|components\/(Button|Loader|Input|InputBase|TextInput|CloseButton|ActionIcon|Progress|UnstyledButton))\/|@tabler\/|web\/src\/(people\/avatar|ui\/(state-page|page-main|messages|menu-button|tip-layer))/,
    priority: 2,
  },
  {
    name: 'together',
    test: /web\/src\/(editing|address|features\/(locks|presence))\/(?!take-away|people-list|panel-)/,
    priority: 1,
  },
];

/** What the service worker is told of a file: its name says what is in it, or its revision does. */
const appFile = (url: string, content?: string | Uint8Array) => ({
  url,
  revision: content === undefined ? null : createHash('sha256').update(content).digest('hex').slice(0, 16),
});

/** Not kept for when the service is away: dictionaries of common passwords, of a megabyte, as nobody chooses a password then; licences. */
const NOT_KEPT = /password-score-worker|third-party-licenses/;

/** Builds the service worker once everything is there that it has to keep, of which it gets the list. */
function serviceWorker(): Plugin {
  return {
    name: 'service-worker',
    apply: 'build',
    async writeBundle({ dir = '' }, bundle) {
      const publicFiles = readdirSync(here('public')).map((name) =>
        appFile(`/${name}`, readFileSync(join(here('public'), name))),
      );
      const kept = Object.values(bundle).filter(({ fileName }) => !NOT_KEPT.test(fileName));
      const built = kept.map(({ fileName }) =>
        fileName.startsWith('assets/')
          ? appFile(`/${fileName}`)
          : appFile(`/${fileName}`, readFileSync(join(dir, fileName))),
      );
      await build({
        configFile: false,
        root: here('.'),
        logLevel: 'warn',
        publicDir: false,
        define: { APP_FILES: JSON.stringify([...publicFiles, ...built]) },
        build: {
          outDir: dir,
          emptyOutDir: false,
          target: BUILD_TARGET,
          rolldownOptions: {
            input: here('src/service-worker/service-worker.ts'),
            output: { format: 'iife', entryFileNames: 'service-worker.js' },
          },
        },
      });
    },
  };
}

/** Names the browsers where index.html says that another one does not do. */
function supportedBrowsers(): Plugin {
  const names = BROWSERS.map(([name, version]) => `${name.replace(/^./, (letter) => letter.toUpperCase())} ${version}`);
  return {
    name: 'supported-browsers',
    transformIndexHtml: (html) => html.replaceAll('%SUPPORTED_BROWSERS%', names.join(', ')),
  };
}

export default defineConfig({
  root: here('.'),
  plugins: [react(), supportedBrowsers(), serviceWorker()],
  resolve: {
    // The package's main entry is one file per icon behind an index; this one lets the dev server read it at once.
    alias: { '@tabler/icons-react': '@tabler/icons-react/dist/esm/icons/index.mjs' },
  },
  build: {
    outDir: here('../../dist/web'),
    emptyOutDir: true,
    assetsDir: 'assets',
    target: BUILD_TARGET,
    // The content security policy allows no data: scripts or fonts; everything is a file of its own.
    assetsInlineLimit: 0,
    // What the page is made of asks for its notices to be handed on with it.
    license: { fileName: 'third-party-licenses.txt' },
    rolldownOptions: { output: { codeSplitting: { groups: FIRST_VIEW } } },
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
