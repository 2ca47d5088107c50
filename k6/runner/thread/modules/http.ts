import type * as http from 'k6/http';
import { emit } from '../../metrics/registry.ts';
import type { PublicClass } from '../public-part.ts';
import type { Vu } from '../vu.ts';
import { CookieJar, jarOf } from './cookie-jar.ts';
import { encodeBody, FileData } from './http-body.ts';
import { type ExpectedStatus, perform } from './http-request.ts';

/** What `expectedStatuses` gives: the runner's own function, which scripts only hand on. */
type StatusCallback = Parameters<typeof http.setResponseCallback>[0];
/** An address with the name that its values go by. */
type NamedUrl = ReturnType<typeof http.url>;

/** k6's rule where a script sets none. */
const SUCCESS: ExpectedStatus = (status) => status >= 200 && status < 400;

class Address {
  readonly url: string;
  readonly name: string;

  constructor(url: string, name: string) {
    this.url = url;
    this.name = name;
  }
}

/** The calls of k6 that stop a VU until the answer is there. */
const BLOCKING = ['get', 'post', 'put', 'patch', 'del', 'head', 'options', 'request', 'batch'] as const;

function refuse(name: string) {
  return (): never => {
    throw new Error(`http.${name}() would stop everybody on this thread: use http.asyncRequest() instead`);
  };
}

/** Those calls, which say what to use instead. */
const REFUSED = Object.fromEntries(BLOCKING.map((name) => [name, refuse(name)]));

function file(data: string | ArrayBuffer, filename?: string, contentType?: string): http.FileData {
  const part = new FileData(data, filename ?? String(Date.now()), contentType ?? 'application/octet-stream');
  return part as unknown as http.FileData;
}

function url(strings: TemplateStringsArray, ...values: (string | number | boolean)[]): NamedUrl {
  const whole = strings.reduce((text, part, index) => `${text}${values[index - 1]}${part}`);
  return new Address(whole, strings.join('${}')) as unknown as NamedUrl;
}

function expectedStatuses(...wanted: (number | http.ExpectedStatusesObject)[]): StatusCallback {
  const test: ExpectedStatus = (status) =>
    wanted.some((one) => (typeof one === 'number' ? status === one : status >= one.min && status <= one.max));
  return test as unknown as StatusCallback;
}

/** The module `k6/http`, without what blocks. */
export function createHttpModule(vu: Vu) {
  let standing: ExpectedStatus = SUCCESS;
  vu.beforeIteration.push(() => {
    if (!vu.options.noCookiesReset) jarOf(vu).reset();
  });

  async function asyncRequest<RT extends http.ResponseType | undefined>(
    method: string,
    address: string | NamedUrl,
    body?: http.RequestBody | null,
    params?: http.RefinedParams<RT> | null,
  ): Promise<http.RefinedResponse<RT>> {
    const iteration = vu.current('http.asyncRequest()');
    const abort = new AbortController();
    const release = iteration.hold(() => abort.abort());
    const named = address as unknown;
    const { url, name } = named instanceof Address ? named : new Address(String(named), String(named));
    const own = params?.responseCallback as unknown as ExpectedStatus | undefined;
    const sent = encodeBody(body).bytes;
    if (sent !== undefined) emit(vu.host.builtIn.dataSent, Buffer.byteLength(sent), vu.tags);
    const response = await perform(vu, {
      method: method.toUpperCase(),
      url,
      name,
      body,
      params: (params ?? {}) as http.Params,
      isExpected: own ?? standing,
      signal: abort.signal,
    });
    // Its iteration was ended, and the script with it.
    if (iteration.isOver) return new Promise(() => {});
    release();
    return response as http.RefinedResponse<RT>;
  }

  return {
    asyncRequest,
    url,
    file,
    expectedStatuses,
    cookieJar: () => jarOf(vu) as unknown as http.CookieJar,
    CookieJar: CookieJar as unknown as typeof http.CookieJar,
    setResponseCallback: (callback) => {
      standing = callback as unknown as ExpectedStatus;
    },
    ...REFUSED,
  } satisfies Pick<
    typeof http,
    'asyncRequest' | 'url' | 'file' | 'cookieJar' | 'CookieJar' | 'expectedStatuses' | 'setResponseCallback'
  >;
}

/** Checked here: the jar offers what k6's does. */
CookieJar satisfies PublicClass<typeof http.CookieJar>;
