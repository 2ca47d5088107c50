import { existsSync, statSync } from 'node:fs';
import { posix, relative } from 'node:path';
import { pageOf } from './pages.ts';

/** What a link in a document leads to. */
export type Target =
  /** A page of the site, by its path with what follows it. */
  | { readonly kind: 'page'; readonly href: string }
  /** A file or folder that the site does not show. */
  | { readonly kind: 'file'; readonly path: string }
  /** Elsewhere, or on the same page: left alone. */
  | { readonly kind: 'other' };

/** Files that are served as they are, by where they stand in the checkout. */
const SERVED: Readonly<Record<string, string>> = { 'docs/asyncapi.yaml': '/asyncapi.yaml' };

/** Something that is linked to and is not there. */
class DeadLink extends Error {
  override readonly name = 'DeadLink';
}

/**
 * Documents link to each other by where they stand in the checkout, so that the links also work there. The site shows them elsewhere.
 * @param root of the checkout
 * @param document absolute path
 * @throws DeadLink
 */
export function resolveLink(root: string, document: string, href: string): Target {
  if (/^([a-z][a-z0-9+.-]*:|\/|#)/i.test(href)) return { kind: 'other' };
  const [, path = '', rest = ''] = /^([^?#]*)(.*)$/.exec(href) ?? [];
  const from = relative(root, document).replaceAll('\\', '/');
  const target = posix.normalize(posix.join(posix.dirname(from), decodeURIComponent(path))).replace(/\/$/, '');
  if (target in SERVED) return { kind: 'page', href: SERVED[target] ?? '' };
  const source = documentAt(root, target);
  const page = source === undefined ? undefined : pageOf(source);
  if (page !== undefined) return { kind: 'page', href: `/${page}${rest}` };
  if (target.startsWith('..') || !existsSync(posix.join(root, target))) {
    throw new DeadLink(`${from} links to ${href}, and there is no ${target}`);
  }
  return { kind: 'file', path: target };
}

/** The document that a path names: itself, or what introduces a folder. */
function documentAt(root: string, path: string): string | undefined {
  if (path.endsWith('.md')) return existsSync(posix.join(root, path)) ? path : undefined;
  if (!existsSync(posix.join(root, path)) || !statSync(posix.join(root, path)).isDirectory()) return undefined;
  return ['index.md', 'README.md']
    .map((name) => posix.join(path, name))
    .find((file) => existsSync(posix.join(root, file)));
}

/** The anchor of a heading as GitHub makes it, so that one link works in both places. */
export function slugify(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}\p{Pc} -]/gu, '')
    .replaceAll(' ', '-');
}
