/** What of a browser single sign-on needs: it follows where it is sent, and keeps the cookies of each origin. */
export class Browsing {
  readonly #jars = new Map<string, Map<string, string>>();

  /** One request, with and without a form; where the answer leads is not followed. */
  async request(
    url: string,
    init: { method?: string; headers?: Record<string, string>; body?: BodyInit } = {},
  ): Promise<Response> {
    const { host } = new URL(url);
    const jar = this.#jars.get(host) ?? new Map<string, string>();
    this.#jars.set(host, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...init.headers, ...(cookie === '' ? {} : { cookie }) };
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '' || /max-age=0|expires=Thu, 01 Jan 1970/i.test(line)) jar.delete(name);
      else jar.set(name, value);
    }
    return response;
  }

  /** Follows where answers lead, until one leads nowhere or to the page that is named. */
  async follow(url: string, until: (url: string) => boolean): Promise<{ url: string; response: Response | undefined }> {
    let at = url;
    for (let step = 0; step < 20; step++) {
      if (until(at)) return { url: at, response: undefined };
      const response = await this.request(at);
      const location = response.headers.get('location');
      if (location === null) return { url: at, response };
      at = new URL(location, at).href;
    }
    throw new Error('led around in a circle');
  }

  /** The cookies that an origin has set, as they are sent to it. */
  cookiesOf(url: string): string {
    return [...(this.#jars.get(new URL(url).host) ?? [])].map(([name, value]) => `${name}=${value}`).join('; ');
  }
}

/** Begins single sign-on at a node as its page does: where the browser is sent. */
export async function beginSingleSignOn(browsing: Browsing, origin: string): Promise<Response> {
  return browsing.request(`${origin}/api/auth/sign-in/social`, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json' },
    body: JSON.stringify({ provider: 'oidc', callbackURL: '/' }),
  });
}

/**
 * Signs somebody in by single sign-on, as a browser would: where they end up at the node, such as `/` or
 * `/sign-in?error=sso-not-invited`. An empty account cancels.
 */
export async function signInAtProvider(browsing: Browsing, origin: string, account: string): Promise<string> {
  const begun = await beginSingleSignOn(browsing, origin);
  const { url } = (await begun.json()) as { url?: string };
  if (url === undefined) throw new Error(`single sign-on did not begin: ${begun.status}`);
  const isBack = (at: string) => at.startsWith(origin) && !at.includes('/api/auth/callback/');
  const asked = await browsing.follow(url, isBack);
  if (!asked.response) return asked.url.slice(origin.length);
  const answered = await browsing.request(asked.url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ account }).toString(),
  });
  const location = answered.headers.get('location');
  if (location === null) throw new Error(`the provider stays where it is: ${answered.status} ${await answered.text()}`);
  const back = await browsing.follow(new URL(location, asked.url).href, isBack);
  if (back.response) throw new Error(`led nowhere: ${back.url} ${await back.response.text()}`);
  return back.url.slice(origin.length);
}
