import type * as http from 'k6/http';
import type { PublicPart } from '../public-part.ts';
import type { Vu } from '../vu.ts';

interface StoredCookie {
  readonly name: string;
  readonly value: string;
  readonly domain: string;
  /** For the host that set it alone. */
  readonly hostOnly: boolean;
  readonly path: string;
  readonly secure: boolean;
  /** Milliseconds since 1970; infinite for one of the session. */
  readonly expiresMs: number;
}

function applies(cookie: StoredCookie, url: URL): boolean {
  const isDomain = cookie.hostOnly
    ? url.hostname === cookie.domain
    : url.hostname === cookie.domain || url.hostname.endsWith(`.${cookie.domain}`);
  const isPath = url.pathname === cookie.path || url.pathname.startsWith(cookie.path.replace(/\/?$/, '/'));
  return isDomain && isPath && (!cookie.secure || url.protocol === 'https:') && cookie.expiresMs > Date.now();
}

/** Cookies of a VU: what RFC 6265 says that a client needs to come back with them. */
export class CookieJar implements PublicPart<http.CookieJar> {
  #cookies: StoredCookie[] = [];

  cookiesForURL(url: string): http.CookieJarCookies {
    const found: Record<string, string[]> = {};
    for (const { name, value } of this.#matching(url)) (found[name] ??= []).push(value);
    return found;
  }

  set(url: string, name: string, value: string, options?: http.CookieOptions | null): void {
    const { hostname } = new URL(url);
    const maxAge = options?.max_age;
    const expires = options?.expires === undefined ? Number.POSITIVE_INFINITY : Date.parse(options.expires);
    this.#store({
      name,
      value,
      domain: options?.domain?.replace(/^\./, '') || hostname,
      hostOnly: !options?.domain,
      path: options?.path ?? '/',
      secure: options?.secure ?? false,
      expiresMs: maxAge === undefined || maxAge === 0 ? expires : Date.now() + maxAge * 1_000,
    });
  }

  delete(url: string, name: string): void {
    const doomed = new Set(this.#matching(url).filter((cookie) => cookie.name === name));
    this.#cookies = this.#cookies.filter((cookie) => !doomed.has(cookie));
  }

  clear(url: string): void {
    const doomed = new Set(this.#matching(url));
    this.#cookies = this.#cookies.filter((cookie) => !doomed.has(cookie));
  }

  reset(): void {
    this.#cookies = [];
  }

  /** The header `Cookie` of a request; empty for none. */
  headerFor(url: string): string {
    if (this.#cookies.length === 0) return '';
    return this.#matching(url)
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
  }

  /** Takes in a header `Set-Cookie`. @returns what it says, as a response tells the script */
  take(url: string, header: string): http.ResponseCookie | undefined {
    const [pair = '', ...attributes] = header.split(';').map((part) => part.trim());
    const equals = pair.indexOf('=');
    if (equals < 1) return undefined;
    const given = new Map(
      attributes.map((attribute) => {
        const [name = '', ...value] = attribute.split('=');
        return [name.toLowerCase(), value.join('=')] as const;
      }),
    );
    const target = new URL(url);
    const name = pair.slice(0, equals);
    const value = pair.slice(equals + 1);
    const domain = given.get('domain')?.replace(/^\./, '').toLowerCase();
    const maxAge = given.has('max-age') ? Number(given.get('max-age')) : undefined;
    const expires = given.has('expires') ? Date.parse(given.get('expires') ?? '') : Number.POSITIVE_INFINITY;
    const expiresMs = maxAge === undefined ? expires : Date.now() + maxAge * 1_000;
    const path = given.get('path')?.startsWith('/') ? (given.get('path') ?? '/') : '/';
    const secure = given.has('secure');
    this.#store({
      name,
      value,
      domain: domain || target.hostname,
      hostOnly: !domain,
      path,
      secure,
      expiresMs: Number.isNaN(expiresMs) ? Number.POSITIVE_INFINITY : expiresMs,
    });
    return {
      name,
      value,
      domain: domain ?? '',
      path,
      httpOnly: given.has('httponly'),
      secure,
      maxAge: maxAge ?? 0,
      expires: Number.isFinite(expires) ? expires : 0,
    };
  }

  #store(cookie: StoredCookie): void {
    const { name, domain, path } = cookie;
    this.#cookies = this.#cookies.filter(
      (known) => known.name !== name || known.domain !== domain || known.path !== path,
    );
    if (cookie.expiresMs > Date.now()) this.#cookies.push(cookie);
  }

  #matching(url: string): StoredCookie[] {
    const target = new URL(url);
    return this.#cookies.filter((cookie) => applies(cookie, target)).sort((a, b) => b.path.length - a.path.length);
  }
}

const jars = new WeakMap<Vu, CookieJar>();

/** The jar that a script hands over, or the VU's own. */
export function jarOf(source: http.CookieJar | Vu | CookieJar): CookieJar {
  if (source instanceof CookieJar) return source;
  const vu = source as Vu;
  let jar = jars.get(vu);
  if (!jar) {
    jar = new CookieJar();
    jars.set(vu, jar);
  }
  return jar;
}
