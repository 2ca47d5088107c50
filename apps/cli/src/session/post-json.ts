import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { SESSION_KIND_HEADER } from '@meldesync/protocol';
import { CliError } from '../errors.ts';
import { unreachable } from './unreachable.ts';
import { USER_AGENT } from './user-agent.ts';

/** The answer to a step of a sign-in. */
export interface PostAnswer {
  readonly status: number;
  /** The value of a header, by its name in lower case. */
  readonly header: (name: string) => string | undefined;
  /** `name=value` of each cookie that the server wants sent back. */
  readonly cookies: readonly string[];
  /** The body as JSON; undefined when it is none. */
  readonly body: unknown;
}

/** What a step is asked with. */
export interface PostCall {
  readonly body: unknown;
  readonly language: string;
  readonly signal: AbortSignal;
  /** What the step before wanted sent back. */
  readonly cookies?: readonly string[];
}

const TIMEOUT_MS = 30_000;
/** No step of a sign-in answers more. */
const MAX_BODY_BYTES = 256 * 1024;

/**
 * Posts JSON as a program does, without the fetch metadata (`Sec-Fetch-Mode`) that Node's `fetch` adds: the server takes
 * a request with it for a browser's and then wants an origin, which a terminal has none of. Throws `serverUnreachable`,
 * `serverUntrusted` or `interrupted`.
 */
export function postJson(url: URL, { body, language, signal, cookies = [] }: PostCall): Promise<PostAnswer> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        'accept-language': language,
        'user-agent': USER_AGENT,
        // Of use at sign-in: the session is that of a terminal, which is told its token.
        [SESSION_KIND_HEADER]: 'terminal',
        // Who sends cookies has to say from where.
        ...(cookies.length === 0 ? {} : { cookie: cookies.join('; '), origin: url.origin }),
      },
      timeout: TIMEOUT_MS,
      signal,
    });
    const fail = (error: unknown) => {
      reject(signal.aborted ? new CliError('interrupted', {}, { cause: error }) : unreachable(url.origin, error));
    };
    sent.on('timeout', () => sent.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })));
    sent.on('error', fail);
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size <= MAX_BODY_BYTES) chunks.push(chunk);
      });
      response.on('error', fail);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          header: (name) => {
            const value = response.headers[name];
            return Array.isArray(value) ? value[0] : value;
          },
          cookies: (response.headers['set-cookie'] ?? []).flatMap((cookie) => cookie.split(';', 1)),
          body: parseJson(Buffer.concat(chunks).toString('utf8')),
        }),
      );
    });
    sent.end(JSON.stringify(body));
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Something else than the service answered, and says so by its status.
    return undefined;
  }
}
