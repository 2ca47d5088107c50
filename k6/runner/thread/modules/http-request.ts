import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import type * as http from 'k6/http';
import { type Dispatcher, request as send } from 'undici';
import { emit } from '../../metrics/registry.ts';
import { durationMs } from '../../options/duration.ts';
import type { Vu } from '../vu.ts';
import { type CookieJar, jarOf } from './cookie-jar.ts';
import { encodeBody } from './http-body.ts';
import { makeResponse } from './http-response.ts';

/** Says of a status whether it was to be expected. */
export type ExpectedStatus = (status: number) => boolean;

export interface HttpCall {
  readonly method: string;
  readonly url: string;
  /** What its values are tagged with as `name`. */
  readonly name: string;
  readonly body: http.RequestBody | null | undefined;
  readonly params: http.Params;
  readonly isExpected: ExpectedStatus;
  readonly signal: AbortSignal;
}

const TIMEOUT_MS = 60_000;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** At once and not beside: many bodies that wait to be decompressed would all be in memory, and each would wait for a thread. */
const DECODERS: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  gzip: gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
};
/** k6's code for an error of no kind of its own, and for a timeout. */
const ERROR_CODE = { other: 1000, timeout: 1050 };

/** `content-type` as Go writes it: `Content-Type`. */
function canonical(name: string): string {
  return name.replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase());
}

/** Makes a request with its redirects. A failure of the network is a response with status 0, as in k6. */
export async function perform(vu: Vu, call: HttpCall): Promise<http.Response> {
  const jar = jarOf(call.params.jar ?? vu);
  const redirects = call.params.redirects ?? vu.options.maxRedirects;
  let { method, url, body } = call;
  for (let followed = 0; ; followed += 1) {
    const response = await exchange(vu, { ...call, method, url, body }, jar);
    const target = REDIRECTS.has(response.status) ? response.headers['Location'] : undefined;
    if (target === undefined || followed >= redirects) return response;
    url = new URL(target, url).href;
    if (response.status < 307 && method !== 'HEAD') {
      method = 'GET';
      body = null;
    }
  }
}

async function exchange(vu: Vu, call: HttpCall, jar: CookieJar): Promise<http.Response> {
  const { method, url, params } = call;
  const encoded = encodeBody(call.body);
  const headers = requestHeaders(vu, call, jar, encoded.contentType);
  const requested = {
    method,
    url,
    requestHeaders: headers,
    requestBody: typeof encoded.bytes === 'string' ? encoded.bytes : '',
  };
  const limitMs = typeof params.timeout === 'string' ? durationMs(params.timeout) : params.timeout;
  const timeout = AbortSignal.timeout(limitMs ?? TIMEOUT_MS);
  const startedMs = performance.now();
  const tags: Record<string, string> = { method, url, name: call.name, ...params.tags };
  try {
    const answer = await send(url, {
      method: method as 'GET',
      headers,
      body: encoded.bytes ?? null,
      dispatcher: vu.host.agent(),
      signal: AbortSignal.any([call.signal, timeout]),
    });
    const waitingMs = performance.now() - startedMs;
    const { body, size } = await readBody(vu, params, answer);
    const receivingMs = performance.now() - startedMs - waitingMs;
    const lists = [answer.headers['set-cookie'] ?? []].flat();
    const cookies: { [name: string]: http.ResponseCookie[] } = {};
    for (const cookie of lists.flatMap((header) => jar.take(url, header) ?? []))
      (cookies[cookie.name] ??= []).push(cookie);
    record(vu, call, { ...tags, status: String(answer.statusCode) }, answer.statusCode, waitingMs, receivingMs);
    emit(vu.host.builtIn.dataReceived, size, vu.tags, tags);
    return makeResponse({
      ...requested,
      status: answer.statusCode,
      statusText: `${answer.statusCode} ${answer.statusText ?? ''}`.trim(),
      headers: Object.fromEntries(
        Object.entries(answer.headers).map(([name, value]) => [canonical(name), [value ?? ''].flat().join(', ')]),
      ),
      cookies,
      body,
      error: '',
      errorCode: answer.statusCode >= 400 ? 1000 + answer.statusCode : 0,
      waitingMs,
      receivingMs,
    });
  } catch (error) {
    const waitingMs = performance.now() - startedMs;
    const reason = timeout.aborted ? 'request timeout' : error instanceof Error ? error.message : String(error);
    if (!call.signal.aborted) record(vu, call, { ...tags, status: '0', error: reason }, 0, waitingMs, 0);
    return makeResponse({
      ...requested,
      status: 0,
      statusText: '',
      headers: {},
      cookies: {},
      body: null,
      error: reason,
      errorCode: timeout.aborted ? ERROR_CODE.timeout : ERROR_CODE.other,
      waitingMs,
      receivingMs: 0,
    });
  }
}

function requestHeaders(vu: Vu, { params, url }: HttpCall, jar: CookieJar, contentType: string | undefined) {
  const headers: Record<string, string> = { 'User-Agent': vu.options.userAgent };
  if (contentType !== undefined) headers['Content-Type'] = contentType;
  for (const [name, value] of Object.entries(params.headers ?? {})) headers[canonical(name.toLowerCase())] = value;
  const own = Object.entries(params.cookies ?? {}).map(
    ([name, cookie]) => `${name}=${typeof cookie === 'string' ? cookie : (cookie.value ?? '')}`,
  );
  const cookies = [jar.headerFor(url), ...own].filter((text) => text !== '').join('; ');
  if (cookies !== '') headers['Cookie'] = cookies;
  return headers;
}

/**
 * Reads a body to its end. A text is put together while it comes: of hundreds that come at once, only what is there of each is held,
 * and once.
 */
async function readBody(
  vu: Vu,
  { responseType }: http.Params,
  { body, headers }: Dispatcher.ResponseData,
): Promise<{ readonly body: string | ArrayBuffer | null; readonly size: number }> {
  const isWanted = responseType !== 'none' && (responseType !== undefined || !vu.options.discardResponseBodies);
  const decode = DECODERS[String(headers['content-encoding'])];
  if (!isWanted) {
    let size = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) size += chunk.byteLength;
    return { body: null, size };
  }
  if (decode || responseType === 'binary') {
    const raw = Buffer.from(await body.arrayBuffer());
    const bytes = decode ? decode(raw) : raw;
    const content = responseType === 'binary' ? new Uint8Array(bytes).buffer : bytes.toString('utf8');
    return { body: content, size: raw.byteLength };
  }
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    text += decoder.decode(chunk, { stream: true });
  }
  return { body: text + decoder.decode(), size };
}

function record(
  vu: Vu,
  { isExpected }: HttpCall,
  given: Readonly<Record<string, string>>,
  status: number,
  waitingMs: number,
  receivingMs: number,
): void {
  const { builtIn } = vu.host;
  const expected = status !== 0 && isExpected(status);
  const tags = { ...given, expected_response: String(expected) };
  emit(builtIn.httpReqs, 1, vu.tags, tags);
  emit(builtIn.httpReqFailed, expected ? 0 : 1, vu.tags, tags);
  emit(builtIn.httpReqDuration, waitingMs + receivingMs, vu.tags, tags);
  emit(builtIn.httpReqWaiting, waitingMs, vu.tags, tags);
  emit(builtIn.httpReqReceiving, receivingMs, vu.tags, tags);
}
