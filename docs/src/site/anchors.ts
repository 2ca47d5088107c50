/** A host that no link names. */
const SITE = 'http://site.invalid';

/**
 * Links to places that are not there, in sentences. A link to a page that is not there is none of them: linkinator tells of those; of places it
 * sees only some, for it asks for each page once.
 * @param pages HTML by path, such as `/bedienen/liste.html`
 */
export function deadAnchors(pages: ReadonlyMap<string, string>): string[] {
  const places = new Map([...pages].map(([path, html]) => [path, placesOf(html)]));
  return [...pages].flatMap(([path, html]) =>
    [...html.matchAll(/<a\b[^>]*?\shref="([^"#]*#[^"]+)"/g)].flatMap(([, href = '']) => {
      const link = new URL(decodeEntities(href), `${SITE}${path}`);
      const known = link.origin === SITE ? places.get(fileOf(link.pathname)) : undefined;
      const isThere = known === undefined || known.has(decodeURIComponent(link.hash.slice(1)));
      return isThere ? [] : [`${path} links to ${decodeEntities(href)}, and there is no such place`];
    }),
  );
}

function placesOf(html: string): ReadonlySet<string> {
  return new Set([...html.matchAll(/\sid="([^"]+)"/g)].map(([, id = '']) => decodeEntities(id)));
}

/** The file that a server gives for a path. */
function fileOf(path: string): string {
  if (path.endsWith('/')) return `${path}index.html`;
  return path.endsWith('.html') ? path : `${path}.html`;
}

function decodeEntities(text: string): string {
  return text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');
}
