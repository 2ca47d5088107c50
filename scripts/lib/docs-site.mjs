import { run } from './command.mjs';
import { inRoot } from './paths.mjs';
import { sourceFile } from './programs.mjs';

/** Where the site of the documents is built. */
export const SITE = inRoot('docs/.vitepress/dist');

/** Builds the site of the documents. A link of a document to something that is not there fails it. */
export async function buildSite() {
  const vitepress = inRoot('node_modules/vitepress/bin/vitepress.js');
  await run('Building the site of the documents', process.execPath, [vitepress, 'build', 'docs'], {
    cwd: inRoot(),
    env: { ...process.env, NODE_ENV: 'production' },
  });
}

/**
 * Follows every link of the built site.
 * @returns {Promise<{ links: number, pages: number }>}
 */
export async function checkSite() {
  const program = sourceFile(inRoot('docs/src/site/check-main.ts'));
  return JSON.parse(await run('Following the links of the documents', process.execPath, [...program, SITE]));
}
