import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { DEVICE_CLIENT, SESSION_KIND_HEADER } from '@meldesync/protocol';
import type { TestPerson } from '@meldesync/testkit';

/** A request as one address sends it, over a connection of its own. */
export interface AddressedCall {
  readonly port: number;
  /** Which of the machine's addresses it comes from. */
  readonly from?: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly json?: unknown;
}

/** An answer, as far as tests look at it. */
export interface Answered {
  readonly status: number;
  /** What its refusal is called. */
  readonly code: unknown;
  readonly retryAfter: number | null;
  readonly headers: Headers;
  readonly body: string;
}

export function callFrom(path: string, { port, from, method = 'POST', headers = {}, json }: AddressedCall) {
  const sent = { ...(json === undefined ? {} : { 'content-type': 'application/json' }), ...headers };
  const usual = { host: '127.0.0.1', port, path, method, agent: false, headers: sent };
  return new Promise<Answered>((resolve, reject) => {
    const given = request({ ...usual, ...(from !== undefined && { localAddress: from }) });
    given.on('error', reject);
    given.on('response', (answer) => {
      const got = new Headers();
      for (const [name, values = []] of Object.entries(answer.headersDistinct))
        for (const value of values) got.append(name, value);
      text(answer).then((body) => {
        const wait = got.get('retry-after');
        resolve({
          status: answer.statusCode ?? 0,
          code: codeIn(body),
          retryAfter: wait === null ? null : Number(wait),
          headers: got,
          body,
        });
      }, reject);
    });
    given.end(json === undefined ? undefined : JSON.stringify(json));
  });
}

function codeIn(body: string): unknown {
  try {
    const said = JSON.parse(body) as { code?: unknown; error?: unknown } | null;
    return said?.code ?? said?.error;
  } catch {
    return undefined;
  }
}

/** Signs in with a password, as a terminal. */
export function signInFrom(
  { email }: Pick<TestPerson, 'email'>,
  password: string,
  call: AddressedCall,
): Promise<Answered> {
  const headers = { [SESSION_KIND_HEADER]: 'terminal', ...call.headers };
  return callFrom('/api/auth/sign-in/email', { ...call, headers, json: { email, password } });
}

/** Does it so many times, a few at a time. */
export async function times<T>(count: number, atOnce: number, run: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < count; index = next++) results[index] = await run(index);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}

export const TOKEN_QUESTION = {
  grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
  client_id: DEVICE_CLIENT,
} as const;
