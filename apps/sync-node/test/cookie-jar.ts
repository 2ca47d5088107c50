import { type Cluster, callHttp } from '@meldesync/testkit';

/** Calls as the pages of one browser do: from the service's own origin, with the cookies that it was given. */
export class CookieJar {
  readonly #cluster: Cluster;
  readonly #cookies = new Map<string, string>();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /** The header that a request carries. */
  get header(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  get(path: string): Promise<Response> {
    return this.#send(path, { method: 'GET' });
  }

  post(path: string, json: unknown): Promise<Response> {
    return this.#send(path, { method: 'POST', json });
  }

  signIn(email: string, password: string): Promise<Response> {
    return this.post('/api/auth/sign-in/email', { email, password });
  }

  async #send(path: string, call: { method: string; json?: unknown }): Promise<Response> {
    const headers = { origin: this.#cluster.url(), ...(this.#cookies.size > 0 && { cookie: this.header }) };
    const response = await callHttp(this.#cluster, path, { ...call, headers });
    for (const set of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = set.split(';');
      const at = pair.indexOf('=');
      const isOver = attributes.some((attribute) => /^\s*max-age=0$/i.test(attribute));
      if (isOver) this.#cookies.delete(pair.slice(0, at));
      else this.#cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return response;
  }
}
