import { TOKEN_HEADER } from '@meldesync/protocol';
import { CliError } from '../errors.ts';
import type { Language } from '../messages/language.ts';
import { unreachable } from './unreachable.ts';
import { USER_AGENT } from './user-agent.ts';

/** What every request of a call has in common. */
export interface FetchOptions {
  /** Origin, for the sentence of an error. */
  readonly server: string;
  readonly language: Language;
  /** Nobody's where there is none. */
  readonly token?: string;
  readonly signal: AbortSignal;
  /** Hears that the server gave the session another token. */
  readonly onToken?: (token: string) => Promise<void>;
}

/**
 * A `fetch` that sends the bearer token and the language, ends with the call's signal, and throws `serverUnreachable`
 * or `serverUntrusted` with a reason a person can look up when no answer came.
 */
export function createFetch(options: FetchOptions): typeof globalThis.fetch {
  const { server, language, token, signal, onToken } = options;
  return async (input, init) => {
    const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
    headers.set('accept-language', language);
    headers.set('user-agent', USER_AGENT);
    if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
    const signals = init?.signal ? AbortSignal.any([signal, init.signal]) : signal;
    let response: Response;
    try {
      response = await globalThis.fetch(input, { ...init, headers, signal: signals });
    } catch (error) {
      if (signal.aborted) throw new CliError('interrupted', {}, { cause: error });
      if (init?.signal?.aborted) throw error;
      throw unreachable(server, error);
    }
    const next = response.headers.get(TOKEN_HEADER);
    if (next && next !== token) await onToken?.(next);
    return response;
  };
}
