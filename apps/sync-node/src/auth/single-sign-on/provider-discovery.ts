import { isUntrustedCertificate } from '@meldesync/lifecycle';
import { createRemoteJWKSet, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { CodedError } from '../../coded-error.ts';

/** How long the provider may take to say what it is. */
const LIMIT_MS = 5_000;
/** For so long an answer, or that there was none, holds for everybody who signs in. */
const HOLDS_MS = 2_000;

const address = z.url({ protocol: /^https?$/ });

/** What we use of what a provider says of itself (OpenID Connect Discovery 1.0 §3). */
const description = z.object({
  issuer: address,
  authorization_endpoint: address,
  token_endpoint: address,
  jwks_uri: address,
  userinfo_endpoint: address.optional(),
  end_session_endpoint: address.optional(),
  id_token_signing_alg_values_supported: z.array(z.string()).min(1),
  code_challenge_methods_supported: z.array(z.string()).optional(),
});

/** A provider of single sign-on, as it describes itself. */
export interface Provider {
  readonly issuer: string;
  readonly userInfoUrl: string | undefined;
  readonly endSessionUrl: string | undefined;
  readonly algorithms: readonly string[];
  readonly keys: JWTVerifyGetKey;
}

/** Why single sign-on cannot be used now, in words for whoever runs the service. */
export class SingleSignOnUnavailableError extends CodedError {
  constructor(reason: string, options?: { cause: unknown }) {
    super('sso-unavailable', reason);
    if (options) this.cause = options.cause;
  }
}

/** Where the provider's description is found. */
export function discoveryUrl(issuer: string): string {
  return `${withoutSlash(issuer)}/.well-known/openid-configuration`;
}

/** Asks the provider what it is, at most once in a few seconds for all who sign in. */
export class ProviderDiscovery {
  readonly #issuer: string;
  #asked: { readonly at: number; readonly answer: Promise<Provider> } | undefined;
  #keys: { readonly url: string; readonly keys: JWTVerifyGetKey } | undefined;
  #last: Provider | undefined;

  constructor(issuer: string) {
    this.#issuer = issuer;
  }

  /** Rejects with `SingleSignOnUnavailableError`. */
  find(): Promise<Provider> {
    const now = performance.now();
    if (this.#asked === undefined || now - this.#asked.at > HOLDS_MS) {
      const answer = this.#ask();
      // Whoever waits hears of it; that nobody does is no error.
      answer.catch(() => undefined);
      this.#asked = { at: now, answer };
    }
    return this.#asked.answer;
  }

  /** As it was when it last said what it is: for who is on their way back from it. */
  async known(): Promise<Provider> {
    return this.#last ?? this.find();
  }

  async #ask(): Promise<Provider> {
    const text = await this.#fetch();
    const read = description.safeParse(text);
    if (!read.success) {
      const fields = read.error.issues.map(({ path }) => path.join('.')).join(', ');
      throw new SingleSignOnUnavailableError(`the provider's description lacks or misstates: ${fields}`);
    }
    const found = read.data;
    if (withoutSlash(found.issuer) !== withoutSlash(this.#issuer))
      throw new SingleSignOnUnavailableError('the provider names another issuer than OIDC_ISSUER');
    if (found.code_challenge_methods_supported?.includes('S256') === false)
      throw new SingleSignOnUnavailableError('the provider does not support PKCE with S256');
    this.#last = {
      issuer: found.issuer,
      userInfoUrl: found.userinfo_endpoint,
      endSessionUrl: found.end_session_endpoint,
      algorithms: found.id_token_signing_alg_values_supported.filter((name) => name !== 'none'),
      keys: this.#keysAt(found.jwks_uri),
    };
    return this.#last;
  }

  async #fetch(): Promise<unknown> {
    try {
      const response = await fetch(discoveryUrl(this.#issuer), {
        headers: { accept: 'application/json' },
        // Only who was named in the settings is asked.
        redirect: 'manual',
        signal: AbortSignal.timeout(LIMIT_MS),
      });
      if (response.ok) return await response.json();
      throw new SingleSignOnUnavailableError(`the provider's description was answered with ${response.status}`);
    } catch (error) {
      if (error instanceof SingleSignOnUnavailableError) throw error;
      throw new SingleSignOnUnavailableError(whyNoAnswer(error), { cause: error });
    }
  }

  /** Kept, because they are fetched anew only when a key is not among them. */
  #keysAt(url: string): JWTVerifyGetKey {
    if (this.#keys?.url !== url) this.#keys = { url, keys: createRemoteJWKSet(new URL(url)) };
    return this.#keys.keys;
  }
}

/** What kept the provider from answering, and what to look at. */
export function whyNoAnswer(error: unknown): string {
  const code = codeOf(error);
  if (code === undefined) return 'the provider does not answer, or with what is no JSON';
  if (isUntrustedCertificate(code))
    return `the provider's certificate is not trusted (${code}): see its name, its dates, this machine's clock, and NODE_EXTRA_CA_CERTS for an authority of one's own`;
  return `the provider does not answer (${code})`;
}

function codeOf(error: unknown): string | undefined {
  for (let current = error; current instanceof Error; current = current.cause) {
    if (current.name === 'TimeoutError') return 'ETIMEDOUT';
    if ('code' in current && typeof current.code === 'string') return current.code;
  }
  return undefined;
}

function withoutSlash(text: string): string {
  return text.replace(/\/$/, '');
}
