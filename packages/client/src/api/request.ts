import { API_PREFIX, type ErrorCode, PERSON_HEADER, problem, unreadableIn } from '@meldesync/protocol';
import { SyncError } from '../errors/sync-error.ts';
import { waitForLimit } from './wait-for-limit.ts';

/** What the API needs from its environment. */
export interface ApiOptions {
  /** Origin of the service, such as `http://127.0.0.1:8080`. */
  readonly baseUrl: string;
  /** What all its paths begin with; that of the HTTP API when absent. */
  readonly prefix?: string;
  /** Carries the sign-in: the browser's own with its cookies, or one that adds a bearer token. */
  readonly fetch: typeof globalThis.fetch;
  /** Language of the sentences in answers; the environment's own when absent. */
  readonly language?: 'de' | 'en';
  /**
   * User id of the person whose requests these are; undefined while that is not known. The service refuses them where the
   * sign-in is another's (`signed-in-as-another`).
   */
  readonly person?: () => string | undefined;
  /** Hears of each answer of the service that is an error, before the call rejects with it. */
  readonly onRefused?: (code: ErrorCode) => void;
  /** So many entries of an answer cannot be read and are left out of it. */
  readonly onUnreadable?: (count: number) => void;
}

/** The part of a zod schema that a response needs. */
interface ResponseSchema<T> {
  safeParse(value: unknown): { success: true; data: T } | { success: false; error: unknown };
}

interface RequestInput {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** It changes nothing, though its method could: it is sent again where a limit held it up. */
  readonly isRead?: boolean;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  readonly form?: FormData;
  /** Sent as it is, under this media type. */
  readonly text?: { readonly type: string; readonly content: string };
  readonly signal?: AbortSignal | undefined;
  /** Called when the answer begins to come. */
  readonly onBegun?: (() => void) | undefined;
}

/** The schema of an answer without a body. */
export const nothing: ResponseSchema<void> = {
  safeParse: (value) => (value === undefined ? { success: true, data: undefined } : { success: false, error: null }),
};

/** The schema of an answer whose body, if any, says nothing that is needed. */
export const anything: ResponseSchema<void> = { safeParse: () => ({ success: true, data: undefined }) };

/** Sends one request and resolves with the checked body. Rejects with `SyncError`, or with the signal's reason. */
export type SendRequest = <T>(schema: ResponseSchema<T>, path: string, input?: RequestInput) => Promise<T>;

const CODE_OF_STATUS: Readonly<Record<number, ErrorCode>> = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not-found',
  413: 'payload-too-large',
  415: 'unsupported-media-type',
  429: 'rate-limited',
  500: 'internal',
};

/** Makes the function every call of the API goes through. */
export function createRequest(options: ApiOptions): SendRequest {
  const exchange = createExchange(options, (response) => readBody(response));
  return async (schema, path, input = {}) => {
    const body = await exchange(path, input);
    const parsed = schema.safeParse(body);
    if (!parsed.success) throw new SyncError('internal', { cause: parsed.error });
    const count = leftOutOf(parsed.data);
    if (count > 0) options.onUnreadable?.(count);
    return parsed.data;
  };
}

/** Makes the function for answers that are files. It rejects as that of `createRequest` does, also where the file breaks off. */
export function createDownload(options: ApiOptions): (path: string, input?: RequestInput) => Promise<Blob> {
  const exchange = createExchange(options, async (response) => (response.ok ? response.blob() : readBody(response)));
  return (path, input = {}) =>
    exchange(path, { ...input, headers: { accept: '*/*', ...input.headers } }) as Promise<Blob>;
}

/** Sends a request and resolves with what `read` makes of its answer, unless that is an error. */
function createExchange(options: ApiOptions, read: (response: Response) => Promise<unknown>) {
  const base = options.baseUrl.replace(/\/+$/, '') + (options.prefix ?? API_PREFIX);
  // Called without a receiver: the fetch of a browser refuses any but its window.
  const { fetch } = options;
  const once = async (path: string, input: RequestInput): Promise<{ body: unknown } | { error: SyncError }> => {
    let response: Response;
    let body: unknown;
    try {
      response = await fetch(base + path + queryOf(input.query), initOf(options, input));
      input.onBegun?.();
      body = await read(response);
    } catch (cause) {
      if (input.signal?.aborted) throw cause;
      throw new SyncError('unavailable', { cause });
    }
    return response.ok ? { body } : { error: errorOf(response, body) };
  };
  return async (path: string, input: RequestInput = {}): Promise<unknown> => {
    for (let waits = 0; ; waits++) {
      const answer = await once(path, input);
      if ('body' in answer) return answer.body;
      if (
        await waitForLimit(answer.error, { method: input.isRead ? 'GET' : input.method, signal: input.signal, waits })
      )
        continue;
      options.onRefused?.(answer.error.code);
      throw answer.error;
    }
  };
}

/** How many entries of the lists in an answer were left out. */
function leftOutOf(answer: unknown): number {
  if (typeof answer !== 'object' || answer === null) return 0;
  return Object.values(answer).reduce((sum, list) => sum + (Array.isArray(list) ? unreadableIn(list).length : 0), 0);
}

function initOf(options: ApiOptions, input: RequestInput): RequestInit {
  const headers: Record<string, string> = { accept: 'application/json', ...input.headers };
  const person = options.person?.();
  if (person !== undefined) headers[PERSON_HEADER] = person;
  if (options.language) headers['accept-language'] = options.language;
  if (input.json !== undefined) headers['content-type'] = 'application/json';
  if (input.text !== undefined) headers['content-type'] = input.text.type;
  const body = input.json === undefined ? (input.form ?? input.text?.content) : JSON.stringify(input.json);
  return {
    method: input.method ?? 'GET',
    headers,
    ...(body === undefined ? {} : { body }),
    ...(input.signal ? { signal: input.signal } : {}),
  };
}

function queryOf(query: RequestInput['query'] = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) search.set(name, String(value));
  }
  return search.size > 0 ? `?${search.toString()}` : '';
}

/** The body as JSON, undefined when it is none: a proxy's error page, for example. */
async function readBody(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function errorOf(response: Response, body: unknown): SyncError {
  const retryAfterMs = retryAfterOf(response);
  const wait = retryAfterMs === null ? {} : { retryAfterMs };
  const parsed = problem.safeParse(body);
  if (parsed.success) return new SyncError(parsed.data.code, { ...wait, problem: parsed.data });
  const code = CODE_OF_STATUS[response.status] ?? (response.status > 500 ? 'unavailable' : 'bad-request');
  return new SyncError(code, wait);
}

/** `Retry-After` in its form of seconds (RFC 9110 §10.2.3), the one our services send. */
function retryAfterOf(response: Response): number | null {
  const header = response.headers.get('retry-after');
  return header !== null && /^\d{1,6}$/.test(header) ? Number(header) * 1000 : null;
}
