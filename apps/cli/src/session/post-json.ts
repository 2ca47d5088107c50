import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { CliError } from '../errors.ts';
import { systemCode } from '../system-code.ts';

/** The part of an answer that a sign-in needs. */
export interface PostAnswer {
  readonly status: number;
  /** The value of a header, by its name in lower case. */
  readonly header: (name: string) => string | undefined;
}

const TIMEOUT_MS = 30_000;

/**
 * Posts JSON as a program does, without the fetch metadata (`Sec-Fetch-Mode`) that Node's `fetch` adds: the server takes
 * a request with it for a browser's and then wants an origin, which a terminal has none of. Throws `serverUnreachable`
 * or `interrupted`.
 */
export function postJson(url: URL, body: unknown, language: string, signal: AbortSignal): Promise<PostAnswer> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', 'accept-language': language },
      timeout: TIMEOUT_MS,
      signal,
    });
    sent.on('timeout', () => sent.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })));
    sent.on('error', (error) => {
      const reason = systemCode(error) ?? 'HTTP';
      reject(
        signal.aborted
          ? new CliError('interrupted', {}, { cause: error })
          : new CliError('serverUnreachable', { server: url.origin, reason }, { cause: error }),
      );
    });
    sent.on('response', (response) => {
      response.resume();
      resolve({
        status: response.statusCode ?? 0,
        header: (name) => {
          const value = response.headers[name];
          return Array.isArray(value) ? value[0] : value;
        },
      });
    });
    sent.end(JSON.stringify(body));
  });
}
