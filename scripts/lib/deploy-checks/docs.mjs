import { readFileSync } from 'node:fs';
import { buildSite, checkSite } from '../docs-site.mjs';
import { inRoot } from '../paths.mjs';

/** @param {string} name of a package */
const versionOf = (name) => JSON.parse(readFileSync(inRoot('node_modules', name, 'package.json'), 'utf8')).version;

/** The site of the documents: it builds, and every link in it leads somewhere. One after the other: the second looks at what the first has made. */
export default [
  {
    tool: 'vitepress',
    subject: 'docs',
    run: async () => {
      await buildSite();
      return `${versionOf('vitepress')}: the site of the documents is built`;
    },
  },
  {
    tool: 'linkinator',
    subject: 'docs',
    run: async () => {
      const { links, pages } = await checkSite();
      return `${versionOf('linkinator')}: ${links} links of ${pages} pages lead somewhere, none loads from elsewhere`;
    },
  },
];
