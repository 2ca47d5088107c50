// Follows every link of the built site, to pages, pictures and places in pages: `npm run docs:check`. Other hosts are not asked, and what a
// page loads by itself must not be on one. Prints what it has seen as JSON, or what leads nowhere.
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import { LinkChecker, LinkState } from 'linkinator';
import { deadAnchors } from './anchors.ts';

const [site = ''] = process.argv.slice(2);
/** What a reader starts on their own machine. */
const THEIR_OWN = 'http://localhost:8080';
const LOADS =
  /<(?:script|img|iframe|source)\b[^>]*\bsrc="(https?:[^"]+)"|<link\b[^>]*\bhref="(https?:[^"]+)"|url\(["']?(https?:[^)"']+)/g;

/** Whether the site has it: linkinator serves the folder on this machine, at a port that it chooses. */
function isOurs(link: string): boolean {
  return /^http:\/\/(localhost|127\.0\.0\.1|\[::1\]):\d+(\/|$)/.test(link) && !link.startsWith(THEIR_OWN);
}

/** Files of the site by their paths on it. */
function filesOf(ending: string): Map<string, string> {
  const entries = readdirSync(site, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith(ending));
  return new Map(
    files.map(({ parentPath, name }) => {
      const file = join(parentPath, name);
      return [posix.join('/', relative(site, file).replaceAll(sep, '/')), readFileSync(file, 'utf8')];
    }),
  );
}

const { links } = await new LinkChecker().check({
  path: '.',
  serverRoot: site,
  recurse: true,
  checkCss: true,
  concurrency: 20,
  linksToSkip: async (link) => !isOurs(link),
});
const broken = links
  .filter(({ state }) => state === LinkState.BROKEN)
  .map(({ url, parent = 'the site' }) => `${parent} links to ${url}`);
const pages = filesOf('.html');
const loads = [...pages, ...filesOf('.css')].flatMap(([path, text]) =>
  [...text.matchAll(LOADS)].map(([, source, linked, drawn]) => `${path} loads ${source ?? linked ?? drawn}`),
);
const problems = [...new Set([...broken, ...deadAnchors(pages), ...loads])].toSorted();
for (const problem of problems) process.stderr.write(`${problem}\n`);
if (problems.length > 0) process.exitCode = 1;
else process.stdout.write(JSON.stringify({ links: links.length, pages: pages.size }));
