import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitepress';
import { parse } from 'yaml';
import { sourceProgram } from '../../scripts/lib/programs.mjs';
import { slugify } from '../src/site/links.ts';
import { httpApiMarkdown } from '../src/site/made/http-api.ts';
import { messagesMarkdown } from '../src/site/made/messages.ts';
import { waysMarkdown } from '../src/site/made/ways.ts';
import { extendMarkdown } from '../src/site/markdown.ts';
import { NAV, SIDEBAR } from '../src/site/navigation.ts';
import { documentsIn, pageOf } from '../src/site/pages.ts';
import { GERMAN_SEARCH, GERMAN_WORDS } from '../src/site/words.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const documents = documentsIn(ROOT);
const openApi = execFileSync(process.execPath, sourceProgram('describe-api'), { encoding: 'utf8', maxBuffer: 2 ** 25 });
const asyncApi = readFileSync(join(ROOT, 'docs/asyncapi.yaml'), 'utf8');

export default defineConfig({
  // Documents live beside the code that they are about.
  srcDir: '..',
  srcExclude: documents.filter((source) => pageOf(source) === undefined),
  rewrites: Object.fromEntries(
    documents.flatMap((source) => {
      const page = pageOf(source);
      return page === undefined || page === source ? [] : [[source, page]];
    }),
  ),
  outDir: './.vitepress/dist',
  cacheDir: './.vitepress/cache',
  // Any server of files can serve it.
  cleanUrls: false,
  lang: 'de',
  title: 'MeldeSync',
  description: 'Bedienen, betreiben, anbinden',
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: '/favicon.svg' }]],
  markdown: {
    anchor: { slugify },
    config: (md) =>
      extendMarkdown(md, {
        root: ROOT,
        made: {
          messages: () => messagesMarkdown(parse(asyncApi)),
          ways: () => waysMarkdown(ROOT),
          'http api': () => httpApiMarkdown(JSON.parse(openApi)),
        },
      }),
  },
  themeConfig: {
    logo: '/favicon.svg',
    nav: NAV,
    sidebar: SIDEBAR,
    outline: { level: [2, 3], label: 'Auf dieser Seite' },
    search: { provider: 'local', options: { detailedView: true, translations: GERMAN_SEARCH } },
    ...GERMAN_WORDS,
  },
  // What a reader starts on their own machine.
  ignoreDeadLinks: 'localhostLinks',
  // What programs read is there as it is.
  buildEnd: ({ outDir }) => {
    writeFileSync(join(outDir, 'asyncapi.yaml'), asyncApi);
    writeFileSync(join(outDir, 'openapi.json'), openApi);
    cpSync(join(ROOT, 'apps/web/public/favicon.svg'), join(outDir, 'favicon.svg'));
  },
});
