// Follows every link of the built site, to pages, pictures and places in pages: `npm run docs:check`. Other hosts are not asked, and what a
// page loads by itself must not be on one. Prints what it has seen as JSON, or what leads nowhere.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LinkChecker, LinkState } from 'linkinator';

const [site = ''] = process.argv.slice(2);
/** What a reader starts on their own machine. */
const THEIR_OWN = 'http://localhost:8080';
const LOADS =
  /<(?:script|img|iframe|source)\b[^>]*\bsrc="(https?:[^"]+)"|<link\b[^>]*\bhref="(https?:[^"]+)"|url\(["']?(https?:[^)"']+)/g;

/** Whether the site has it: linkinator serves the folder on this machine, at a port that it chooses. */
function isOurs(link: string): boolean {
  return /^http:\/\/(localhost|127\.0\.0\.1|\[::1\]):\d+(\/|$)/.test(link) && !link.startsWith(THEIR_OWN);
}

/** What a page loads from other hosts: nothing. */
function foreignLoads(page: string): string[] {
  const file = join(site, page.endsWith('/') ? `${page}index.html` : page);
  if (!/\.(html|css)$/.test(file) || !existsSync(file)) return [];
  return [...readFileSync(file, 'utf8').matchAll(LOADS)].map(
    ([, source, linked, drawn]) => `${page} loads ${source ?? linked ?? drawn}`,
  );
}

const checker = new LinkChecker();
const pages: string[] = [];
checker.on('pagestart', (url) => void pages.push(new URL(url).pathname));
const { links } = await checker.check({
  path: '.',
  serverRoot: site,
  recurse: true,
  checkFragments: true,
  checkCss: true,
  concurrency: 20,
  linksToSkip: async (link) => !isOurs(link),
});
const broken = links
  .filter(({ state }) => state === LinkState.BROKEN)
  .map(({ url, parent = 'the site' }) => `${parent} links to ${url}`);
const problems = [...new Set([...broken, ...pages.flatMap(foreignLoads)])].toSorted();
for (const problem of problems) process.stderr.write(`${problem}\n`);
if (problems.length > 0) process.exitCode = 1;
else process.stdout.write(JSON.stringify({ links: links.length, pages: pages.length }));
