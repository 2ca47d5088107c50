import { CliError } from '../errors.ts';
import type { Language } from '../messages/language.ts';
import { systemCode } from '../system-code.ts';

/** What every request of a call has in common. */
export interface FetchOptions {
  /** Origin, for the sentence of an error. */
  readonly server: string;
  readonly language: Language;
  readonly token: string;
  readonly signal: AbortSignal;
}

/**
 * A `fetch` that sends the bearer token and the language, ends with the call's signal, and throws `serverUnreachable`
 * with a reason a person can look up when no answer came.
 */
export function createFetch({ server, language, token, signal }: FetchOptions): typeof globalThis.fetch {
  return async (input, init) => {
    const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
    headers.set('accept-language', language);
    headers.set('authorization', `Bearer ${token}`);
    const signals = init?.signal ? AbortSignal.any([signal, init.signal]) : signal;
    try {
      return await globalThis.fetch(input, { ...init, headers, signal: signals });
    } catch (error) {
      if (signal.aborted) throw new CliError('interrupted', {}, { cause: error });
      if (init?.signal?.aborted) throw error;
      throw new CliError('serverUnreachable', { server, reason: systemCode(error) ?? 'HTTP' }, { cause: error });
    }
  };
}
