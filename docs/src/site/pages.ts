import { readdirSync } from 'node:fs';
import { posix } from 'node:path';

/** Where documents stand, from the root of the checkout, and which page shows them. The first that fits counts. */
const SHOWN: readonly (readonly [source: RegExp, page: string])[] = [
  [/^docs\/(?!node_modules\/)(.+)$/, '$1'],
  [/^packages\/protocol\/PROTOCOL\.md$/, 'entwickeln/PROTOCOL.md'],
  [/^apps\/cli\/README\.md$/, 'cli/index.md'],
  [/^(deploy\/.+\/|bench\/|k6\/)README\.md$/, '$1index.md'],
  [/^(README|CHANGELOG|CONTRIBUTING|SECURITY)\.md$/, '$1.md'],
];

/** What holds no document of ours. */
const PASSED_OVER: ReadonlySet<string> = new Set(['node_modules', 'dist', 'coverage', 'test-results']);

/** The page that shows a document, or undefined; both as paths with `/`, the one from the root of the checkout, the other from that of the site. */
export function pageOf(source: string): string | undefined {
  for (const [pattern, page] of SHOWN) if (pattern.test(source)) return source.replace(pattern, page);
  return undefined;
}

/** Every document of a checkout, from its root. */
export function documentsIn(root: string, folder = ''): string[] {
  return readdirSync(posix.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory()) {
      return entry.name.startsWith('.') || PASSED_OVER.has(entry.name) ? [] : documentsIn(root, path);
    }
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

/** Pages in German; what else there is is English. */
export function isGerman(page: string): boolean {
  return /^(index\.md$|bedienen\/|betreiben\/)/.test(page);
}
